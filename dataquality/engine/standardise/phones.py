"""Telephone numbers as the digits that are dialled from abroad, by compiled trunk prefixes and calling codes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import phonenumbers
import polars as pl

from dataquality.engine.standardise.text import put

_EXTENSION = r"(?i)[\s,;/]*(?:ext(?:ension|n)?|x|durchwahl|dw|poste|app|int|доб|内线|分机)[\s.:]*[0-9]{1,6}\s*$"
_SHORTEST, _LONGEST = 5, 15
_TAIL = 7
_WITHOUT_CODE = 11  # longer national numbers are services of machines
_SUBSCRIBER = 8  # digits that follow a calling code written without its plus sign, at least
_NOBODY = r"^(?:0+|1+|2+|3+|4+|5+|6+|7+|8+|9+|0?123456789?0?)$"


@dataclass(frozen=True)
class _Plan:
    calling: str
    trunk: str  # dialled before a number inside the country; empty where it is part of the number
    longest: int  # digits of a number without calling code


@cache
def _plan(region: str) -> _Plan | None:
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region, None)
    if metadata is None or metadata.general_desc is None:
        return None
    trunk = metadata.national_prefix or ""
    lengths = metadata.general_desc.possible_length
    longest = max((length for length in lengths if length <= _WITHOUT_CODE), default=max(lengths))
    return _Plan(str(metadata.country_code), trunk if trunk.isdigit() else "", longest)


@cache
def _zero_trunks() -> str:
    """Calling codes of countries whose numbers are dialled with a 0 inside and without it from abroad, as a pattern."""
    codes = {plan.calling for region in phonenumbers.SUPPORTED_REGIONS if (plan := _plan(region)) and plan.trunk == "0"}
    return rf"^({'|'.join(sorted(codes, key=lambda code: (-len(code), code)))})0+"


def phone_parts(column: pl.Series, region: pl.Series | None) -> dict[str, pl.Series]:
    """`number`, E.164 digits where the number or its row's country (alpha-2, lower) tells the country, else the
    national digits without trunk zeros; and `tail`, its last seven digits."""
    text = column.cast(pl.String).str.strip_chars()
    lettered = text.str.contains(r"[^0-9+ ().\-/]").fill_null(value=False)
    if lettered.any():
        bare = (
            text.filter(lettered).str.normalize("NFKC").str.replace(_EXTENSION, "").str.replace(r"(?i)^tel[.: ]+", "")
        )
        text = put(text, lettered.arg_true(), bare.str.replace_many(_foreign_digits()))
    if text.str.ends_with(".0").any():  # a spreadsheet took them for figures
        text = text.str.replace(r"^([0-9]{6,15})\.0$", "$1")
    text = text.str.replace("(0)", "", literal=True)
    digits = text.str.replace_all(r"[^0-9]+", "")
    abroad = text.str.starts_with("+") | text.str.starts_with("00") | text.str.starts_with("(+")
    frame = pl.DataFrame({"digits": digits, "abroad": abroad}).with_columns(
        pl.when("abroad").then(pl.col("digits").str.strip_chars_start("0")).otherwise("digits").alias("digits")
    )
    frame = frame.with_columns(number=_national(frame, region)).with_columns(
        number=pl.when("abroad").then("digits").otherwise("number")
    )
    number = frame.get_column("number").str.replace(_zero_trunks(), "$1")
    length = number.str.len_bytes()
    bad = (length < _SHORTEST) | (length > _LONGEST) | number.str.contains(_NOBODY) | digits.str.contains(_NOBODY)
    number = number.set(bad.fill_null(value=False), None)
    return {"number": number, "tail": number.str.tail(_TAIL)}


def _national(frame: pl.DataFrame, region: pl.Series | None) -> pl.Series:
    """Digits without plus sign with the calling code of their row's country, else without trunk zeros."""
    bare = frame.get_column("digits").str.strip_chars_start("0")
    plans = {} if region is None else {code: _plan(code.upper()) for code in region.unique().drop_nulls().to_list()}
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
        too_long | ((trunk == "0") & (length >= calling.str.len_bytes() + _SUBSCRIBER))
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
def _foreign_digits() -> dict[str, str]:
    return {chr(base + digit): str(digit) for base in (0x660, 0x6F0, 0x966) for digit in range(10)}
