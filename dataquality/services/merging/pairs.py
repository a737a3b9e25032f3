"""What a merge does to the pairs of its members: those among them are settled, the others follow the survivor."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _
from psycopg2 import sql

from crm_adoption.kit.errors import Refusal
from dataquality.models import Pair
from dataquality.services.merging import journal
from dataquality.subjects import Subject

State = Pair.State
PAIRS = Pair._meta.db_table
SAID = ("run_id", "probability", "weight", "pattern", "rule", "state", "judged_by_id", "judged_at", "blast_radius")
SETTLED = {State.SAME: 0, State.DIFFERENT: 0, State.LATER: 1, State.OPEN: 2, State.MERGED: 3}  # whose word counts more


def refuse_different(subject: Subject, members: Collection[int]) -> None:
    """Two records that somebody called different are not made one by way of a third."""
    among = Pair.objects.between(subject.slug).filter(a__in=members, b__in=members, state=State.DIFFERENT)
    pair = among.order_by("pk").first()
    if pair is not None:
        a, b = (subject.model._default_manager.get(pk=pk) for pk in (pair.a, pair.b))
        raise Refusal(
            _("%(a)s (%(id_a)s) and %(b)s (%(id_b)s) were judged different; take that answer back first, or leave one"
              " of them out.")
            % {"a": a, "id_a": a.external_id, "b": b, "id_b": b.external_id},
            code="different",
        )  # fmt: skip


def touched(subject: Subject, members: Collection[int]) -> journal.Rows:
    """Every pair in which one of the members stands, of whichever other table."""
    return journal.rows_where(
        PAIRS,
        sql.SQL("(t.table_a = {s} AND t.a = ANY({i}) OR t.table_b = {s} AND t.b = ANY({i}))").format(
            s=sql.Literal(subject.slug), i=sql.Literal(list(members))
        ),
    )


def why(subject: Subject, members: Collection[int]) -> list[dict[str, Any]]:
    """The evidence that stood between the members, for the dossier."""
    among = Pair.objects.between(subject.slug).filter(a__in=members, b__in=members).order_by("-probability", "pk")
    return [
        {"a": pair.a, "b": pair.b, "probability": pair.probability, "weight": pair.weight, "pattern": pair.pattern,
         "run": pair.run.taught_by, "rule": pair.rule, "state": pair.state}
        for pair in among.select_related("run").defer("run__model")
    ]  # fmt: skip


def take_over(subject: Subject, survivor: int, losers: Collection[int], rows: journal.Rows) -> None:
    """Settle the pairs among the members; let the losers' other pairs be the survivor's, once each.

    Where the survivor has a pair with the same other record, the one with an answer stays, else the surer one.
    """
    members = {survivor, *losers}
    best: dict[tuple[str, int], tuple[Any, ...]] = {}
    settled, moving = [], []
    for key, row in rows.items():
        mine = [(row["table_a"], row["a"]), (row["table_b"], row["b"])]
        inside = [end for end in mine if end[0] == subject.slug and end[1] in members]
        if len(inside) == 2:
            settled.append(key)
            continue
        (other,) = [end for end in mine if end not in inside]
        rank = (SETTLED[row["state"]], inside[0][1] != survivor, -float(row["probability"]), key)
        if other in best and best[other] < (*rank, row):
            settled.append(key)
            continue
        if other in best:
            settled.append(best[other][3])
        best[other] = (*rank, row)
    for other, (_state, foreign, _probability, key, row) in best.items():
        if foreign:
            moving.append((key, row, other))
    Pair.objects.filter(pk__in=settled).exclude(state=State.MERGED).update(state=State.MERGED)
    for key, _row, other in moving:
        _redirect(subject, survivor, other, key, rows)


def _redirect(subject: Subject, survivor: int, other: tuple[str, int], key: int, rows: journal.Rows) -> None:
    """Let a pair stand between the survivor and another record; where a settled one stands there, they swap."""
    (table_a, a), (table_b, b) = sorted([(subject.slug, survivor), other])
    place = Pair.objects.filter(table_a=table_a, a=a, table_b=table_b, b=b).first()
    if place is None:
        Pair.objects.filter(pk=key).update(table_a=table_a, a=a, table_b=table_b, b=b)
        return
    journal.put_back(PAIRS, place.pk, rows[key], SAID)
    Pair.objects.filter(pk=key).update(state=State.MERGED)
