"""5 Accessibility: how people reach the CRM."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_noop as _

from crm_adoption.plan.ingredients.base import Check, Declared, Measured, Unit
from crm_adoption.plan.models import AccessPath, Feedback
from crm_adoption.plan.queries.access import access_matrix, capture_lag, most_steps


def open_paths(now: datetime) -> Measured | None:
    """Needed devices with an open way, or a prohibition people were told (P30, P36)."""
    if not AccessPath.objects.exists():
        return None
    matrix = access_matrix()
    return None if matrix.share is None else Measured(matrix.share, matrix.needed, now, {})


def steps(now: datetime) -> Measured | None:
    """The steps of the role that needs most, each by its shortest open way (P31)."""
    found = most_steps()
    return None if found is None else Measured(found[0], found[1], now, {})


def hours_to_capture(now: datetime) -> Measured | None:
    """Median hours from what happened to its record, of activities written in 28 days (P35)."""
    found = capture_lag(now)
    return None if found is None else Measured(found[0], found[1], now, {})


def roadblocks(now: datetime) -> Measured | None:
    """Roadblocks raised and not resolved, and needed ways that nobody has opened; unknown before anything is said."""
    if not Feedback.objects.exists() and not AccessPath.objects.exists():
        return None
    said = Feedback.objects.filter(kind=Feedback.Kind.ROADBLOCK, created_at__lte=now)
    unresolved = said.exclude(state=Feedback.State.RESOLVED).count()
    ways = access_matrix()
    shut = sum(1 for _role, cells in ways.rows for cell in cells if cell.needed and cell.state in ("missing", "untold"))
    return Measured(unresolved + shut, said.count() + ways.needed, now, {})


INGREDIENT: Declared = Declared(
    slug="accessibility",
    order=5,
    name=_("Accessibility"),
    meaning=_("Plan how users will reach the system and remove every roadblock, so that access is quick and easy: give "
    "them no reason not to use CRM."),
    sources=(
        ("P31", _("Give users no reason not to use CRM because it is hard to reach or takes several steps.")),
        ("P32", _("Using CRM inside the mail program is a key factor.")),
        ("P35", _("People on the road who wait until they are back at the office put less in.")),
        ("P36", _("Where a way in is prohibited for security, tell users so.")),
    ),
    checks=(
        Check(
            "access.open-paths", _("Roles with an open way in"), 0.6, 1.0, Unit.SHARE,
            _("Job roles that can reach the CRM on every device they need."),
            _("Record the ways in of each job role: device, network, state."), fresh_days=100,
            url_name="access-paths", measure=open_paths,
        ),
        Check(
            "access.steps", _("Steps to the first useful screen"), 8, 3, Unit.COUNT,
            _("The most steps any role takes to its first useful screen."),
            _("Count the steps of each way in."), fresh_days=100, url_name="access-paths", measure=steps,
        ),
        Check(
            "access.capture-lag", _("Hours until it is written down"), 48, 4, Unit.HOURS,
            _("Median hours from a visit or call to its record."),
            _("Import activities with the day they happened and the moment they were written."),
            measure=hours_to_capture,
        ),
        Check(
            "access.roadblocks", _("Open roadblocks"), 10, 0, Unit.COUNT,
            _("What people say keeps them out and nobody has removed."),
            _("Record roadblocks that people report."), url_name="access-paths", measure=roadblocks,
        ),
    ),
)  # fmt: skip
