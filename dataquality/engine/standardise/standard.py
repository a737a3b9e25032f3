"""What standardising gives: slots of comparable parts, and what was learnt from the table on the way."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self

import polars as pl

from dataquality.engine.kinds import Kind


@dataclass(frozen=True)
class Slot:
    """One thing that records are compared by: a person, a company, one phone number.

    `parts` are columns of the table's length, null where missing. Slots of one kind are comparable.
    """

    name: str
    kind: Kind
    columns: tuple[str, ...]
    parts: Mapping[str, pl.Series]


@dataclass(frozen=True)
class Sightings:
    """How often a word stood as a given and as a family name, and how often anything did."""

    of: Mapping[str, tuple[int, int]]
    given: int
    family: int


@dataclass(frozen=True)
class Learnt:
    """What one table showed that a single record of it does not: hand it in again to read a new record alike.

    `names`: `name`, `given`, `family`: how often a word stood as a given and as a family name (`NAMES_SEEN`).
    `settled`: by column, how its values are to be read where the whole column decides: the order of dates, the digits
    of a postcode, a column of house numbers. `spellings`: by part, rare ways of writing a value to the usual one.
    """

    names: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=NAMES_SEEN))
    settled: Mapping[str, str] = field(default_factory=dict)
    spellings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @cached_property
    def sightings(self) -> Sightings:
        """`names` for those who ask word by word; a single letter is no name."""
        counted: dict[str, tuple[int, int]] = {}
        for name, given, family in self.names.iter_rows():
            if name is not None and len(name) > 1:
                before = counted.get(name, (0, 0))
                counted[name] = before[0] + given, before[1] + family
        given = sum(one for one, _ in counted.values())
        return Sightings(counted, given, sum(one for _, one in counted.values()))

    def to_json(self) -> str:
        return json.dumps(
            {
                "names": [list(row) for row in self.names.iter_rows()],
                "settled": dict(self.settled),
                "spellings": {part: dict(listed) for part, listed in self.spellings.items()},
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        read = json.loads(text)
        return cls(
            names=pl.DataFrame(read["names"], schema=NAMES_SEEN, orient="row"),
            settled=read["settled"],
            spellings=read["spellings"],
        )


@dataclass(frozen=True)
class Standard:
    """A table in one spelling: `rows` records, the slots in the order of the columns, and what was learnt."""

    rows: int
    slots: tuple[Slot, ...]
    learnt: Learnt = field(default_factory=Learnt)

    def taken(self, places: pl.Series) -> Self:
        """The records at these places, in their order."""
        slots = (
            replace(one, parts={name: each.gather(places) for name, each in one.parts.items()}) for one in self.slots
        )
        return replace(self, rows=len(places), slots=tuple(slots))


NAMES_SEEN: dict[str, type[pl.DataType]] = {"name": pl.String, "given": pl.Int64, "family": pl.Int64}
