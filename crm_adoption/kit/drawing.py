"""Geometry of the small drawings in a line of text; attributes only, because our pages allow no inline style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Meter:
    """A bar on a track with a mark at the limit, in hundredths of the width."""

    bar: float
    mark: float | None
    over: bool
    hatches: tuple[float, ...]


def meter(value: float, limit: float | None, *, maximum: float | None = None, more_is_better: bool = False) -> Meter:
    """Lay out a meter; without a maximum the limit stands in the middle unless the value needs more room."""
    top = maximum or (max(limit * 2, value * 1.1) if limit else 1.0) or 1.0
    over = limit is not None and (value < limit if more_is_better else value > limit)
    bar = min(max(value / top, 0.0), 1.0) * 100
    hatches = tuple(float(x) for x in range(4, int(bar), 4)) if over else ()
    return Meter(round(bar, 2), round(min(limit / top, 1.0) * 100, 2) if limit is not None else None, over, hatches)


@dataclass(frozen=True)
class Trend:
    """A line through equally spaced values in a 100 x 28 box; gaps where a value is missing."""

    paths: tuple[str, ...]
    last: tuple[float, float] | None
    limit: float | None


def trend(values: Sequence[float | None], limit: float | None = None) -> Trend:
    known = [value for value in values if value is not None]
    if not known:
        return Trend((), None, None)
    low, high = min([*known, *([limit] if limit is not None else [])]), max([*known, *([limit] if limit else [])])
    spread = (high - low) or 1.0
    step = 96 / max(len(values) - 1, 1)

    def y(value: float) -> float:
        return round(25 - (value - low) / spread * 22, 1)

    paths: list[list[tuple[float, float]]] = []
    run: list[tuple[float, float]] = []
    last = None
    for place, value in enumerate(values):
        if value is None:
            if run:
                paths.append(run)
            run = []
            continue
        last = (round(2 + place * step, 1), y(value))
        run.append(last)
    paths.append(run)
    drawn = tuple(" ".join(f"{px},{py}" for px, py in points) for points in paths if points)
    return Trend(drawn, last, y(limit) if limit is not None else None)
