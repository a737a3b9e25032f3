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
    word: str  # this and the next two sentences are marked for translation where they are declared
    floor: float
    target: float
    unit: Unit
    about: str
    missing: str
    weight: float = 1.0
    fresh_days: int = 35
    url_name: str = ""
    measure: Measure | None = None

    @property
    def label(self) -> str:
        """What it is called, in the reader's language."""
        return _(self.word)

    @property
    def explains(self) -> str:
        """What it measures, in a sentence."""
        return _(self.about)

    @property
    def to_record(self) -> str:
        """What would bring evidence where there is none."""
        return _(self.missing)

    def said(self, value: float) -> str:
        """A value as people say it."""
        return self.unit.said(value)


@dataclass(frozen=True)
class Declared:
    """An ingredient in its authors' words, with its checks and what the sources say."""

    slug: str
    order: int
    name: str  # in English, as `meaning` and `sources`; all marked for translation where they are declared
    meaning: str
    sources: tuple[tuple[str, str], ...]  # requirement, what it says
    checks: tuple[Check, ...]

    @property
    def label(self) -> str:
        """Its name in the reader's language."""
        return _(self.name)

    @property
    def quotes(self) -> list[tuple[str, str]]:
        """Requirement and what the source says, in the reader's language."""
        return [(number, _(text)) for number, text in self.sources]
