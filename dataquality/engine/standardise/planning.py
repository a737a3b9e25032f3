"""Which columns of a table make which slot."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dataquality.engine.kinds import Kind

BEGUN = (Kind.EMAIL, Kind.PHONE, Kind.PERSON, Kind.COMPANY, Kind.STREET)
HOUSE_NUMBERS = "house numbers"
BARE_NUMBER = r"^[0-9]{1,5} ?[A-Za-z]?(?:[-/][0-9]{1,5})?$"
MOSTLY = 0.8  # of a column's cells are bare numbers


@dataclass(frozen=True)
class Planned:
    """A slot to be made: the columns it comes from, the telling one first."""

    name: str
    kind: Kind
    columns: tuple[str, ...]
    main: bool = False  # the person whom the record is about


Asked = Callable[[str], bool]


def planned(kinds: Mapping[str, Kind], *, holds_house_numbers: Asked, is_same_person: Asked) -> list[Planned]:
    """The slots of a table, those that take longest first; the person asks the addresses, and is never before them.

    `holds_house_numbers` is asked of columns of streets, `is_same_person` of a column of whole names beside columns of
    given and family names.
    """
    plan = _people(kinds, is_same_person) + _addresses(kinds, holds_house_numbers)
    taken = {column for each in plan for column in each.columns}
    plan += [Planned(column, kind, (column,)) for column, kind in kinds.items() if column not in taken]
    plan.sort(key=lambda each: BEGUN.index(each.kind) if each.kind in BEGUN else len(BEGUN))
    return plan


def in_order(plan: list[Planned], kinds: Mapping[str, Kind]) -> list[Planned]:
    """The same in the order of the columns."""
    place = {column: at for at, column in enumerate(kinds)}
    return sorted(plan, key=lambda each: min(place[column] for column in each.columns))


def _people(kinds: Mapping[str, Kind], is_same_person: Asked) -> list[Planned]:
    """The person whose name is in several columns, then others who have a column of their own."""
    parted = [column for column, kind in kinds.items() if kind in {Kind.GIVEN, Kind.FAMILY}]
    whole = [column for column, kind in kinds.items() if kind is Kind.PERSON]
    if parted and whole and is_same_person(whole[0]):
        parted, whole = [*parted, whole[0]], whole[1:]
    if not parted:
        parted, whole = whole[:1], whole[1:]
    main = [Planned("person", Kind.PERSON, tuple(parted), main=True)] if parted else []
    return main + [Planned(column, Kind.PERSON, (column,)) for column in whole]


def _addresses(kinds: Mapping[str, Kind], holds_house_numbers: Asked) -> list[Planned]:
    """Columns of streets; one of bare house numbers belongs to the street that follows it, else precedes it."""
    columns = [column for column, kind in kinds.items() if kind is Kind.STREET]
    numbers = [column for column in columns if holds_house_numbers(column)]
    streets = [column for column in columns if column not in numbers]
    if not streets or not numbers:
        return [Planned(column, Kind.STREET, (column,)) for column in columns]
    after = columns.index(numbers[0])
    street = next((column for column in columns[after:] if column in streets), streets[-1])
    rest = [Planned(column, Kind.STREET, (column,)) for column in columns if column not in {street, numbers[0]}]
    return [Planned(street, Kind.STREET, (street, numbers[0])), *rest]


def last_part(kinds: Mapping[str, Kind]) -> str:
    """The column of names beside which a whole name is looked at."""
    return [column for column, kind in kinds.items() if kind in {Kind.FAMILY, Kind.GIVEN}][-1]


def first_of(kinds: Mapping[str, Kind], kind: Kind) -> str | None:
    """The first column of a kind."""
    return next((column for column, held in kinds.items() if held is kind), None)
