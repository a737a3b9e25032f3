"""8 Process Alignment."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from crm_adoption.plan.ingredients.base import Check, Declared, Measured, Unit
from crm_adoption.plan.models import Review
from crm_adoption.plan.queries.phases import small_changes
from crm_adoption.plan.queries.pulse import start_of
from crm_adoption.plan.queries.reviews import cycle
from crm_adoption.usage import queries as use
from training.models import Process, ProcessVersion


def review_overdue(now: datetime) -> Measured | None:
    """Days past the day the review was due, in cadences (P51, P53); unknown before one was planned."""
    if not Review.objects.of_programme().exists():
        return None
    found = cycle(now.date())
    return Measured(found.overdue_share, 1, now, {"due": found.due_on.isoformat()})


def lead_time(now: datetime) -> Measured | None:
    """Median days from request to release of the small changes of 90 days (P10)."""
    found = small_changes(now.date())
    return None if found.median_days is None else Measured(found.median_days, found.done, now, {})


def changes_owned(now: datetime) -> Measured | None:
    """Live processes that say who owns them, how they were before and how they are after, of all live ones (M2)."""
    live = Process.objects.live()
    n = live.count()
    if not n:
        return None
    told = ProcessVersion.objects.filter(number=F("process__version")).exclude(before="").exclude(after="")
    owned = live.exclude(pk__in=live.without_owner().values("pk")).filter(pk__in=told.values("process"))
    return Measured(owned.count() / n, n, now, {})


def decayed(now: datetime) -> Measured | None:
    """Capabilities whose use fell by more than half from its best, of those used long enough to say so (P54)."""
    until = use.known_until(timezone.localdate(now))
    if until is None:
        return None
    lost, n = use.decayed(until)
    return Measured(len(lost) / n, n, start_of(until), {"decayed": [str(one) for one in lost]}) if n else None


INGREDIENT: Declared = Declared(
    slug="process-alignment",
    order=8,
    name=_("Process Alignment"),
    meaning=_("CRM is flexible: screens and processes are adjusted over time. A systematic review finds what needs to "
    "change and rolls out improvements; the programme never ends at go-live."),
    sources=(
        ("P50", _("CRM is not a one-off implementation.")),
        ("P51", _("Create a systematic review process that finds needed changes and rolls out improvements.")),
        ("P53", _("Large organisations review every six weeks or quarter, small ones every year.")),
        ("P54", _("Without it CRM does not grow, and users drop features that no longer fit and call it outdated.")),
    ),
    checks=(
        Check(
            "process.review-overdue", _("Days the review is overdue, of its cadence"), 1.0, 0.0, Unit.RATIO,
            _("Days past the planned review, divided by the days between reviews."),
            _("Hold a review and record its decisions."), fresh_days=400, url_name="reviews", measure=review_overdue,
        ),
        Check(
            "process.changes-owned", _("Process changes with owner, before and after"), 0.5, 1.0, Unit.SHARE,
            _("Changed processes that say who owns them and how they were before and are after."),
            _("Record processes with owner, before and after."), fresh_days=120,
            url_name="training-processes", measure=changes_owned,
        ),
        Check(
            "process.decayed", _("Capabilities no longer used"), 0.4, 0.1, Unit.SHARE,
            _("Capabilities whose use fell by more than half from its best."),
            _("Write down what the CRM can do, and read its use from a log or from the records."),
            url_name="usage", measure=decayed,
        ),
        Check(
            "process.lead-time", _("Days from request to release"), 90, 14, Unit.DAYS,
            _("Median days of small changes from request to release."),
            _("Record requests and the releases that answer them."), fresh_days=120,
            url_name="work-items", measure=lead_time,
        ),
    ),
)  # fmt: skip
