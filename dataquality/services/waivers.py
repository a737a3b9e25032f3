"""Waivers: a finding that is known and borne, for a reason and until a day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import models, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from dataquality import subjects
from dataquality.models import Finding, Source
from dataquality.services.mending import lock_source
from dataquality.services.scores import reopen_expired, take_scores

LONGEST = timedelta(days=366)


@transaction.atomic
def waive(findings: models.QuerySet[Finding], *, by: Person, reason: str, until: date, now: datetime) -> int:
    """Bear these open findings until the end of a day; they do not count till then. Returns how many."""
    today = now.date()
    if not reason.strip():
        raise Refusal(_("Say why these findings may be left as they are."))
    if until < today:
        raise Refusal(_("A waiver that ends on %(day)s has ended already; choose a later day.")
                      % {"day": date_format(until, "DATE_FORMAT")})  # fmt: skip
    if until > today + LONGEST:
        raise Refusal(_("A waiver lasts until %(day)s at most; mend the cause, or waive it again then.")
                      % {"day": date_format(today + LONGEST, "DATE_FORMAT")})  # fmt: skip
    _lock(findings)
    waived = list(findings.filter(state=Finding.State.OPEN).values_list("pk", "table", "source_id"))
    if not waived:
        raise Refusal(_("None of these findings is open any more."))
    Finding.objects.filter(pk__in=[pk for pk, _table, _source in waived]).update(
        state=Finding.State.WAIVED, waived_by=by, waiver_reason=reason.strip(), waived_until=until, priority=0
    )
    _score({(table, source) for _pk, table, source in waived}, now)
    return len(waived)


@transaction.atomic
def end_waivers(findings: models.QuerySet[Finding], *, now: datetime) -> int:
    """Open waived findings again before their day."""
    _lock(findings)
    waived = list(findings.filter(state=Finding.State.WAIVED).values_list("pk", "table", "source_id"))
    ended = Finding.objects.filter(pk__in=[pk for pk, _table, _source in waived]).update(state=Finding.State.OPEN)
    _score({(table, source) for _pk, table, source in waived}, now)
    return ended


@transaction.atomic
def expire_waivers(now: datetime) -> int:
    """Open every finding again whose waiver ran out before today, and score what that touches."""
    ended = Finding.objects.filter(state=Finding.State.WAIVED, waived_until__lt=now.date())
    touched = set(ended.order_by().values_list("table", "source_id").distinct())
    opened = reopen_expired(now)
    _score(touched, now)
    return opened


def _lock(findings: models.QuerySet[Finding]) -> None:
    """Wait for a batch of these sources that is just being applied."""
    for source in Source.objects.filter(pk__in=findings.order_by().values("source_id")).order_by("pk"):
        lock_source(source)


def _score(touched: set[tuple[str, int]], now: datetime) -> None:
    sources = Source.objects.in_bulk([source for _table, source in touched])
    for table, source in sorted(touched):
        take_scores(subjects.get(table), source=sources[source], batch=None, now=now)
