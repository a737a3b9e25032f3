"""Kinds guessed for tables that nobody declared, judged on files that nobody here wrote."""

import polars as pl
import pytest

from dataquality.engine.kinds import Kind
from dataquality.engine.standardise import guess_kinds

WANTED = {
    "matching/crm_contacts_100k.csv.gz": {
        "first_name": Kind.GIVEN,
        "last_name": Kind.FAMILY,
        "email": Kind.EMAIL,
        "phone": Kind.PHONE,
        "company": Kind.COMPANY,
        "title": Kind.TEXT,
        "street": Kind.STREET,
        "city": Kind.CITY,
        "postcode": Kind.POSTCODE,
        "country": Kind.COUNTRY,
    },
    "matching/fake_1000.csv": {
        "first_name": Kind.GIVEN,
        "surname": Kind.FAMILY,
        "dob": Kind.DATE,
        "city": Kind.CITY,
        "email": Kind.EMAIL,
    },
    "matching/febrl3.csv": {
        "given_name": Kind.GIVEN,
        "surname": Kind.FAMILY,
        "street_number": Kind.STREET,
        "address_1": Kind.STREET,
        "address_2": Kind.STREET,
        "suburb": Kind.CITY,
        "postcode": Kind.POSTCODE,
        "state": Kind.REGION,
        "date_of_birth": Kind.DATE,
        "soc_sec_id": Kind.IDENTIFIER,
    },
    "maven-crm/accounts.csv": {
        "account": Kind.COMPANY,
        "sector": Kind.CHOICE,
        "year_established": Kind.INTEGER,
        "office_location": Kind.COUNTRY,
    },
}


@pytest.mark.parametrize("file", list(WANTED))
def test_a_table_of_people_or_firms_is_understood_without_a_word(shared_data, file):
    table = pl.read_csv(shared_data / file, infer_schema_length=0)

    assert guess_kinds(table) == WANTED[file]


def test_a_table_of_many_empty_columns_keeps_what_tells(shared_data):
    table = pl.read_csv(shared_data / "matching" / "early_childhood_sites.csv", infer_schema_length=0)

    guessed = guess_kinds(table)

    wanted = {"Site name": Kind.COMPANY, "Address": Kind.STREET, "Zip": Kind.POSTCODE, "Phone": Kind.PHONE}
    assert wanted.items() <= guessed.items()
    assert not {"truth", "Id", "Source", "Column"} & set(guessed)


@pytest.mark.parametrize(
    ("file", "wanted"),
    [
        ("torture/csv/rtl_names.csv", {"name": Kind.PERSON}),
        ("torture/csv/emails_edge.csv", {"email": Kind.EMAIL}),
        ("torture/csv/phones_zip_leading_zero.csv", {"zip": Kind.POSTCODE, "phone": Kind.PHONE}),
    ],
)
def test_headings_of_the_torture_files_say_what_they_hold(shared_data, file, wanted):
    guessed = guess_kinds(pl.read_csv(shared_data / file, infer_schema_length=0, truncate_ragged_lines=True))

    assert wanted.items() <= guessed.items()


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["Anna Schmidt", "Bob Miller", "José Lopez", "Wang Wei", "Kate Bush"], Kind.PERSON),
        (["Arnie Morton's of Chicago", "Art's Delicatessen", "Hotel Bel-Air", "Cafe Bizou", "Campanile"], Kind.COMPANY),
    ],
)
def test_names_are_of_people_where_they_begin_as_peoples_names_do(values, kind):
    assert guess_kinds(pl.DataFrame({"name": values})) == {"name": kind}


def test_what_a_system_notes_and_what_never_repeats_is_left_out():
    table = pl.DataFrame(
        {
            "id": ["1", "2", "3"],
            "email": ["a@x.de", "b@x.de", "a@x.de"],
            "created_at": ["2024-01-01", "2024-01-02", "2024-01-03"],
            "lead_source": ["web", "fair", "web"],
            "is_active": ["yes", "no", "yes"],
            "notes": ["", None, ""],
        }
    )

    assert guess_kinds(table) == {"email": Kind.EMAIL}
