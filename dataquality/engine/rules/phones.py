"""Phone numbers: the plain ones are settled by compiled numbering plans, the rest by the phonenumbers library."""

import re
from functools import lru_cache

import phonenumbers
import polars as pl

from dataquality.engine.faults import FOUND, Verdict, judged
from dataquality.engine.places import region_column
from dataquality.engine.rules.numbering import INVALID, settle
from dataquality.engine.rules.plain_numbers import plain_numbers

_WRITTEN_PLAINLY = r"^\+?[(]?[0-9][0-9 ().-]{4,24}$"
_SCIENTIFIC = re.compile(r"^\d(?:[.,]\d+)?[eE]\+?\d+$")
_WHOLE = 11  # digits from which a number may have been an international one that lost its plus sign


def phone_faults(frame: pl.DataFrame, field: str, country_field: str | None, default: str | None) -> pl.DataFrame:
    """Faulty numbers of one column, each read in the country of its row, else in the default country."""
    rows = _settled(frame, field, country_field, default).filter(pl.col("text").is_not_null())
    wrong = rows.filter(pl.col("e164") == INVALID).select(
        "row",
        "value",
        code=pl.lit("phone_invalid"),
        suggestion=pl.when(~pl.col("plus") & (pl.col("digits").str.len_bytes() >= _WHOLE)).then("digits"),
    )
    lost = {digits: with_lost_plus(digits) for digits in wrong.get_column("suggestion").unique().drop_nulls().to_list()}
    sure = wrong.with_columns(pl.col("suggestion").replace_strict(lost, default=None, return_dtype=pl.String))
    unsure = rows.filter(pl.col("e164").is_null())
    return pl.concat([sure.select(list(FOUND)).cast(pl.Schema(FOUND)), judged(unsure, ["text", "region"], judge_phone)])


def to_e164(
    frame: pl.DataFrame, field: str, *, country_field: str | None = None, default: str | None = None
) -> pl.Series:
    """The numbers of one column as `+4930123456`; null where blank or not valid. Extensions are dropped."""
    rows = _settled(frame, field, country_field, default)
    rest = rows.filter(pl.col("text").is_not_null() & pl.col("e164").is_null()).select("text", "region").unique()
    asked = rest.with_columns(
        library=pl.Series([library_e164(text, region) for text, region in rest.iter_rows()], dtype=pl.String)
    )
    joined = rows.join(asked, on=["text", "region"], how="left", nulls_equal=True, maintain_order="left")
    number = pl.coalesce("e164", "library")
    return joined.select(pl.when(number != INVALID).then(number).alias(field)).to_series()


@lru_cache(maxsize=65_536)
def library_e164(text: str, region: str | None) -> str | None:
    """The library's own answer: the E.164 form of a valid number, else null."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def judge_phone(text: str, region: str | None) -> Verdict | None:
    if library_e164(text, region):
        return None
    if _SCIENTIFIC.match(text):
        return Verdict("phone_scientific")
    digits = re.sub(r"\D", "", text)
    if region is None and 7 <= len(digits) <= 15 and not text.startswith("+") and not re.search(r"[^\W\d_]", text):
        return Verdict("phone_country_unknown")
    if not text.startswith("+"):
        return Verdict("phone_invalid", with_lost_plus(digits))
    return Verdict("phone_invalid")


def with_lost_plus(digits: str) -> str | None:
    """A spreadsheet eats the plus sign: the E.164 form where the digits alone are a whole international number."""
    if len(digits) < _WHOLE:
        return None
    settled = settle(digits, None, plus=True)
    return (library_e164(f"+{digits}", None) if settled is None else settled) or None


def _settled(frame: pl.DataFrame, field: str, country_field: str | None, default: str | None) -> pl.DataFrame:
    """`row` (where there is one), `value`, `text`, `region`, `digits`, `plus`, and `e164` where `settle` is sure."""
    text = pl.col(field).cast(pl.String).str.strip_chars()
    rows = frame.select(
        *(["row"] if "row" in frame.columns else []),
        value=pl.col(field).cast(pl.String),
        text=pl.when(text != "").then(text),
        region=region_column(frame, country_field, default),
    ).with_columns(
        digits=pl.when(pl.col("text").str.contains(_WRITTEN_PLAINLY)).then(
            pl.col("text").str.replace_all("[^0-9]", "")
        ),
        plus=pl.col("text").str.starts_with("+"),
    )
    rows = rows.with_columns(e164=plain_numbers(rows))
    doubtful = pl.col("e164").is_null() & pl.col("digits").is_not_null()
    asked = rows.filter(doubtful).select("digits", "region", "plus").unique()
    answers = [settle(digits, region, plus=plus) for digits, region, plus in asked.iter_rows()]
    settled = asked.with_columns(settled=pl.Series(answers, dtype=pl.String))
    return (
        rows.join(settled, on=["digits", "region", "plus"], how="left", nulls_equal=True, maintain_order="left")
        .with_columns(e164=pl.coalesce("e164", "settled"))
        .drop("settled")
    )
