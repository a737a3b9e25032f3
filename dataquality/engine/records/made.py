"""Parts that are made of others: names together, names within a country, whose name an address bears."""

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from dataquality.engine.kinds import Kind
from dataquality.engine.records import compiled
from dataquality.engine.records.buffer import FEW, FEW_ROWS
from dataquality.engine.records.fields import PARTS, Field
from dataquality.engine.records.hashing import Hashes, P, mix
from dataquality.engine.standardise import Slot

NONE_EXPECTED = 128  # the rarity of a full name is this + 8 x log2(namesakes to expect)
ONE = np.uint64(1)
OWN = 6  # records of one name that may well be one person's


def make(slots: tuple[Slot, ...], fields: tuple[Field, ...], hashes: Hashes) -> None:
    """Fills the hashes of the made parts."""

    def column(slot: str, part: str) -> Hashes:
        return hashes[:, fields.index(Field(slot, part))]

    country = next((column(slot.name, "name") for slot in slots if slot.kind == Kind.COUNTRY), None)
    person = next((slot for slot in slots if slot.kind == Kind.PERSON), None)
    for slot in slots:
        if slot.kind == Kind.PERSON:
            formal, family = column(slot.name, "formal"), column(slot.name, "family")
            _both(formal, ONE, family, needed=True, out=column(slot.name, "full"))
            if country is not None:
                _both(formal, P, country, needed=True, out=column(slot.name, "given_here"))
                _both(family, P, country, needed=True, out=column(slot.name, "family_here"))
        elif slot.kind == Kind.STREET:
            street, number = column(slot.name, "street"), column(slot.name, "number")
            _both(street, P, number, needed=False, out=column(slot.name, "whole"))
        elif slot.kind == Kind.EMAIL and person is not None:
            family = column(person.name, "family")
            column(slot.name, "bearer")[:] = np.where(_bears(slot, person, len(hashes)), family, np.uint64(0))


# What tells the records of a name apart, the best first.
TELLING: tuple[tuple[Kind, str], ...] = (
    (Kind.EMAIL, "address"),
    (Kind.PHONE, "number"),
    (Kind.IDENTIFIER, "code"),
    (Kind.DATE, "ymd"),
    (Kind.STREET, "whole"),
    (Kind.COMPANY, "name"),
    (Kind.POSTCODE, "code"),
)


def name_slot(slots: Sequence[Slot]) -> str | None:
    """The column that names a record: the first person, or else company, or else text."""
    for kind in (Kind.PERSON, Kind.COMPANY, Kind.TEXT):
        for slot in slots:
            if slot.kind == kind:
                return slot.name
    return None


def bearers(slots: Sequence[Slot], fields: tuple[Field, ...], hashes: Hashes) -> tuple[Hashes, Hashes]:
    """For each row who holds its values (its name), and what holds its name (the first thing that tells it apart)."""
    named = name_slot(slots)
    holders = np.zeros(len(hashes), dtype=np.uint64)
    for slot in slots:
        if slot.name == named:
            parts = ("full", "family", "first") if slot.kind == Kind.PERSON else (PARTS[slot.kind][0],)
            holders = _first(hashes, [fields.index(Field(slot.name, part)) for part in parts])
    telling = [
        fields.index(Field(slot.name, part))
        for kind, part in TELLING
        for slot in slots
        if slot.kind == kind and slot.name != named
    ]
    things = _first(hashes, telling)
    own = row_hashes(hashes, P)  # what stands in the whole row: copies tell nobody apart
    return holders, np.where(things == 0, own, things)


def by_initials(first: Hashes, family: Hashes, holders: Hashes) -> Hashes:
    """For each row a number for the initials of its name, whichever stands first; where it has none, its holder."""
    return np.where((first != 0) | (family != 0), mix(first + family), holders)


def row_hashes(hashes: Hashes, factor: np.uint64) -> Hashes:
    """A number for each row that follows from all its hashes, in their order."""
    found = np.zeros(len(hashes), dtype=np.uint64)
    if len(hashes) > FEW:
        compiled.rows_mixed(hashes, factor, found)
        return found
    for place in range(hashes.shape[1]):
        found = mix(found * factor + hashes[:, place])
    return found


def _first(hashes: Hashes, places: Sequence[int]) -> Hashes:
    """The first hash of those places that a row has; 0 where it has none."""
    found = np.zeros(len(hashes), dtype=np.uint64)
    if len(hashes) > FEW:
        compiled.first_there(hashes, np.array(places, dtype=np.int64), found)
        return found
    for place in places:
        found = np.where(found == 0, hashes[:, place], found)
    return found


def _both(one: Hashes, factor: np.uint64, other: Hashes, *, needed: bool, out: Hashes) -> None:
    """mix(one x factor + other) into out; 0 where there is no `one`, or no `other` though it is needed."""
    if len(one) > FEW:
        compiled.both(one, factor, other, needed, out)
        return
    out[:] = mix(one * factor + other)
    out[(one == 0) | (other == 0) if needed else one == 0] = 0


def _bears(email: Slot, person: Slot, rows: int) -> NDArray[np.bool_]:
    """Whether the address has the record's own family name in it."""
    local, family = email.parts.get("local"), person.parts.get("family")
    if local is None or family is None:
        return np.zeros(rows, dtype=np.bool_)
    if rows <= FEW_ROWS:
        both = zip(local.to_list(), family.to_list(), strict=True)
        return np.array([_holds(address, name) for address, name in both], dtype=np.bool_)
    frame = pl.DataFrame({"local": local, "family": family.str.replace_all(" ", "", literal=True)})
    long_enough = pl.col("family").str.len_bytes() >= 3
    bears = pl.col("local").str.contains(pl.col("family"), literal=True)
    return frame.select(found=(long_enough & bears).fill_null(False))["found"].to_numpy()


def _holds(address: str | None, name: str | None) -> bool:
    letters = "" if name is None else name.replace(" ", "")
    return address is not None and len(letters.encode()) >= 3 and letters in address


def expect_namesakes(
    slots: tuple[Slot, ...], fields: tuple[Field, ...], hashes: Hashes, rarity: NDArray[np.uint8], rows: int
) -> None:
    """Puts the namesakes to expect into the rarity of each full name.

    Rows x share(given name) x share(family name), within the country where it is known (elsewhere with the mean gain
    that countries make), or the records of that name beyond `OWN`, whichever is more. The rows they are expected among
    become the rarity of the given name within the country.
    """
    all_rows = 8 * np.log2(max(rows, 1))

    def eighths(slot: str, part: str) -> NDArray[np.float64]:
        return rarity[:, fields.index(Field(slot, part))].astype(np.float64)

    country = next((slot.name for slot in slots if slot.kind == Kind.COUNTRY), None)
    for slot in slots:
        if slot.kind != Kind.PERSON:
            continue
        expected = eighths(slot.name, "formal") + eighths(slot.name, "family") - all_rows
        among = np.full(len(hashes), all_rows)
        if country is not None:
            known = hashes[:, fields.index(Field(slot.name, "given_here"))] != 0
            known &= hashes[:, fields.index(Field(slot.name, "family_here"))] != 0
            here = eighths(slot.name, "given_here") + eighths(slot.name, "family_here") - eighths(country, "name")
            gain = np.round(np.maximum(here - expected, 0)[known].mean()) if known.any() else 0.0
            expected = np.where(known, np.maximum(here, expected), expected + gain)
            among = np.where(known, eighths(country, "name"), all_rows - gain)
        seen = np.exp2(eighths(slot.name, "full") / 8) - OWN
        expected = np.where(seen >= 1, np.maximum(expected, 8 * np.log2(np.maximum(seen, 1))), expected)
        place = fields.index(Field(slot.name, "full"))
        rarity[:, place] = np.clip(np.round(NONE_EXPECTED + expected), 0, 255).astype(np.uint8)
        rarity[:, fields.index(Field(slot.name, "given_here"))] = np.clip(np.round(among), 0, 255).astype(np.uint8)
