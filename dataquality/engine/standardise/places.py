"""Cities, regions, countries and postcodes in one spelling."""

import re
from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl
import pycountry

from dataquality.engine.countries import iso2
from dataquality.engine.rules.postcodes import postcode_patterns
from dataquality.engine.standardise.facts import table, words
from dataquality.engine.standardise.romanise import has_han, in_latin, romanised
from dataquality.engine.standardise.spellings import Spelling
from dataquality.engine.standardise.text import Dictionary, plain, without

NOWHERE = words("placeholders", "everywhere")
WORDS = ((r"['.]", ""), (r"\([^)]*\)", " "), (r"[^\p{L}\p{M}\p{N}]+", " "))
FIGURES = r"^(?:[0-9]+ )+|(?: [0-9]+)+$"
SAINT = r"^(?:sankt|saint) "
WITH_COUNTRY = r"^[a-z]{1,3}[- ]([0-9]{4,6})$"
EXTENDED = r"^([0-9]{5})[0-9]{4}$"
SHORT = r"^[0-9]{3,7}$"
AREAS = (
    r"^([a-z]{1,2}[0-9][a-z0-9]?)[0-9][a-z]{2}$",  # British
    r"^([0-9]{4})[a-z]{2}$",  # Dutch
    r"^([a-z][0-9][a-z])[0-9][a-z][0-9]$",  # Canadian
)


def _words(values: pl.Series) -> pl.Series:
    text = without(plain(values), NOWHERE)
    for pattern, by in WORDS:
        text = text.str.replace_all(pattern, by)
    text = in_latin(text.str.strip_chars(" "), place_name)
    return text.set((text == "").fill_null(value=False), None)


def place_name(name: str) -> str:
    """A Chinese, Japanese or Korean town or province without the sign that says which of these it is."""
    bare = (
        re.sub(r"(?:特别行政区|自治区|自治州|[市省县縣区區府都町村道]|광역시|특별시|[시도군구])$", "", name)
        if len(name) > 2
        else name
    )
    return romanised(bare).replace(" ", "") if has_han(bare) else romanised(bare)


def city_parts(column: pl.Series, spelling: Spelling | None = None) -> dict[str, pl.Series]:
    """`name` of a town, without a postcode before or after it, foreign names of great cities in English."""
    spelling, listed = spelling or Spelling(), Dictionary.of(column)
    return {"name": listed.laid_out(spelling.of(listed, cities(spelling.texts(listed.values))))}


def cities(values: pl.Series) -> pl.Series:
    """Distinct towns."""
    text = _words(values).str.replace_all(FIGURES, "").str.replace(SAINT, "st ")
    return text.replace(table("cities"))


def region_parts(column: pl.Series) -> dict[str, pl.Series]:
    """`name` of a state or province; the short form where one is usual and no other region shares the long one."""
    listed = Dictionary.of(column)
    return {"name": listed.laid_out(_words(listed.values).replace(short_regions()))}


@cache
def short_regions() -> dict[str, str]:
    """Folded names of the states of the countries that write them short, to the short form."""
    named: dict[str, str | None] = {}
    for country in ("US", "CA", "AU", "BR", "MX", "IN"):
        for region in pycountry.subdivisions.get(country_code=country):  # type: ignore[no-untyped-call]
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


def postcode_parts(
    column: pl.Series, region: pl.Series | None = None, settled: str | None = None
) -> tuple[dict[str, pl.Series], str | None]:
    """`code` without spaces and signs, its leading part `area` (the outward code, or the first two or three figures).

    A zero that a spreadsheet took off the front is put back where the row's country, or nearly the whole column, has
    one figure more; how many the column has is given back too.
    """
    listed = Dictionary.of(column)
    text = without(plain(listed.values), NOWHERE).str.replace(r"\.0$", "")
    text = text.str.replace(WITH_COUNTRY, "$1")
    code = text.str.replace_all(r"[^\p{L}\p{N}]+", "").str.replace(EXTENDED, "$1")
    code = code.set((code.str.contains(r"^0+$") | (code == "")).fill_null(value=False), None)
    figures = settled or _figures(code, listed.counts())
    digits = pl.lit(int(figures), dtype=pl.UInt32) if figures else pl.lit(None, dtype=pl.UInt32)
    short = code.filter(code.str.contains(SHORT).fill_null(value=False))
    codes = listed.laid_out(code)
    if len(short):
        frame = pl.DataFrame({"code": codes}).with_columns(
            figures=digits if region is None else region.replace_strict(lengths(), default=None, return_dtype=pl.UInt32)
        )
        codes = frame.select(
            pl.when(pl.col("code").str.contains(SHORT) & (pl.col("code").str.len_bytes() + 1 == pl.col("figures")))
            .then("0" + pl.col("code"))
            .otherwise("code")
            .alias("code")
        ).to_series()
    again = Dictionary.of(codes)
    return {"code": codes, "area": again.laid_out(_areas(again.values))}, figures


def _areas(code: pl.Series) -> pl.Series:
    """The leading parts of distinct postcodes."""
    british, dutch, canadian = (code.str.extract(pattern) for pattern in AREAS)
    short = code.str.slice(0, 2).zip_with(code.str.len_chars() <= 4, code.str.slice(0, 3))
    return british.fill_null(dutch).fill_null(canadian).fill_null(short)


def _figures(code: pl.Series, n: npt.NDArray[np.int64]) -> str | None:
    """How many figures nearly all postcodes of a column have, if they are figures alone."""
    counted = pl.DataFrame({"figures": code.str.len_bytes(), "code": code, "n": n}).drop_nulls()
    lengths = counted.filter(pl.col("code").str.contains("^[0-9]+$")).group_by("figures").agg(pl.col("n").sum())
    usual = lengths.filter(pl.col("n") >= 0.9 * float(counted.get_column("n").sum())).get_column("figures")
    return str(usual.item()) if len(usual) == 1 else None


@cache
def lengths() -> dict[str, int]:
    """The figures of a postcode by country (alpha-2, lower), where it has nothing else and always as many."""
    plain_figures = re.compile(r"(?:\\d\{\d\}(?: \?|-\??)?)+")
    found = {
        code.lower(): sum(int(run) for run in re.findall(r"\{(\d)\}", rule))
        for code, rule in postcode_patterns().items()
        if plain_figures.fullmatch(rule)
    }
    return found | {"us": 5}
