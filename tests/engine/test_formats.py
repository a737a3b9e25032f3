"""Formats: what is faulted, what is suggested, and above all what is left alone."""

import polars as pl
import pytest

from dataquality.engine.rules import Rule
from dataquality.engine.rules.formats import format_faults, known_forms

VALUES = {"row", "code", "value", "suggestion"}


def judge(form: str, *cells: str | None, **params) -> dict[str | None, tuple[str, str | None]]:
    frame = pl.DataFrame({"row": range(len(cells)), "cell": pl.Series(cells, dtype=pl.String)})
    found = format_faults(frame, Rule("r", "format", "cell", params={"as": form, **params}))
    assert set(found.columns) == VALUES
    return {value: (code, suggestion) for _, code, value, suggestion in found.iter_rows()}


def with_country(form: str, *cells: tuple[str, str | None], **params) -> dict[str, tuple[str, str | None]]:
    frame = pl.DataFrame(
        {"row": range(len(cells)), "cell": [cell for cell, _ in cells], "country": [country for _, country in cells]}
    )
    found = format_faults(frame, Rule("r", "format", "cell", params={"as": form, "country_field": "country", **params}))
    return {value: (code, suggestion) for _, code, value, suggestion in found.iter_rows()}


@pytest.mark.parametrize("form", sorted(known_forms() - {"date", "number"}))
def test_blank_is_never_a_wrong_form(form):
    assert judge(form, None, "", "  ", default_country="DE") == {}


def test_a_form_that_nobody_knows_is_refused_by_name():
    with pytest.raises(ValueError, match="no form is called “emial”"):
        judge("emial", "x")


def test_addresses_of_all_scripts_are_right_and_broken_ones_say_what_was_meant():
    assert judge(
        "email",
        "Anna@Example.com",
        "user@münchen.de",
        "用户@例子.公司",
        "a+b@x.de",
        '"very odd"@example.com',
        " a@x.de ",
        "a@b",
        "a@@b.com",
        "a@x.de; b@x.de",
        "mailto:a@x.de",
        "Anna Berg <a@x.de>",
        "a @ x.de",
        "a@x,com",
        "a(at)x.de",
        "a@x.de\r\nBcc: v@x.de",
        "a@pаypal.com",
        "n/a",
    ) == {
        "a@b": ("email_invalid", None),
        "a@@b.com": ("email_invalid", None),
        "a@x.de; b@x.de": ("email_two", None),
        "mailto:a@x.de": ("email_invalid", "a@x.de"),
        "Anna Berg <a@x.de>": ("email_invalid", "a@x.de"),
        "a @ x.de": ("email_invalid", "a@x.de"),
        "a@x,com": ("email_invalid", "a@x.com"),
        "a(at)x.de": ("email_invalid", "a@x.de"),
        "a@x.de\r\nBcc: v@x.de": ("email_line_break", None),
        "a@pаypal.com": ("email_mixed_script", None),
        "n/a": ("email_invalid", None),
    }


def test_a_number_is_read_in_the_country_of_its_row():
    assert with_country(
        "phone",
        ("030 123456", "Germany"),
        ("030 123456", "德国"),
        ("020 7946 0958", "UK"),
        ("+49 (0)30 123456", None),
        ("0049 30 123456", "DE"),
        ("(212) 555-2368", "USA"),
        ("030 123456", "Atlantis"),
        ("12", "Germany"),
        ("tel", "Germany"),
        ("4.93012E+11", "Germany"),
        ("4930123456789", "USA"),
        ("212 555 23680000", "USA"),
        ("030 123456 ext. 5", "Germany"),
    ) == {
        "030 123456": ("phone_country_unknown", None),
        "12": ("phone_invalid", None),
        "tel": ("phone_invalid", None),
        "4.93012E+11": ("phone_scientific", None),
        "4930123456789": ("phone_invalid", "+4930123456789"),
        "212 555 23680000": ("phone_invalid", None),
    }


def test_the_default_country_is_for_rows_without_one():
    assert with_country("phone", ("030 123456", None), ("030 123456", ""), default_country="DE") == {}


def test_postcodes_follow_their_country_in_any_usual_spacing():
    assert with_country(
        "postcode",
        ("01067", "Germany"),
        ("94107-1234", "US"),
        ("SW1A1AA", "UK"),
        ("sw1a 1aa", "England"),
        ("1234AB", "NL"),
        ("00950", "Poland"),
        ("100 00", "Czechia"),
        ("266033", "中国"),
        ("1540023", "Japan"),
        ("whatever", "Hong Kong"),
        ("whatever", None),
        ("H3Z2Y7", "Canada"),
        ("1067", "Germany"),
        ("501", "US"),
        ("D-01068", "Germany"),
        ("12345.0", "Germany"),
        ("ABC", "Germany"),
        ("123456", "Germany"),
    ) == {
        "1067": ("postcode_zero_lost", "01067"),
        "501": ("postcode_zero_lost", "00501"),
        "D-01068": ("postcode_invalid", "01068"),
        "12345.0": ("postcode_invalid", "12345"),
        "ABC": ("postcode_invalid", None),
        "123456": ("postcode_invalid", None),
    }


def test_countries_are_understood_in_many_languages_and_doubt_is_a_question():
    right = [
        "Germany",
        "DEU",
        "de",
        "Deutschland",
        "U.S.A.",
        "United States",
        "英国",
        "中国",
        "España",
        "Côte d'Ivoire",
        "Jordan",
        "South Korea",
        "Korea, Republic of",
        "TÜRKİYE",
        "Niger",
        "Nigeria",
        "Viet Nam",
        "россия",
    ]

    assert judge("country", *right, "Korea", "Philipines", "Germny", "Untied States", "Narnia") == {
        "Korea": ("country_shared", None),
        "Philipines": ("country_unknown", "Philippines"),
        "Germny": ("country_unknown", "Germany"),
        "Untied States": ("country_unknown", "United States"),
        "Narnia": ("country_unknown", None),
    }


def test_links_and_domains_are_mended_only_where_it_is_plain():
    assert judge(
        "url",
        "www.acme.com",
        "https://acme.com/a?b=c#d",
        "acme.com",
        "http://例子.公司/",
        "http://192.0.2.1:8080/x",
        "https://x.de/ä",
        "http//acme.com",
        "https:/acme.com",
        "http://http://acme.com",
        "www,acme.com",
        "acme",
        "ftp://acme.com",
        "javascript:alert(1)",
        "info@acme.com",
        "http://user:pw@acme.com",
        "https://acme .com",
    ) == {
        "http//acme.com": ("url_invalid", "http://acme.com"),
        "https:/acme.com": ("url_invalid", "https://acme.com"),
        "http://http://acme.com": ("url_invalid", "http://acme.com"),
        "www,acme.com": ("url_invalid", "www.acme.com"),
        "acme": ("url_invalid", None),
        "ftp://acme.com": ("url_invalid", None),
        "javascript:alert(1)": ("url_invalid", None),
        "info@acme.com": ("url_is_email", None),
        "http://user:pw@acme.com": ("url_invalid", None),
        "https://acme .com": ("url_invalid", None),
    }
    assert judge("domain", "acme.com", "münchen.de", "https://www.acme.com/x", "acme", "192.0.2.1") == {
        "https://www.acme.com/x": ("domain_invalid", "acme.com"),
        "acme": ("domain_invalid", None),
        "192.0.2.1": ("domain_invalid", None),
    }


def test_ids_that_a_spreadsheet_damaged_are_told_from_whole_ones():
    assert judge("identifier", "00123", "123", "12345678901234567890", "A-1", "1.23457E+17", "1234567890123450000") == {
        "1.23457E+17": ("identifier_scientific", None),
        "1234567890123450000": ("identifier_rounded", None),
    }
    assert judge("salesforce_id", "0014W00002AKpQZ", "0014W00002AKpQZQA1", "0014W00002AKPQZQA1", "0014W0") == {
        "0014W00002AKPQZQA1": ("salesforce_id_case", None),
        "0014W0": ("salesforce_id_invalid", None),
    }
    assert judge("guid", "{6F9619FF-8B86-D011-B42D-00CF4FC964FF}", "6f9619ff") == {"6f9619ff": ("guid_invalid", None)}
    assert judge("currency", "EUR", "usd", "€", "Taler") == {
        "€": ("currency_unknown", "EUR"),
        "Taler": ("currency_unknown", None),
    }


def test_a_fault_carries_the_cell_as_it_stands_in_the_record():
    assert judge("email", " mailto:a@x.de ") == {" mailto:a@x.de ": ("email_invalid", "a@x.de")}
