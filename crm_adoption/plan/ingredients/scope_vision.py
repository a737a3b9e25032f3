"""1 Scope and Vision."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from crm_adoption.plan.ingredients.base import Check, Declared, Measured, Unit
from crm_adoption.plan.models import Phase, WorkItem
from crm_adoption.plan.queries.phases import PhaseState, phase_states


def _being_built(now: datetime) -> list[PhaseState]:
    """The phases that are planned and not live yet, the nearest first."""
    waiting = (Phase.State.DRAFT, Phase.State.APPROVED)
    return [one for one in phase_states(timezone.localdate(now)) if one.phase.state in waiting]


def first_phase_load(now: datetime) -> Measured | None:
    """Must-now effort of the nearest phase that is not live, beside its capacity (P6)."""
    for state in _being_built(now):
        if state.load.ratio is not None:
            return Measured(state.load.ratio, len(state.must), now, {"phase": str(state.phase)})
    return None


def design_age(now: datetime) -> Measured | None:
    """Days since the oldest design that is still being built was frozen or validated anew (P7)."""
    ages = [state.design_age for state in _being_built(now) if state.design_age is not None]
    return Measured(max(ages), len(ages), now, {}) if ages else None


def items_with_purpose(now: datetime) -> Measured | None:
    """Items that name a role and an objective, of all that are not dropped (P1)."""
    items = WorkItem.objects.exclude(state=WorkItem.State.DROPPED).filter(created_at__lte=now)
    n = items.count()
    if not n:
        return None
    named = items.filter(job_role__isnull=False, objective__isnull=False).count()
    return Measured(named / n, n, now, {})


def lessons_per_phase(now: datetime) -> Measured | None:
    """Lessons of the phases that are closed (P9)."""
    closed = Phase.objects.filter(state=Phase.State.CLOSED, closed_at__lte=now).annotate(taught=Count("lessons"))
    counts = [phase.taught for phase in closed]
    return Measured(sum(counts) / len(counts), len(counts), now, {}) if counts else None


INGREDIENT: Declared = Declared(
    slug="scope-vision",
    order=1,
    name=_("Scope and Vision"),
    meaning=_("Keep the initial phase as simple as possible, do now what must be done now, and plan later phases that "
    "layer in additional value."),
    sources=(
        ("P6", _("Taking on too much is a key point of failure.")),
        ("P7", _("A system still being built a year after it was designed is built to an outdated design.")),
        ("P9", _("What is learned during the first phase saves time and money in later ones.")),
        ("P10", _("As the business changes, small adjustments keep the application in step with the processes.")),
    ),
    checks=(
        Check(
            "scope.phase-1-load", _("Load of the first phase"), 1.5, 1.0, Unit.RATIO,
            _("Roles, process changes, capabilities and integrations of the first phase, beside what people can take."),
            _("Plan the first phase with the roles, processes and capabilities it touches."), fresh_days=90,
            url_name="phases", measure=first_phase_load,
        ),
        Check(
            "scope.design-age", _("Age of the design"), 365, 90, Unit.DAYS,
            _("Days since the design of the phase being built was frozen; at 365 it is stale."),
            _("Give the phase being built the day its design was frozen."), fresh_days=35,
            url_name="phases", measure=design_age,
        ),
        Check(
            "scope.items-with-purpose", _("Work with a role and an objective"), 0.5, 1.0, Unit.SHARE,
            _("Work items that name whom they serve and what for; the others are technology only."),
            _("Record work items with their job role and objective."),
            url_name="work-items", measure=items_with_purpose,
        ),
        Check(
            "scope.lessons", _("Lessons per closed phase"), 0, 3, Unit.COUNT,
            _("Lessons written down when a phase was closed."),
            _("Close a phase and write down what it taught."), fresh_days=370,
            url_name="phases", measure=lessons_per_phase,
        ),
    ),
)  # fmt: skip
