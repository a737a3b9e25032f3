"""The records of a handful of rows, slot by slot."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl

from dataquality.engine.kinds import Kind
from dataquality.engine.standardise.few import contact_points, names, people, places, values
from dataquality.engine.standardise.few.signs import has, is_known
from dataquality.engine.standardise.few.text import Cell, stripped, usual
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
from dataquality.engine.standardise.standard import Learnt, Slot, Standard
from dataquality.engine.standardise.values import day_parts, figure_parts

FEW = 30  # rows; from about there on the columns' way is as fast
Parts = dict[str, pl.Series]
_TYPES: Mapping[str, type[pl.DataType]] = {"role": pl.Boolean, "free": pl.Boolean, "day": pl.Int32}
_ONE_PART: Mapping[Kind, tuple[str, Callable[[Cell], Cell]]] = {
    Kind.URL: ("host", contact_points.host_of),
    Kind.DOMAIN: ("host", contact_points.host_of),
    Kind.REGION: ("name", places.region),
    Kind.COUNTRY: ("name", places.country),
    Kind.IDENTIFIER: ("code", values.identifier),
    Kind.POINTER: ("code", values.identifier),
    Kind.CHOICE: ("value", values.choice),
    Kind.BOOLEAN: ("value", values.choice),
    Kind.CURRENCY: ("value", values.choice),
}
_FIGURES = frozenset({Kind.NUMBER, Kind.INTEGER, Kind.MONEY, Kind.PERCENT})


def takes(table: pl.DataFrame, kinds: Mapping[str, Kind]) -> bool:
    """Whether these rows can be read value by value: few, of text, in characters that Python knows."""
    if table.height > FEW or any(table.schema[column] != pl.String for column in kinds):
        return False
    cells = (cell for column in kinds for cell in table.get_column(column))
    return all(cell is None or is_known(cell) for cell in cells)


def standardised(table: pl.DataFrame, kinds: Mapping[str, Kind], known: Learnt) -> Standard:
    """As `standardise`, of rows that `takes` takes; they teach nothing, so that `known` is given back."""
    return _Few({column: table.get_column(column).to_list() for column in kinds}, kinds, known).done(table.height)


class _Few:
    def __init__(self, cells: Mapping[str, list[Cell]], kinds: Mapping[str, Kind], known: Learnt) -> None:
        self.cells, self.kinds, self.known = cells, kinds, known
        land = first_of(kinds, Kind.COUNTRY)
        self.regions = None if land is None else [places.country_code(cell) for cell in cells[land]]

    def done(self, rows: int) -> Standard:
        plan = planned(self.kinds, holds_house_numbers=self._holds_house_numbers, is_same_person=self._is_same_person)
        made: dict[tuple[str, ...], Parts] = {}
        for each in plan:
            made[each.columns] = self._made(each, made)
        slots = (Slot(each.name, each.kind, each.columns, made[each.columns]) for each in in_order(plan, self.kinds))
        return Standard(rows, tuple(slots), self.known)

    def _made(self, each: Planned, made: Mapping[tuple[str, ...], Parts]) -> Parts:
        cells = self.cells[each.columns[0]]
        match each.kind:
            case Kind.PERSON:
                return self._person(each, made)
            case Kind.EMAIL:
                return _of_rows([contact_points.mail_parts(cell) for cell in cells])
            case Kind.PHONE:
                regions = self.regions or [None] * len(cells)
                pairs = zip(cells, regions, strict=True)
                return _of_rows([contact_points.phone_parts(cell, region) for cell, region in pairs])
            case Kind.COMPANY:
                spelt = self._usual(each.name, contact_points.company_name)
                return _of_rows([contact_points.company_parts(name) for name in spelt])
            case Kind.CITY:
                return _of_columns(name=self._usual(each.name, places.city))
            case Kind.STREET:
                return self._address(each)
            case Kind.POSTCODE:
                codes = places.postcodes(cells, self.regions, self.known.settled.get(each.name))
                return _of_columns(code=codes, area=[places.area(code) for code in codes])
            case Kind.DATE | Kind.DATETIME:
                return self._days(each)
            case Kind.TEXT:
                return _of_rows([values.text_parts(cell) for cell in cells])
        if each.kind in _FIGURES:
            return figure_parts(pl.Series(cells, dtype=pl.String))
        part, fold = _ONE_PART[each.kind]
        return _of_columns(**{part: [fold(cell) for cell in cells]})

    def _usual(self, column: str, fold: Callable[[Cell], Cell]) -> list[Cell]:
        return usual(self.cells[column], fold, self.known.spellings.get(column, {}))

    def _days(self, each: Planned) -> Parts:
        cells = self.cells[each.columns[0]]
        try:
            return _of_rows([values.day_parts(cell) for cell in cells])
        except values.NotPlain:
            return day_parts(pl.Series(cells, dtype=pl.String), self.known.settled.get(each.name))[0]

    def _address(self, each: Planned) -> Parts:
        column, *others = each.columns
        street = self._usual(column, lambda cell: places.street_and_number(cell)[0])
        number = [places.street_and_number(cell)[1] for cell in self.cells[column]]
        for other in others:
            own = [places.street_and_number(cell)[1] for cell in self.cells[other]]
            number = [before if one is None else one for one, before in zip(own, number, strict=True)]
        return _of_columns(street=street, number=number)

    def _person(self, each: Planned, made: Mapping[tuple[str, ...], Parts]) -> Parts:
        of = {kind: [self.cells[c] for c in each.columns if self.kinds[c] is kind] for kind in names.KINDS}
        full = next(iter(of[Kind.PERSON]), None)
        spellings = self.known.spellings if each.main else {}
        local = self._hints(made) if each.main else None
        found = people.person(full, of[Kind.GIVEN], of[Kind.FAMILY], local, self.known.sightings, spellings)
        return _of_columns(**found)

    def _hints(self, made: Mapping[tuple[str, ...], Parts]) -> list[Cell] | None:
        column = first_of(self.kinds, Kind.EMAIL)
        if column is None:
            return None
        parts = made[column,]
        pairs = zip(parts["local"].to_list(), parts["role"].to_list(), strict=True)
        return [None if is_role else local for local, is_role in pairs]

    def _holds_house_numbers(self, column: str) -> bool:
        if column in self.known.settled:
            return self.known.settled[column] == HOUSE_NUMBERS
        texts = (stripped(cell) for cell in self.cells[column])
        filled = [text for text in texts if text]
        return bool(filled) and sum(has(text, BARE_NUMBER) for text in filled) >= MOSTLY * len(filled)

    def _is_same_person(self, whole: str) -> bool:
        cells = zip(self.cells[whole], self.cells[last_part(self.kinds)], strict=True)
        both = [(name.lower(), part.lower()) for name, part in cells if name is not None and part is not None]
        return not both or sum(part in name for name, part in both) > 0.5 * len(both)


def _of_rows(rows: Sequence[Mapping[str, Any]]) -> Parts:
    return _of_columns(**{name: [row[name] for row in rows] for name in rows[0]})


def _of_columns(**columns: Sequence[Any]) -> Parts:
    return {name: pl.Series(cells, dtype=_TYPES.get(name, pl.String)) for name, cells in columns.items()}
