"""The persons of a handful of records: what `standardise.people` does to columns."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import log

from dataquality.engine.standardise.few.local_parts import filled_from_address
from dataquality.engine.standardise.few.names import (
    family_name,
    first_word,
    given_name,
    in_own_script,
    name_words,
    whole_name,
)
from dataquality.engine.standardise.few.signs import group
from dataquality.engine.standardise.few.text import Cell, in_latin, is_foreign, usual
from dataquality.engine.standardise.names import SYLLABLES, eastern_families, formal_name, romanised_given
from dataquality.engine.standardise.people import LIKELY, SURE
from dataquality.engine.standardise.romanise import romanised_family
from dataquality.engine.standardise.standard import Sightings

Column = Sequence[Cell]
_SYLLABLES = re.compile(SYLLABLES)


@dataclass(frozen=True)
class _Name:
    given: Cell
    family: Cell
    own_given: Cell
    own_family: Cell


class _Seen:
    """What is known of names, and what these few records add."""

    def __init__(self, known: Sightings, names: Sequence[_Name]) -> None:
        whole = [name for name in names if name.given is not None and name.family is not None]
        given = Counter(first_word(name.given) for name in whole)
        family = Counter(name.family for name in whole)
        self.known = known.of
        self.own = {
            word: (given[word], family[word]) for word in {*given, *family} if word is not None and len(word) > 1
        }
        self.given = max(1, known.given + sum(n for n, _ in self.own.values()))
        self.family = max(1, known.family + sum(n for _, n in self.own.values()))

    def of(self, word: Cell) -> tuple[int, int]:
        if word is None:
            return 0, 0
        known, own = self.known.get(word, (0, 0)), self.own.get(word, (0, 0))
        return known[0] + own[0], known[1] + own[1]

    def leaning(self, word: Cell, *, less_given: int = 0, less_family: int = 0) -> float:
        """As `people._Leaning.of`."""
        given, family = self.of(word)
        as_given = (max(given - less_given, 0) + 0.5) / (self.given + 1)
        as_family = (max(family - less_family, 0) + 0.5) / (self.family + 1)
        return log(as_given / as_family)


def person(
    full: Column | None,
    given: Sequence[Column],
    family: Sequence[Column],
    local: Column | None,
    known: Sightings,
    spellings: Mapping[str, Mapping[str, str]],
) -> dict[str, list[Cell]]:
    """The parts of a PERSON slot, as `people.person`."""
    rows = _rows(full, given, family, spellings)
    seen = _Seen(known, rows)
    turned = [_exchanged(name) if _turned(name, seen) else name for name in rows]
    names = [_split_where_shown(name, seen) for name in turned]
    if local is not None:
        names = [_filled(name, address, seen) for name, address in zip(names, local, strict=True)]
    names = [_of_syllables(name) for name in names]
    first = [first_word(name.given) for name in names]
    return {
        "given": [name.given for name in names],
        "first": list(first),
        "formal": [formal_name(word) for word in first],
        "family": [name.family for name in names],
        "initial": [None if word is None else word[:1] for word in first],
        "native": [_native(name) for name in names],
    }


def _rows(
    full: Column | None,
    given: Sequence[Column],
    family: Sequence[Column],
    spellings: Mapping[str, Mapping[str, str]],
) -> list[_Name]:
    made: dict[str, tuple[list[Cell], list[Cell]]] = {}
    for name, columns, fold in (("given", given, given_name), ("family", family, family_name)):
        if columns:
            cells = _joined(columns)
            made[name] = (
                usual(cells, fold, spellings.get(f"person.{name}", {})),
                [in_own_script(cell) for cell in cells],
            )
    if full is not None:
        split = [whole_name(name_words(cell)) for cell in full]
        for name, place, spell in (("given", 0, romanised_given), ("family", 1, romanised_family)):
            names = [both[place] for both in split]
            latin = [in_latin(one, spell) for one in names]
            native = [one if is_foreign(one) else None for one in names]
            if name in made:
                latin, native = _filled_up(made[name][0], latin), _filled_up(made[name][1], native)
            made[name] = latin, native
    height = len(next(iter(made.values()))[0])
    none: tuple[list[Cell], list[Cell]] = [None] * height, [None] * height
    (firsts, own_firsts), (lasts, own_lasts) = made.get("given", none), made.get("family", none)
    return [_Name(*cells) for cells in zip(firsts, lasts, own_firsts, own_lasts, strict=True)]


def _filled_up(cells: Column, others: Column) -> list[Cell]:
    return [other if cell is None else cell for cell, other in zip(cells, others, strict=True)]


def _joined(columns: Sequence[Column]) -> Column:
    if len(columns) == 1:
        return columns[0]
    return [" ".join(cell for cell in row if cell is not None) for row in zip(*columns, strict=True)]


def _turned(name: _Name, seen: _Seen) -> bool:
    if name.given is None or name.family is None or " " in name.family:
        return False
    forward = seen.leaning(first_word(name.given), less_given=1)
    backward = seen.leaning(name.family, less_family=1)
    return backward - forward > log(SURE) and backward > log(LIKELY) and forward < -log(LIKELY)


def _exchanged(name: _Name) -> _Name:
    return _Name(name.family, name.given, name.own_family, name.own_given)


def _split_where_shown(name: _Name, seen: _Seen) -> _Name:
    for text, other in ((name.family, name.given), (name.given, name.family)):
        if text is None or " " not in text or other is not None:
            continue
        first, last = seen.leaning(group(text, "^([^ ]+) ")), seen.leaning(group(text, " ([^ ]+)$"))
        if first - last > log(LIKELY) and first > -log(LIKELY):
            rest = group(text, r"^[^ ]+ (?:\S )*(.+)$")
            return replace(name, given=group(text, "^([^ ]+) "), family=rest)
        if last - first > log(LIKELY) and last > log(LIKELY):
            return replace(name, given=group(text, " ([^ ]+)$"), family=group(text, "^(.+) [^ ]+$"))
    return name


def _filled(name: _Name, local: Cell, seen: _Seen) -> _Name:
    given, family = filled_from_address(name.given, name.family, local, seen.of)
    return replace(name, given=given, family=family)


def _of_syllables(name: _Name) -> _Name:
    if name.given is None or name.family not in eastern_families() or not _SYLLABLES.search(name.given):
        return name
    return replace(name, given=name.given.replace(" ", "", 1))


def _native(name: _Name) -> Cell:
    return " ".join(part for part in (name.own_family, name.own_given) if part is not None) or None
