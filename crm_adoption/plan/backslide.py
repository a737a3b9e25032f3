"""Did something fall after a release went live, beyond its noise (T3)? Weekly figures before and after, by rank.

The test is the exact one-sided rank-sum test of Wilcoxon, Mann and Whitney with midranks: of all ways to share the
weeks out between before and after, the part in which *after* looks at least as bad as it does. It asks nothing of the
figures' distribution, and one wild week moves it no more than one step of the order does. The size of the fall is the
shift of Hodges and Lehmann: the median of all differences between a week after and a week before. With four weeks on
either side the least probability is 1/70, with three 1/20; with fewer nothing can be told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median

FEWEST = 3  # weeks with a figure on either side


@dataclass(frozen=True)
class Verdict:
    """Both medians, the shift between them, and how often noise alone would bring one as bad."""

    before: float
    after: float
    shift: float
    probability: float
    weeks_before: int
    weeks_after: int
    is_alarm: bool

    @property
    def change(self) -> float | None:
        """The shift as a share of the median before; undefined where that is 0."""
        return self.shift / abs(self.before) if self.before else None


def midranks(values: Sequence[float]) -> list[float]:
    """1 for the least; equal values share the mean of their places."""
    order = sorted(values)
    return [order.index(value) + (order.count(value) + 1) / 2 for value in values]


def probability(before: Sequence[float], after: Sequence[float]) -> float:
    """That the figures after rank at least so high if nothing had changed, over all ways to share the weeks out."""
    ranks = midranks([*before, *after])
    seen = sum(ranks[len(before) :])
    sums = [sum(chosen) for chosen in combinations(ranks, len(after))]
    return sum(1 for one in sums if one >= seen - 1e-9) / len(sums)


def shift(before: Sequence[float], after: Sequence[float]) -> float:
    """Hodges and Lehmann's: the median of the differences of all pairs."""
    return median(late - early for early in before for late in after)


def judge(
    before: Sequence[float], after: Sequence[float], *, more_is_better: bool, surely: float, at_least: float
) -> Verdict | None:
    """An alarm if it got worse, so surely that noise brings it in at most `surely` of all cases, and by `at_least` of
    the median before. None with too few weeks."""
    if min(len(before), len(after)) < FEWEST:
        return None
    sign = -1.0 if more_is_better else 1.0
    by_noise = probability([sign * value for value in before], [sign * value for value in after])
    moved, usual = shift(before, after), median(before)
    is_large = sign * moved > 0 and abs(moved) >= at_least * abs(usual)
    return Verdict(
        usual, median(after), moved, by_noise, len(before), len(after), is_large and by_noise <= surely
    )  # fmt: skip
