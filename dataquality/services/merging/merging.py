"""Make several records one: the survivor takes the chosen values and everything that points at the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pghistory
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from psycopg2 import sql

from crm_adoption.jobs.failpoints import failpoint
from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from dataquality.models import Correction, Finding, Merge, Pair
from dataquality.queries.children import relations
from dataquality.queries.merging import Choice, Pick, Plan, plan
from dataquality.services.matching.clusters import regroup_around
from dataquality.services.mending import derive_again, readable, refuse_faulty, typed
from dataquality.services.merging import journal, pairs
from dataquality.services.merging.locks import in_one_transaction, lock_cluster
from dataquality.statements import execute, fetch
from dataquality.subjects import Subject

MERGE_FIELD = "merged_into"  # what a correction that proposes a merge names as its field


@in_one_transaction
def merge(
    subject: Subject, ids: Sequence[int], *, survivor: int | None = None, chosen: Mapping[str, Pick] | None = None,
    by: Person | None, now: datetime, reason: str = "",
) -> Merge:  # fmt: skip
    """Merge live records of one table into one of them; everything is written down first, so that `undo` is exact.

    Without `survivor` the record that most points at stays; `chosen` maps fields to the record whose value is taken,
    or to a text typed by hand. Losers stay as *merged into*; the CRM hears of it as pending corrections. Refused
    where two of the records were judged different, or where two rows that point at them cannot both stand.
    """
    lock_cluster(subject, ids)
    failpoint("merge.locked")
    made = plan(subject, ids, survivor=survivor, chosen=chosen)
    pairs.refuse_different(subject, [record.pk for record in made.members])
    _refuse_typed(made, now)
    members = [record.pk for record in made.members]
    touched = pairs.touched(subject, members)
    before = {
        subject.db_table: journal.rows_of(subject.db_table, members),
        journal.CORRECTIONS: journal.corrections_of(subject, members),
        Finding._meta.db_table: _findings(subject, members),
        Pair._meta.db_table: touched,
    }
    children = _children(subject, members)
    kept = Merge.objects.create(
        table=subject.slug, survivor=made.survivor.pk, losers=members[1:], chosen=_said(made), reason=reason.strip(),
        journal={"rows": {}, "children": children, "labels": _labels(made), "why": pairs.why(subject, members)},
        before=journal.fingerprint(subject, members), merged_by=by, merged_at=now,
    )  # fmt: skip
    with pghistory.context(merge=kept.pk, by=by.pk if by else None):
        texts = _texts(subject, made.survivor.pk, made.changed)
        _take_values(made)
        failpoint("merge.half")
        for child in children:
            _move(made, child)
        _lose(made, now)
        _propose(made, texts, by=by, reason=reason)
        _let_findings_go(made, now)
        pairs.take_over(subject, made.survivor.pk, members[1:], touched)
        regroup_around(subject, members)
    after = {table: journal.rows_of(table, _ids_after(table, rows, subject, members)) for table, rows in before.items()}
    kept.journal["rows"] = {table: journal.differences(rows, after[table]) for table, rows in before.items()}
    kept.after = journal.fingerprint(subject, members)
    kept.save(update_fields=["journal", "after"])
    failpoint("merge.before_commit")
    return kept


def _ids_after(table: str, rows: journal.Rows, subject: Subject, members: Sequence[int]) -> list[int]:
    """The rows to look at again: the same, and the corrections that have come."""
    if table == journal.CORRECTIONS:
        return list(journal.corrections_of(subject, members))
    return list(rows)


def _refuse_typed(made: Plan, now: datetime) -> None:
    """A value typed by hand must be readable and, by the rules, no error."""
    for choice in made.changed:
        if choice.is_typed:
            text = readable(made.subject, choice.field, choice.kept.value)
            refuse_faulty(
                made.subject, choice.field, text, source=made.survivor.source, record_id=made.survivor.pk, now=now
            )


def _findings(subject: Subject, members: Sequence[int]) -> journal.Rows:
    return journal.rows_where(
        Finding._meta.db_table,
        sql.SQL("t.\"table\" = {} AND t.record_id = ANY({}::bigint[]) AND t.state IN ('open', 'corrected', 'waived')")
        .format(sql.Literal(subject.slug), sql.Literal(list(members))),
    )  # fmt: skip


def _children(subject: Subject, members: Sequence[int]) -> list[dict[str, Any]]:
    """Which rows will move, held until the transaction ends, in the order in which everybody takes them."""
    survivor, losers = members[0], list(members[1:])
    found = []
    for relation in relations(subject.model):
        within = relation.model._meta.db_table == subject.db_table
        rows = fetch(
            sql.SQL(
                "SELECT {k}, {c} FROM {t} WHERE {c} = ANY(%s) AND {k} <> ALL(%s) ORDER BY 1 FOR NO KEY UPDATE"
            ).format(
                k=sql.Identifier(relation.key), c=sql.Identifier(relation.column), t=sql.Identifier(relation.db_table)
            ),
            [losers, list(members) if within else []],
        )  # fmt: skip
        for loser in losers:
            ids = [key for key, at in rows if at == loser]
            if ids:
                found.append(
                    {"table": relation.db_table, "column": relation.column, "key": relation.key,
                     "label": relation.label, "from": loser, "to": survivor, "ids": ids,
                     "earlier": relation.is_merged_into}
                )  # fmt: skip
    return found


def _take_values(made: Plan) -> None:
    """Copy the chosen cells, typed as they are stored, from the records they were chosen from."""
    subject, survivor = made.subject, made.survivor.pk
    table = sql.Identifier(subject.db_table)
    sets: list[sql.Composable] = []
    told: list[sql.Composable] = []
    texts: list[str] = []
    for choice in made.changed:
        column = subject.stored_name(choice.field)
        told.append(sql.SQL("{}, coalesce({}::text, '')").format(sql.Literal(column), sql.Identifier(column)))
        if choice.kept.record is None:
            sets.append(sql.SQL("{} = {}").format(sql.Identifier(column), typed(subject, column, "%s")))
            texts.append(choice.kept.value)
            sets += [sql.SQL("{} = NULL").format(sql.Identifier(key)) for key in _keys(subject, choice.field)]
            continue
        for name in (column, *_keys(subject, choice.field)):
            sets.append(
                sql.SQL("{0} = (SELECT o.{0} FROM {1} o WHERE o.id = {2})").format(
                    sql.Identifier(name), table, sql.Literal(choice.kept.record)
                )
            )
    if sets:
        execute(
            sql.SQL("UPDATE {} SET {}, corrected = jsonb_build_object({}) || corrected WHERE id = %s").format(
                table, sql.SQL(", ").join(sets), sql.SQL(", ").join(told)
            ),
            [*texts, survivor],
        )
        derive_again(subject, [survivor])


def _keys(subject: Subject, name: str) -> list[str]:
    """The foreign keys that the model stores of a pointer."""
    if name not in subject.pointers:
        return []
    kept = {field.name: str(field.column) for field in subject.model._meta.concrete_fields}
    return [kept[key] for key in subject.pointers[name].targets(name) if key in kept]


def _move(made: Plan, child: Mapping[str, Any]) -> None:
    """Let rows point at the survivor; refused where the store says that two of them cannot both stand."""
    try:
        with transaction.atomic():
            execute(
                sql.SQL("UPDATE {t} SET {c} = %s WHERE {k} = ANY(%s)").format(
                    t=sql.Identifier(child["table"]), c=sql.Identifier(child["column"]), k=sql.Identifier(child["key"])
                ),
                [child["to"], child["ids"]],
            )
    except IntegrityError as error:
        loser = next(record for record in made.losers if record.pk == child["from"])
        what = str(getattr(getattr(error.__cause__, "diag", None), "message_detail", "") or "")
        raise Refusal(
            _("%(children)s of %(loser)s (%(id)s) cannot move to %(survivor)s, which has the same already. %(what)s"
              " Remove one of the two first, then merge.")
            % {"children": child["label"].capitalize(), "loser": loser, "id": loser.external_id,
               "survivor": made.survivor, "what": what},
            code="clash", links=((_("See the record"), loser.get_absolute_url()),),
        ) from None  # fmt: skip


def _lose(made: Plan, now: datetime) -> None:
    execute(
        sql.SQL("UPDATE {} SET state = 'merged', merged_into_id = %s WHERE id = ANY(%s)").format(
            sql.Identifier(made.subject.db_table)
        ),
        [made.survivor.pk, [record.pk for record in made.losers]],
    )


def _texts(subject: Subject, record: int, choices: Sequence[Choice]) -> dict[str, tuple[str, str]]:
    """Field to the text the CRM holds of it, and what it is now, before anything is changed."""
    if not choices:
        return {}
    columns = [subject.stored_name(choice.field) for choice in choices]
    row = fetch(
        sql.SQL("SELECT {} FROM {} WHERE id = %s").format(
            sql.SQL(", ").join(
                sql.SQL("coalesce(corrected->>{0}, {1}::text, '')").format(sql.Literal(c), sql.Identifier(c))
                for c in columns
            ),
            sql.Identifier(subject.db_table),
        ),
        [record],
    )[0]
    return {choice.field: (text, column) for choice, text, column in zip(choices, row, columns, strict=True)}


def _propose(made: Plan, texts: Mapping[str, tuple[str, str]], *, by: Person | None, reason: str) -> None:
    """Tell the CRM: a change a field of the survivor, and for every loser of the same source that it is merged.

    A loser of another source stays in its own system; only here the two are one.
    """
    subject, survivor = made.subject, made.survivor
    rows = []
    if texts:
        columns = [column for _text, column in texts.values()]
        now = fetch(
            sql.SQL("SELECT {} FROM {} WHERE id = %s").format(
                sql.SQL(", ").join(sql.SQL("coalesce({}::text, '')").format(sql.Identifier(c)) for c in columns),
                sql.Identifier(subject.db_table),
            ),
            [survivor.pk],
        )[0]
        rows = [
            ("change", survivor.pk, survivor.external_id, field, text, new)
            for (field, (text, _column)), new in zip(texts.items(), now, strict=True)
        ]
    rows += [
        ("merge", loser.pk, loser.external_id, MERGE_FIELD, loser.external_id, survivor.external_id)
        for loser in made.losers
        if loser.source_id == survivor.source_id
    ]
    for kind, record, external_id, field, old, new in rows:
        execute(
            'INSERT INTO dataquality_correction (kind, "table", record_id, source_id, external_id, field, old, new,'
            " origin, made_by_id, reason, fate, created_at, updated_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s,"
            " %s, 'pending', now(), now()) ON CONFLICT (\"table\", record_id, field) WHERE fate = 'pending' DO UPDATE"
            " SET new = EXCLUDED.new, origin = EXCLUDED.origin, made_by_id = EXCLUDED.made_by_id,"
            " reason = EXCLUDED.reason, updated_at = now()",
            [kind, subject.slug, record, survivor.source_id, external_id, field, old, new,
             str(Correction.Origin.STEWARD), by.pk if by else None, reason.strip()],
        )  # fmt: skip


def _let_findings_go(made: Plan, now: datetime) -> None:
    """Findings of losers count no longer; those of cells that got another value wait for the CRM."""
    slug = made.subject.slug
    Finding.objects.filter(
        table=slug, record_id__in=[r.pk for r in made.losers], state__in=("open", "corrected", "waived")
    ).update(state=Finding.State.GONE, closed_at=now, priority=0)
    Finding.objects.open().filter(
        table=slug, record_id=made.survivor.pk, field__in=[choice.field for choice in made.changed]
    ).update(state=Finding.State.CORRECTED, priority=0)


def _said(made: Plan) -> dict[str, Any]:
    """What was chosen of every filled field, for the dossier."""
    return {
        choice.field: {"value": choice.kept.value, "from": choice.kept.record, "rule": choice.kept.rule,
                       "lost": [list(each) for each in choice.kept.lost]}
        for choice in made.choices
        if choice.is_filled or choice.is_typed
    }  # fmt: skip


def _labels(made: Plan) -> dict[str, Any]:
    """How each member was called, its id and its source, as they were."""
    return {
        str(record.pk): {"title": str(record), "external_id": record.external_id, "source": str(record.source),
                         "children": made.children[record.pk]}
        for record in made.members
    }  # fmt: skip
