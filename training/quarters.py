"""Quarters of the calendar, the measure in which change reaches people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import NamedTuple


class Quarter(NamedTuple):
    """Three months of a year; later ones compare as greater."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Quarter:
        return cls(day.year, (day.month - 1) // 3 + 1)

    @property
    def begins(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def ends(self) -> date:
        return self.next.begins - timedelta(days=1)

    @property
    def next(self) -> Quarter:
        return Quarter(self.year, self.number + 1) if self.number < 4 else Quarter(self.year + 1, 1)

    def __str__(self) -> str:
        return f"{self.year} Q{self.number}"


def quarters_from(day: date, count: int) -> list[Quarter]:
    """The quarter of a day and those that follow."""

    def endless() -> Iterator[Quarter]:
        quarter = Quarter.of(day)
        while True:
            yield quarter
            quarter = quarter.next

    return list(islice(endless(), count))
