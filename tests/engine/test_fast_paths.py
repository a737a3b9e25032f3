"""What a fast pattern settles, the library would have said too: shown on generated values and on every region's own."""

import re
import string

import phonenumbers
import polars as pl
import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from dataquality.engine.countries import iso2
from dataquality.engine.rules import to_e164
from dataquality.engine.rules.emails import plain_email
from dataquality.engine.rules.links import is_domain, is_url, plain_domain, plain_url
from dataquality.engine.rules.numbering import INVALID, settle
from dataquality.engine.rules.phones import library_e164
from dataquality.engine.rules.plain_numbers import plain_numbers

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
TYPES = [kind for kind in PhoneNumberType.values() if kind != PhoneNumberType.UNKNOWN]
WRITTEN = (PhoneNumberFormat.E164, PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.NATIONAL)


def settles(plain, text: str) -> bool:
    return bool(pl.DataFrame({"text": [text]}).select(plain(pl.col("text"))).item())


def own_numbers() -> list[tuple[str, str]]:
    """Each region's example number of each type, in three spellings, as the library's authors chose them."""
    numbers = ((region, phonenumbers.example_number_for_type(region, kind)) for region in REGIONS for kind in TYPES)
    return [
        (phonenumbers.format_number(number, form), region) for region, number in numbers if number for form in WRITTEN
    ]


OWN_NUMBERS = own_numbers()


@st.composite
def near_numbers(draw) -> tuple[str, str | None]:
    """A region's own number with a few signs changed, read in its own country, another one, or none."""
    text, region = draw(st.sampled_from(OWN_NUMBERS))
    signs = list(text)
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, max(0, len(signs) - 1)))
        change = draw(st.sampled_from(["digit", "insert", "delete", "plus", "zeros"]))
        if change == "digit" and signs and signs[at].isdigit():
            signs[at] = draw(st.sampled_from(string.digits))
        elif change == "insert":
            signs.insert(at, draw(st.sampled_from(string.digits + " -.()")))
        elif change == "delete" and signs:
            del signs[at]
        elif change == "plus":
            signs.insert(0, "+")
        elif change == "zeros":
            signs[:0] = ["0", "0"]
    country = draw(st.sampled_from([region, region, None, "DE", "US", "GB", "IT", "BB", "AR", "BR", "RU"]))
    return "".join(signs), country


def agree(text: str, region: str | None) -> bool:
    """`settle` says nothing, or what the library says. Only texts that the fast path takes are asked."""
    if not re.fullmatch(r"\+?[(]?[0-9][0-9 ().-]{4,24}", text):
        return True
    settled = settle(re.sub("[^0-9]", "", text), region, plus=text.startswith("+"))
    return settled is None or (settled or None) == library_e164(text, region)


@settings(max_examples=1200, deadline=None)
@given(near_numbers())
@example(("+018002128456", "DE"))
@example(("+49 (0)30 123456", "DE"))
@example(("0049 30 123456", "DE"))
@example(("1 (212) 555-0123", "US"))
def test_no_settled_phone_number_differs_from_the_library(number):
    assert agree(*number)


@settings(max_examples=600, deadline=None)
@given(
    st.from_regex(r"\+?[0-9][0-9 ().-]{4,18}", fullmatch=True).filter(str.isascii), st.sampled_from([*REGIONS, None])
)
def test_no_settled_random_figures_differ_from_the_library(text, region):
    assert agree(text, region)


def test_every_region_keeps_its_own_numbers_and_most_are_settled_without_the_library():
    numbers = [(text, region) for text, region in OWN_NUMBERS if iso2(region) == region]  # not Ascension, not Tristan
    frame = pl.DataFrame(numbers, schema=["phone", "country"], orient="row")

    ours = to_e164(frame, "phone", country_field="country").to_list()

    assert ours == [library_e164(text, region) for text, region in numbers]
    settled = [settle(re.sub("[^0-9]", "", text), region, plus=text.startswith("+")) for text, region in numbers]
    assert sum(bool(number) for number in settled) > 0.7 * len(settled)


def whole_column(numbers: list[tuple[str, str | None]]) -> pl.DataFrame:
    """The numbers as the fast path takes them, with what `settle` says of each and what the column's pass says."""
    rows = [(re.sub("[^0-9]", "", text) or None, region, text.startswith("+")) for text, region in numbers]
    frame = pl.DataFrame(rows, schema={"digits": pl.String, "region": pl.String, "plus": pl.Boolean}, orient="row")
    single = [None if digits is None else settle(digits, region, plus=plus) for digits, region, plus in rows]
    return frame.with_columns(settled=pl.Series(single, dtype=pl.String), plain=plain_numbers(frame))


@settings(max_examples=150, deadline=None)
@given(st.lists(near_numbers(), max_size=40))
def test_a_whole_column_is_settled_as_its_single_numbers_are(numbers):
    found = whole_column(numbers)

    assert found.filter(
        pl.col("plain").is_not_null() & (pl.col("plain") != pl.col("settled").fill_null("?"))
    ).is_empty()


def test_most_valid_numbers_are_settled_a_column_at_a_time():
    found = whole_column(list[tuple[str, str | None]](OWN_NUMBERS))

    assert found.filter(
        pl.col("plain").is_not_null() & (pl.col("plain") != pl.col("settled").fill_null("?"))
    ).is_empty()
    assert found.get_column("plain").count() > 0.6 * len(OWN_NUMBERS)


def test_plainly_wrong_numbers_are_settled_too():
    assert settle("2111111111", "US", plus=False) == INVALID
    assert settle("4900", None, plus=True) is None


local_signs = st.text(string.ascii_letters + string.digits + "._+'-%&\"(),:; ü用", min_size=0, max_size=20)
label = st.text(string.ascii_letters + string.digits + "-ü例", min_size=0, max_size=12)
domains = st.lists(label, min_size=1, max_size=4).map(".".join)
endings = st.sampled_from(["com", "de", "museum", "test", "local", "arpa", "c", "x1", "онлайн", "xn--p1ai", "invalid"])


@settings(max_examples=1200, deadline=None)
@given(local_signs, domains, endings)
@example("a", "ab--cd", "com")
@example("a.b", "x", "de")
@example("a..b", "x", "de")
@example("a" * 64, "x", "de")
@example(".a", "x", "de")
def test_every_plain_address_is_right_by_the_library(local, domain, ending):
    address = f"{local}@{domain}.{ending}"

    if settles(plain_email, address):
        validate_email(address, check_deliverability=False, allow_quoted_local=False, strict=True)


@settings(max_examples=600, deadline=None)
@given(st.emails())
def test_addresses_of_the_standard_are_settled_only_as_the_library_judges_them(address):
    try:
        validate_email(address, check_deliverability=False)
        right = True
    except EmailNotValidError:
        right = False

    assert right or not settles(plain_email, address)


@pytest.mark.parametrize("address", ["anna.berg@example.com", "a+tag@x.co.uk", "o'neil@firma-ag.de", "INFO@ACME.ORG"])
def test_everyday_addresses_never_reach_the_library(address):
    assert settles(plain_email, address)


@settings(max_examples=800, deadline=None)
@given(
    domains,
    endings,
    st.sampled_from(["", "http://", "https://", "ftp://", "http:/"]),
    st.text("ab/?=&#%. @", max_size=8),
)
@example("xn--ls8h", "la", "", "")
@example("ab--cd", "com", "https://", "/")
def test_every_plain_link_and_domain_is_right_by_the_careful_rules(domain, ending, scheme, rest):
    name = f"{domain}.{ending}"

    assert not settles(plain_domain, name) or is_domain(name)
    assert not settles(plain_url, scheme + name + rest) or is_url(scheme + name + rest)
