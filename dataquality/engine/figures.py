"""The formulas of the score: error rates, work to do, headroom, samples and priorities, in exact arithmetic."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor, log2, sqrt

Exact = int | float | str | Decimal | Fraction
_Z_95 = 1.959963984540054  # two-sided 95 % point of the normal distribution

TABLE_LIMIT = Fraction(5, 100)
FIELD_LIMIT = Fraction(1, 100)
LEAD_LIMIT = Fraction(20, 100)
# How much each table weighs in the composite; a prior that a steward may change.
DEFAULT_WEIGHTS: Mapping[str, int] = {
    "account": 4,
    "contact": 3,
    "contactrole": 2,
    "opportunity": 2,
    "case": 2,
    "activity": 1,
    "lead": 1,
}
SEVERITIES: Mapping[str, int] = {"error": 2, "warning": 1}


def exact(number: Exact) -> Fraction:
    """A limit as people mean it: 0.05 is five hundredths, not the nearest binary fraction."""
    return Fraction(str(number)) if isinstance(number, float) else Fraction(number)


def error_rate(wrong: int, n: int) -> Fraction | None:
    """Wrong rows of all live rows; null, never 0, where there are none."""
    _check(wrong, n)
    return Fraction(wrong, n) if n else None


def passes(wrong: int, n: int, limit: Exact, *, strict: bool = True) -> bool:
    """The rate is below the limit (or at most the limit, where not strict). Without rows nothing passes."""
    rate = error_rate(wrong, n)
    if rate is None:
        return False
    return rate < exact(limit) if strict else rate <= exact(limit)


def to_fix(wrong: int, n: int, limit: Exact, *, strict: bool = True) -> int:
    """The smallest number of wrong rows to put right before the table passes.

    Strict (E < limit): max(0, wrong - ceil(limit * n) + 1); else (E <= limit): max(0, wrong - floor(limit * n)).
    Where there are no rows there is nothing to fix, and yet nothing passes.
    """
    _check(wrong, n)
    if not n:
        return 0
    allowed = exact(limit) * n
    return max(0, wrong - ceil(allowed) + 1) if strict else max(0, wrong - floor(allowed))


def headroom(rate: Exact | None, limit: Exact) -> float | None:
    """1 where nothing is wrong, one half at the limit, 0 from double the limit on; null where there is no rate."""
    if rate is None:
        return None
    bound = exact(limit)
    if not bound:
        return 1.0 if not exact(rate) else 0.0
    return float(min(Fraction(1), max(Fraction(0), 1 - exact(rate) / (2 * bound))))


def data_health(headrooms: Mapping[str, float | None], weights: Mapping[str, float] = DEFAULT_WEIGHTS) -> float | None:
    """Weighted mean headroom of the tables that have rows, 0 to 100. A figure to look at; gates never use it."""
    known = {table: value for table, value in headrooms.items() if value is not None and weights.get(table, 1) > 0}
    total = sum(weights.get(table, 1) for table in known)
    return 100 * sum(weights.get(table, 1) * value for table, value in known.items()) / total if total else None


def wilson_upper(wrong: int, n: int, *, z: float = _Z_95) -> float | None:
    """The 95 % upper bound (Wilson score) of an error rate measured on a sample of n."""
    _check(wrong, n)
    if not n:
        return None
    rate, square = wrong / n, z * z
    spread = z * sqrt(rate * (1 - rate) / n + square / (4 * n * n))
    return min(1.0, (rate + square / (2 * n) + spread) / (1 + square / n))


def sample_size(limit: Exact, *, wrong: int = 0, z: float = _Z_95) -> int:
    """The smallest sample that proves the rate below the limit though it shows `wrong` faults.

    Without a fault: 73 at 5 %, 381 at 1 %.
    """
    bound = float(exact(limit))
    if not 0 < bound < 1:
        raise ValueError(f"A sample can prove a limit between 0 and 1, not {limit}.")
    low, high = wrong, max(2, wrong + 1)
    while not _proves(wrong, high, bound, z):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _proves(wrong, middle, bound, z) else (middle, high)
    return high


def priority(severity: str, blast_radius: int, reports_blocked: int) -> float:
    """Severity x (1 + log2(1 + records that point here)) x (1 + locked reports it holds up)."""
    if blast_radius < 0 or reports_blocked < 0:
        raise ValueError("A finding cannot touch fewer than 0 records or reports.")
    return SEVERITIES[severity] * (1 + log2(1 + blast_radius)) * (1 + reports_blocked)


def wrong_in_clusters(sizes: Iterable[int]) -> int:
    """Duplicates that count as wrong: all but the survivor of each cluster of live records."""
    return sum(max(0, size - 1) for size in sizes)


def _proves(wrong: int, n: int, bound: float, z: float) -> bool:
    upper = wilson_upper(wrong, n, z=z)
    return upper is not None and upper < bound


def _check(wrong: int, n: int) -> None:
    if not 0 <= wrong <= n:
        raise ValueError(f"{wrong} wrong of {n} rows is not possible.")
