"""The seats that have to be: each app says what somebody must answer for, beside the seats that were opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Asked:
    """Something that must be answered for, by a seat of one of these kinds; `url` is the page of what it is."""

    kinds: tuple[str, ...]
    scope: str
    key: str = ""
    url: str = ""


Finder = Callable[[], Sequence[Asked]]
_finders: list[Finder] = []


def register(finder: Finder) -> Finder:
    """Say which seats are asked for; called whenever somebody wants to know, so that it is always as things are."""
    if finder not in _finders:
        _finders.append(finder)
    return finder


def every() -> list[Asked]:
    return [one for finder in _finders for one in finder()]


Naming = Callable[[str], str]
_names: dict[str, Naming] = {}


def name_by(scope: str, naming: Naming) -> None:
    """Say how people call what a seat of this scope is of; `naming` gives back a key that it does not know."""
    _names[scope] = naming


def name_of(scope: str, key: str) -> str:
    return _names[scope](key) if scope in _names else key
