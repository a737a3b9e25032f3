"""Which comparisons a table gets: one or more for each of its columns, and how their levels are packed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dataquality.engine.kinds import Kind
from dataquality.engine.records.fields import PARTS
from dataquality.engine.standardise import Slot

PERSON, COMPANY, EMAIL, PHONE, HOST, STREET, PLACE, POSTCODE, DAY, CODE, TEXT, NUMBER = range(12)

RULE_OF: dict[Kind, int] = {
    Kind.PERSON: PERSON,
    Kind.COMPANY: COMPANY,
    Kind.EMAIL: EMAIL,
    Kind.PHONE: PHONE,
    Kind.DOMAIN: HOST,
    Kind.URL: HOST,
    Kind.STREET: STREET,
    Kind.CITY: PLACE,
    Kind.REGION: PLACE,
    Kind.COUNTRY: PLACE,
    Kind.CHOICE: PLACE,
    Kind.BOOLEAN: PLACE,
    Kind.CURRENCY: PLACE,
    Kind.POSTCODE: POSTCODE,
    Kind.DATE: DAY,
    Kind.DATETIME: DAY,
    Kind.IDENTIFIER: CODE,
    Kind.POINTER: CODE,
    Kind.TEXT: TEXT,
    Kind.NUMBER: NUMBER,
    Kind.INTEGER: NUMBER,
    Kind.MONEY: NUMBER,
    Kind.PERCENT: NUMBER,
}
# What each rule gives: the words of its levels from 1 on.
WORDS: dict[str, tuple[str, ...]] = {
    "given": (
        "same first name",
        "a short form of the same first name",
        "first names a slip apart",
        "first name fits the initial",
        "first names alike",
        "first and family name swapped",
        "two known first names, nearly alike",
        "other first name with the same initial",
        "other first name",
    ),
    "family": (
        "same family name",
        "family names a slip apart",
        "family name is part of the other",
        "family name fits the initial",
        "family names nearly alike",
        "two known family names, nearly alike",
        "family names similar",
        "other family name",
    ),
    "namesakes": (
        "a name that nobody else should have",
        "a very rare name",
        "a rare name",
        "a name that hardly anybody shares",
        "a name that a few share",
        "a common name",
        "a very common name",
    ),
    "surname": (
        "family name of up to 4 records",
        "family name of up to 16 records",
        "family name of up to 64 records",
        "family name of up to 256 records",
        "family name of many records",
    ),
    "company": (
        "same name, shared by up to 4",
        "same name, shared by up to 12",
        "same name, shared by up to 50",
        "same name, shared by many",
        "names one letter apart or in another order",
        "one name holds the other or is its acronym",
        "mostly the same words",
        "half of the words the same",
        "some words the same",
        "other name",
    ),
    "email": (
        "same address",
        "same address, shared by many",
        "addresses one letter apart",
        "same name at another provider",
        "similar name at the same domain",
        "same domain",
        "similar name at another domain",
        "addresses that differ in figures",
        "a private and a work address",
        "other address",
    ),
    "phone": (
        "same number, of one or two names",
        "same number, shared by up to 5",
        "same number, shared by up to 16",
        "same number, shared by many",
        "same last digits",
        "numbers one digit apart",
        "numbers alike but for the last digits",
        "other number",
    ),
    "host": (
        "same domain, shared by up to 4",
        "same domain, shared by up to 12",
        "same domain, shared by up to 50",
        "same domain, shared by many",
        "domains one letter apart",
        "other domain",
    ),
    "street": (
        "same address, shared by up to 4",
        "same address, shared by up to 16",
        "same address, shared by many",
        "streets nearly alike, same number",
        "same street, a number missing",
        "same street, numbers one digit apart",
        "same street, other number",
        "other street, same number",
        "other street",
    ),
    "place": ("same, rare", "same", "same, common", "nearly alike", "different"),
    "postcode": (
        "same, shared by up to 8",
        "same, shared by up to 64",
        "same, shared by many",
        "one sign apart",
        "same area",
        "different",
    ),
    "day": (
        "same day",
        "same day, a common one",
        "one slip apart",
        "two of day, month and year the same",
        "same year",
        "different day",
    ),
    "code": ("same, rare", "same, shared", "same, shared by many", "one sign apart", "nearly alike", "different"),
    "text": (
        "same, rare",
        "same",
        "nearly all words the same",
        "most words the same",
        "some words the same",
        "few words the same",
        "different",
    ),
    "number": ("same, rare", "same", "one digit apart", "different"),
}
GIVES: dict[int, tuple[str, ...]] = {
    PERSON: ("given", "family", "namesakes", "surname"),
    COMPANY: ("company",),
    EMAIL: ("email",),
    PHONE: ("phone",),
    HOST: ("host",),
    STREET: ("street",),
    PLACE: ("place",),
    POSTCODE: ("postcode",),
    DAY: ("day",),
    CODE: ("code",),
    TEXT: ("text",),
    NUMBER: ("number",),
}
ALIGNED = (PHONE, EMAIL, STREET)  # columns of the same kind are compared crosswise, best pairing first
MOST_ALIGNED = 4


# Parts that two people of one name may share: the fewer have them, the fewer namesakes are to be expected.
AROUND = (
    (Kind.COMPANY, "name"),
    (Kind.EMAIL, "address"),
    (Kind.EMAIL, "domain"),
    (Kind.PHONE, "number"),
    (Kind.DOMAIN, "host"),
    (Kind.URL, "host"),
    (Kind.STREET, "whole"),
    (Kind.POSTCODE, "code"),
    (Kind.CITY, "name"),
)


@dataclass(frozen=True)
class Comparison:
    """One digit of a pattern: what is compared, by which rule, in how many levels (0 missing … last different)."""

    name: str  # "person.given", "phone"
    slot: str
    kind: Kind
    rule: str  # a key of WORDS
    levels: int
    radix: int  # pattern // radix % levels is the level


@dataclass(frozen=True)
class Program:
    """The comparisons of a table, and the same as numbers for the comparing loops.

    steps: one row per slot: rule, place of its first field, number of aligned slots that begin here (0: belongs to the
    one before). Comparisons come out in the order of the steps. around: fields that narrow down among whom a namesake
    is to be expected.
    """

    comparisons: tuple[Comparison, ...]
    steps: NDArray[np.int64]
    around: NDArray[np.int64]

    def level(self, patterns: NDArray[np.int64], place: int) -> NDArray[np.int64]:
        """The level of one comparison in each pattern."""
        found: NDArray[np.int64] = patterns // self.comparisons[place].radix % self.comparisons[place].levels
        return found


def program_of(slots: Sequence[Slot]) -> Program:
    """The comparisons for these columns; slots of an aligned kind are put side by side."""
    first_field: dict[str, int] = {}
    place = 0
    for slot in slots:
        first_field[slot.name] = place
        place += len(PARTS[slot.kind])
    groups: dict[tuple[int, str], list[Slot]] = defaultdict(list)
    for slot in slots:
        rule = RULE_OF[slot.kind]
        own = "" if rule in ALIGNED and len(groups.get((rule, ""), ())) < MOST_ALIGNED else slot.name
        groups[rule, own].append(slot)
    steps: list[tuple[int, int, int]] = []
    comparisons: list[Comparison] = []
    radix = 1
    for (rule, _), members in groups.items():
        for number, slot in enumerate(members):
            steps.append((rule, first_field[slot.name], len(members) if number == 0 else 0))
            for gives in GIVES[rule]:
                levels = len(WORDS[gives]) + 1
                name = f"{slot.name}.{gives}" if rule == PERSON else slot.name
                comparisons.append(Comparison(name, slot.name, slot.kind, gives, levels, radix))
                radix *= levels
    if radix >= 1 << 62:
        raise ValueError("Too many columns are compared at once; leave out those that say least about a record.")
    around = [
        first_field[slot.name] + PARTS[kind].index(part) for kind, part in AROUND for slot in slots if slot.kind == kind
    ]
    return Program(tuple(comparisons), np.array(steps, dtype=np.int64).reshape(-1, 3), np.array(around, dtype=np.int64))
