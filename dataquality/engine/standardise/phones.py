"""Telephone numbers as the digits that are dialled from abroad, by compiled trunk prefixes and calling codes."""

from dataclasses import dataclass
from functools import cache

import phonenumbers
import polars as pl

_EXTENSION = r"(?i)[\s,;/]*(?:ext(?:ension|n)?|x|durchwahl|dw|poste|app|int|доб|内线|分机)[\s.:]*[0-9]{1,6}\s*$"
_SHORTEST, _LONGEST = 5, 15
_TAIL = 7
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
    longest = max(metadata.general_desc.possible_length)
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
        bare = bare.str.replace(r"^([0-9]{6,15})\.0$", "$1")
        text = text.scatter(lettered.arg_true(), bare.str.replace_many(_foreign_digits()))
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
    if region is None:
        return bare
    regions = [code for code in region.unique().drop_nulls().sort().to_list() if _plan(code.upper())]
    plans = {code: plan for code in regions if (plan := _plan(code.upper()))}
    if not plans:
        return bare
    asked = frame.with_columns(
        bare=bare,
        calling=region.replace_strict(
            {code: plan.calling for code, plan in plans.items()}, default=None, return_dtype=pl.String
        ),
        trunk=region.replace_strict(
            {code: plan.trunk for code, plan in plans.items()}, default=None, return_dtype=pl.String
        ),
        longest=region.replace_strict(
            {code: plan.longest for code, plan in plans.items()}, default=None, return_dtype=pl.UInt32
        ),
    )
    whole = (pl.col("digits").str.len_bytes() > pl.col("longest")) & pl.col("digits").str.starts_with(pl.col("calling"))
    trunked = (
        (pl.col("trunk") != "")
        & (pl.col("trunk") != "0")
        & ((pl.col("digits").str.len_bytes() > pl.col("longest")) & pl.col("digits").str.starts_with(pl.col("trunk")))
    )
    inside = (
        pl.when(trunked)
        .then(pl.col("digits").str.strip_prefix(pl.col("trunk")))
        .when(pl.col("trunk") == "")
        .then("digits")
        .otherwise("bare")
    )
    return asked.select(
        pl.when(pl.col("calling").is_null())
        .then("bare")
        .when(whole & ~trunked)
        .then("digits")
        .otherwise(pl.col("calling") + inside)
    ).to_series()


@cache
def _foreign_digits() -> dict[str, str]:
    return {chr(base + digit): str(digit) for base in (0x660, 0x6F0, 0x966) for digit in range(10)}
