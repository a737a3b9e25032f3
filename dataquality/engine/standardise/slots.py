"""The door: a table and the kinds of its columns in, what can be compared out."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

import polars as pl

from dataquality.engine.kinds import Kind
from dataquality.engine.standardise.companies import company_parts
from dataquality.engine.standardise.mail import host_parts, mail_parts
from dataquality.engine.standardise.people import person
from dataquality.engine.standardise.phones import phone_parts
from dataquality.engine.standardise.places import (
    city_parts,
    country_codes,
    country_parts,
    postcode_parts,
    region_parts,
)
from dataquality.engine.standardise.standard import Learnt, Slot, Standard
from dataquality.engine.standardise.streets import street_parts
from dataquality.engine.standardise.text import Dictionary
from dataquality.engine.standardise.values import choice_parts, day_parts, figure_parts, identifier_parts, text_parts

Parts = dict[str, pl.Series]
_BEGUN = (Kind.EMAIL, Kind.PHONE, Kind.PERSON, Kind.COMPANY, Kind.STREET)
_NAMES = frozenset({Kind.PERSON, Kind.GIVEN, Kind.FAMILY})
_BY_COLUMN: dict[Kind, Callable[[pl.Series], Parts]] = {
    Kind.COMPANY: company_parts,
    Kind.EMAIL: mail_parts,
    Kind.URL: host_parts,
    Kind.DOMAIN: host_parts,
    Kind.STREET: street_parts,
    Kind.CITY: city_parts,
    Kind.REGION: region_parts,
    Kind.COUNTRY: country_parts,
    Kind.POSTCODE: postcode_parts,
    Kind.IDENTIFIER: identifier_parts,
    Kind.POINTER: identifier_parts,
    Kind.CHOICE: choice_parts,
    Kind.BOOLEAN: choice_parts,
    Kind.CURRENCY: choice_parts,
    Kind.TEXT: text_parts,
    Kind.NUMBER: figure_parts,
    Kind.INTEGER: figure_parts,
    Kind.MONEY: figure_parts,
    Kind.PERCENT: figure_parts,
}


def standardise(table: pl.DataFrame, kinds: Mapping[str, Kind], learnt: Learnt | None = None) -> Standard:
    """The records of a table in one spelling, slot by slot, whatever the order of its rows.

    `table` has one row a record, its columns as the CRM gives them; `kinds` says which of them to use and what they
    hold. `learnt`, from an earlier table, lets a few records be read as they would be among many.
    """
    known = learnt or Learnt()
    missing = [column for column in kinds if column not in table.columns]
    if missing:
        raise ValueError(
            f"The table has no column “{missing[0]}”; it has {', '.join(f'“{name}”' for name in table.columns)}."
        )
    return _Work(table, kinds, known).done()


class _Work:
    def __init__(self, table: pl.DataFrame, kinds: Mapping[str, Kind], known: Learnt) -> None:
        self.table, self.kinds, self.known = table, kinds, known
        self.settled: dict[str, str] = {}
        self.names = known.names

    def done(self) -> Standard:
        region = self._region()
        plan: list[tuple[str, Kind, tuple[str, ...]]] = [
            (column, kind, (column,)) for column, kind in self.kinds.items() if kind not in _NAMES
        ]
        plan += [(name, Kind.PERSON, columns) for name, columns in self._people()]
        # the longest work first; the person asks the addresses, which are therefore never behind it
        plan.sort(key=lambda each: _BEGUN.index(each[1]) if each[1] in _BEGUN else len(_BEGUN))
        made: dict[str, Future[Parts]] = {}
        with ThreadPoolExecutor(max_workers=max(1, min(len(plan), pl.thread_pool_size()))) as pool:
            for name, kind, columns in plan:
                if kind is Kind.PERSON:
                    made[name] = pool.submit(self._person, columns, name == "person", made)
                else:
                    made[name] = pool.submit(self._column, columns[0], kind, region)
        place = {column: at for at, column in enumerate(self.kinds)}
        plan.sort(key=lambda each: min(place[column] for column in each[2]))
        slots = tuple(Slot(name, kind, columns, made[name].result()) for name, kind, columns in plan)
        return Standard(self.table.height, slots, Learnt(self.names, self.settled, self.known.spellings))

    def _people(self) -> list[tuple[str, tuple[str, ...]]]:
        """The person whose name is in several columns, then others who have a column of their own."""
        parted = [column for column, kind in self.kinds.items() if kind in {Kind.GIVEN, Kind.FAMILY}]
        whole = [column for column, kind in self.kinds.items() if kind is Kind.PERSON]
        if parted and whole and self._same_person(whole[0]):
            return [("person", (*parted, whole[0])), *((name, (name,)) for name in whole[1:])]
        if parted:
            return [("person", tuple(parted)), *((name, (name,)) for name in whole)]
        return [("person" if not place else name, (name,)) for place, name in enumerate(whole)]

    def _same_person(self, whole: str) -> bool:
        """A full name belongs to the parted one where it is the only name of rows, or holds the family name."""
        family = [column for column, kind in self.kinds.items() if kind in {Kind.FAMILY, Kind.GIVEN}][-1]
        both = self.table.select(
            whole=pl.col(whole).cast(pl.String).str.to_lowercase(),
            part=pl.col(family).cast(pl.String).str.to_lowercase(),
        ).drop_nulls()
        return (
            not both.height
            or both.select(pl.col("whole").str.contains(pl.col("part"), literal=True).mean()).item() > 0.5
        )

    def _person(self, columns: tuple[str, ...], main: bool, made: Mapping[str, Future[Parts]]) -> Parts:
        of = {kind: [self.table.get_column(c) for c in columns if self.kinds[c] is kind] for kind in _NAMES}
        whole = next(iter(of[Kind.PERSON]), None)
        hints = self._hints(made) if main else None
        found = person(whole, of[Kind.GIVEN], of[Kind.FAMILY], hints, self.known.names)
        if main:
            self.names = found.names
        return found.parts

    def _hints(self, made: Mapping[str, Future[Parts]]) -> pl.Series | None:
        """The local parts of the first column of addresses, a role's left out."""
        column = next((column for column, kind in self.kinds.items() if kind is Kind.EMAIL), None)
        if column is None:
            return None
        parts = made[column].result()
        return parts["local"].set(parts["role"].fill_null(value=False), None)

    def _region(self) -> pl.Series | None:
        """Each row's country, from the first column of countries."""
        column = next((column for column, kind in self.kinds.items() if kind is Kind.COUNTRY), None)
        if column is None:
            return None
        listed = Dictionary.of(self.table.get_column(column))
        return listed.laid_out(country_codes(listed.values))

    def _column(self, column: str, kind: Kind, region: pl.Series | None) -> Parts:
        values = self.table.get_column(column)
        if kind is Kind.PHONE:
            return phone_parts(values, region)
        if kind in {Kind.DATE, Kind.DATETIME}:
            parts, order = day_parts(values, self.known.settled.get(column))
            if order:
                self.settled[column] = order
            return parts
        return _BY_COLUMN[kind](values)
