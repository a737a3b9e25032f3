"""A handful of records read value by value: the same parts as column by column, whatever the cells hold."""

import json

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dataquality.engine.kinds import Kind
from dataquality.engine.standardise import NAMES_SEEN, Learnt, few, standardise
from dataquality.engine.standardise.slots import by_columns
from tests.engine.standardise.test_properties import CELL, KINDS

CONTACTS = {
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
    "created_at": Kind.DATE,
}
TABLE = KINDS | {"whole": Kind.PERSON, "land_2": Kind.REGION, "site": Kind.URL, "of": Kind.CHOICE, "house": Kind.STREET}
PIECES = st.sampled_from(
    [
        "Anna", "B", "Dr.", "Müller", "Mueller", "de la", "van der", "Mc Donald", "O'Neil", "王小明", "李", "김민준",
        "山田太郎", "Иван Петрович", "محمد", "सीता", "Łukasz", "ﬁ", "İ", "ß", "Ã¼", "é", "e\u0301", "\u200b", "\ufeff",
        "GmbH & Co. KG", "Ltd", "有限公司", "(株)", "S.A.", "Inc.", "anna@x.de", "anna.mueller+crm@gmail.com", "info@",
        "@acme.co.uk", "<a@b.de>", "https://www.acme.co.uk/x", "+49 (0)30 123456", "0049 30", "030/12 34-56", "x123",
        "ext. 4", "1-800", "٠١٢", "Main St.", "Hauptstraße 12", "12b", "Apt 4", "P.O. Box 7", "c/ Mayor, 3", "10115",
        "D-10115", "SW1A 1AA", "1234 AB", "K1A 0B1", "00000", "12345-6789", "2024-02-29", "2024-02-30", "20240131",
        "31.12.1999", "1900-01-01", "2001-01-01T00:00", "0000-01-01", "DE", "Germany", "中国", "n/a", "-", ",", " ",
        "\t", "\x00", "\x1c", "\x85", "\u3000", "'", '"', "(x)", "&", "+", "_",
    ]
)  # fmt: skip
CELLS = st.one_of(CELL, PIECES, st.lists(PIECES, max_size=4).map(" ".join), st.lists(PIECES, max_size=3).map("".join))
KNOWN = Learnt(
    names=pl.DataFrame(
        [("anna", 90, 1), ("muller", 1, 80), ("ben", 40, 2), ("schmidt", 0, 70), ("li", 20, 30), ("b", 5, 5)],
        schema=NAMES_SEEN,
        orient="row",
    ),
    settled={"born": "day_first", "zip": "5"},
    spellings={"firm": {"acme works": "acmeworks"}, "person.family": {"mueller": "muller"}, "city": {"koeln": "koln"}},
)


def parts(standard):
    return [
        (slot.name, slot.kind, slot.columns, {name: (part.dtype, part.to_list()) for name, part in slot.parts.items()})
        for slot in standard.slots
    ]


def assert_alike(table, kinds, known):
    assert parts(few.standardised(table, kinds, known)) == parts(by_columns(table, kinds, known))


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(list(Kind)), st.lists(CELLS, min_size=1, max_size=4), st.sampled_from([Learnt(), KNOWN]))
@example(Kind.EMAIL, ["ä@@b.c"], Learnt())
@example(Kind.STREET, ["0"], Learnt())
@example(Kind.PERSON, ["Smith, John", "Иванов Иван Иванович"], Learnt())
def test_a_column_of_any_kind_is_read_alike_value_by_value(kind, cells, known):
    table = pl.DataFrame({"it": pl.Series(cells, dtype=pl.String)})

    if few.takes(table, {"it": kind}):
        assert_alike(table, {"it": kind}, known)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(*[CELLS] * len(TABLE)), min_size=1, max_size=4), st.sampled_from([Learnt(), KNOWN]))
def test_a_table_of_all_kinds_is_read_alike_row_by_row(rows, known):
    table = pl.DataFrame(rows, schema=dict.fromkeys(TABLE, pl.String), orient="row")

    if few.takes(table, TABLE):
        assert_alike(table, TABLE, known)


NAMES = st.sampled_from(
    [None, "Anna", "A", "Schmidt", "Anna Schmidt", "A Schmidt", "Schmidt Anna", "Xiao Ming", "Wang", "Ben", "Li"]
)
LOCALS = st.sampled_from(
    ["anna.schmidt", "schmidt_anna", "anna_sch", "annaschmidt", "aschmidt", "anna", "schmidt.a", "a.schmidt7", "info"]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(NAMES, NAMES, LOCALS), min_size=1, max_size=3))
def test_names_that_an_address_fills_are_filled_alike(rows):
    rows = [(given, family, f"{local}@acme.de") for given, family, local in rows]
    table = pl.DataFrame(rows, schema=dict.fromkeys(("given", "family", "mail"), pl.String), orient="row")

    assert_alike(table, {"given": Kind.GIVEN, "family": Kind.FAMILY, "mail": Kind.EMAIL}, KNOWN)


@pytest.mark.parametrize("kind", list(Kind))
def test_naughty_strings_are_read_alike(kind, shared_data):
    cells = json.loads((shared_data / "blns" / "blns.json").read_text(encoding="utf-8"))

    for start in range(0, len(cells), few.FEW):
        table = pl.DataFrame({"it": pl.Series(cells[start : start + few.FEW], dtype=pl.String)})
        if few.takes(table, {"it": kind}):
            assert_alike(table, {"it": kind}, KNOWN)


def test_real_records_are_read_alike(shared_data):
    file = shared_data / "matching" / "crm_contacts_100k.csv.gz"
    table = pl.read_csv(file, infer_schema_length=0, n_rows=60_000)
    known = by_columns(table.head(5_000), CONTACTS, Learnt()).learnt

    for start in range(5_000, 60_000, 700):
        assert_alike(table.slice(start, 1 + start % few.FEW), CONTACTS, known)


def test_few_records_of_a_known_table_are_read_so_and_teach_nothing():
    table = pl.DataFrame({"it": ["Anna Schmidt"]})

    standard = standardise(table, {"it": Kind.PERSON}, KNOWN)

    assert standard.learnt is KNOWN
    assert standard.slots[0].parts["family"].to_list() == ["schmidt"]


@pytest.mark.parametrize("table", [pl.DataFrame({"it": ["\U0001fadf"]}), pl.DataFrame({"it": [1]})])
def test_cells_that_python_may_know_differently_are_left_to_the_columns_way(table):
    assert not few.takes(table, {"it": Kind.TEXT})
