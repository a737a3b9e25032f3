"""Streets: the words that all streets have brought to one form, the house number apart."""

import re
from functools import cache

import polars as pl

from dataquality.engine.standardise.facts import facts, table, words
from dataquality.engine.standardise.romanise import in_latin, romanised
from dataquality.engine.standardise.spellings import Spelling
from dataquality.engine.standardise.text import Dictionary, plain, put, without

_FIGURES = r"([0-9]{1,5})(?:-?[a-z])?(?:[ ]?[-/][ ]?[0-9]{1,5}[a-z]?)?($|[ ,])"
# In front of the street, else the last figures before a comma, else the first there are.
HOUSES = (r"^()" + _FIGURES, r"^([^,]*[ ])" + _FIGURES, r"([ ,])" + _FIGURES)
SIGNS = (
    (r"(?:^|[ ,])c/ ?", " calle "),
    (r"\.([\p{L}])", " $1"),
    (r"['.]", ""),
    (r"[^\p{L}\p{M}\p{N},#/-]+", " "),
    (r"(\p{L})-(\p{L})", "$1 $2"),
)
ENDING = r"^(\p{{L}}{{3,}})(?:{})$"


@cache
def units() -> str:
    """Words that go with a room or a floor, and what follows them."""
    names = "|".join(sorted(words("street_words", "units")))
    return rf"(?:^|[ ,])(?:{names})[ ]?(?:[0-9]+[a-z]?|[a-z])?(?:$|[ ,])|#[ ]?[0-9a-z]+"


@cache
def before_numbers() -> str:
    """Words before a house number, and its first figure."""
    return rf"(?:^|[ ,])(?:{'|'.join(sorted(words('street_words', 'numbers')))})[ ]?([0-9])"


@cache
def boxes() -> str:
    """What stands for a post-office box."""
    return rf"(?:^|[ ,])(?:{'|'.join(re.escape(box) for box in facts('street_words')['box'])})(?:$|[ ,])"


@cache
def endings() -> dict[str, str]:
    """What the ends of street names written in one word are brought to, and the ends as a pattern."""
    forms: dict[str, list[str]] = {}
    for ending, form in facts("street_words")["endings"].items():
        forms.setdefault(form, []).append(ending)
    return {form: "|".join(endings) for form, endings in forms.items()}


@cache
def with_ending() -> str:
    """A word of a street's name written in one with what it is."""
    return rf"\p{{L}}{{3}}(?:{'|'.join(endings().values())})(?: |$)"


def street_parts(column: pl.Series, spelling: Spelling | None = None) -> dict[str, pl.Series]:
    """`street` in one spelling without its number, and the house `number`; an address in one cell works too."""
    spelling, listed = spelling or Spelling(), Dictionary.of(column)
    street, number = streets(spelling.texts(listed.values))
    return {"street": listed.laid_out(spelling.of(listed, street)), "number": listed.laid_out(number)}


def _house_number(text: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The house number of each text, and the text without it."""
    number, rest = text.str.extract(HOUSES[0], 2), text.str.replace(HOUSES[0], "$1 $3")
    for place in HOUSES[1:]:
        asked = (number.is_null() & text.str.contains(place)).fill_null(value=False)
        if asked.any():
            texts = text.filter(asked)
            number = put(number, asked.arg_true(), texts.str.extract(place, 2))
            rest = put(rest, asked.arg_true(), texts.str.replace(place, "$1 $3"))
    return number, rest


def streets(values: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Distinct addresses as street and house number."""
    text = without(plain(values), words("placeholders", "everywhere"))
    for pattern, by in SIGNS:
        text = text.str.replace_all(pattern, by)
    text = text.str.replace_all(boxes(), " pobox ").str.strip_chars(" ,")
    text = text.str.replace_all(before_numbers(), " $1")
    number, bare = _house_number(text)
    bare = bare.str.replace_all(units(), " ").str.replace_all(r"[,#/-]", " ")
    said = pl.element().filter(pl.element() != "").replace(table("streets"))
    joined = bare.str.split(" ").list.eval(said).list.join(" ")
    glued = joined.str.contains(with_ending()).fill_null(value=False)
    if glued.any():
        short = pl.element()
        for form, listed in endings().items():
            short = short.str.replace(ENDING.format(listed), "${1}" + form)
        parted = joined.filter(glued).str.split(" ").list.eval(short).list.join(" ")
        joined = put(joined, glued.arg_true(), parted)
    joined = in_latin(joined, romanised).str.strip_chars(" ")
    return joined.set((joined == "").fill_null(value=False), None), number.str.strip_chars_start("0")
