"""Cities, regions, countries and postcodes in one spelling."""

import pycountry
from functools import cache

import polars as pl

from dataquality.engine.countries import iso2
from dataquality.engine.standardise.facts import table, words
from dataquality.engine.standardise.romanise import romanised
from dataquality.engine.standardise.text import Dictionary, plain, without

_NOT_LATIN = r"[^\p{Latin}\p{Common}\p{Inherited}]"
_NOWHERE = words("placeholders", "everywhere")


def _words(values: pl.Series) -> pl.Series:
    text = without(plain(values), _NOWHERE).str.replace_all(r"['.]", "")
    text = text.str.replace_all(r"\([^)]*\)", " ").str.replace_all(r"[^\p{L}\p{M}\p{N}]+", " ").str.strip_chars(" ")
    foreign = text.str.contains(_NOT_LATIN).fill_null(value=False)
    if foreign.any():
        latin = pl.Series([romanised(name) for name in text.filter(foreign).to_list()], dtype=pl.String)
        text = text.scatter(foreign.arg_true(), latin)
    return text.set((text == "").fill_null(value=False), None)


def city_parts(column: pl.Series) -> dict[str, pl.Series]:
    """`name` of a town, without a postcode before or after it, foreign names of great cities in English."""
    listed = Dictionary.of(column)
    text = _words(listed.values).str.replace(r"^[0-9]+ | [0-9]+$", "").str.replace(r"^(?:sankt|saint) ", "st ")
    return {"name": listed.laid_out(text.replace(table("cities")))}


def region_parts(column: pl.Series) -> dict[str, pl.Series]:
    """`name` of a state or province; the short form where one is usual and no other region shares the long one."""
    listed = Dictionary.of(column)
    return {"name": listed.laid_out(_words(listed.values).replace(_short_regions()))}


@cache
def _short_regions() -> dict[str, str]:
    """Folded names of the states of the countries that write them short, to the short form."""
    named: dict[str, str | None] = {}
    for country in ("US", "CA", "AU", "BR", "MX", "IN"):
        for region in pycountry.subdivisions.get(country_code=country):
            name = plain(pl.Series([region.name])).item()
            short = region.code.partition("-")[2].lower()
            named[name] = short if named.get(name, short) == short else None
    return {name: short for name, short in named.items() if short}


def country_codes(values: pl.Series) -> pl.Series:
    """Distinct countries as alpha-2 codes in lower case; null where not understood."""
    codes = [code.lower() if value and (code := iso2(value)) else None for value in values.to_list()]
    return pl.Series(codes, dtype=pl.String)


def country_parts(column: pl.Series) -> dict[str, pl.Series]:
    """`name`: the alpha-2 code in lower case, or the folded text where the country is not understood."""
    listed = Dictionary.of(column)
    return {"name": listed.laid_out(country_codes(listed.values).fill_null(_words(listed.values)))}


def postcode_parts(column: pl.Series) -> dict[str, pl.Series]:
    """`code` without spaces and signs, and its leading part `area`: the outward code, or the first two or three figures."""
    listed = Dictionary.of(column)
    text = without(plain(listed.values), _NOWHERE).str.replace(r"\.0$", "")
    text = text.str.replace(r"^[a-z]{1,3}[- ]([0-9]{4,6})$", "$1").str.replace(r"^([0-9]{5})-?[0-9]{4}$", "$1")
    code = text.str.replace_all(r"[^\p{L}\p{N}]+", "")
    code = code.set((code.str.contains(r"^0+$") | (code == "")).fill_null(value=False), None)
    british = code.str.extract(r"^([a-z]{1,2}[0-9][a-z0-9]?)[0-9][a-z]{2}$")
    dutch = code.str.extract(r"^([0-9]{4})[a-z]{2}$")
    canadian = code.str.extract(r"^([a-z][0-9][a-z])[0-9][a-z][0-9]$")
    short = code.str.slice(0, 2).zip_with(code.str.len_chars() <= 4, code.str.slice(0, 3))
    area = british.fill_null(dutch).fill_null(canadian).fill_null(short)
    return {"code": listed.laid_out(code), "area": listed.laid_out(area)}
