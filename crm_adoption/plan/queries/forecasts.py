"""When a gate will open (M3): the past readings of what it asks, continued with their noise, and how good that was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from math import sqrt

from django.db.models import Avg, Case, Count, F, FloatField, Value, When
from django.utils.translation import gettext as _

from crm_adoption.kit import words
from crm_adoption.kit.charts import Chart, Series
from crm_adoption.plan import forecasting
from crm_adoption.plan.ingredients import CHECKS
from crm_adoption.plan.models import GateCriterion, GateForecast, Phase, Reading
from crm_adoption.plan.queries.phases import priors
from dataquality import reports, subjects
from dataquality.queries import field_name
from dataquality.statements import fetch

READINGS = 60  # of each figure, the newest: what a trend is drawn through, however long it has been measured
OF_CHECK = "check:"
Point = tuple[date, float, int]  # day, value, how many it was measured on


@dataclass(frozen=True)
class Condition:
    """One figure a gate asks for: its name, its limit, on which side it must stay, and its history, oldest first."""

    name: str
    limit: float
    below: bool
    strict: bool
    points: Sequence[Point]
    fall: float = 0.0  # by how much work that is only thought of would lower the newest value
    key: str = ""  # `<table>`, `<table>:<field>` or `check:<slug>`

    def said(self, value: float) -> str:
        """A value as people say it: a share, or in the unit of its check."""
        check = CHECKS.get(self.key.removeprefix(OF_CHECK))
        return check.said(value) if check else words.percent(value)

    def holds_on(self, day: date) -> bool | None:
        """By the last reading of that day or before; undefined before the first."""
        value = next((value for at, value, _n in reversed(self.points) if at <= day), None)
        if value is None:
            return None
        value -= self.fall
        if self.below:
            return value < self.limit if self.strict else value <= self.limit
        return value >= self.limit

    def trend_until(self, day: date, *, pace: float = 1.0) -> tuple[forecasting.Trend, float, float] | None:
        """What `forecasting.crossing` takes; a pace of 2 doubles the improvement a day."""
        seen = [point for point in self.points if point[0] <= day][-READINGS:]
        if not seen:
            return None
        turn = 1.0 if self.below else -1.0
        value, n = seen[-1][1], max(1, seen[-1][2])
        counting = sqrt(max(value * (1 - value), 1 / n) / n) if 0 <= value <= 1 else 0.0
        found = forecasting.trend([(at.toordinal(), turn * v) for at, v, _n in seen], least_noise=counting)
        if found is None:
            return None
        level = turn * (value - self.fall) if self.fall else found.level  # what is mended is known, and not a trend
        found = replace(found, level=level, slope=found.slope * pace)
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


@dataclass(frozen=True)
class _Scores:
    """The rates of a table or a field, oldest first, and the limit of the newest."""

    points: Sequence[Point]
    limit: float
    strict: bool


def _scores(cells: Sequence[tuple[str, str]], until: datetime, *, most: int) -> dict[tuple[str, str], _Scores]:
    """By (table, field); the newest of each by one walk along the index."""
    rows = fetch(
        'SELECT c."table", c.field, s.taken_at, s.rate, s.rows, s."limit", s.strict'
        ' FROM unnest(%s::text[], %s::text[]) c ("table", field), LATERAL ('
        'SELECT id, taken_at, rate, rows, "limit", strict FROM dataquality_score WHERE "table" = c."table"'
        " AND field = c.field AND source_id IS NULL AND taken_at <= %s AND rate IS NOT NULL"
        " ORDER BY taken_at DESC, id DESC LIMIT %s) s ORDER BY s.taken_at, s.id",
        [[table for table, _field in cells], [field for _table, field in cells], until, most],
    )
    points: dict[tuple[str, str], list[Point]] = {}
    newest: dict[tuple[str, str], tuple[float, bool]] = {}
    for table, field, at, rate, n, limit, strict in rows:
        points.setdefault((table, field), []).append((at.date(), rate, n))
        newest[table, field] = float(limit), strict
    return {cell: _Scores(points[cell], *newest[cell]) for cell in points}


def table_conditions(tables: Iterable[str], until: datetime, *, most: int = READINGS) -> list[Condition]:
    """A table's error rate and that of each of its critical fields, as its data gate asks (T8)."""
    return _conditions([(slug, field) for slug in tables for field in ("", *subjects.get(slug).critical)], until, most)


def _conditions(
    cells: Sequence[tuple[str, str]], until: datetime, most: int, falls: Mapping[tuple[str, str], float] | None = None
) -> list[Condition]:
    history, found = _scores(cells, until, most=most), []
    for slug, field in cells:
        scores, subject = history.get((slug, field)), subjects.get(slug)
        if scores is not None:
            name = field_name(subject, field) if field else subject.label
            fall = (falls or {}).get((slug, field), 0.0)
            found.append(
                Condition(
                    name, scores.limit, True, scores.strict, scores.points, fall, f"{slug}:{field}" if field else slug
                )
            )
    return found


def _criteria(phase: Phase, until: datetime, most: int) -> list[Condition]:
    found = []
    for criterion in phase.criteria.all():
        rows = Reading.objects.filter(check_slug=criterion.check_slug, scope="", at__lte=until).order_by("-taken_on")
        check = CHECKS.get(criterion.check_slug)
        found.append(
            Condition(
                check.label if check else criterion.check_slug,
                criterion.threshold,
                criterion.comparator == GateCriterion.Comparator.AT_MOST,
                False,
                list(reversed(rows.values_list("taken_on", "value", "n")[:most])),
                key=f"{OF_CHECK}{criterion.check_slug}",
            )
        )
    return found


def phase_conditions(phase: Phase, until: datetime, *, most: int = READINGS) -> list[Condition]:
    """The measured things a phase waits for: the data gates of its tables and its own criteria."""
    return [*table_conditions(phase.tables, until, most=most), *_criteria(phase, until, most)]


def forecast(conditions: Sequence[Condition], today: date, *, days: int | None = None, pace: float = 1.0) -> Forecast:
    """By the readings until today; things that nobody measures (who was told, who was trained) are not in it."""
    ahead = int(priors().forecast_days) if days is None else days
    series = [condition.trend_until(today, pace=pace) for condition in conditions]
    known = [one for one in series if one is not None]
    crossing = forecasting.crossing(known, ahead) if known and len(known) == len(series) else None
    return Forecast(conditions, today, ahead, pace, crossing)


def phase_forecast(phase: Phase, *, now: datetime, today: date, pace: float = 1.0) -> Forecast:
    return forecast(phase_conditions(phase, now), today, pace=pace)


def report_forecast(
    slug: str, *, now: datetime, today: date, falls: Mapping[tuple[str, str], float] | None = None
) -> Forecast:
    """For a report: the tables and cells of its footprint; `falls` says by how much work thought of lowers rates."""
    footprint = reports.get(slug).footprint
    asked = [(table, field) for table in footprint.tables
             for field in ("", *(name for of, name in footprint.cells if of == table))]  # fmt: skip
    return forecast(_conditions(asked, now, READINGS, falls), today)


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
    came = Case(When(opened=True, then=Value(1.0)), default=Value(0.0), output_field=FloatField())
    ours, planned = F("probability") - came, F("planned") - came
    mean = rows.order_by().aggregate(n=Count("pk"), ours=Avg(ours * ours), planned=Avg(planned * planned))
    return Record(mean["n"], mean["ours"], mean["planned"])


def gate_name(gate: str) -> str:
    """What a forecast was about, in words, by its `GateForecast.gate`."""
    kind, _colon, key = gate.partition(":")
    if kind == "phase":
        return next((str(one) for one in Phase.objects.filter(pk=int(key))), _("a phase that is gone"))
    if kind == "table":
        return subjects.get(key).label
    return str(reports.get(key).title)


@dataclass(frozen=True)
class HoldsBack:
    """One figure that keeps a gate shut today: what it is, and when its own trend would bring it there."""

    condition: Condition
    alone: Forecast

    @property
    def newest(self) -> float | None:
        """Its newest reading."""
        return self.condition.points[-1][1] if self.condition.points else None

    @property
    def value(self) -> str:
        return "" if self.newest is None else self.condition.said(self.newest)

    @property
    def limit(self) -> str:
        said = self.condition.said(self.condition.limit)
        if not self.condition.below:
            return _("at least %(limit)s") % {"limit": said}
        return _("below %(limit)s") % {"limit": said} if self.condition.strict else _("at most %(limit)s") % {
            "limit": said}  # fmt: skip


def holding_back(found: Forecast) -> list[HoldsBack]:
    """Every figure that does not hold today, forecast alone; those that come last, or never, first."""
    shut = [one for one in found.conditions if not one.holds_on(found.today)]
    rows = [HoldsBack(one, forecast([one], found.today, days=found.days, pace=found.pace)) for one in shut]
    return sorted(rows, key=lambda row: (row.alone.nearly_sure or date.max, row.alone.likely or date.max), reverse=True)


def replay(
    conditions: Sequence[Condition], planned_on: date, *, least_ahead: int = 1
) -> list[tuple[float, float, bool]]:
    """What would have been forecast on each past day of readings about each later one: (ours, planned, what came)."""
    days = sorted({at for one in conditions for at, _value, _n in one.points})
    came = {day: all(one.holds_on(day) for one in conditions) for day in days}
    found = []
    for place, made in enumerate(days):
        later = [day for day in days[place + 1 :] if (day - made).days >= least_ahead]
        series = [one.trend_until(made) for one in conditions]
        if not later or not series or any(one is None for one in series):
            continue
        ahead = (later[-1] - made).days
        crossed = forecasting.crossing([one for one in series if one is not None], ahead)
        for day in later:
            found.append((crossed.probabilities[(day - made).days], 1.0 if day >= planned_on else 0.0, came[day]))
    return found
