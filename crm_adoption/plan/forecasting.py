"""When will it be under its limit? A measured series, its slope and its noise, as a probability for every day ahead.

The slope is the median of all pairwise slopes (Theil 1950, Sen 1968), which one bad export does not turn; the noise is
1.4826 x the median distance of the readings from that line. The value h days ahead is taken as normal around the line
continued, with the noise of one reading plus that of the slope, which grows with h.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import erf, sqrt
from statistics import median

FEWEST = 3  # readings; two make a line, and no noise
MAD = 1.4826  # makes the median absolute deviation a standard deviation, for normal noise


@dataclass(frozen=True)
class Trend:
    """Level on the last day, change a day and standard deviations of a reading and of the slope."""

    level: float
    slope: float
    noise: float
    slope_noise: float
    readings: int

    def expected(self, days: float) -> float:
        return self.level + self.slope * days

    def deviation(self, days: float) -> float:
        return sqrt(self.noise**2 + (self.slope_noise * days) ** 2)

    def probability_below(self, limit: float, days: float) -> float:
        """P(value < limit) that many days after the last reading; a series without noise knows for certain."""
        spread = self.deviation(days)
        if spread == 0:
            return 1.0 if self.expected(days) < limit else 0.0
        return 0.5 * (1 + erf((limit - self.expected(days)) / spread / sqrt(2)))


def trend(points: Sequence[tuple[float, float]], *, least_noise: float = 0.0) -> Trend | None:
    """The trend of (day, value) points; none with fewer than three different days.

    `least_noise` is the deviation below which the readings are not believed (that of counting, for a rate).
    """
    by_day = sorted(dict(points).items())
    if len(by_day) < FEWEST:
        return None
    slopes = [(v2 - v1) / (d2 - d1) for (d1, v1), (d2, v2) in combinations(by_day, 2)]
    slope = median(slopes)
    level = median(value - slope * day for day, value in by_day)
    residuals = [value - (level + slope * day) for day, value in by_day]
    noise = max(MAD * median(abs(one) for one in residuals), least_noise)
    middle = sum(day for day, _ in by_day) / len(by_day)
    spread = sum((day - middle) ** 2 for day, _ in by_day)
    last = by_day[-1][0]
    return Trend(level + slope * last, slope, noise, noise / sqrt(spread), len(by_day))


@dataclass(frozen=True)
class Crossing:
    """How likely all series are under their limits, day by day, and when that is likely enough."""

    probabilities: tuple[float, ...]  # index 0 is today

    def day_of(self, probability: float) -> int | None:
        """The first day from which it is at least that likely and stays so; none within the days looked at."""
        found: int | None = None
        for day, one in enumerate(self.probabilities):
            if one < probability:
                found = None
            elif found is None:
                found = day
        return found


def crossing(series: Sequence[tuple[Trend, float, float]], days: int) -> Crossing:
    """(trend, limit, days since its last reading) of everything a gate asks; all must be below, taken as independent.

    A value that must be above its limit is given with both turned round (-value, -limit).
    """
    found = []
    for day in range(days + 1):
        together = 1.0
        for one, limit, age in series:
            together *= one.probability_below(limit, day + age)
        found.append(together)
    return Crossing(tuple(found))


def brier(forecasts: Sequence[tuple[float, bool]]) -> float | None:
    """The mean of (probability - what came)²: 0 is perfect, 0.25 is what a coin says (Brier 1950)."""
    if not forecasts:
        return None
    return sum((probability - came) ** 2 for probability, came in forecasts) / len(forecasts)
