"""How the programme is released: in small steps (T4), and each through its gate (T5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

from django.db.models import Prefetch
from django.utils import timezone

from crm_adoption.plan.models import GateAct, Phase, WorkItem


@dataclass(frozen=True)
class Opened:
    """One phase that went live: its size, how long after the one before, and how its gate was passed."""

    phase: Phase
    on: date
    effort_days: float | None
    days_after: int | None
    refused: int  # times its gate refused before
    overridden: bool


@dataclass(frozen=True)
class Rhythm:
    """All that went live, in order."""

    releases: Sequence[Opened]

    @property
    def median_effort(self) -> float | None:
        known = [one.effort_days for one in self.releases if one.effort_days is not None]
        return median(known) if known else None

    @property
    def median_days(self) -> float | None:
        known = [one.days_after for one in self.releases if one.days_after is not None]
        return median(known) if known else None

    @property
    def through_gate(self) -> int:
        return sum(1 for one in self.releases if not one.overridden)

    @property
    def is_growing(self) -> bool:
        """The last one was larger than most before it: large releases are where adoption slides back."""
        known = [one.effort_days for one in self.releases if one.effort_days is not None]
        return len(known) > 2 and known[-1] > median(known[:-1])


def rhythm(now: datetime) -> Rhythm:
    """Only the effort of must-now items that somebody estimated counts; a release without any has no size."""
    live = Phase.objects.filter(opened_at__lte=now).order_by("opened_at", "pk").prefetch_related(
        Prefetch("items", WorkItem.objects.filter(kind=WorkItem.Kind.MUST).exclude(state=WorkItem.State.DROPPED)),
        "gate_acts",
    )  # fmt: skip
    found: list[Opened] = []
    for phase in live:
        on = timezone.localdate(phase.opened_at)
        efforts = [item.effort_days for item in phase.items.all() if item.effort_days is not None]
        outcomes = [act.outcome for act in phase.gate_acts.all()]
        found.append(
            Opened(
                phase, on, sum(efforts) if efforts else None, (on - found[-1].on).days if found else None,
                outcomes.count(GateAct.Outcome.REFUSED), GateAct.Outcome.OVERRIDDEN in outcomes,
            )
        )  # fmt: skip
    return Rhythm(found)
