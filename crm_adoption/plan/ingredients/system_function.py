"""6 System Function."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_noop as _

from crm_adoption.plan.ingredients.base import Check, Declared, Measured, Unit
from crm_adoption.plan.models import Feedback
from crm_adoption.plan.queries.access import slowest, trial_coverage
from crm_adoption.plan.queries.pulse import start_of
from crm_adoption.usage import queries as use

DAYS = 28


def seconds(now: datetime) -> Measured | None:
    """The median of the slowest screens (p95) that trials noted in 90 days."""
    found = slowest(now.date())
    return None if found is None else Measured(found[0], found[1], now, {})


def tested(now: datetime) -> Measured | None:
    """Trials that passed as an end-user in a place like production, of all on the lists of phases not closed (P39)."""
    found = trial_coverage()
    return None if found is None else Measured(found[0], found[1], now, {})


def incidents(now: datetime) -> Measured | None:
    """Incidents raised in the last 28 days of known use, for every 100 days on which somebody used the CRM (P37)."""
    until = use.known_until(timezone.localdate(now))
    if until is None:
        return None
    since = until - timedelta(days=DAYS)
    days = use.user_days(since, until)
    raised = Feedback.objects.filter(
        is_incident=True, created_at__gte=start_of(since + timedelta(days=1)),
        created_at__lt=start_of(until + timedelta(days=1)),
    ).count()  # fmt: skip
    return Measured(100 * raised / days, days, start_of(until), {"raised": raised}) if days else None


INGREDIENT: Declared = Declared(
    slug="system-function",
    order=6,
    name=_("System Function"),
    meaning=_("Errors and poor performance make use unlikely, and give an excuse to those whose knowledge is most "
    "valuable. You have only one chance to make a first impression."),
    sources=(
        ("P37", _("Errors or poor performance make it unlikely that users will use the system.")),
        ("P38", _("A slow system gets a bad reputation whatever the solution is.")),
        ("P39", _("Test always, in an environment like production, with end-users' roles and not as administrator.")),
    ),
    checks=(
        Check(
            "system.incidents", _("Incidents per 100 user-days"), 5, 0.5, Unit.COUNT,
            _("Incidents reported for every 100 days of a person's use."),
            _("Record issues, and the use that they are set against."),
            url_name="feedback", measure=incidents,
        ),
        Check(
            "system.p95", _("Seconds that 95 of 100 screens stay under"), 6, 2, Unit.SECONDS,
            _("The 95th percentile of the time a screen takes."),
            _("Record measured response times of the CRM."), url_name="trials", measure=seconds,
        ),
        Check(
            "system.tested", _("Use cases tested as an end-user"), 0.4, 1.0, Unit.SHARE,
            _("Use case and role pairs of the release that were tried in a like-production system as that role."),
            _("Record trials of each use case; trials as administrator do not count."), fresh_days=120,
            url_name="trials", measure=tested,
        ),
    ),
)  # fmt: skip
