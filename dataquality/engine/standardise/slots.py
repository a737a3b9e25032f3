"""The door: a table and the kinds of its columns in, what can be compared out."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

import polars as pl

from dataquality.engine.kinds import Kind
from dataquality.engine.standardise import few
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
from dataquality.engine.standardise.planning import (
    BARE_NUMBER,
    HOUSE_NUMBERS,
    MOSTLY,
    Planned,
    first_of,
    in_order,
    last_part,
    planned,
)
from dataquality.engine.standardise.spellings import Spelling, Spellings
from dataquality.engine.standardise.standard import Learnt, Slot, Standard
from dataquality.engine.standardise.streets import street_parts
from dataquality.engine.standardise.text import Dictionary
from dataquality.engine.standardise.values import choice_parts, day_parts, figure_parts, identifier_parts, text_parts

Parts = dict[str, pl.Series]
_MANY = 1_000  # rows from which slots are made side by side
_NAMES = frozenset({Kind.PERSON, Kind.GIVEN, Kind.FAMILY})
_SPELT: dict[Kind, Callable[[pl.Series, Spelling], Parts]] = {
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
    if learnt is not None and few.takes(table, kinds):
        return few.standardised(table, kinds, learnt)
    return by_columns(table, kinds, known)


def by_columns(table: pl.DataFrame, kinds: Mapping[str, Kind], known: Learnt) -> Standard:
    """The same column by column, whatever the number of rows."""
    return _Work(table, kinds, known).done()


class _Work:
    def __init__(self, table: pl.DataFrame, kinds: Mapping[str, Kind], known: Learnt) -> None:
        self.table, self.kinds, self.known = table, kinds, known
        self.settled: dict[str, str] = {}
        self.names = known.names
        self.spellings = Spellings(known.spellings)

    def done(self) -> Standard:
        region = self._region()
        plan = planned(self.kinds, holds_house_numbers=self._holds_house_numbers, is_same_person=self._is_same_person)
        made: dict[tuple[str, ...], Future[Parts]] = {}
        workers = pl.thread_pool_size() if self.table.height >= _MANY else 1
        with ThreadPoolExecutor(max_workers=workers) as pool:
            for each in plan:
                made[each.columns] = pool.submit(self._made, each, region, made)
        ordered = in_order(plan, self.kinds)
        slots = tuple(Slot(each.name, each.kind, each.columns, made[each.columns].result()) for each in ordered)
        return Standard(
            self.table.height,
            slots,
            Learnt(self.names, dict(sorted(self.settled.items())), dict(sorted(self.spellings.found.items()))),
        )

    def _made(self, each: Planned, region: pl.Series | None, made: Mapping[tuple[str, ...], Future[Parts]]) -> Parts:
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

    def _holds_house_numbers(self, column: str) -> bool:
        if column in self.known.settled:
            return self.known.settled[column] == HOUSE_NUMBERS
        text = self.table.get_column(column).cast(pl.String).str.strip_chars()
        filled = text.filter((text != "").fill_null(value=False))
        bare = filled.str.contains(BARE_NUMBER).mean()
        if isinstance(bare, float) and bare >= MOSTLY:
            self.settled[column] = HOUSE_NUMBERS
        return self.settled.get(column) == HOUSE_NUMBERS

    def _address(self, each: Planned) -> Parts:
        parts = street_parts(self.table.get_column(each.columns[0]), self.spellings.of(each.name))
        for column in each.columns[1:]:
            number = street_parts(self.table.get_column(column))["number"]
            parts["number"] = number.fill_null(parts["number"])
        return parts

    def _is_same_person(self, whole: str) -> bool:
        """A full name belongs to the parted one where it is the only name of rows, or holds the family name."""
        family = last_part(self.kinds)
        both = self.table.select(
            whole=pl.col(whole).cast(pl.String).str.to_lowercase(),
            part=pl.col(family).cast(pl.String).str.to_lowercase(),
        ).drop_nulls()
        return (
            not both.height
            or both.select(pl.col("whole").str.contains(pl.col("part"), literal=True).mean()).item() > 0.5
        )

    def _person(self, each: Planned, made: Mapping[tuple[str, ...], Future[Parts]]) -> Parts:
        of = {kind: [self.table.get_column(c) for c in each.columns if self.kinds[c] is kind] for kind in _NAMES}
        whole = next(iter(of[Kind.PERSON]), None)
        if not each.main:
            return person(whole, of[Kind.GIVEN], of[Kind.FAMILY], None, self.known.names).parts
        found = person(whole, of[Kind.GIVEN], of[Kind.FAMILY], self._hints(made), self.known.names, self.spellings)
        self.names = found.names
        return found.parts

    def _hints(self, made: Mapping[tuple[str, ...], Future[Parts]]) -> pl.Series | None:
        """The local parts of the first column of addresses, a role's left out."""
        column = first_of(self.kinds, Kind.EMAIL)
        if column is None:
            return None
        parts = made[column,].result()
        return parts["local"].set(parts["role"].fill_null(value=False), None)

    def _region(self) -> pl.Series | None:
        """Each row's country, from the first column of countries."""
        column = first_of(self.kinds, Kind.COUNTRY)
        if column is None:
            return None
        listed = Dictionary.of(self.table.get_column(column))
        return listed.laid_out(country_codes(listed.values))
