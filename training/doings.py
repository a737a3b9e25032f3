"""What else than new records shows that people do what they learned: a register for floors above, such as use cases."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

Share = tuple[float, float]  # done, expected, both in the window
Doing = Callable[[Collection[int], datetime, datetime], Mapping[int, Sequence[Share]]]
_doings: dict[str, Doing] = {}


def register(slug: str, doing: Doing) -> None:
    """Count this too: `doing(people, since, until)` answers, by person's key, what was done beside what is expected."""
    _doings[slug] = doing


def forget(slug: str) -> None:
    """Count it no longer."""
    _doings.pop(slug, None)


def registered() -> list[Doing]:
    return list(_doings.values())
