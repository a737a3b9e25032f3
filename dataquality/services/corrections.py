"""Corrections: the mirror shows what is right, remembers what the CRM still says, and the next export decides.

All three ways, a suggestion accepted for many records, one cell put right by hand and either taken back, fill one
temporary table (record, its id in the CRM, the text the CRM holds, the text it should hold) and write from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pghistory
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from psycopg2 import sql

from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from dataquality import subjects
from dataquality.models import Batch, Correction, Record, Source
from dataquality.services.mending import (
    CORRECTING,
    is_text,
    lock_source,
    make_correcting_table,
    put_right,
    readable,
    refuse_faulty,
    settle_after,
    typed,
)
from dataquality.statements import execute, fetch
from dataquality.subjects import Subject

Origin = Correction.Origin


@transaction.atomic
def accept_suggestion(
    subject: Subject, *, field: str, value: str, new: str, source: Source, by: Person | None, now: datetime
) -> int:
    """Put one wrong value right in all live records of a source that have an open finding of it; returns how many.

    The CRM is not touched: a pending Correction a record says what to change there, and the findings are *corrected*
    until an export confirms it. Accepting the same twice is refused the second time, as nothing is left to mend.
    """
    label = label_known(subject, field)
    new = new.strip()
    if not new or new == value:
        raise Refusal(_("Say what “%(value)s” in %(field)s should become.") % {"value": value, "field": label})
    if not is_text(subject.model._meta.get_field(subject.stored_name(field))):
        raise Refusal(_("%(field)s is not text; correct its cells one by one.") % {"field": label})
    lock_source(source)
    column = sql.Identifier(subject.stored_name(field))
    with pghistory.context(correction=f"{subject.slug}.{field}", by=by.pk if by else None):
        make_correcting_table()
        found = execute(
            sql.SQL(
                "INSERT INTO {into} SELECT t.id, t.external_id, t.{c}, {new} FROM {t} t"
                " WHERE t.source_id = {source} AND t.state = 'live' AND t.{c} = {value} AND t.id IN"
                ' (SELECT record_id FROM dataquality_finding WHERE "table" = {slug} AND field = {field}'
                " AND value = {value} AND source_id = {source} AND state = 'open')"
            ).format(
                into=sql.Identifier(CORRECTING), c=column, t=sql.Identifier(subject.db_table), new=sql.Literal(new),
                source=sql.Literal(source.pk), value=sql.Literal(value), slug=sql.Literal(subject.slug),
                field=sql.Literal(field),
            )
        )  # fmt: skip
        if not found:
            raise Refusal(
                _("No live record of %(source)s has an open finding of “%(value)s” in %(field)s any more.")
                % {"source": source, "value": value, "field": label}
            )
        refuse_faulty(subject, field, new, source=source, record_id=_one_of_them(), now=now)
        put_right(subject, field, source=source)
        note_corrections(subject, field, source, Origin.RULE, by)
        mark_corrected(subject, field)
        settle_after(subject, field, source=source, now=now)
    return found


@transaction.atomic
def correct(record: Record, field: str, new: str, *, by: Person, now: datetime, reason: str = "") -> Correction:
    """Put one cell right by hand; an unreadable or faulty new value is refused."""
    subject, source = subjects.get(record._meta.label_lower), record.source
    label = label_known(subject, field)
    lock_source(source)
    row = subject.model.objects.select_for_update().get(pk=record.pk)
    if row.state != Record.State.LIVE:
        raise Refusal(_("%(record)s is %(state)s; only live records are corrected.")
                      % {"record": row, "state": row.get_state_display()})  # fmt: skip
    text = readable(subject, field, new.strip())
    with pghistory.context(correction=f"{subject.slug}.{field}", by=by.pk):
        make_correcting_table()
        execute(
            sql.SQL(
                "INSERT INTO {into} SELECT id, external_id, coalesce({c}::text, ''), %s FROM {t} WHERE id = %s"
            ).format(
                into=sql.Identifier(CORRECTING), c=sql.Identifier(subject.stored_name(field)),
                t=sql.Identifier(subject.db_table),
            ),
            [text, row.pk],
        )  # fmt: skip
        if fetch(sql.SQL("SELECT old = new FROM {}").format(sql.Identifier(CORRECTING)))[0][0]:
            raise Refusal(_("%(field)s already is “%(new)s”.") % {"field": label, "new": text})
        refuse_faulty(subject, field, text, source=source, record_id=row.pk, now=now)
        put_right(subject, field, source=source)
        note_corrections(subject, field, source, Origin.STEWARD, by, reason.strip())
        mark_corrected(subject, field)
        settle_after(subject, field, source=source, now=now)
    made: Correction = Correction.objects.get(
        table=subject.slug, record_id=row.pk, field=field, fate=Correction.Fate.PENDING
    )
    return made


def withdraw_correction(correction: Correction, *, by: Person, now: datetime) -> int:
    return withdraw_corrections(Correction.objects.filter(pk=correction.pk), by=by, now=now)


@transaction.atomic
def withdraw_corrections(corrections: models.QuerySet[Correction], *, by: Person, now: datetime) -> int:
    """Take pending corrections back: the cells show again what the CRM says, and their findings are open again."""
    pending = corrections.filter(fate=Correction.Fate.PENDING)
    if pending.filter(kind=Correction.Kind.MERGE).exists():
        raise Refusal(
            _("A proposed merge is taken back by undoing the merge."), code="merge",
            links=((_("See the merges"), reverse("merges")),),
        )  # fmt: skip
    groups = sorted(set(pending.order_by().values_list("table", "source_id", "field")))
    if not groups:
        raise Refusal(_("Only a correction that is pending can be withdrawn; there is none."))
    taken_back = 0
    for table, source_id, field in groups:
        subject, source = subjects.get(table), Source.objects.get(pk=source_id)
        lock_source(source)
        ids = list(pending.filter(table=table, source=source, field=field).values_list("pk", flat=True))
        with pghistory.context(withdrawn=f"{table}.{field}", by=by.pk):
            make_correcting_table()
            execute(
                sql.SQL(
                    "INSERT INTO {} SELECT record_id, external_id, new, old FROM dataquality_correction"
                    " WHERE id = ANY(%s)"
                ).format(sql.Identifier(CORRECTING)),
                [ids],
            )
            put_right(subject, field, source=source, back=True)
            taken_back += Correction.objects.filter(pk__in=ids).update(fate=Correction.Fate.WITHDRAWN, updated_at=now)
            execute(
                sql.SQL(
                    "UPDATE dataquality_finding SET state = 'open' WHERE \"table\" = %s AND field = %s"
                    " AND state = 'corrected' AND record_id IN (SELECT record_id FROM {})"
                ).format(sql.Identifier(CORRECTING)),
                [table, field],
            )
            settle_after(subject, field, source=source, now=now)
    return taken_back


def settle_corrections(
    subject: Subject,
    *,
    source: Source,
    batch: Batch,
    ids_table: str,
    staging_table: str,
    mapped_columns: Sequence[str],
    now: datetime,
) -> dict[str, int]:
    """What became of the pending corrections of the records in this batch: landed, changed, or pending still.

    `mapped_columns` are columns of the staging table named as they are stored. Where the CRM says what we proposed,
    the correction has landed; where it still says the old, it waits; anything else is the CRM's own change, and the
    record takes what the batch says.
    """
    fates = {"landed": 0, "changed": 0}
    waiting = Correction.objects.filter(
        table=subject.slug, source=source, kind=Correction.Kind.CHANGE, fate=Correction.Fate.PENDING
    )
    stored = {subject.stored_name(name): name for name in waiting.order_by().values_list("field", flat=True).distinct()}
    for column, field in stored.items():
        if column not in mapped_columns:
            continue
        rows = fetch(
            sql.SQL(
                "UPDATE dataquality_correction c SET fate = CASE WHEN s.{col} IS NOT DISTINCT FROM {new}"
                " THEN 'landed' ELSE 'changed' END, settled_in_id = %s, updated_at = %s"
                " FROM {ids} i JOIN {s} s USING (row_number) WHERE c.\"table\" = %s AND c.source_id = %s"
                " AND c.field = %s AND c.fate = 'pending' AND c.record_id = i.record_id"
                " AND coalesce(s.{col}::text, '') <> c.old RETURNING c.fate, c.record_id"
            ).format(
                col=sql.Identifier(column), new=typed(subject, column, "c.new"), ids=sql.Identifier(ids_table),
                s=sql.Identifier(staging_table),
            ),
            [batch.pk, now, subject.slug, source.pk, field],
        )  # fmt: skip
        for fate, _record in rows:
            fates[fate] += 1
        execute(
            sql.SQL("UPDATE {} SET corrected = corrected - %s WHERE id = ANY(%s)").format(
                sql.Identifier(subject.db_table)
            ),
            [column, [record_id for _fate, record_id in rows]],
        )
    return {**fates, "pending": waiting.count()}


def note_corrections(
    subject: Subject, field: str, source: Source, origin: str, by: Person | None, reason: str = ""
) -> None:
    """One pending correction a record; a second proposal for the same cell takes the place of the first."""
    execute(
        sql.SQL(
            'INSERT INTO dataquality_correction (kind, "table", record_id, source_id, external_id, field, old, new,'
            " origin, made_by_id, reason, fate, created_at, updated_at) SELECT 'change', %s, record_id, %s,"
            " external_id, %s, old, new, %s, %s, %s, 'pending', now(), now() FROM {}"
            " ON CONFLICT (\"table\", record_id, field) WHERE fate = 'pending' DO UPDATE SET new = EXCLUDED.new,"
            " origin = EXCLUDED.origin, made_by_id = EXCLUDED.made_by_id, reason = EXCLUDED.reason,"
            " updated_at = now()"
        ).format(sql.Identifier(CORRECTING)),
        [subject.slug, source.pk, field, str(origin), by.pk if by else None, reason],
    )


def mark_corrected(subject: Subject, field: str) -> None:
    execute(
        sql.SQL(
            "UPDATE dataquality_finding SET state = 'corrected', priority = 0 WHERE \"table\" = %s AND field = %s"
            " AND state = 'open' AND record_id IN (SELECT record_id FROM {})"
        ).format(sql.Identifier(CORRECTING)),
        [subject.slug, field],
    )


def _one_of_them() -> int:
    return int(fetch(sql.SQL("SELECT min(record_id) FROM {}").format(sql.Identifier(CORRECTING)))[0][0])


def label_known(subject: Subject, field: str) -> str:
    if field not in subject.columns:
        raise Refusal(
            _("%(table)s have no field “%(field)s”; there are %(known)s.")
            % {"table": subject.label, "field": field, "known": ", ".join(subject.columns)}
        )
    return subject.columns[field].label
