"""A share measured on a sample, with what it may be at the least and at the most."""

from __future__ import annotations

from dataquality.engine.figures import wilson_upper

Bounds = tuple[float, float] | tuple[None, None]


def wilson_bounds(right: int, n: int) -> Bounds:
    """The 95 % interval (Wilson score) of a share measured on a sample of n; nothing is known without a sample."""
    upper, below = wilson_upper(right, n), wilson_upper(n - right, n)
    return (None, None) if upper is None or below is None else (max(0.0, 1 - below), upper)
