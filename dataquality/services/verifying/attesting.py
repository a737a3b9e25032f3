"""One statement a field, however many records: attest what their values are today, or that they are wrong."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg2 import sql

from crm_adoption.kit import words
from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from dataquality.models import AnswerFile, VerificationTerm
from dataquality.queries.pointers import filled
from dataquality.queries.verification import digest, verifiable
from dataquality.statements import execute
from dataquality.subjects import Subject

LONGEST = timedelta(days=730)  # nothing about people is believed for longer without being asked again

NOTE = """
    INSERT INTO dataquality_verification
           ("table", source_id, external_id, field, digest, holds, method, by_id, verified_on, expires_on, noted_at,
            answers_id)
    SELECT {slug}, t.source_id, t.external_id, {field}, {digest}, %s, %s, %s, %s, %s, %s, %s
      FROM {t} t WHERE t.id = ANY(%s) AND t.state = 'live' AND {filled}
        ON CONFLICT ("table", source_id, external_id, field, verified_on, method)
        DO UPDATE SET digest = excluded.digest, holds = excluded.holds, by_id = excluded.by_id,
           expires_on = excluded.expires_on, noted_at = excluded.noted_at, answers_id = excluded.answers_id"""

END = """
    UPDATE dataquality_verification v SET holds = false FROM {t} t
     WHERE t.id = ANY(%s) AND v."table" = %s AND v.source_id = t.source_id AND v.external_id = t.external_id
       AND v.field = %s AND v.holds AND v.expires_on >= %s"""


@transaction.atomic
def attest(
    subject: Subject, records: Collection[int], *, fields: Sequence[str] = (), method: str, by: Person | None,
    now: datetime, until: date | None = None, answers: AnswerFile | None = None,
) -> int:  # fmt: skip
    """Say that these fields of these live records are true today; returns how many values were attested.

    Without fields it is the whole record: every filled field whose truth is asked for. Blank cells attest nothing.
    """
    today = timezone.localdate(now)
    wished = list(fields) or verifiable(subject)
    unknown = [name for name in wished if name not in verifiable(subject)]
    if unknown:
        raise Refusal(
            _("The truth of “%(field)s” is not asked for in %(table)s; make it critical on its review page first.")
            % {"field": unknown[0], "table": subject.label}
        )
    term = VerificationTerm.objects.get(method=method)
    last = until if until else today + timedelta(days=term.days)
    if last < today:
        raise Refusal(_("An attestation that ends on %(day)s has ended already; choose a later day.")
                      % {"day": words.exact(last)})  # fmt: skip
    if last > today + LONGEST:
        raise Refusal(
            _("Nothing is believed for longer than %(days)s days; choose a day before %(last)s.")
            % {"days": words.number(LONGEST.days), "last": words.exact(today + LONGEST)}
        )
    return sum(
        _note(subject, name, records, [True, method, by and by.pk, today, last, now, answers and answers.pk])
        for name in wished
    )


@transaction.atomic
def find_wrong(
    subject: Subject, records: Collection[int], *, field: str, method: str, by: Person | None, now: datetime,
    answers: AnswerFile | None = None,
) -> int:  # fmt: skip
    """Say that a field of these records is not true; what was attested of it before ends today."""
    today = timezone.localdate(now)
    execute(sql.SQL(END).format(t=sql.Identifier(subject.db_table)), [list(records), subject.slug, field, today])
    term = VerificationTerm.objects.get(method=method)
    last = today + timedelta(days=term.days)
    return _note(subject, field, records, [False, method, by and by.pk, today, last, now, answers and answers.pk])


def _note(subject: Subject, name: str, records: Collection[int], said: list[object]) -> int:
    return execute(
        sql.SQL(NOTE).format(
            slug=sql.Literal(subject.slug), field=sql.Literal(name), digest=digest(subject, name),
            t=sql.Identifier(subject.db_table), filled=filled(subject, name),
        ),
        [*said, list(records)],
    )  # fmt: skip
