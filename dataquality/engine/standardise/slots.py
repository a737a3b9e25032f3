"""The door: a table and the kinds of its columns in, what can be compared out."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

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
from dataquality.engine.standardise.spellings import Spell, Spellings
from dataquality.engine.standardise.standard import Learnt, Slot, Standard
from dataquality.engine.standardise.streets import street_parts
from dataquality.engine.standardise.text import Dictionary
from dataquality.engine.standardise.values import choice_parts, day_parts, figure_parts, identifier_parts, text_parts

Parts = dict[str, pl.Series]
_BEGUN = (Kind.EMAIL, Kind.PHONE, Kind.PERSON, Kind.COMPANY, Kind.STREET)
_HOUSE_NUMBERS = "house numbers"
_MOSTLY = 0.8
_MANY = 10_000  # rows from which slots are made side by side
_NAMES = frozenset({Kind.PERSON, Kind.GIVEN, Kind.FAMILY})
_SPELT: dict[Kind, Callable[[pl.Series, Spell], Parts]] = {
    Kind.COMPANY: company_parts,
    Kind.CITY: city_parts,
}
_BY_COLUMN: dict[Kind, Callable[[pl.Series], Parts]] = {
    Kind.EMAIL: mail_parts,
    Kind.URL: host_parts,
    Kind.DOMAIN: host_parts,
    Kind.REGION: region_parts,
    Kind.COUNTRY: country_parts,
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


@dataclass(frozen=True)
class _Planned:
    """A slot to be made: the columns it comes from, the telling one first."""

    name: str
    kind: Kind
    columns: tuple[str, ...]
    main: bool = False  # the person whom the record is about


class _Work:
    def __init__(self, table: pl.DataFrame, kinds: Mapping[str, Kind], known: Learnt) -> None:
        self.table, self.kinds, self.known = table, kinds, known
        self.settled: dict[str, str] = {}
        self.names = known.names
        self.spellings = Spellings(known.spellings)

    def done(self) -> Standard:
        region = self._region()
        plan = self._people() + self._addresses()
        taken = {column for each in plan for column in each.columns}
        plan += [_Planned(column, kind, (column,)) for column, kind in self.kinds.items() if column not in taken]
        # the longest work first; the person asks the addresses, which are therefore never behind it
        plan.sort(key=lambda each: _BEGUN.index(each.kind) if each.kind in _BEGUN else len(_BEGUN))
        made: dict[tuple[str, ...], Future[Parts]] = {}
        workers = pl.thread_pool_size() if self.table.height >= _MANY else 1
        with ThreadPoolExecutor(max_workers=workers) as pool:
            for each in plan:
                made[each.columns] = pool.submit(self._made, each, region, made)
        place = {column: at for at, column in enumerate(self.kinds)}
        plan.sort(key=lambda each: min(place[column] for column in each.columns))
        slots = tuple(Slot(each.name, each.kind, each.columns, made[each.columns].result()) for each in plan)
        return Standard(self.table.height, slots, Learnt(self.names, self.settled, self.spellings.found))

    def _made(self, each: _Planned, region: pl.Series | None, made: Mapping[tuple[str, ...], Future[Parts]]) -> Parts:
        if each.kind is Kind.PERSON:
            return self._person(each, made)
        values = self.table.get_column(each.columns[0])
        if each.kind is Kind.STREET:
            return self._address(each)
        if each.kind is Kind.PHONE:
            return phone_parts(values, region)
        if each.kind is Kind.POSTCODE:
            parts, figures = postcode_parts(values, region, self.known.settled.get(each.name))
            return self._noting(each.name, figures, parts)
        if each.kind in {Kind.DATE, Kind.DATETIME}:
            parts, order = day_parts(values, self.known.settled.get(each.name))
            return self._noting(each.name, order, parts)
        if each.kind in _SPELT:
            return _SPELT[each.kind](values, self.spellings.of(each.name))
        return _BY_COLUMN[each.kind](values)

    def _noting(self, column: str, settled: str | None, parts: Parts) -> Parts:
        if settled:
            self.settled[column] = settled
        return parts

    def _people(self) -> list[_Planned]:
        """The person whose name is in several columns, then others who have a column of their own."""
        parted = [column for column, kind in self.kinds.items() if kind in {Kind.GIVEN, Kind.FAMILY}]
        whole = [column for column, kind in self.kinds.items() if kind is Kind.PERSON]
        if parted and whole and self._same_person(whole[0]):
            parted, whole = [*parted, whole[0]], whole[1:]
        if not parted:
            parted, whole = whole[:1], whole[1:]
        main = [_Planned("person", Kind.PERSON, tuple(parted), main=True)] if parted else []
        return main + [_Planned(column, Kind.PERSON, (column,)) for column in whole]

    def _addresses(self) -> list[_Planned]:
        """Columns of streets; one of bare house numbers belongs to the street that follows it, else precedes it."""
        columns = [column for column, kind in self.kinds.items() if kind is Kind.STREET]
        numbers = [column for column in columns if self._holds_house_numbers(column)]
        streets = [column for column in columns if column not in numbers]
        if not streets or not numbers:
            return [_Planned(column, Kind.STREET, (column,)) for column in columns]
        after = columns.index(numbers[0])
        street = next((column for column in columns[after:] if column in streets), streets[-1])
        rest = [_Planned(column, Kind.STREET, (column,)) for column in columns if column not in {street, numbers[0]}]
        return [_Planned(street, Kind.STREET, (street, numbers[0])), *rest]

    def _holds_house_numbers(self, column: str) -> bool:
        if column in self.known.settled:
            return self.known.settled[column] == _HOUSE_NUMBERS
        text = self.table.get_column(column).cast(pl.String).str.strip_chars()
        filled = text.filter((text != "").fill_null(value=False))
        bare = filled.str.contains(r"^[0-9]{1,5} ?[A-Za-z]?(?:[-/][0-9]{1,5})?$").mean()
        if isinstance(bare, float) and bare >= _MOSTLY:
            self.settled[column] = _HOUSE_NUMBERS
        return self.settled.get(column) == _HOUSE_NUMBERS

    def _address(self, each: _Planned) -> Parts:
        parts = street_parts(self.table.get_column(each.columns[0]), self.spellings.of(each.name))
        for column in each.columns[1:]:
            number = street_parts(self.table.get_column(column))["number"]
            parts["number"] = number.fill_null(parts["number"])
        return parts

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

    def _person(self, each: _Planned, made: Mapping[tuple[str, ...], Future[Parts]]) -> Parts:
        of = {kind: [self.table.get_column(c) for c in each.columns if self.kinds[c] is kind] for kind in _NAMES}
        whole = next(iter(of[Kind.PERSON]), None)
        if not each.main:
            return person(whole, of[Kind.GIVEN], of[Kind.FAMILY], None, self.known.names).parts
        found = person(whole, of[Kind.GIVEN], of[Kind.FAMILY], self._hints(made), self.known.names, self.spellings)
        self.names = found.names
        return found.parts

    def _hints(self, made: Mapping[tuple[str, ...], Future[Parts]]) -> pl.Series | None:
        """The local parts of the first column of addresses, a role's left out."""
        column = next((column for column, kind in self.kinds.items() if kind is Kind.EMAIL), None)
        if column is None:
            return None
        parts = made[column,].result()
        return parts["local"].set(parts["role"].fill_null(value=False), None)

    def _region(self) -> pl.Series | None:
        """Each row's country, from the first column of countries."""
        column = next((column for column, kind in self.kinds.items() if kind is Kind.COUNTRY), None)
        if column is None:
            return None
        listed = Dictionary.of(self.table.get_column(column))
        return listed.laid_out(country_codes(listed.values))
