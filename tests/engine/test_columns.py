"""Kinds of columns, from the words of five languages and from the data itself."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataquality.engine.columns import Kind, guess_kind
from dataquality.engine.headings import heading_words

GUIDS = [f"6f9619ff-8b86-d011-b42d-{i:012}" for i in range(40)]


@pytest.mark.parametrize(
    ("heading", "values", "kind"),
    [
        ("E-Mail", ["a@b.de"], Kind.EMAIL),
        ("Email (Primary Contact) (Contact)", ["a@b.de"], Kind.EMAIL),
        ("邮箱", ["a@b.cn"], Kind.EMAIL),
        ("Correo electrónico", ["a@b.es"], Kind.EMAIL),
        ("Telefonnummer", ["030 123456"], Kind.PHONE),
        ("手机", ["13812345678"], Kind.PHONE),
        ("MailingPostalCode", ["94107"], Kind.POSTCODE),
        ("Billing Zip/Postal Code", ["01067", "10115"], Kind.POSTCODE),
        ("PLZ", ["01067"], Kind.POSTCODE),
        ("Code postal", ["75001"], Kind.POSTCODE),
        ("Billing State/Province", ["CA"], Kind.REGION),
        ("Country/Region", ["United States"], Kind.COUNTRY),
        ("Land", ["Deutschland"], Kind.COUNTRY),
        ("País", ["España"], Kind.COUNTRY),
        ("Company Domain Name", ["acme.com"], Kind.DOMAIN),
        ("Website", ["www.acme.com"], Kind.URL),
        ("Vorname", ["Zoë"], Kind.GIVEN),
        ("Prénom", ["Zoé"], Kind.GIVEN),
        ("Apellidos", ["García López"], Kind.FAMILY),
        ("姓名", ["王小明"], Kind.PERSON),
        ("Company name", ["Acme"], Kind.COMPANY),
        ("Firma", ["Müller GmbH"], Kind.COMPANY),
        ("公司名称", ["华为"], Kind.COMPANY),
        ("Close Date", ["31/12/2024"], Kind.DATE),
        ("Fecha de cierre", ["31/12/2024"], Kind.DATE),
        ("CreatedDate", ["2024-01-01T10:00:00.000Z"], Kind.DATETIME),
        ("Erstellt am", ["03.04.2024 12:30"], Kind.DATETIME),
        ("Amount", ["1,200.50", "30"], Kind.MONEY),
        ("Umsatz", ["1.200,50"], Kind.MONEY),
        ("No. of Employees", ["10", "200"], Kind.INTEGER),
        ("Probability (%)", ["10", "90"], Kind.PERCENT),
        ("IsDeleted", ["false", "true"], Kind.BOOLEAN),
        ("Lead Source", ["Web"] * 9, Kind.CHOICE),
        ("状态", ["赢单"] * 5, Kind.CHOICE),
        ("(Do Not Modify) Account", GUIDS, Kind.IDENTIFIER),
        ("Record ID", ["1234567", "2345678"], Kind.IDENTIFIER),
        ("ID de registro", ["1234567", "2345678"], Kind.IDENTIFIER),
        ("AccountId", ["0014W00002AKpQZQA1"] * 2 + ["0014W00002AKpQaQAL"], Kind.POINTER),
        ("Propietario del contacto", ["Ana Ruiz"] * 3, Kind.POINTER),
        ("Description", ["Met at a fair."], Kind.TEXT),
        ("Straße", ["Hauptstr. 5"], Kind.STREET),
        ("Ville", ["Lyon"], Kind.CITY),
    ],
)
def test_heading_and_data_together_tell_the_kind(heading, values, kind):
    guess, sure = guess_kind(heading, pl.Series(values))

    assert guess is kind
    assert sure >= 0.6


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["a@b.de", "c@d.org"], Kind.EMAIL),
        (["2024-01-31", "2024-02-01"], Kind.DATE),
        (["https://a.de/x", "www.b.com"], Kind.URL),
        (["Germany", "France", "Spain"], Kind.COUNTRY),
        (["+49 30 123456", "(030) 123457"], Kind.PHONE),
        (["yes", "no", "no"], Kind.BOOLEAN),
        (GUIDS, Kind.IDENTIFIER),
        (["1.5", "2.25"], Kind.NUMBER),
        (["1", "2", "2"], Kind.INTEGER),
    ],
)
def test_telling_data_needs_no_heading(values, kind):
    assert guess_kind("x1", pl.Series(values))[0] is kind


def test_data_overrules_a_heading_that_it_contradicts():
    assert (
        guess_kind("office_location", pl.Series(["United States", "Kenya", "Korea", "Japan", "Italy", "Norway"]))[0]
        is Kind.COUNTRY
    )
    assert guess_kind("Name", pl.Series(["a@b.de", "c@d.de"]))[0] is Kind.EMAIL
    assert guess_kind("Close Date", pl.Series(["soon", "never"])) == (Kind.TEXT, 0.35)


def test_a_heading_alone_is_a_weaker_guess_and_null_words_are_no_data():
    assert guess_kind("Email", pl.Series(["null", "N/A", None], dtype=pl.String)) == (Kind.EMAIL, 0.6)
    assert guess_kind("??", pl.Series([], dtype=pl.String)) == (Kind.TEXT, 0.1)


def test_headings_of_all_styles_read_alike():
    assert {heading_words(name) for name in ("BillingPostalCode", "billing_postal_code", " Billing  Postal-Code ")} == {
        "billing postal code"
    }


def test_a_real_export_is_understood(shared_data: Path):
    pipeline = pl.read_csv(shared_data / "maven-crm" / "sales_pipeline.csv", infer_schema=False)

    kinds = {name: guess_kind(name, pipeline[name])[0] for name in pipeline.columns}

    assert kinds == {
        "opportunity_id": Kind.IDENTIFIER,
        "sales_agent": Kind.POINTER,
        "product": Kind.CHOICE,
        "account": Kind.COMPANY,
        "deal_stage": Kind.CHOICE,
        "engage_date": Kind.DATE,
        "close_date": Kind.DATE,
        "close_value": Kind.MONEY,
    }


@given(st.text(max_size=20), st.lists(st.none() | st.text(max_size=15), max_size=8))
def test_any_heading_and_data_get_a_kind_and_a_confidence(heading, values):
    kind, sure = guess_kind(heading, pl.Series(values, dtype=pl.String))

    assert isinstance(kind, Kind)
    assert 0 <= sure <= 1
