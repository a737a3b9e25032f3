"""The past replayed (M3): what would have been forecast on each day of readings, beside what came.

Nothing of a later day is used for a forecast. The other forecaster says "from the planned date on" of the phase.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from crm_adoption.plan.forecasting import brier
from crm_adoption.plan.ingredients import CHECKS
from crm_adoption.plan.models import GateReplay, Phase
from crm_adoption.plan.queries.forecasts import OF_CHECK, Condition, Record, phase_conditions, replay
from dataquality import subjects
from dataquality.queries import field_name

EVERY = 10_000  # readings of a figure: all there are

Judged = Sequence[tuple[float, float, bool]]  # ours, planned, what came


@dataclass(frozen=True)
class Replay:
    """One gate, or one figure that gates ask for, and how good its forecasts would have been."""

    name: str
    planned_on: date
    judged: Judged
    phase: Phase | None = None  # of a gate
    key: str = ""  # of a figure, as `Condition.key`
    first_on: date | None = None  # the readings it was replayed over
    last_on: date | None = None

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


def replay_gates(until: datetime, *, most: int = EVERY) -> list[Replay]:
    """Every phase with a planned date: all its figures together must hold."""
    return [_replayed(str(phase), asked, planned, phase=phase) for phase, asked, planned in _dated(until, most)]


def replay_figures(until: datetime, *, most: int = EVERY) -> list[Replay]:
    """Every figure that such a phase asks for, once, by the earliest date it was planned for."""
    figures: dict[str, tuple[Condition, date]] = {}
    for _phase, asked, planned in _dated(until, most):
        for condition in asked:
            figures.setdefault(condition.key, (condition, planned))
    return [_replayed(one.name, [one], planned, key=key) for key, (one, planned) in figures.items()]


def _dated(until: datetime, most: int) -> list[tuple[Phase, list[Condition], date]]:
    """Phases with a planned date and something measured, the earliest date first."""
    found = []
    for phase in Phase.objects.exclude(planned_end=None).prefetch_related("criteria").order_by("planned_end", "pk"):
        asked = phase_conditions(phase, until, most=most)
        if phase.planned_end is not None and asked:
            found.append((phase, asked, phase.planned_end))
    return found


def _replayed(
    name: str, asked: Sequence[Condition], planned: date, *, phase: Phase | None = None, key: str = ""
) -> Replay:
    days = [at for one in asked for at, _value, _n in one.points]
    judged = replay(asked, planned)
    return Replay(name, planned, judged, phase, key, min(days, default=None), max(days, default=None))


@dataclass(frozen=True)
class Bin:
    """Forecasts of about the same probability: how many, what they said on average, and how often it came."""

    low: float
    n: int
    said: float
    came: float


def bins(judged: Judged) -> list[Bin]:
    """By tenths, the last holding 1 itself; honest forecasts say as often as it comes. Empty tenths are left out."""
    tenths: dict[int, list[tuple[float, bool]]] = {}
    for ours, _planned, came in judged:
        tenths.setdefault(min(int(ours * 10), 9), []).append((ours, came))
    return [
        Bin(
            tenth / 10,
            len(rows),
            sum(ours for ours, _c in rows) / len(rows),
            sum(came for _o, came in rows) / len(rows),
        )
        for tenth, rows in sorted(tenths.items())
    ]


@dataclass(frozen=True)
class Kept:
    """The last replay as it was kept: of gates and of figures, and all forecasts of the figures together."""

    gates: Sequence[GateReplay]
    figures: Sequence[GateReplay]

    @property
    def taken_at(self) -> datetime | None:
        return max((one.taken_at for one in (*self.gates, *self.figures)), default=None)

    @property
    def of_gates(self) -> Record:
        return _together(self.gates)

    @property
    def of_figures(self) -> Record:
        return _together(self.figures)

    @property
    def bins(self) -> list[Bin]:
        """Of all figures, tenth by tenth."""
        tenths: dict[float, list[Bin]] = {}
        for one in self.figures:
            for row in one.bins:
                tenths.setdefault(row["low"], []).append(Bin(**row))
        found = []
        for low, rows in sorted(tenths.items()):
            n = sum(row.n for row in rows)
            said, came = (sum(getattr(row, what) * row.n for row in rows) / n for what in ("said", "came"))
            found.append(Bin(low, n, said, came))
        return found


def _together(rows: Sequence[GateReplay]) -> Record:
    """The scores of several, each forecast counted once."""
    judged = [one for one in rows if one.n]
    n = sum(one.n for one in judged)
    if not n:
        return Record(0, None, None)
    ours, planned = (sum((getattr(one, what) or 0.0) * one.n for one in judged) / n for what in ("ours", "planned"))
    return Record(n, ours, planned)


def replay_of(phase: Phase) -> GateReplay | None:
    """How good the forecasts of this gate would have been, as last computed."""
    return GateReplay.objects.filter(phase=phase).first()


def kept() -> Kept:
    """What the last replay wrote down."""
    rows = list(GateReplay.objects.select_related("phase"))
    return Kept([one for one in rows if one.phase_id], [one for one in rows if not one.phase_id])


def said_figure(key: str) -> str:
    """The name of a figure by its key, in the reader's language."""
    if key.startswith(OF_CHECK):
        slug = key.removeprefix(OF_CHECK)
        return CHECKS[slug].label if slug in CHECKS else slug
    slug, _colon, field = key.partition(":")
    subject = next((one for one in subjects.every() if one.slug == slug), None)
    if subject is None:
        return key
    return field_name(subject, field) if field else subject.label
