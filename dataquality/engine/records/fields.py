"""Which parts of a standardised record are read, compared and counted, column by column."""

from collections.abc import Mapping
from dataclasses import dataclass

from dataquality.engine.kinds import Kind
from dataquality.engine.standardise import Slot, Standard

# What is read of each kind, in this order; the first part is the value itself.
PARTS: Mapping[Kind, tuple[str, ...]] = {
    Kind.PERSON: ("first", "formal", "family", "native", "full", "given_here", "family_here"),
    Kind.COMPANY: ("name", "tokens", "acronym"),
    Kind.EMAIL: ("address", "local", "domain", "role", "bearer"),
    Kind.DOMAIN: ("host",),
    Kind.URL: ("host",),
    Kind.PHONE: ("number", "tail"),
    Kind.STREET: ("street", "number", "whole"),
    Kind.CITY: ("name",),
    Kind.REGION: ("name",),
    Kind.COUNTRY: ("name",),
    Kind.POSTCODE: ("code", "area"),
    Kind.DATE: ("ymd",),
    Kind.DATETIME: ("ymd",),
    Kind.IDENTIFIER: ("code",),
    Kind.POINTER: ("code",),
    Kind.CHOICE: ("value",),
    Kind.BOOLEAN: ("value",),
    Kind.CURRENCY: ("value",),
    Kind.TEXT: ("text", "tokens"),
    Kind.NUMBER: ("value",),
    Kind.INTEGER: ("value",),
    Kind.MONEY: ("value",),
    Kind.PERCENT: ("value",),
}
# Parts that are made of others, by hash alone: what is rare is the pair of them.
# `full` and `…_here`: names together, and within the country; their `rarity` says how many namesakes to expect.
MADE = ("full", "given_here", "family_here", "whole", "bearer")
MOST_SLOTS = 15


@dataclass(frozen=True)
class Field:
    """One part of one slot: a column of the record buffer. `name` is `slot.part`."""

    slot: str
    part: str

    @property
    def name(self) -> str:
        return f"{self.slot}.{self.part}"


def compared(standard: Standard) -> tuple[Slot, ...]:
    """The slots that are compared: those of a known kind, at most fifteen, the fullest when there are more."""
    known = [slot for slot in standard.slots if slot.kind in PARTS]
    if len(known) <= MOST_SLOTS:
        return tuple(known)
    best = sorted(known, key=lambda slot: (_blanks(slot, standard.rows), slot.name))[:MOST_SLOTS]
    return tuple(slot for slot in known if slot in best)


def _blanks(slot: Slot, rows: int) -> int:
    first = slot.parts.get(PARTS[slot.kind][0])
    return rows if first is None else first.null_count()


def fields_of(slots: tuple[Slot, ...]) -> tuple[Field, ...]:
    """The columns of the record buffer, slot by slot."""
    return tuple(Field(slot.name, part) for slot in slots for part in PARTS[slot.kind])
