"""Which pairs are worth a look: passes declared for each kind of column, so that a new table gets good ones.

A pass is a key made of parts of a record; records that share a key are candidates, unless too many share it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from dataquality.engine.kinds import Kind
from dataquality.engine.records.buffer import Records
from dataquality.engine.records.fields import PARTS
from dataquality.engine.standardise import Slot

WHOLE, CONSONANTS = -1, 0  # how an atom reads its field; 1 and more: so many first characters
RAREST = -10  # … RAREST - k: the k-th rarest word
LONG = -3  # the whole, where it has six characters or more


@dataclass(frozen=True)
class Atom:
    """A piece of a key: one part of a column, read in one way."""

    slot: str
    part: str
    how: int = WHOLE


Key = tuple[Atom, ...]


@dataclass(frozen=True)
class Pass:
    """Keys that are alike: a record may have several, records meet when they share any. cap: most records of a key."""

    name: str
    keys: tuple[Key, ...]
    cap: int


SOME_VALUES, MANY_VALUES, TWO_TOGETHER = 1 / 5, 1 / 40, 1 / 300  # of agreeing by chance
STRONG, GOOD, WEAK = 120, 60, 24  # caps: how many may share a key before it says nothing


def passes_for(slots: Sequence[Slot], sharing: Mapping[str, float] | None = None) -> tuple[Pass, ...]:
    """The passes for these columns, the best first.

    sharing: for each column the share of rows that a row agrees with by chance; a column of few values makes no key.
    """
    by_chance = {slot.name: 0.0 for slot in slots} | dict(sharing or {})
    made: list[Pass] = []

    def add(name: str, keys: Sequence[Key], cap: int) -> None:
        if keys and not any(known.keys == tuple(keys) for known in made):
            made.append(Pass(name, tuple(keys), cap))

    of = _by_kind(slots)
    people, companies = of(Kind.PERSON), of(Kind.COMPANY)
    emails, phones, codes = of(Kind.EMAIL), of(Kind.PHONE), of(Kind.IDENTIFIER, Kind.POINTER)
    days, texts = of(Kind.DATE, Kind.DATETIME), of(Kind.TEXT)
    streets, hosts = of(Kind.STREET), of(Kind.DOMAIN, Kind.URL)
    person = people[0] if people else None

    add("e-mail", [(Atom(slot, "address"),) for slot in emails], STRONG)
    add("phone", [(Atom(slot, "number"),) for slot in phones], GOOD)
    for slot in codes:
        add(slot, [(Atom(slot, "code"),)], GOOD)
    context = [(slot, part) for slot, part in _context(of) if by_chance[slot] <= SOME_VALUES]
    telling = [(slot, part) for slot, part in context if by_chance[slot] <= MANY_VALUES]
    if person:
        _people(add, person, context, telling, phones)
    for slot in of(Kind.POSTCODE):
        numbers = [(Atom(slot, "code"), Atom(street, "number")) for street in streets]
        add(f"{slot} and house number", numbers, GOOD)
    add("e-mail name", [(Atom(slot, "local", LONG),) for slot in emails], WEAK)
    add("last digits of the phone", [(Atom(slot, "tail"),) for slot in phones], GOOD)
    for slot in companies:
        _entity(add, slot, "name", telling, person)
    for slot in texts:
        _entity(add, slot, "text", telling, person)
    for slot in hosts:
        add(slot, [(Atom(slot, "host"),)], GOOD if not person else WEAK)
    add("street and number", [(Atom(slot, "street"), Atom(slot, "number")) for slot in streets], GOOD)
    for slot in days:
        for other, part in telling[:4]:
            if other != slot:
                add(f"{slot} and {other}", [(Atom(slot, "ymd"), Atom(other, part))], GOOD)
        add(slot, [(Atom(slot, "ymd"),)], WEAK)
    _any_two(add, slots, made, by_chance)
    return tuple(made)


def sharing(records: Records, slots: Sequence[Slot]) -> dict[str, float]:
    """The share of rows that a row agrees with in the main part of each column, itself left out."""
    found: dict[str, float] = {}
    for slot in slots:
        place = records.place(slot.name, PARTS[slot.kind][0])
        counts = np.exp2(records.rarity[records.hashes[:, place] != 0, place] / 8.0)
        found[slot.name] = float((counts - 1).mean() / max(records.rows, 1)) if len(counts) else 0.0
    return found


def _by_kind(slots: Sequence[Slot]) -> Callable[..., list[str]]:
    def of(*kinds: Kind) -> list[str]:
        return [slot.name for slot in slots if slot.kind in kinds]

    return of


def _context(of: Callable[..., list[str]]) -> list[tuple[str, str]]:
    """Columns that narrow a name down, the best first."""
    found: list[tuple[str, str]] = []
    for part, kinds in (
        ("ymd", (Kind.DATE,)),
        ("name", (Kind.COMPANY,)),
        ("domain", (Kind.EMAIL,)),
        ("host", (Kind.DOMAIN, Kind.URL)),
        ("code", (Kind.POSTCODE,)),
        ("name", (Kind.CITY,)),
        ("street", (Kind.STREET,)),
        ("text", (Kind.TEXT,)),
        ("name", (Kind.REGION,)),
        ("value", (Kind.CHOICE,)),
    ):
        found += [(slot, part) for slot in of(*kinds)]
    return found


def _people(
    add: Callable[[str, Sequence[Key], int], None],
    person: str,
    context: Sequence[tuple[str, str]],
    telling: Sequence[tuple[str, str]],
    phones: Sequence[str],
) -> None:
    first, family = Atom(person, "formal"), Atom(person, "family")
    initial, start = Atom(person, "first", 1), Atom(person, "family", 3)
    mixed = Atom(person, "full")
    around = context[:6]
    for slot, part in around:
        add(f"name and {slot}", [(mixed, Atom(slot, part))], GOOD)
    add("name", [(mixed,)], GOOD)
    for slot, part in around:
        add(f"initial, family name and {slot}", [(initial, family, Atom(slot, part))], GOOD)
    for slot in phones:
        add(f"first name and last digits of {slot}", [(first, Atom(slot, "tail"))], GOOD)
    for slot, part in telling[:4]:
        add(f"first name and {slot}", [(first, Atom(slot, part))], WEAK)
    for slot, part in telling[:4]:
        add(f"beginnings of the names and {slot}", [(initial, start, Atom(slot, part))], WEAK)
    for slot, part in telling[:2]:
        add(f"initials and {slot}", [(initial, Atom(person, "family", 1), Atom(slot, part))], WEAK)
    add("sound of the names", [(Atom(person, "first", CONSONANTS), Atom(person, "family", CONSONANTS))], WEAK)
    add("first name and start of the family name", [(first, start)], WEAK)
    add("start of the first name and family name", [(Atom(person, "first", 3), family)], WEAK)
    add("family name", [(family,)], WEAK)


def _entity(
    add: Callable[[str, Sequence[Key], int], None],
    slot: str,
    part: str,
    context: Sequence[tuple[str, str]],
    person: str | None,
) -> None:
    """A name of several words: the whole, its rarest words, with and without what stands around it."""
    if person and part == "text":
        return
    add(slot, [(Atom(slot, part),)], WEAK if person else STRONG)
    if person:
        return
    rarest = [Atom(slot, "tokens", RAREST - k) for k in range(4)]
    around = [(name, of) for name, of in context if name != slot][:4]
    for name, of in around:
        add(f"words of {slot} and {name}", [(word, Atom(name, of)) for word in rarest], GOOD)
    add(f"two words of {slot}", list(combinations(rarest, 2)), GOOD)
    add(f"a rare word of {slot}", [(word,) for word in rarest[:3]], WEAK)
    add(f"beginning of {slot}", [(Atom(slot, part, 6),)], WEAK)


WHOLE_PART: Mapping[Kind, str] = {
    Kind.PERSON: "family",
    Kind.COMPANY: "name",
    Kind.EMAIL: "local",
    Kind.DOMAIN: "host",
    Kind.URL: "host",
    Kind.PHONE: "tail",
    Kind.STREET: "street",
    Kind.CITY: "name",
    Kind.REGION: "name",
    Kind.POSTCODE: "code",
    Kind.DATE: "ymd",
    Kind.IDENTIFIER: "code",
    Kind.CHOICE: "value",
    Kind.TEXT: "text",
    Kind.NUMBER: "value",
    Kind.INTEGER: "value",
}
MOST_PASSES = 34


def _any_two(
    add: Callable[[str, Sequence[Key], int], None],
    slots: Sequence[Slot],
    made: Sequence[Pass],
    by_chance: Mapping[str, float],
) -> None:
    """Any two columns that agree, while there is room: what is left to a table of few columns."""
    known = [(slot.name, WHOLE_PART[slot.kind]) for slot in slots if slot.kind in WHOLE_PART]
    for (slot, part), (other, of) in combinations(known, 2):
        if len(made) >= MOST_PASSES:
            return
        if by_chance[slot] * by_chance[other] <= TWO_TOGETHER:
            add(f"{slot} and {other}", [(Atom(slot, part), Atom(other, of))], WEAK)
    if len(known) == 1:
        add(known[0][0], [(Atom(*known[0]),)], WEAK)
