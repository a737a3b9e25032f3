"""Single streets, towns, regions, countries and postcodes: what `streets` and `places` do to columns."""

from collections import Counter
from collections.abc import Sequence

from dataquality.engine.countries import iso2
from dataquality.engine.standardise import places, streets
from dataquality.engine.standardise.facts import table, words
from dataquality.engine.standardise.few.signs import group, has, pattern_of, replaced
from dataquality.engine.standardise.few.text import Cell, in_latin, plain, without
from dataquality.engine.standardise.romanise import romanised


def place_words(value: Cell) -> Cell:
    """The words of a town, region or country."""
    text = without(plain(value), places.NOWHERE)
    if text is None:
        return None
    for pattern, by in places.WORDS:
        text = replaced(text, pattern, by)
    return in_latin(text.strip(" "), places.place_name) or None


def city(value: Cell) -> Cell:
    """As `places.cities`."""
    text = place_words(value)
    if text is None:
        return None
    text = replaced(replaced(text, places.FIGURES, ""), places.SAINT, "st ", once=True)
    return table("cities").get(text, text)


def region(value: Cell) -> Cell:
    """As `places.region_parts`."""
    text = place_words(value)
    return None if text is None else places.short_regions().get(text, text)


def country_code(value: Cell) -> Cell:
    """As `places.country_codes`."""
    code = iso2(value) if value else None
    return code.lower() if code else None


def country(value: Cell) -> Cell:
    """As `places.country_parts`."""
    return country_code(value) or place_words(value)


def postcodes(values: Sequence[Cell], regions: Sequence[Cell] | None, settled: str | None) -> list[Cell]:
    """The codes that `places.postcode_parts` gives."""
    codes = [_postcode(value) for value in values]
    figures = settled or _figures(codes)
    usual = int(figures) if figures else None
    lengths = [usual] * len(codes) if regions is None else [places.lengths().get(one or "") for one in regions]
    return [
        "0" + code if code is not None and has(code, places.SHORT) and len(code) + 1 == length else code
        for code, length in zip(codes, lengths, strict=True)
    ]


def _postcode(value: Cell) -> Cell:
    text = without(plain(value), places.NOWHERE)
    if text is None:
        return None
    text = replaced(replaced(text, r"\.0$", "", once=True), places.WITH_COUNTRY, "$1", once=True)
    code = replaced(replaced(text, r"[^\p{L}\p{N}]+", ""), places.EXTENDED, "$1", once=True)
    return code if code.strip("0") else None


def _figures(codes: Sequence[Cell]) -> str | None:
    there = [code for code in codes if code is not None]
    counted = Counter(len(code) for code in there if has(code, "^[0-9]+$"))
    usual = [length for length, n in counted.items() if n >= 0.9 * float(len(there))]
    return str(usual[0]) if len(usual) == 1 else None


def area(code: Cell) -> Cell:
    """The leading part of a postcode."""
    if code is None:
        return None
    for pattern in places.AREAS:
        if (found := group(code, pattern)) is not None:
            return found
    return code[:2] if len(code) <= 4 else code[:3]


def street_and_number(value: Cell) -> tuple[Cell, Cell]:
    """As `streets.streets`."""
    text = without(plain(value), words("placeholders", "everywhere"))
    if text is None:
        return None, None
    for pattern, by in streets.SIGNS:
        text = replaced(text, pattern, by)
    text = replaced(text, streets.boxes(), " pobox ").strip(" ,")
    text = replaced(text, streets.before_numbers(), " $1")
    number, bare = _house_number(text)
    bare = replaced(replaced(bare, streets.units(), " "), r"[,#/-]", " ")
    said = [table("streets").get(word, word) for word in bare.split(" ") if word]
    if has(" ".join(said), streets.with_ending()):
        said = [_shortened(word) for word in said]
    street = in_latin(" ".join(said), romanised)
    assert street is not None
    return street.strip(" ") or None, None if number is None else number.lstrip("0")


def _house_number(text: str) -> tuple[Cell, str]:
    found = pattern_of(streets.HOUSES[0], text).search(text)
    number, rest = (found[2] if found else None), replaced(text, streets.HOUSES[0], "$1 $3", once=True)
    for place in streets.HOUSES[1:]:
        if number is None and has(text, place):
            number, rest = group(text, place, 2), replaced(text, place, "$1 $3", once=True)
    return number, rest


def _shortened(word: str) -> str:
    for form, endings in streets.endings().items():
        word = replaced(word, streets.ENDING.format(endings), "${1}" + form, once=True)
    return word
