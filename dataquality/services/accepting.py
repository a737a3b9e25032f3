"""Accept the suggestions of findings that somebody chose one by one: many records, many values, one act."""

from __future__ import annotations

from datetime import datetime

import pghistory
from django.db import models, transaction
from django.utils.translation import gettext as _
from psycopg2 import sql

from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from dataquality import subjects
from dataquality.models import Correction, Finding, Source
from dataquality.services.corrections import label_known, mark_corrected, note_corrections
from dataquality.services.mending import (
    CORRECTING,
    is_text,
    lock_source,
    make_correcting_table,
    put_right,
    refuse_faulty,
    settle_after,
)
from dataquality.statements import execute, fetch
from dataquality.subjects import Subject

MOST_VALUES = 500  # new values of one field; each is judged by every rule of the field before anything is written


@transaction.atomic
def accept_suggestions(findings: models.QuerySet[Finding], *, by: Person, now: datetime) -> int:
    """Write what each of these findings suggests into its own record alone; returns how many cells.

    Findings that are not open any more, that suggest nothing, or whose cell has changed since, are passed over. One
    suggestion that a rule would call an error refuses them all.
    """
    waiting = findings.order_by().filter(state=Finding.State.OPEN, suggestion__isnull=False).exclude(suggestion="")
    groups = sorted(set(waiting.values_list("table", "source_id", "field")))
    if not groups:
        raise Refusal(
            _("None of these findings is open with a suggestion; correct their cells by hand, record by record.")
        )
    accepted = 0
    for table, source_id, field in groups:
        chosen = list(waiting.filter(table=table, source_id=source_id, field=field).values_list("pk", flat=True))
        accepted += _accept(subjects.get(table), field, chosen, Source.objects.get(pk=source_id), by, now)
    if not accepted:
        raise Refusal(_("The cells of these findings have changed since; reload the list and look again."))
    return accepted


def _accept(subject: Subject, field: str, chosen: list[int], source: Source, by: Person, now: datetime) -> int:
    label = label_known(subject, field)
    if not is_text(subject.model._meta.get_field(subject.stored_name(field))):
        raise Refusal(_("%(field)s is not text; correct its cells one by one.") % {"field": label})
    lock_source(source)
    with pghistory.context(correction=f"{subject.slug}.{field}", by=by.pk):
        make_correcting_table()
        found = execute(
            sql.SQL(
                "INSERT INTO {into} SELECT DISTINCT ON (t.id) t.id, t.external_id, t.{c}, f.suggestion FROM {t} t"
                " JOIN dataquality_finding f ON f.record_id = t.id AND t.{c} = f.value WHERE f.id = ANY(%s)"
                " AND f.state = 'open' AND f.suggestion <> f.value AND t.state = 'live' ORDER BY t.id, f.id"
            ).format(
                into=sql.Identifier(CORRECTING), c=sql.Identifier(subject.stored_name(field)),
                t=sql.Identifier(subject.db_table),
            ),
            [chosen],
        )  # fmt: skip
        if not found:
            return 0
        values = fetch(sql.SQL("SELECT new, min(record_id) FROM {} GROUP BY new").format(sql.Identifier(CORRECTING)))
        if len(values) > MOST_VALUES:
            raise Refusal(
                _("%(field)s would take %(n)s different values; choose rows of at most %(most)s at a time.")
                % {"field": label, "n": len(values), "most": MOST_VALUES}
            )
        for new, record_id in values:
            refuse_faulty(subject, field, new, source=source, record_id=record_id, now=now)
        put_right(subject, field, source=source)
        note_corrections(subject, field, source, Correction.Origin.RULE, by)
        mark_corrected(subject, field)
        settle_after(subject, field, source=source, now=now)
    return found
