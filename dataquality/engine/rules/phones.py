"""Phone numbers: the plain ones are settled by patterns built from the library's own metadata, the rest by the library.

The fast path only ever says "valid, and this is its E.164 form", and only where the library is bound to agree; every
doubt (carrier codes, transformed prefixes, extensions, other scripts) is the library's.
"""

import re
from functools import cache, lru_cache, reduce

import phonenumbers
import polars as pl
from phonenumbers.phonemetadata import PhoneMetadata, PhoneNumberDesc

from dataquality.engine.faults import Verdict, judged
from dataquality.engine.places import region_column

_WRITTEN_PLAINLY = r"^\+?[(]?[0-9][0-9 ().-]{4,24}$"
_SCIENTIFIC = re.compile(r"^\d(?:[.,]\d+)?[eE]\+?\d+$")
_NEVER = "[^\\s\\S]"


def phone_faults(frame: pl.DataFrame, field: str, country_field: str | None, default: str | None) -> pl.DataFrame:
    """Faulty numbers of one column, each read in the country of its row, else in the default country."""
    rows = _with_e164(frame, field, country_field, default).filter(
        pl.col("text").is_not_null() & pl.col("e164").is_null())
    return judged(rows, ["text", "region"], judge_phone)


def to_e164(frame: pl.DataFrame, field: str, *, country_field: str | None = None, default: str | None = None) -> pl.Series:
    """The numbers of one column as `+4930123456`; null where blank or not valid. Extensions are dropped."""
    rows = _with_e164(frame, field, country_field, default)
    rest = rows.filter(pl.col("text").is_not_null() & pl.col("e164").is_null()).select("text", "region").unique()
    asked = rest.with_columns(library=pl.Series(
        [library_e164(text, region) for text, region in rest.iter_rows()], dtype=pl.String))
    joined = rows.join(asked, on=["text", "region"], how="left", nulls_equal=True, maintain_order="left")
    return joined.select(pl.coalesce("e164", "library").alias(field)).to_series()


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
    # A spreadsheet eats the plus sign: where the digits alone are a whole international number, say so.
    if len(digits) >= 11 and not text.startswith("+") and (lost_plus := library_e164(f"+{digits}", None)):
        return Verdict("phone_invalid", lost_plus)
    return Verdict("phone_invalid")


def _with_e164(frame: pl.DataFrame, field: str, country_field: str | None, default: str | None) -> pl.DataFrame:
    """`row` (where there is one), `value`, `text`, `region`, and `e164` where the fast path is sure."""
    text = pl.col(field).cast(pl.String).str.strip_chars()
    rows = frame.select(
        *(["row"] if "row" in frame.columns else []),
        value=pl.col(field).cast(pl.String),
        text=pl.when(text != "").then(text),
        region=region_column(frame, country_field, default),
    ).with_columns(
        digits=pl.when(pl.col("text").str.contains(_WRITTEN_PLAINLY)).then(pl.col("text").str.replace_all("[^0-9]", "")),
        plus=pl.col("text").str.starts_with("+"),
    )
    dial_out = _dials_out_with_00()
    rows = rows.with_columns(
        plus=pl.col("plus") | (pl.col("digits").str.contains("^00[1-9]") & pl.col("region").is_in(dial_out)),
        digits=pl.when(~pl.col("plus") & pl.col("digits").str.contains("^00[1-9]") & pl.col("region").is_in(dial_out))
        .then(pl.col("digits").str.slice(2)).otherwise(pl.col("digits")),
    ).with_row_index("at")
    settled = [_international(rows), *_national(rows)]
    found = pl.concat([part for part in settled if part.height] or [pl.DataFrame(schema={"at": pl.UInt32, "e164": pl.String})])
    return rows.join(found, on="at", how="left", maintain_order="left").drop("at", "digits", "plus")


def _international(rows: pl.DataFrame) -> pl.DataFrame:
    codes = rows.filter(pl.col("plus") & pl.col("digits").is_not_null()).select("at", "digits").with_columns(
        code=pl.col("digits").str.extract(_calling_code_pattern()))
    parts = []
    for (code,), group in codes.filter(pl.col("code").is_not_null()).group_by("code"):
        calling = int(str(code))
        numbers = group.select("at", "digits", nsn=pl.col("digits").str.slice(len(str(code))))
        main = _metadata(phonenumbers.region_code_for_country_code(calling))
        sure = ~_starts_with_prefix(pl.col("nsn"), main) & valid_nsn(pl.col("nsn"), calling)
        parts.append(numbers.filter(sure).select("at", e164="+" + pl.col("digits")))
    return pl.concat(parts) if parts else pl.DataFrame(schema={"at": pl.UInt32, "e164": pl.String})


def _national(rows: pl.DataFrame) -> list[pl.DataFrame]:
    local = rows.filter(~pl.col("plus") & pl.col("digits").is_not_null() & pl.col("region").is_not_null())
    parts = []
    for (region,), group in local.group_by("region"):
        metadata = _metadata(str(region))
        if metadata is None:
            continue
        calling, trunk = metadata.country_code, _simple_trunk(metadata)
        digits = pl.col("digits")
        prefixed = _starts_with_prefix(digits, metadata)
        nsn = pl.when(~prefixed).then(digits)
        if trunk:
            nsn = nsn.when(digits.str.starts_with(trunk)).then(digits.str.slice(len(trunk)))
        unclear = digits.str.contains(f"^(?:{metadata.international_prefix or _NEVER})")
        if trunk != str(calling):  # in North America the trunk prefix and the calling code are the same 1
            unclear = unclear | digits.str.starts_with(str(calling))
        sure = group.select("at", nsn=nsn, unclear=unclear).filter(~pl.col("unclear") & valid_nsn(pl.col("nsn"), calling))
        parts.append(sure.select("at", e164=f"+{calling}" + pl.col("nsn")))
    return parts


def valid_nsn(nsn: pl.Expr, calling: int) -> pl.Expr:
    """A national significant number that some region of the calling code has, whichever the library asks first."""
    metadata = [_metadata(region) for region in phonenumbers.COUNTRY_CODE_TO_REGION_CODE[calling]]
    regions = [region for region in metadata if region is not None]
    led = [region for region in regions if region.leading_digits is not None] if len(regions) > 1 else []
    free = [region for region in regions if region not in led]
    leads = [nsn.str.contains(f"^(?:{region.leading_digits})") for region in led]
    none_leads = ~reduce(lambda one, other: one | other, leads, pl.lit(value=False))
    sure = none_leads & reduce(lambda one, other: one | other, map(lambda region: _typed(nsn, region), free), pl.lit(value=False))
    for region, lead in zip(led, leads, strict=True):
        others = reduce(lambda one, other: one | other, (each for each in leads if each is not lead), pl.lit(value=False))
        sure = sure | (lead & ~others & _typed(nsn, region))
    return sure.fill_null(value=False)


def _typed(nsn: pl.Expr, region: PhoneMetadata) -> pl.Expr:
    """The number is a fixed, mobile or free one of the region (the library's rarer types are left to it)."""
    kinds = (_fits(nsn, desc) for desc in (region.fixed_line, region.mobile, region.toll_free))
    return _fits(nsn, region.general_desc) & reduce(lambda one, other: one | other, kinds)


def _fits(nsn: pl.Expr, desc: PhoneNumberDesc | None) -> pl.Expr:
    if desc is None or not desc.national_number_pattern:
        return pl.lit(value=False)
    fits = nsn.str.contains(f"^(?:{desc.national_number_pattern})$".replace(r"\d", "[0-9]"))
    lengths = [length for length in desc.possible_length if length > 0]
    return fits & nsn.str.len_bytes().is_in(lengths) if lengths else fits


def _starts_with_prefix(digits: pl.Expr, metadata: PhoneMetadata | None) -> pl.Expr:
    prefix = metadata.national_prefix_for_parsing if metadata else None
    return digits.str.contains(f"^(?:{prefix})") if prefix else pl.lit(value=False)


def _simple_trunk(metadata: PhoneMetadata) -> str | None:
    """The trunk prefix where stripping it is all that the library does with it."""
    trunk, parsing = metadata.national_prefix, metadata.national_prefix_for_parsing
    if not trunk or not trunk.isdigit() or not parsing:
        return None
    if parsing == trunk or (metadata.country_code == 1 and trunk == "1" and parsing.endswith("|1")):
        return trunk
    return None


@cache
def _metadata(region: str) -> PhoneMetadata | None:
    return PhoneMetadata.metadata_for_region(region, None)


@cache
def _calling_code_pattern() -> str:
    """Calling codes of countries; those of no country (800, 870 …) are left to the library."""
    codes = [str(code) for code, regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items() if regions != ("001",)]
    return f"^({'|'.join(codes)})"


@cache
def _dials_out_with_00() -> list[str]:
    regions = ((region, _metadata(region)) for region in phonenumbers.SUPPORTED_REGIONS)
    return sorted(region for region, metadata in regions if metadata and metadata.international_prefix == "00")
