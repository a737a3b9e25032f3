"""Format rules: `params["as"]` names the form a value must have."""

import re
from collections.abc import Callable
from functools import cache

import polars as pl
import pycountry

from dataquality.engine import countries
from dataquality.engine.faults import Rule, Verdict, judged, text_of
from dataquality.engine.identifiers import (
    GUID_PATTERN,
    ROUNDED_PATTERN,
    SALESFORCE_PATTERN,
    SCIENTIFIC_PATTERN,
    is_guid,
    is_salesforce_id,
)
from dataquality.engine.parse import (
    DateFormat,
    NumberFormat,
    boolean_codes,
    date_codes,
    number_codes,
)
from dataquality.engine.rules.emails import judge_email, plain_email
from dataquality.engine.rules.links import judge_domain, judge_url, plain_domain, plain_url
from dataquality.engine.rules.phones import phone_faults
from dataquality.engine.rules.postcodes import postcode_faults
from dataquality.engine.rules.private import judge_private, suspect_private

_SYMBOLS = {
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "₩": "KRW",
    "US$": "USD",
    "A$": "AUD",
    "C$": "CAD",
    "RMB": "CNY",
    "人民币": "CNY",
    "EURO": "EUR",
    "EUROS": "EUR",
    "DOLLAR": "USD",
    "DOLLARS": "USD",
}


def format_faults(frame: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    """Values that do not have the rule's form. Blank is never a wrong form: that is for `required`."""
    form = str(rule.params.get("as"))
    if form in _BY_COUNTRY:
        default = rule.params.get("default_country")
        return _BY_COUNTRY[form](frame, rule.field, rule.params.get("country_field"), default)
    if form in _READINGS:
        return _unreadable(frame, rule, form)
    if form not in _FORMS:
        raise ValueError(
            f"Rule “{rule.slug}”: no form is called “{form}”; there are {', '.join(sorted(known_forms()))}."
        )
    settled, judge = _FORMS[form]
    text = text_of(pl.col(rule.field))
    suspects = frame.select("row", value=pl.col(rule.field).cast(pl.String), text=text).filter(
        pl.col("text").is_not_null() & ~settled(pl.col("text"))
    )
    return judged(suspects, ["text"], judge)


def known_forms() -> set[str]:
    return set(_FORMS) | set(_BY_COUNTRY) | set(_READINGS)


def judge_country(text: str) -> Verdict | None:
    if countries.iso2(text):
        return None
    if countries.shared_name(text):
        return Verdict("country_shared")
    near = countries.nearest_countries(text)
    return Verdict("country_unknown", countries.country_name(near[0]) if len(near) == 1 else None)


@cache
def _currencies() -> frozenset[str]:
    return frozenset(currency.alpha_3 for currency in pycountry.currencies)


def _judge_currency(text: str) -> Verdict | None:
    if text.upper() in _currencies():
        return None
    return Verdict("currency_unknown", _SYMBOLS.get(text.upper()))


def _judge_salesforce(text: str) -> Verdict | None:
    if is_salesforce_id(text):
        return None
    return Verdict("salesforce_id_case" if re.fullmatch(r"[A-Za-z0-9]{18}", text) else "salesforce_id_invalid")


def _judge_guid(text: str) -> Verdict | None:
    return None if is_guid(text) else Verdict("guid_invalid")


def _judge_identifier(text: str) -> Verdict | None:
    return Verdict("identifier_scientific" if re.search(SCIENTIFIC_PATTERN, text) else "identifier_rounded")


def _judge_pattern_free(text: pl.Expr) -> pl.Expr:
    return ~(text.str.contains(SCIENTIFIC_PATTERN) | text.str.contains(ROUNDED_PATTERN))


def _never(text: pl.Expr) -> pl.Expr:
    return pl.lit(value=False)


def _not_private(text: pl.Expr) -> pl.Expr:
    return ~suspect_private(text)


Settled = Callable[[pl.Expr], pl.Expr]  # certainly right, without asking the judge
Judge = Callable[[str], Verdict | None]
_FORMS: dict[str, tuple[Settled, Judge]] = {
    "email": (plain_email, judge_email),
    "url": (plain_url, judge_url),
    "domain": (plain_domain, judge_domain),
    "country": (_never, judge_country),
    "currency": (_never, _judge_currency),
    "salesforce_id": (
        lambda text: text.str.contains(SALESFORCE_PATTERN) & (text.str.len_bytes() == 15),
        _judge_salesforce,
    ),
    "guid": (lambda text: text.str.contains(GUID_PATTERN), _judge_guid),
    "identifier": (_judge_pattern_free, _judge_identifier),
    "free_text": (_not_private, judge_private),
}
_BY_COUNTRY = {"phone": phone_faults, "postcode": postcode_faults}
_READINGS = frozenset({"date", "number", "boolean"})


def _unreadable(frame: pl.DataFrame, rule: Rule, form: str) -> pl.DataFrame:
    """Raw text that the column's decided format (`params["format"]`, its JSON) does not read."""
    values = frame.get_column(rule.field)
    if form == "date":
        codes = date_codes(values, DateFormat.from_json(str(rule.params["format"])))
    elif form == "number":
        codes = number_codes(values, NumberFormat.from_json(str(rule.params["format"])))
    else:
        codes = boolean_codes(values).alias("code").to_frame().with_columns(suggestion=pl.lit(None, dtype=pl.String))
    found = frame.select(pl.col("row").cast(pl.Int64), value=pl.col(rule.field).cast(pl.String)).hstack(codes)
    return found.filter(pl.col("code").is_not_null()).select("row", "code", "value", "suggestion")
