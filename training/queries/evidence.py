"""The figures of ingredient 10, each from rows (3.3 row 10); floors above turn them into readings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from django.utils import timezone

from training.queries.behaviour import trained_not_doing
from training.queries.curricula import completion_rate, process_share
from training.queries.known import Known
from training.queries.reinforcement import Window, reinforced
from training.queries.retention import Scores, retention


@dataclass(frozen=True)
class Figure:
    """A value, on how many things, and from when; None instead of one where there is nothing to measure."""

    value: float
    n: int
    at: datetime
    detail: dict[str, Any] = field(default_factory=dict)


def curricula_completed(now: datetime, counted: tuple[int, int] | None = None) -> Figure | None:
    """Courses done of those that roles ask of people; `counted` where somebody has just counted them."""
    done, asked = counted or completion_rate(now)
    return Figure(done / asked, asked, now, {"done": done}) if asked else None


def process_minutes(now: datetime, known: Known | None = None) -> Figure | None:
    """Minutes about process of all minutes, each curriculum weighed by its people."""
    minutes = process_share(known)
    if minutes.share is None:
        return None
    return Figure(minutes.share, minutes.all, now, {"process": minutes.process, "warns": minutes.warns})


def reinforced_in_time(now: datetime, windows: Sequence[Window] | None = None) -> Figure | None:
    """People reinforced 21 to 42 days after a go-live, over windows that have closed."""
    done, of, last = reinforced(timezone.localdate(now), windows)
    if not of or last is None:
        return None
    return Figure(done / of, of, timezone.make_aware(datetime.combine(last, time(12))), {"done": done})


def still_known(now: datetime, scores: Sequence[Scores] | None = None) -> Figure | None:
    """Follow-up scores / exit scores."""
    share, n, newest = retention(until=now, scores=scores)
    return None if share is None or newest is None else Figure(share, n, newest)


def not_doing(now: datetime, known: Known | None = None) -> Figure | None:
    """Of the trained, those who do not do it; only from as many people on as may be shown."""
    found = trained_not_doing(known)
    if found.until is None or found.trained < found.shown_from or found.until > now:
        return None
    return Figure(found.not_doing / found.trained, found.trained, found.until, {"days": found.days})
