"""Single texts of names as words: what `standardise.names` does to columns."""

from dataquality.engine.kinds import Kind
from dataquality.engine.standardise import names as columns
from dataquality.engine.standardise.facts import words
from dataquality.engine.standardise.few.signs import group, has, pattern_of, replaced
from dataquality.engine.standardise.few.text import Cell, in_latin, is_foreign, plain, without
from dataquality.engine.standardise.romanise import romanised_family

KINDS = (Kind.PERSON, Kind.GIVEN, Kind.FAMILY)
_COMMA = r"[ ,]*,[ ,]*"


def name_words(value: Cell) -> Cell:
    """As `names.name_words`."""
    text = without(plain(value), columns.NO_NAMES)
    if text is None:
        return None
    text = replaced(replaced(text, r"\([^)]*\)|\"[^\"]*\"", " "), r"\.", " ").replace("'", "")
    text = replaced(text, r"[^\p{L}\p{M}\p{N},]+", " ").strip(" ,")
    text = replaced(replaced(text, columns.TITLES, "", once=True), columns.SUFFIXES, "", once=True)
    return without(replaced(text, columns.DRAWN_TOGETHER, "$1$2"), columns.NO_NAMES)


def given_name(value: Cell) -> Cell:
    """As `names.given_names`."""
    text = name_words(value)
    text = None if text is None else replaced(text, _COMMA, " ")
    return None if text in words("people", "titles") else in_latin(text, columns.romanised_given)


def family_name(value: Cell) -> Cell:
    """As `names.family_names`."""
    text = name_words(value)
    return None if text is None else in_latin(replaced(text, _COMMA, " "), romanised_family)


def in_own_script(value: Cell) -> Cell:
    """As `names.in_own_script`."""
    name = name_words(value) if is_foreign(value) else None
    return name if is_foreign(name) else None


def whole_name(name: Cell) -> tuple[Cell, Cell]:
    """Given and family name, as `names.whole_names`."""
    if name is None:
        return None, None
    if has(name, columns.EASTERN):
        family, given = columns.eastern_name(name)
        return given, family
    single = replaced(name, _COMMA, " ")
    if found := pattern_of(columns.PATRONYMIC, single).search(single):
        return found[2], found[1]
    if found := pattern_of(columns.TURNED, name).search(name):
        return found[2], found[1]
    found = pattern_of(columns.WESTERN, single).search(single)
    return (found[1], found[2].strip()) if found else (None, single)


def first_word(name: Cell) -> Cell:
    return None if name is None else group(name, "^([^ ]+)")
