"""What the pages of the phases want to know: load, design age, balance of effort, the way along the eight steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import cached_property
from statistics import median

from django.db.models import Prefetch, QuerySet

from crm_adoption.plan.models import Lesson, Phase, PhaseStep, RiskConstant, WorkItem
from crm_adoption.plan.priors import Priors

MANY_DAYS = 400  # on a timeline: more than that, and only quarters are named
Track, Kind, State, Approach = WorkItem.Track, WorkItem.Kind, WorkItem.State, WorkItem.Approach


def priors() -> Priors:
    """The plan's constants as they are set now."""
    known = {field.name for field in fields(Priors)}
    rows = {row.slug.replace("-", "_"): row.value for row in RiskConstant.objects.all()}
    return Priors(**{name: value for name, value in rows.items() if name in known})


@dataclass(frozen=True)
class Load:
    """How much a phase takes on at once (P6): must-now effort beside capacity, and how many things change together.

    `ratio` is undefined without a capacity or without any effort estimated. `product` is roles touched x process
    changes x capabilities x integrations, each counted as one at the least.
    """

    effort_days: float
    capacity_days: float | None
    without_effort: int  # must-now items nobody has estimated
    roles: int
    process_changes: int
    capabilities: int
    integrations: int

    @property
    def ratio(self) -> float | None:
        if not self.capacity_days or not self.effort_days:
            return None
        return self.effort_days / self.capacity_days

    @property
    def product(self) -> int:
        return max(1, self.roles) * max(1, self.process_changes) * max(1, self.capabilities) * max(1, self.integrations)

    def is_over(self, known: Priors) -> bool:
        return self.ratio is not None and self.ratio > known.overload_from

    @property
    def days_over(self) -> float:
        return max(0.0, self.effort_days - (self.capacity_days or 0.0)) if self.capacity_days else 0.0


@dataclass(frozen=True)
class Balance:
    """Effort by people, process and technology (M5, M19), in days."""

    people: float
    process: float
    technology: float

    @property
    def total(self) -> float:
        return self.people + self.process + self.technology

    @property
    def people_share(self) -> float | None:
        return self.people / self.total if self.total else None

    def is_off(self, known: Priors) -> bool:
        """Too much on process and technology, too little on people."""
        return self.people_share is not None and self.people_share < known.people_share_least


@dataclass(frozen=True)
class PhaseState:
    """A phase with what its page shows; made from prefetched rows, so a list of them costs no more queries."""

    phase: Phase
    today: date
    known: Priors

    @cached_property
    def items(self) -> list[WorkItem]:
        return [item for item in self.phase.items.all() if item.state != State.DROPPED]

    @cached_property
    def must(self) -> list[WorkItem]:
        return [item for item in self.items if item.kind == Kind.MUST]

    @cached_property
    def unfinished(self) -> list[WorkItem]:
        return [item for item in self.must if item.state != State.DONE]

    @cached_property
    def technology_only(self) -> list[WorkItem]:
        return [item for item in self.items if item.is_technology_only]

    @cached_property
    def load(self) -> Load:
        return Load(
            effort_days=sum(item.effort_days or 0.0 for item in self.must),
            capacity_days=self.phase.capacity_days,
            without_effort=sum(1 for item in self.must if item.effort_days is None),
            roles=len(self.phase.job_roles.all()),
            process_changes=self.phase.process_changes,
            capabilities=sum(1 for item in self.must if item.track == Track.TECHNOLOGY),
            integrations=self.phase.integrations,
        )

    @property
    def is_over(self) -> bool:
        return self.load.is_over(self.known)

    @cached_property
    def balance(self) -> Balance:
        days = dict.fromkeys(Track.values, 0.0)
        for item in self.items:
            days[item.track] += item.effort_days or 0.0
        return Balance(days[Track.PEOPLE], days[Track.PROCESS], days[Track.TECHNOLOGY])

    @property
    def is_unbalanced(self) -> bool:
        return self.balance.is_off(self.known)

    @property
    def delight_share(self) -> float | None:
        """Of all days of effort, those that merely delight (T30); none without a day."""
        delights = sum(item.effort_days or 0.0 for item in self.items if item.kind == Kind.DELIGHT)
        return delights / self.balance.total if self.balance.total else None

    @property
    def wants_delight(self) -> bool:
        """Less is kept for delight than is suggested, and it is not too late to keep more."""
        early = self.phase.state in (Phase.State.DRAFT, Phase.State.APPROVED)
        return early and self.delight_share is not None and self.delight_share < self.known.delight_share

    @property
    def customised_share(self) -> float | None:
        """Of the days of technology, those that build what the CRM does not bring (U13); none without a day."""
        days = [(item.effort_days or 0.0, item.approach) for item in self.items if item.track == Track.TECHNOLOGY]
        total = sum(one for one, _approach in days)
        return sum(one for one, approach in days if approach == Approach.CUSTOMISE) / total if total else None

    @property
    def design_age(self) -> int | None:
        """Days since the design was frozen, or last validated anew (P7); none while it is not frozen, or once live."""
        since = max(filter(None, (self.phase.design_frozen_on, self.phase.revalidated_on)), default=None)
        if since is None or self.phase.state in (Phase.State.OPEN, Phase.State.CLOSED):
            return None
        return (self.today - since).days

    @property
    def is_stale(self) -> bool:
        return self.design_age is not None and self.design_age >= self.known.design_stale_days

    @cached_property
    def steps(self) -> list[PhaseStep]:
        order = {kind: place for place, kind in enumerate(PhaseStep.Kind.values)}
        return sorted(self.phase.steps.all(), key=lambda step: order[step.kind])

    @property
    def steps_done(self) -> int:
        return sum(1 for step in self.steps if step.done_on)

    @property
    def step(self) -> PhaseStep | None:
        """The one to work on now."""
        return next((step for step in self.steps if not step.done_on), None)

    @property
    def is_late(self) -> bool:
        open_ = self.phase.state in (Phase.State.DRAFT, Phase.State.APPROVED)
        return bool(open_ and self.phase.planned_end and self.phase.planned_end < self.today)

    @property
    def with_role_and_objective(self) -> float | None:
        """Share of the items that name whom they serve and what for (P1)."""
        if not self.items:
            return None
        return sum(1 for item in self.items if item.job_role_id and item.objective_id) / len(self.items)


def phases() -> QuerySet[Phase]:
    """Every phase and release in order, with all that a `PhaseState` reads."""
    return Phase.objects.select_related("parent", "approved_by").prefetch_related(
        "steps__owner",
        "job_roles",
        "objectives",
        Prefetch("items", WorkItem.objects.select_related("job_role", "objective", "owner")),
    )


def phase_states(today: date) -> list[PhaseState]:
    """All of them, each phase followed by its releases."""
    known = priors()
    rows = [PhaseState(phase, today, known) for phase in phases()]
    tops = [state for state in rows if state.phase.parent_id is None]
    return [one for top in tops for one in (top, *(s for s in rows if s.phase.parent_id == top.phase.pk))]


def phase_state(phase: Phase, today: date) -> PhaseState:
    return PhaseState(phases().get(pk=phase.pk), today, priors())


def lessons_for(phase: Phase) -> QuerySet[Lesson]:
    """What earlier phases learned, for whoever plans this one (P9)."""
    return Lesson.objects.exclude(phase=phase).select_related("phase", "said_by", "applied_in").order_by("-pk")


@dataclass(frozen=True)
class SmallChanges:
    """The lane of small changes (P10): how long they take from request to release, over a window of days."""

    done: int
    waiting: int
    median_days: float | None
    oldest_days: int | None


def small_changes(today: date, *, over_days: int = 90) -> SmallChanges:
    lane = WorkItem.objects.filter(kind__in=(Kind.SMALL, Kind.FIX))
    done = lane.filter(
        state=State.DONE, requested_on__isnull=False, done_on__gt=today - timedelta(days=over_days), done_on__lte=today
    ).values_list("requested_on", "done_on")
    took = [(end - begun).days for begun, end in done if begun and end]
    waiting = list(
        lane.filter(state__in=(State.OPEN, State.DOING), requested_on__lte=today).values_list("requested_on", flat=True)
    )
    oldest = max(((today - begun).days for begun in waiting if begun), default=None)
    return SmallChanges(len(took), len(waiting), median(took) if took else None, oldest)


@dataclass(frozen=True)
class Bar:
    """One bar of the timeline, in days from its first day."""

    state: PhaseState
    start: int
    days: int

    of: int  # days on the whole axis

    @property
    def left(self) -> str:
        """Where it begins, as a share of the axis that a drawing takes."""
        return f"{100 * self.start / self.of:.3f}%"

    @property
    def width(self) -> str:
        return f"{100 * self.days / self.of:.3f}%"


@dataclass(frozen=True)
class Timeline:
    """The phases side by side on one axis of days; those without dates stand apart."""

    first: date
    last: date
    bars: Sequence[Bar]
    undated: Sequence[PhaseState]
    today: date

    @property
    def now(self) -> str:
        """Today, as a share of the axis."""
        return f"{100 * (self.today - self.first).days / self.days:.3f}%"

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def months(self) -> list[tuple[str, date]]:
        """The first of each month (of each quarter where there are many), as a share of the axis."""
        found, month = [], self.first.replace(day=1)
        while month <= self.last:
            if self.days < MANY_DAYS or month.month % 3 == 1:
                found.append((f"{100 * (month - self.first).days / self.days:.3f}%", month))
            month = (month + timedelta(days=32)).replace(day=1)
        return found


def timeline(states: Sequence[PhaseState], today: date) -> Timeline | None:
    """The axis from the month of the first start to the month after the last end; none without any dates."""
    dated = [one for one in states if one.phase.planned_start and one.phase.planned_end]
    if not dated:
        return None
    starts = [one.phase.planned_start for one in dated if one.phase.planned_start]
    ends = [one.phase.planned_end for one in dated if one.phase.planned_end]
    first = min(*starts, today).replace(day=1)
    last = (max(*ends, today) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    of = (last - first).days + 1
    bars = [
        Bar(one, (one.phase.planned_start - first).days, (one.phase.planned_end - one.phase.planned_start).days + 1, of)
        for one in dated
        if one.phase.planned_start and one.phase.planned_end
    ]
    undated = [one for one in states if one not in dated]
    return Timeline(first, last, bars, undated, today)
