"""Readings of checks, which live a floor above: the plan says here how they are found, and what they are called."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Shown:
    """What a check read on the last day up to the one asked for; `better` is 1 where more is better, else -1."""

    value: float
    n: int
    on: date
    better: int
    said: str  # with its unit


Finder = Callable[[str, date], Shown | None]
Choices = Callable[[], Sequence[tuple[Any, Any]]]
_known: dict[str, tuple[Finder, Choices]] = {}


def register(finder: Finder, choices: Choices) -> None:
    """`finder(check, day)` answers with the newest reading up to that day; `choices()` are all checks, for a form."""
    _known["checks"] = finder, choices


def reading(check_slug: str, on: date | None) -> Shown | None:
    if not check_slug or on is None or "checks" not in _known:
        return None
    return _known["checks"][0](check_slug, on)


def checks() -> list[tuple[Any, Any]]:
    """Every check that may show a gain; none where no plan says so."""
    return list(_known["checks"][1]()) if "checks" in _known else [("", "—")]
