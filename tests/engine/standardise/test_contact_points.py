"""E-mail and web addresses and telephone numbers: one spelling of each."""

import polars as pl
import pytest

from dataquality.engine.kinds import Kind
from dataquality.engine.rules import to_e164
from dataquality.engine.standardise import standardise
from tests.engine.standardise.read import column


@pytest.mark.parametrize(
    ("written", "address", "domain"),
    [
        ("Anna.Schmidt+CRM@Acme.DE", "anna.schmidt@acme.de", "acme.de"),
        ("a.n.n.a+x@googlemail.com", "anna@gmail.com", None),
        ("anna@eu.mail.acme.co.uk", "anna@eu.mail.acme.co.uk", "acme.co.uk"),
        ("mailto:anna@acme.de", "anna@acme.de", "acme.de"),
        ("Anna Schmidt <anna@acme.de>", "anna@acme.de", "acme.de"),
        ("anna@acme.de; info@acme.de", "anna@acme.de", "acme.de"),
        ("anna (at) acme.de", "anna@acme.de", "acme.de"),
        ("anna@example.com", "anna@example.com", None),
        ("用户@例子.广告", "用户@例子.广告", "例子.广告"),
        ("n/a", None, None),
        ("noemail@acme.de", None, None),
        ("anna at home", None, None),
        ("@acme.de", None, None),
    ],
)
def test_an_address_has_one_spelling(written, address, domain):
    read = column(Kind.EMAIL, written)

    assert (read["address"], read["domain"]) == ([address], [domain])


def test_an_address_says_whether_it_is_a_role_and_whether_anyone_may_have_one():
    read = column(Kind.EMAIL, "info@acme.de", "Ventes2@acme.fr", "anna@gmail.com", "anna@acme.de", None)

    assert read["role"] == [True, True, False, False, None]
    assert read["free"] == [False, False, True, False, None]
    assert read["local"] == ["info", "ventes2", "anna", "anna", None]


@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("https://www.Acme.de/about?x=1", "acme.de"),
        ("acme.de", "acme.de"),
        ("http://shop.acme.com.br:8080", "acme.com.br"),
        ("//cdn.acme.io", "acme.io"),
        ("www2.acme.co.jp", "acme.co.jp"),
        ("https://anna:pw@acme.de", "acme.de"),
        ("localhost", None),
        ("n/a", None),
    ],
)
def test_a_web_address_is_the_host_somebody_registered(written, host):
    assert column(Kind.URL, written)["host"] == [host]
    assert column(Kind.DOMAIN, written)["host"] == [host]


NUMBERS = [
    ("+49 (0)30 901820", "DE", "4930901820"),
    ("030 901820", "Germany", "4930901820"),
    ("0049 30 901820", None, "4930901820"),
    ("020 7946 0018", "UK", "442079460018"),
    ("(212) 555-2368", "US", "12125552368"),
    ("1-212-555-2368", "US", "12125552368"),
    ("212.555.2368 ext. 413", "United States", "12125552368"),
    ("06 1234 5678", "IT", "390612345678"),
    ("612 34 56 78", "ES", "34612345678"),
    ("34612345678", "ES", "34612345678"),
    ("8 (495) 123-45-67", "RU", "74951234567"),
    ("09 1234 5678", "AU", "61912345678"),
    ("+33 1 42 68 53 00", "DE", "33142685300"),
    ("٠٣٠٩٠١٨٢٠", "DE", "4930901820"),
    ("2125552368.0", "US", "12125552368"),
    ("030 901820", None, "30901820"),
]


@pytest.mark.parametrize(("written", "land", "number"), NUMBERS)
def test_a_number_is_what_is_dialled_from_abroad(written, land, number):
    table = pl.DataFrame({"phone": [written], "land": [land]}, schema={"phone": pl.String, "land": pl.String})

    read = standardise(table, {"phone": Kind.PHONE, "land": Kind.COUNTRY}).slots[0].parts

    assert read["number"].to_list() == [number]
    assert read["tail"].to_list() == [number[-7:]]


def test_where_the_numbers_library_knows_a_number_we_say_the_same():
    rows = [(text, land) for text, land, _ in NUMBERS if land] + [
        ("01 42 68 53 00", "FR"),
        ("0171 1234567", "DE"),
        ("(11) 91234-5678", "BR"),
        ("55 1234 5678", "MX"),
        ("98765 43210", "IN"),
        ("098765 43210", "IN"),
        ("06-12345678", "NL"),
        ("(416) 555-0123", "CA"),
        ("22 123 45 67", "PL"),
        ("08-123 456 78", "SE"),
        ("01 123 4567", "IE"),
        ("0212 123 45 67", "TR"),
        ("021 123 4567", "PT"),
        ("13812345678", "CN"),
        ("010-1234-5678", "KR"),
        ("090-1234-5678", "JP"),
    ]
    table = pl.DataFrame(rows, schema=["phone", "land"], orient="row")

    ours = standardise(table, {"phone": Kind.PHONE, "land": Kind.COUNTRY}).slots[0].parts["number"].to_list()

    library = to_e164(table, "phone", country_field="land").to_list()
    known = [(mine, theirs[1:]) for mine, theirs in zip(ours, library, strict=True) if theirs]
    assert len(known) >= 20
    assert [mine for mine, _ in known] == [theirs for _, theirs in known]


@pytest.mark.parametrize("nothing", ["0000000000", "1111111", "123456789", "123", "n/a", "", "call me", "1" * 30])
def test_figures_that_nobody_answers_are_no_number(nothing):
    assert column(Kind.PHONE, nothing)["number"] == [None]
