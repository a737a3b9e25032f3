"""What a merge does to the pairs of its members: those among them are settled, the others follow the survivor."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _

from crm_adoption.kit.errors import Refusal
from dataquality.models import MatchRun, Pair
from dataquality.services.merging import journal
from dataquality.statements import execute
from dataquality.subjects import Subject

State = Pair.State
SAID = ("run_id", "probability", "weight", "pattern", "rule", "state", "judged_by_id", "judged_at", "blast_radius")
SETTLED = {State.SAME: 0, State.DIFFERENT: 0, State.LATER: 1, State.OPEN: 2, State.MERGED: 3}  # whose word counts more
Place = tuple[str, int, str, int]


def refuse_different(subject: Subject, members: Mapping[int, Any], rows: journal.Rows) -> None:
    """Two records that somebody called different are not made one by way of a third."""
    for _key, row in sorted(_among(subject, members, rows).items()):
        if row["state"] == State.DIFFERENT:
            a, b = members[row["a"]], members[row["b"]]
            raise Refusal(
                _("%(a)s (%(id_a)s) and %(b)s (%(id_b)s) were judged different; take that answer back first, or leave"
                  " one of them out.")
                % {"a": a, "id_a": a.external_id, "b": b, "id_b": b.external_id},
                code="different",
            )  # fmt: skip


def _among(subject: Subject, members: Collection[int], rows: journal.Rows) -> journal.Rows:
    """The pairs of which both sides are members."""
    return {
        key: row
        for key, row in rows.items()
        if row["table_a"] == row["table_b"] == subject.slug and row["a"] in members and row["b"] in members
    }


def why(subject: Subject, members: Collection[int], rows: journal.Rows) -> list[dict[str, Any]]:
    """The evidence that stood between the members, for the dossier, the surest first."""
    among = sorted(_among(subject, members, rows).items(), key=lambda each: (-float(each[1]["probability"]), each[0]))
    runs = {row["run_id"] for _key, row in among}
    taught = dict(MatchRun.objects.filter(pk__in=runs).values_list("pk", "learnt_in")) if runs else {}
    return [
        {"a": row["a"], "b": row["b"], "probability": float(row["probability"]), "weight": float(row["weight"]),
         "pattern": row["pattern"], "run": taught[row["run_id"]] or row["run_id"], "rule": row["rule"],
         "state": row["state"]}
        for _key, row in among
    ]  # fmt: skip


def take_over(subject: Subject, survivor: int, losers: Collection[int], rows: journal.Rows) -> None:
    """Settle the pairs among the members; let the losers' other pairs be the survivor's, once each.

    Where the survivor has a pair with the same other record, the one with an answer stays, else the surer one.
    """
    members = {survivor, *losers}
    best: dict[tuple[str, int], tuple[Any, ...]] = {}
    settled = []
    for key, row in rows.items():
        mine = [(row["table_a"], row["a"]), (row["table_b"], row["b"])]
        inside = [end for end in mine if end[0] == subject.slug and end[1] in members]
        if len(inside) == 2:
            settled.append(key)
            continue
        (other,) = [end for end in mine if end not in inside]
        rank = (SETTLED[row["state"]], inside[0][1] != survivor, -float(row["probability"]), key)
        if other in best and best[other] < rank:
            settled.append(key)
            continue
        if other in best:
            settled.append(best[other][3])
        best[other] = rank
    moving = {key: other for other, (_state, foreign, _probability, key) in best.items() if foreign}
    turned = [key for key in settled if rows[key]["state"] != State.MERGED]
    if turned:
        Pair.objects.filter(pk__in=turned).update(state=State.MERGED)
    if moving:
        _redirect(subject, survivor, moving, rows)


def _redirect(subject: Subject, survivor: int, moving: Mapping[int, tuple[str, int]], rows: journal.Rows) -> None:
    """Let pairs stand between the survivor and other records; where a settled one stands there, they swap."""
    standing = {_place(row): key for key, row in rows.items()}
    free: dict[int, Place] = {}
    swapped: dict[int, int] = {}
    for key, other in moving.items():
        (table_a, a), (table_b, b) = sorted([(subject.slug, survivor), other])
        place = (table_a, a, table_b, b)
        if place in standing:
            swapped[key] = standing[place]
        else:
            free[key] = place
    if free:
        columns = list(zip(*((key, *place) for key, place in free.items()), strict=True))
        execute(MOVE, [list(column) for column in columns])
    if swapped:
        journal.put_back(journal.PAIRS, [{**rows[key], "id": place} for key, place in swapped.items()], SAID)
        Pair.objects.filter(pk__in=swapped).update(state=State.MERGED)


MOVE = """
    UPDATE dataquality_pair p SET table_a = v.table_a, a = v.a, table_b = v.table_b, b = v.b
      FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::text[], %s::bigint[]) v (id, table_a, a, table_b, b)
     WHERE p.id = v.id"""


def _place(row: journal.Row) -> Place:
    return row["table_a"], row["a"], row["table_b"], row["b"]
