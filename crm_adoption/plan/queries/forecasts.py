"""When a gate will open (M3): the past readings of what it asks, continued with their noise, and how good that was."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import sqrt

from django.utils.translation import gettext as _

from crm_adoption.kit.charts import Chart, Series
from crm_adoption.plan import forecasting
from crm_adoption.plan.ingredients import CHECKS
from crm_adoption.plan.models import GateCriterion, GateForecast, Phase, Reading
from crm_adoption.plan.queries.phases import priors
from dataquality import reports, subjects
from dataquality.models import Score
from dataquality.queries import field_name

Point = tuple[date, float, int]  # day, value, how many it was measured on


@dataclass(frozen=True)
class Condition:
    """One figure a gate asks for: its name, its limit, on which side it must stay, and its history, oldest first."""

    name: str
    limit: float
    below: bool
    strict: bool
    points: Sequence[Point]

    def holds_on(self, day: date) -> bool | None:
        """By the last reading of that day or before; undefined before the first."""
        value = next((value for at, value, _n in reversed(self.points) if at <= day), None)
        if value is None:
            return None
        if self.below:
            return value < self.limit if self.strict else value <= self.limit
        return value >= self.limit

    def trend_until(self, day: date, *, pace: float = 1.0) -> tuple[forecasting.Trend, float, float] | None:
        """What `forecasting.crossing` takes; a pace of 2 doubles the improvement a day."""
        seen = [point for point in self.points if point[0] <= day]
        if not seen:
            return None
        turn = 1.0 if self.below else -1.0
        value, n = seen[-1][1], max(1, seen[-1][2])
        counting = sqrt(max(value * (1 - value), 1 / n) / n) if 0 <= value <= 1 else 0.0
        found = forecasting.trend([(at.toordinal(), turn * v) for at, v, _n in seen], least_noise=counting)
        if found is None:
            return None
        if pace != 1.0:
            slope = found.slope * pace
            found = forecasting.Trend(found.level, slope, found.noise, found.slope_noise, found.readings)
        return found, turn * self.limit, float((day - seen[-1][0]).days)


@dataclass(frozen=True)
class Forecast:
    """When a gate opens, with which probability; `crossing` is undefined while a series is too short for a trend."""

    conditions: Sequence[Condition]
    today: date
    days: int
    pace: float
    crossing: forecasting.Crossing | None

    @property
    def likely(self) -> date | None:
        """From that day on it is open as likely as not."""
        return self._day(0.5)

    @property
    def nearly_sure(self) -> date | None:
        """From that day on it is open with 80 %."""
        return self._day(0.8)

    @property
    def is_open(self) -> bool:
        return bool(self.conditions) and all(one.holds_on(self.today) for one in self.conditions)

    @property
    def short(self) -> list[str]:
        """What has too few readings for a trend."""
        return [one.name for one in self.conditions if one.trend_until(self.today) is None]

    @property
    def last_day(self) -> date:
        return self.today + timedelta(days=self.days)

    def _day(self, probability: float) -> date | None:
        found = self.crossing.day_of(probability) if self.crossing else None
        return None if found is None else self.today + timedelta(days=found)

    def chart(self, step: int = 7) -> Chart | None:
        """Probability by week."""
        if self.crossing is None:
            return None
        days = range(0, self.days + 1, step)
        return Chart(
            "line",
            [(self.today + timedelta(days=day)).isoformat() for day in days],
            [Series(_("Probability that it is open"), [round(self.crossing.probabilities[day], 4) for day in days])],
            unit="%", limit=0.8, limit_label=_("nearly sure"), maximum=1, head=_("Day"),
        )  # fmt: skip


def _scores(cells: Iterable[tuple[str, str]], until: datetime) -> dict[tuple[str, str], list[Score]]:
    wanted = set(cells)
    found: dict[tuple[str, str], list[Score]] = {cell: [] for cell in wanted}
    rows = Score.objects.filter(
        source=None, table__in={table for table, _field in wanted}, taken_at__lte=until, rate__isnull=False
    ).order_by("taken_at", "pk")
    for score in rows:
        if (score.table, score.field) in found:
            found[score.table, score.field].append(score)
    return found


def table_conditions(tables: Iterable[str], until: datetime) -> list[Condition]:
    """A table's error rate and that of each of its critical fields, as its data gate asks (T8)."""
    cells = [
        (slug, field) for slug in tables for field in ("", *subjects.get(slug).critical)
    ]  # fmt: skip
    history = _scores(cells, until)
    found = []
    for slug, field in cells:
        scores = history[slug, field]
        if not scores:
            continue
        subject = subjects.get(slug)
        points = [(one.taken_at.date(), float(one.rate or 0.0), one.rows) for one in scores]
        name = field_name(subject, field) if field else subject.label
        last = scores[-1]
        found.append(Condition(name, float(last.limit), True, last.strict, points))
    return found


def _criteria(phase: Phase, until: datetime) -> list[Condition]:
    found = []
    for criterion in phase.criteria.all():
        rows = Reading.objects.filter(check_slug=criterion.check_slug, scope="", at__lte=until).order_by("taken_on")
        check = CHECKS.get(criterion.check_slug)
        found.append(
            Condition(
                check.label if check else criterion.check_slug,
                criterion.threshold,
                criterion.comparator == GateCriterion.Comparator.AT_MOST,
                False,
                [(row.taken_on, row.value, row.n) for row in rows],
            )
        )
    return found


def phase_conditions(phase: Phase, until: datetime) -> list[Condition]:
    """The measured things a phase waits for: the data gates of its tables and its own criteria."""
    return [*table_conditions(phase.tables, until), *_criteria(phase, until)]


def forecast(conditions: Sequence[Condition], today: date, *, days: int | None = None, pace: float = 1.0) -> Forecast:
    """By the readings until today; things that nobody measures (who was told, who was trained) are not in it."""
    ahead = int(priors().forecast_days) if days is None else days
    series = [condition.trend_until(today, pace=pace) for condition in conditions]
    known = [one for one in series if one is not None]
    crossing = forecasting.crossing(known, ahead) if known and len(known) == len(series) else None
    return Forecast(conditions, today, ahead, pace, crossing)


def phase_forecast(phase: Phase, *, now: datetime, today: date, pace: float = 1.0) -> Forecast:
    return forecast(phase_conditions(phase, now), today, pace=pace)


def report_forecast(slug: str, *, now: datetime, today: date) -> Forecast:
    """For a report: the tables and cells of its footprint."""
    footprint = reports.get(slug).footprint
    cells = set(footprint.cells)
    found = [
        condition
        for table in footprint.tables
        for condition in _of_footprint(table, cells, now)
    ]  # fmt: skip
    return forecast(found, today)


def _of_footprint(table: str, cells: set[tuple[str, str]], until: datetime) -> list[Condition]:
    subject = subjects.get(table)
    fields = ["", *(field for slug, field in cells if slug == table)]
    history = _scores([(table, field) for field in fields], until)
    return [
        Condition(
            field_name(subject, field) if field else subject.label,
            float(scores[-1].limit),
            True,
            scores[-1].strict,
            [(one.taken_at.date(), float(one.rate or 0.0), one.rows) for one in scores],
        )
        for field in fields
        if (scores := history[table, field])
    ]


@dataclass(frozen=True)
class Record:
    """How good forecasts were: theirs and that of saying "from the planned date on", by Brier's score."""

    n: int
    ours: float | None
    planned: float | None

    @property
    def is_better(self) -> bool | None:
        if self.ours is None or self.planned is None:
            return None
        return self.ours < self.planned


def record(gate: str = "") -> Record:
    """Of the forecasts whose day has come."""
    rows = GateForecast.objects.filter(opened__isnull=False, planned__isnull=False)
    if gate:
        rows = rows.filter(gate=gate)
    judged = [(one.probability, float(one.planned or 0.0), bool(one.opened)) for one in rows]
    return Record(
        len(judged),
        forecasting.brier([(probability, came) for probability, _planned, came in judged]),
        forecasting.brier([(planned, came) for _probability, planned, came in judged]),
    )


def replay(
    conditions: Sequence[Condition], planned_on: date, *, least_ahead: int = 1
) -> list[tuple[float, float, bool]]:
    """What would have been forecast on each past day of readings about each later one: (ours, planned, what came)."""
    days = sorted({at for one in conditions for at, _value, _n in one.points})
    found = []
    for place, made in enumerate(days):
        later = [day for day in days[place + 1 :] if (day - made).days >= least_ahead]
        series = [one.trend_until(made) for one in conditions]
        if not later or not series or any(one is None for one in series):
            continue
        ahead = (later[-1] - made).days
        crossed = forecasting.crossing([one for one in series if one is not None], ahead)
        for day in later:
            came = all(one.holds_on(day) for one in conditions)
            found.append((crossed.probabilities[(day - made).days], 1.0 if day >= planned_on else 0.0, came))
    return found
