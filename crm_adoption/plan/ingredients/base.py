"""The shape of the ten ingredient files: what each says of itself, and its checks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from crm_adoption.kit import words


class Unit(StrEnum):
    """What a check's value counts; shares are 0 to 1."""

    SHARE = "share"
    DAYS = "days"
    HOURS = "hours"
    SECONDS = "seconds"
    COUNT = "count"
    SCORE = "of 5"
    RATIO = "times"

    def said(self, value: float) -> str:
        """A value as people say it, in the reader's language: 0.6 of a share is “60 %”, 14 days are “14 days”."""
        if self is Unit.SHARE:
            return words.percent(value)
        n = words.number(value)
        if self is Unit.COUNT:
            return n
        return {
            Unit.DAYS: _("%(n)s days"), Unit.HOURS: _("%(n)s hours"), Unit.SECONDS: _("%(n)s seconds"),
            Unit.SCORE: _("%(n)s of 5"), Unit.RATIO: _("%(n)s times"),
        }[self] % {"n": n}  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """A value from records: on how many things, from when, and what a reader may want to know of it."""

    value: float
    n: int
    at: datetime
    detail: dict[str, Any]


Measure = Callable[[datetime], Measured | None]


@dataclass(frozen=True)
class Check:
    """One metric of an ingredient: its floor (worth nothing), its target (worth all), its weight and how long it holds.

    Without `measure`, or where it answers None, there is no evidence yet; `to_record` says what would bring it.
    """

    slug: str
    label: str
    floor: float
    target: float
    unit: Unit
    explains: str
    to_record: str
    weight: float = 1.0
    fresh_days: int = 35
    url_name: str = ""
    measure: Measure | None = None

    def said(self, value: float) -> str:
        """A value as people say it."""
        return self.unit.said(value)


@dataclass(frozen=True)
class Declared:
    """An ingredient in its authors' words, with its checks and what the sources say."""

    slug: str
    order: int
    name: str
    meaning: str
    sources: tuple[tuple[str, str], ...]  # requirement, what it says
    checks: tuple[Check, ...]
