"""How likely the programme is to fail: attainment, score, status and risk, from numbers alone (P4, P5).

The formulas are those of section 3.2 of the model; their constants are priors that a lead may change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp


@dataclass(frozen=True)
class Constants:
    """Priors of the risk model; shares are 0 to 1."""

    midpoint: float = 2.5  # the load at which failure is as likely as not
    softness: float = 0.7  # how gently the curve passes its midpoint
    total_weight: float = 10.0  # what the ten weights are scaled to sum to
    missing_below: float = 0.25
    insufficient_below: float = 0.60
    sufficient_below: float = 0.85
    little_evidence_below: float = 0.5
    claims_shown_from: float = 5.0  # answers; fewer would tell who said what


class Status(StrEnum):
    UNKNOWN = "no evidence yet"
    MISSING = "missing"
    INSUFFICIENT = "insufficient"
    SUFFICIENT = "sufficient"
    STRONG = "strong"


def clamp(x: float) -> float:
    return min(1.0, max(0.0, x))


def attainment(value: float, *, floor: float, target: float) -> float:
    """How far a value has come from floor (0) to target (1); works where less is better, too.

    Rounded to twelve digits, so that 7 of 10 seats between 0.6 and 1 is a quarter and not a hair less.
    """
    return round(clamp((value - floor) / (target - floor)), 12)


@dataclass(frozen=True)
class Weighed:
    """One metric of an ingredient: its weight and, where there is a fresh reading, its attainment."""

    weight: float
    attainment: float | None


def score(metrics: Iterable[Weighed]) -> float | None:
    """s = sum of w a over sum of w, over the metrics with a fresh reading; None without any."""
    fresh = [(metric.weight, metric.attainment) for metric in metrics if metric.attainment is not None]
    total = sum(weight for weight, _ in fresh)
    return sum(weight * reached for weight, reached in fresh) / total if total else None


def coverage(metrics: Sequence[Weighed]) -> float:
    """c = the share of weight that has a fresh reading; 0 where nothing is defined."""
    total = sum(metric.weight for metric in metrics)
    return sum(metric.weight for metric in metrics if metric.attainment is not None) / total if total else 0.0


def claim(mean: float | None) -> float | None:
    """q = (mean answer from 1 to 5, less 1) / 4."""
    return None if mean is None else (mean - 1) / 4


def gap(claimed: float | None, evidence: float | None) -> float | None:
    """What people say beyond what the records say; negative where records say more."""
    return None if claimed is None or evidence is None else claimed - evidence


def status(evidence: float | None, constants: Constants) -> Status:
    if evidence is None:
        return Status.UNKNOWN
    if evidence < constants.missing_below:
        return Status.MISSING
    if evidence < constants.insufficient_below:
        return Status.INSUFFICIENT
    return Status.SUFFICIENT if evidence < constants.sufficient_below else Status.STRONG


@dataclass(frozen=True)
class Dose:
    """One ingredient as the risk sees it: what is known of it, and how much of it is known."""

    weight: float
    score: float | None
    coverage: float

    @property
    def worst(self) -> float:
        """The score if all that is not measured were missing."""
        return 0.0 if self.score is None else self.score * self.coverage

    @property
    def best(self) -> float:
        """The score if all that is not measured were perfect."""
        return 1.0 if self.score is None else self.score * self.coverage + 1.0 - self.coverage


def load(scores: Sequence[tuple[float, float]], constants: Constants) -> float:
    """L = sum of weight x (1 - score) squared, the weights scaled to sum to ten: dosage, not a checklist."""
    total = sum(weight for weight, _ in scores)
    if not total:
        return 0.0
    return sum(weight * (1 - reached) ** 2 for weight, reached in scores) * constants.total_weight / total


def risk_of_load(carried: float, constants: Constants) -> float:
    """R = 1 / (1 + exp(-(L - midpoint) / softness))."""
    return 1 / (1 + exp(-(carried - constants.midpoint) / constants.softness))


def risk(scores: Sequence[tuple[float, float]], constants: Constants | None = None) -> float:
    """The risk of (weight, score) pairs that are all known."""
    constants = constants or Constants()
    return risk_of_load(load(scores, constants), constants)


@dataclass(frozen=True)
class Range:
    """Between which bounds the risk lies while evidence is incomplete; equal bounds are a figure."""

    low: float
    high: float
    coverage: float

    @property
    def is_figure(self) -> bool:
        return self.coverage >= 1.0


def risk_range(doses: Sequence[Dose], constants: Constants) -> Range:
    """The risk with everything unmeasured once perfect and once missing: it does not pretend to know."""
    low = risk([(dose.weight, dose.best) for dose in doses], constants)
    high = risk([(dose.weight, dose.worst) for dose in doses], constants)
    total = sum(dose.weight for dose in doses)
    known = sum(dose.weight * dose.coverage for dose in doses) / total if total else 0.0
    return Range(low, high, known)


def contributions(scores: Sequence[tuple[float, float]], constants: Constants) -> list[float]:
    """What each ingredient adds to the load, in the order given."""
    total = sum(weight for weight, _ in scores) or 1.0
    return [weight * (1 - reached) ** 2 * constants.total_weight / total for weight, reached in scores]


def removed_by(place: int, scores: Sequence[tuple[float, float]], constants: Constants) -> float:
    """The risk that goes if this one ingredient came to *strong* and all else stayed; never negative."""
    weight, reached = scores[place]
    better = [*scores[:place], (weight, max(reached, constants.sufficient_below)), *scores[place + 1 :]]
    return risk(scores, constants) - risk(better, constants)
