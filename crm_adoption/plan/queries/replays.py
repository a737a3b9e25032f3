"""The past replayed (M3): what would have been forecast on each day of readings, beside what came.

Nothing of a later day is used for a forecast. The other forecaster says "from the planned date on" of the phase.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from crm_adoption.plan.forecasting import brier
from crm_adoption.plan.models import Phase
from crm_adoption.plan.queries.forecasts import Condition, Record, phase_conditions, replay

EVERY = 10_000  # readings of a figure: all there are

Judged = Sequence[tuple[float, float, bool]]  # ours, planned, what came


@dataclass(frozen=True)
class Replay:
    """One gate, or one figure that gates ask for, and how good its forecasts would have been."""

    name: str
    planned_on: date
    judged: Judged

    @property
    def came(self) -> int:
        """Of the days forecast, those on which it held."""
        return sum(opened for _ours, _planned, opened in self.judged)

    @property
    def record(self) -> Record:
        return record_of([self])


def record_of(replays: Sequence[Replay]) -> Record:
    """All their forecasts together, each counted once."""
    judged = [one for replayed in replays for one in replayed.judged]
    return Record(
        len(judged),
        brier([(ours, came) for ours, _planned, came in judged]),
        brier([(planned, came) for _ours, planned, came in judged]),
    )


def replay_gates(until: datetime) -> list[Replay]:
    """Every phase with a planned date: all its figures together must hold."""
    return [_replayed(str(phase), asked, planned) for phase, asked, planned in _dated(until)]


def replay_figures(until: datetime) -> list[Replay]:
    """Every figure that such a phase asks for, once, by the earliest date it was planned for."""
    figures: dict[str, tuple[Condition, date]] = {}
    for _phase, asked, planned in _dated(until):
        for condition in asked:
            figures.setdefault(condition.name, (condition, planned))
    return [_replayed(name, [condition], planned) for name, (condition, planned) in figures.items()]


def _dated(until: datetime) -> list[tuple[Phase, list[Condition], date]]:
    """Phases with a planned date and something measured, the earliest date first."""
    found = []
    for phase in Phase.objects.exclude(planned_end=None).prefetch_related("criteria").order_by("planned_end", "pk"):
        asked = phase_conditions(phase, until, most=EVERY)
        if phase.planned_end is not None and asked:
            found.append((phase, asked, phase.planned_end))
    return found


def _replayed(name: str, asked: Sequence[Condition], planned: date) -> Replay:
    return Replay(name, planned, replay(asked, planned))
