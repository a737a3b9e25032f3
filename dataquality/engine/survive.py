"""Survivorship: which of several values of one field stays when records become one. Pure, and the same every time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from dataquality.engine.columns import Kind

RECENT, COMPLETE, FREQUENT, LONGEST, SOURCE, HAND = "recent", "complete", "frequent", "longest", "source", "hand"
RULES = (RECENT, COMPLETE, FREQUENT, LONGEST, SOURCE)  # HAND is a person's own pick and never a setting

NAME_KINDS = (Kind.PERSON, Kind.GIVEN, Kind.FAMILY)
ADDRESS_KINDS = (Kind.STREET, Kind.CITY, Kind.REGION, Kind.POSTCODE, Kind.COUNTRY)
TOGETHER = (NAME_KINDS, ADDRESS_KINDS)  # half a name or address of one record and half of another is nobody's
BY_KIND = {
    **dict.fromkeys(NAME_KINDS, LONGEST),
    **dict.fromkeys(ADDRESS_KINDS, COMPLETE),
    **dict.fromkeys((Kind.COMPANY, Kind.TEXT), LONGEST),
    **dict.fromkeys((Kind.CHOICE, Kind.BOOLEAN, Kind.DATE), FREQUENT),
}


@dataclass(frozen=True)
class Member:
    """What is known of one record: `moment` is when it was last said (seconds; larger is later), `rank` of its source
    (smaller goes before), `filled` how many of its cells hold something, and the texts of its cells; blank is ""."""

    record: int
    cells: Mapping[str, str] = field(default_factory=dict)
    moment: float = 0.0
    rank: int = 0
    filled: int = 0


@dataclass(frozen=True)
class Kept:
    """The value of one field that stays, whose it is (None: nobody has one), by which rule, and what is lost by it."""

    record: int | None
    value: str
    rule: str
    lost: tuple[tuple[int, str], ...] = ()


def rule_for(kind: Kind) -> str:
    """The rule of a field that nobody set one for: the newest address or number, the fullest name, the usual choice."""
    return BY_KIND.get(kind, RECENT)


def choose(name: str, members: Sequence[Member], rule: str) -> Kept:
    """One field by one rule. Blank never wins over a value; ties go to the newest, the fullest, the longest, and at
    last the record with the smallest number."""
    return _kept(name, members, _first([m for m in members if m.cells.get(name)], [name], rule), rule)


def choose_together(names: Sequence[str], members: Sequence[Member], rule: str) -> dict[str, Kept]:
    """Several fields from one record, by one rule over all of them; *complete* counts the cells of these fields."""
    winner = _first([m for m in members if any(m.cells.get(name) for name in names)], names, rule)
    return {name: _kept(name, members, winner, rule) for name in names}


def by_hand(name: str, members: Sequence[Member], record: int) -> Kept:
    """One field from the record that a person picked, blank or not."""
    return _kept(name, members, next(m for m in members if m.record == record), HAND)


def typed(name: str, members: Sequence[Member], value: str) -> Kept:
    """One field as a person typed it; every other value is lost."""
    return Kept(None, value, HAND, _lost(name, members, value))


def _kept(name: str, members: Sequence[Member], winner: Member | None, rule: str) -> Kept:
    if winner is None:
        return Kept(None, "", rule)
    value = winner.cells.get(name, "")
    return Kept(winner.record, value, rule, _lost(name, members, value))


def _lost(name: str, members: Sequence[Member], value: str) -> tuple[tuple[int, str], ...]:
    """Other values, each with the first record that says it; a difference of case or spaces is a loss as well."""
    seen: dict[str, int] = {}
    for member in sorted(members, key=lambda m: m.record):
        said = member.cells.get(name, "")
        if said and said != value:
            seen.setdefault(said, member.record)
    return tuple((record, said) for said, record in seen.items())


def _first(members: Sequence[Member], names: Sequence[str], rule: str) -> Member | None:
    rank = _ranks(members, names)[rule]
    return min(
        members,
        key=lambda m: (rank(m), -m.moment, -_filled(m, names), -m.filled, -_length(m, names), m.record),
        default=None,
    )


def _ranks(members: Collection[Member], names: Sequence[str]) -> dict[str, Callable[[Member], float]]:
    said = Counter(_folded(m, names) for m in members)
    return {
        RECENT: lambda m: -m.moment,
        COMPLETE: lambda m: -(_filled(m, names) if len(names) > 1 else m.filled),
        FREQUENT: lambda m: -said[_folded(m, names)],
        LONGEST: lambda m: -_length(m, names),
        SOURCE: lambda m: m.rank,
    }


def _filled(member: Member, names: Sequence[str]) -> int:
    return sum(1 for name in names if member.cells.get(name))


def _length(member: Member, names: Sequence[str]) -> int:
    return sum(len(member.cells.get(name, "")) for name in names)


def _folded(member: Member, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(" ".join(member.cells.get(name, "").casefold().split()) for name in names)
