"""Make several records one: the survivor takes the chosen values and everything that points at the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import pghistory
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from psycopg2 import sql

from crm_adoption.jobs.failpoints import failpoint
from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from dataquality.models import Finding, Merge
from dataquality.queries.children import relations
from dataquality.queries.merging import Pick, Plan, plan
from dataquality.services.matching.clusters import regroup_around
from dataquality.services.matching.keeping import compare_again
from dataquality.services.mending import readable, refuse_faulty
from dataquality.services.merging import journal, pairs, values
from dataquality.services.merging.locks import in_one_transaction, lock_cluster
from dataquality.statements import execute, text_of
from dataquality.subjects import Subject


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
    _refuse_typed(made, now)
    members = [record.pk for record in made.members]
    held = [members[1:]] * len(relations(subject.model))
    before = journal.state_of(subject, members, first=_holding(subject), with_first=held)
    touched, findings = before.rows[journal.PAIRS], before.rows[journal.FINDINGS]
    pairs.refuse_different(subject, {record.pk: record for record in made.members}, touched)
    children = _children(subject, members, before)
    kept = Merge.objects.create(
        table=subject.slug, survivor=made.survivor.pk, losers=members[1:], chosen=_said(made), reason=reason.strip(),
        journal={"rows": {}, "children": children, "labels": _labels(made),
                 "why": pairs.why(subject, members, touched)},
        before=journal.fingerprint_of(subject, before), merged_by=by, merged_at=now,
    )  # fmt: skip
    with pghistory.context(merge=kept.pk, by=by.pk if by else None):
        texts = values.take_values(made)
        failpoint("merge.half")
        _move(made, children)
        _lose(made)
        values.propose(made, texts, by=by, reason=reason)
        if findings:
            _let_findings_go(made, now)
        if touched:
            pairs.take_over(subject, made.survivor.pk, members[1:], touched)
        regroup_around(subject, members)
        compare_again(subject, members)
    after = journal.state_of(subject, members, said={journal.FINDINGS: findings, journal.PAIRS: touched})
    kept.journal["rows"] = {table: journal.differences(rows, after.rows[table]) for table, rows in before.rows.items()}
    kept.after = journal.fingerprint_of(subject, after)
    kept.save(update_fields=["journal", "after"])
    failpoint("merge.before_commit")
    return kept


def _refuse_typed(made: Plan, now: datetime) -> None:
    """A value typed by hand must be readable and, by the rules, no error."""
    for choice in made.changed:
        if choice.is_typed:
            text = readable(made.subject, choice.field, choice.kept.value)
            refuse_faulty(
                made.subject, choice.field, text, source=made.survivor.source, record_id=made.survivor.pk, now=now
            )


@cache
def _holding(subject: Subject) -> str:
    """Hold the rows that will move until the transaction ends, in the order in which everybody takes them."""
    return text_of(
        sql.SQL("").join(
            sql.SQL("SELECT count(*) FROM (SELECT 1 FROM {t} WHERE {c} = ANY(%s) ORDER BY {k} FOR NO KEY UPDATE) held;")
            .format(t=sql.Identifier(one.db_table), c=sql.Identifier(one.column), k=sql.Identifier(one.key))
            for one in relations(subject.model)
        )
    )  # fmt: skip


def _children(subject: Subject, members: Sequence[int], before: journal.State) -> list[dict[str, Any]]:
    """Which rows will move, by relation and loser."""
    survivor, losers = members[0], list(members[1:])
    found = []
    for relation in relations(subject.model):
        within = relation.db_table == subject.db_table
        rows = before.pointing[f"{relation.db_table}.{relation.column}"]
        for loser in losers:
            ids = [key for key, at in rows if at == loser and not (within and key in members)]
            if ids:
                found.append(
                    {"table": relation.db_table, "column": relation.column, "key": relation.key,
                     "label": relation.label, "from": loser, "to": survivor, "ids": ids,
                     "earlier": relation.is_merged_into}
                )  # fmt: skip
    return found


def _move(made: Plan, children: Sequence[Mapping[str, Any]]) -> None:
    """Let rows point at the survivor; refused where the store says that two of them cannot both stand."""
    if not children:
        return
    try:
        _repoint(children)
    except IntegrityError:
        for child in children:  # one by one, to name the loser
            try:
                _repoint([child])
            except IntegrityError as error:
                raise _clash(made, child, error) from None
        raise


def _repoint(children: Sequence[Mapping[str, Any]]) -> None:
    statements = [
        sql.SQL("UPDATE {t} SET {c} = %s WHERE {k} = ANY(%s)").format(
            t=sql.Identifier(child["table"]), c=sql.Identifier(child["column"]), k=sql.Identifier(child["key"])
        )
        for child in children
    ]
    with transaction.atomic():
        execute(sql.SQL("; ").join(statements), [each for child in children for each in (child["to"], child["ids"])])


def _clash(made: Plan, child: Mapping[str, Any], error: IntegrityError) -> Refusal:
    loser = next(record for record in made.losers if record.pk == child["from"])
    what = str(getattr(getattr(error.__cause__, "diag", None), "message_detail", "") or "")
    return Refusal(
        _("%(children)s of %(loser)s (%(id)s) cannot move to %(survivor)s, which has the same already. %(what)s"
          " Remove one of the two first, then merge.")
        % {"children": child["label"].capitalize(), "loser": loser, "id": loser.external_id,
           "survivor": made.survivor, "what": what},
        code="clash", links=((_("See the record"), loser.get_absolute_url()),),
    )  # fmt: skip


def _lose(made: Plan) -> None:
    execute(
        sql.SQL("UPDATE {} SET state = 'merged', merged_into_id = %s WHERE id = ANY(%s)").format(
            sql.Identifier(made.subject.db_table)
        ),
        [made.survivor.pk, [record.pk for record in made.losers]],
    )


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
