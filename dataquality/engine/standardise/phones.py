"""Telephone numbers as the digits that are dialled from abroad, by compiled trunk prefixes and calling codes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import phonenumbers
import polars as pl

from dataquality.engine.standardise.text import put

EXTENSION = r"(?i)[\s,;/]*(?:ext(?:ension|n)?|x|durchwahl|dw|poste|app|int|доб|内线|分机)[\s.:]*[0-9]{1,6}\s*$"
LETTERED = r"[^0-9+ ().\-/]"
SPOKEN = r"(?i)^tel[.: ]+"
FIGURE = r"^([0-9]{6,15})\.0$"  # a spreadsheet took it for one
SHORTEST, LONGEST = 5, 15
TAIL = 7
_WITHOUT_CODE = 11  # longer national numbers are services of machines
SUBSCRIBER = 8  # digits that follow a calling code written without its plus sign, at least
NOBODY = r"^(?:0+|1+|2+|3+|4+|5+|6+|7+|8+|9+|0?123456789?0?)$"


@dataclass(frozen=True)
class _Plan:
    calling: str
    trunk: str  # dialled before a number inside the country; empty where it is part of the number
    longest: int  # digits of a number without calling code


@cache
def plan_of(region: str) -> _Plan | None:
    """How numbers are dialled in a country (alpha-2)."""
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region, None)
    if metadata is None or metadata.general_desc is None:
        return None
    trunk = metadata.national_prefix or ""
    lengths = metadata.general_desc.possible_length
    longest = max((length for length in lengths if length <= _WITHOUT_CODE), default=max(lengths))
    return _Plan(str(metadata.country_code), trunk if trunk.isdigit() else "", longest)


@cache
def zero_trunks() -> str:
    """Calling codes of countries whose numbers are dialled with a 0 inside and without it from abroad, as a pattern."""
    codes = {
        plan.calling for region in phonenumbers.SUPPORTED_REGIONS if (plan := plan_of(region)) and plan.trunk == "0"
    }
    return rf"^({'|'.join(sorted(codes, key=lambda code: (-len(code), code)))})0+"


def phone_parts(column: pl.Series, region: pl.Series | None) -> dict[str, pl.Series]:
    """`number`, E.164 digits where the number or its row's country (alpha-2, lower) tells the country, else the
    national digits without trunk zeros; and `tail`, its last seven digits."""
    text = column.cast(pl.String).str.strip_chars()
    lettered = text.str.contains(LETTERED).fill_null(value=False)
    if lettered.any():
        bare = text.filter(lettered).str.normalize("NFKC").str.replace(EXTENSION, "").str.replace(SPOKEN, "")
        text = put(text, lettered.arg_true(), bare.str.replace_many(foreign_digits()))
    if text.str.ends_with(".0").any():
        text = text.str.replace(FIGURE, "$1")
    text = text.str.replace("(0)", "", literal=True)
    digits = text.str.replace_all(r"[^0-9]+", "")
    abroad = text.str.starts_with("+") | text.str.starts_with("00") | text.str.starts_with("(+")
    frame = pl.DataFrame({"digits": digits, "abroad": abroad}).with_columns(
        pl.when("abroad").then(pl.col("digits").str.strip_chars_start("0")).otherwise("digits").alias("digits")
    )
    frame = frame.with_columns(number=_national(frame, region)).with_columns(
        number=pl.when("abroad").then("digits").otherwise("number")
    )
    number = frame.get_column("number").str.replace(zero_trunks(), "$1")
    length = number.str.len_bytes()
    bad = (length < SHORTEST) | (length > LONGEST) | number.str.contains(NOBODY) | digits.str.contains(NOBODY)
    number = number.set(bad.fill_null(value=False), None)
    return {"number": number, "tail": number.str.tail(TAIL)}


def _national(frame: pl.DataFrame, region: pl.Series | None) -> pl.Series:
    """Digits without plus sign with the calling code of their row's country, else without trunk zeros."""
    bare = frame.get_column("digits").str.strip_chars_start("0")
    plans = {} if region is None else {code: plan_of(code.upper()) for code in region.unique().drop_nulls().to_list()}
    known = {code: plan for code, plan in plans.items() if plan}
    if region is None or not known:
        return bare
    asked = frame.with_columns(
        bare=bare,
        calling=_of_plan(region, {code: plan.calling for code, plan in known.items()}, pl.String),
        trunk=_of_plan(region, {code: plan.trunk for code, plan in known.items()}, pl.String),
        longest=_of_plan(region, {code: plan.longest for code, plan in known.items()}, pl.UInt32),
    )
    digits, calling, trunk = pl.col("digits"), pl.col("calling"), pl.col("trunk")
    length = digits.str.len_bytes()
    too_long = length > pl.col("longest")
    trunked = too_long & (trunk.str.strip_chars("0") != "") & digits.str.starts_with(trunk)
    unsigned = digits.str.starts_with(calling) & (
        too_long | ((trunk == "0") & (length >= calling.str.len_bytes() + SUBSCRIBER))
    )
    return asked.select(
        pl.when(calling.is_null())
        .then("bare")
        .when(trunked)
        .then(calling + digits.str.strip_prefix(trunk))
        .when(unsigned)
        .then(digits)
        .otherwise(calling + pl.when(trunk == "").then(digits).otherwise("bare"))
    ).to_series()


def _of_plan(region: pl.Series, facts: Mapping[str, str | int], dtype: type[pl.DataType]) -> pl.Series:
    return region.replace_strict(dict(facts), default=None, return_dtype=dtype)


@cache
def foreign_digits() -> dict[str, str]:
    """Arabic, Persian and Devanagari digits as ours."""
    return {chr(base + digit): str(digit) for base in (0x660, 0x6F0, 0x966) for digit in range(10)}
