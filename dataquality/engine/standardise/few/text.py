"""Single values in one spelling: what `standardise.text` does to columns."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence

from dataquality.engine.standardise.few.signs import WHITE, has, replaced
from dataquality.engine.standardise.romanise import HAN
from dataquality.engine.standardise.spellings import TWO_LETTERS
from dataquality.engine.standardise.text import ACCENTED, LETTERS, SCRAMBLED, STRAY, mended

Cell = str | None
_SIGNS = str.maketrans(LETTERS)
_MARKED = frozenset(TWO_LETTERS)
_TWO = str.maketrans(TWO_LETTERS)
__all__ = ["HAN", "Cell", "in_latin", "is_foreign", "plain", "stripped", "unscrambled", "usual", "without"]


def plain(value: Cell) -> Cell:
    """As `text.plain`."""
    if value is None:
        return None
    lower = value.lower() if value.isascii() else _without_accents(unscrambled(value))
    return replaced(lower, r"[\s\x00-\x1f\x7f]+", " ").strip(" ") or None


def unscrambled(value: str) -> str:
    return mended(value) if not value.isascii() and has(value, SCRAMBLED) else value


def _without_accents(value: str) -> str:
    bare = unicodedata.normalize("NFKD", replaced(value, r"\p{Cf}+", "")).lower()
    bare = replaced(replaced(bare, ACCENTED, "$1"), STRAY, "$1")
    return unicodedata.normalize("NFC", bare).translate(_SIGNS)


def without(value: Cell, words: frozenset[str]) -> Cell:
    """As `text.without`."""
    return None if value is None or value in words or not has(value, r"[\p{L}\p{N}]") else value


def stripped(value: Cell) -> Cell:
    return None if value is None else value.strip(WHITE)


def is_foreign(value: Cell) -> bool:
    """As `romanise.is_foreign`."""
    return value is not None and not value.isascii() and has(value, r"[^\p{Latin}\p{Common}\p{Inherited}]")


def in_latin(value: Cell, spell: Callable[[str], str]) -> Cell:
    """As `romanise.in_latin`."""
    return spell(value) if value is not None and is_foreign(value) else value


def usual(
    cells: Sequence[Cell], fold: Callable[[Cell], Cell], known: Mapping[str, str], names: Sequence[Cell] | None = None
) -> list[Cell]:
    """The cells of a column folded, each in the spelling that stands for it, as `spellings` has it."""
    names = [fold(cell) for cell in cells] if names is None else names
    two = _umlauts(cells, fold)
    once = [two.get(name, name) if name else name for name in names]
    parted = _with_spaces(once)
    again = (parted.get(name, name) if name else name for name in once)
    return [known.get(name, name) if name else name for name in again]


def _umlauts(cells: Sequence[Cell], fold: Callable[[Cell], Cell]) -> dict[str, str]:
    lower = {unscrambled(cell).lower() for cell in cells if cell is not None}
    found: dict[str, str] = {}
    for marked in lower:
        if not _MARKED.isdisjoint(marked):
            one, two = fold(marked), fold(marked.translate(_TWO))
            if one is not None and two is not None and one != two:
                found[two] = min(one, found.get(two, one))
    return found


def _with_spaces(names: Sequence[Cell]) -> dict[str, str]:
    spaced = {name for name in names if name and " " in name and not has(name, r"(?:^| )\S(?: |$)")}
    if not spaced:
        return {}
    listed: dict[str, dict[str, int]] = {name.replace(" ", ""): {} for name in spaced}
    for name in names:
        if name is not None and (ways := listed.get(name.replace(" ", ""))) is not None:
            ways[name] = ways.get(name, 0) + 1
    found: dict[str, str] = {}
    for ways in listed.values():
        meant = min(ways, key=lambda name: (-ways[name], -len(name), name))
        found |= {name: meant for name in ways if name != meant}
    return found
