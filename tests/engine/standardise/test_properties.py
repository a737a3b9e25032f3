"""What holds for every input: no order, no second time, no text that breaks it."""

import json

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataquality.engine.kinds import Kind
from dataquality.engine.standardise import guess_kinds, standardise
from dataquality.engine.standardise.text import plain

KINDS = {
    "given": Kind.GIVEN,
    "family": Kind.FAMILY,
    "mail": Kind.EMAIL,
    "phone": Kind.PHONE,
    "firm": Kind.COMPANY,
    "street": Kind.STREET,
    "city": Kind.CITY,
    "zip": Kind.POSTCODE,
    "land": Kind.COUNTRY,
    "born": Kind.DATE,
    "code": Kind.IDENTIFIER,
    "note": Kind.TEXT,
}
# Parts that stand for their column when it is read again.
SAID_AGAIN = {
    Kind.GIVEN: "given",
    Kind.FAMILY: "family",
    Kind.EMAIL: "address",
    Kind.URL: "host",
    Kind.CITY: "name",
    Kind.REGION: "name",
    Kind.COUNTRY: "name",
    Kind.POSTCODE: "code",
    Kind.IDENTIFIER: "code",
    Kind.CHOICE: "value",
    Kind.TEXT: "text",
    Kind.DATE: "ymd",
    Kind.PHONE: "number",
}
WORDS = [
    "Anna",
    "anna",
    "Müller",
    "Mueller",
    "de Melo",
    "demelo",
    "王小明",
    "Иван",
    "O'Neil",
    "GmbH",
    "St.",
    "12",
    "n/a",
    "",
]
CELL = st.one_of(
    st.none(), st.sampled_from(WORDS), st.text(max_size=12), st.lists(st.sampled_from(WORDS)).map(" ".join)
)
ROW = st.tuples(*[CELL] * len(KINDS))


def read(rows):
    table = pl.DataFrame(rows, schema=dict.fromkeys(KINDS, pl.String), orient="row")
    return pl.DataFrame(
        {f"{slot.name}.{name}": part for slot in standardise(table, KINDS).slots for name, part in slot.parts.items()}
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=12), st.randoms())
def test_the_order_of_rows_changes_nothing(rows, chance):
    order = list(range(len(rows)))
    chance.shuffle(order)

    shuffled = read([rows[at] for at in order])

    assert shuffled.equals(read(rows)[order])


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=30))
def test_folding_twice_is_folding_once(text):
    once = plain(pl.Series([text]))

    assert plain(once).to_list() == once.to_list()


@pytest.mark.parametrize("kind", list(SAID_AGAIN))
def test_what_has_been_standardised_stays_as_it_is(kind, shared_data):
    cells = json.loads((shared_data / "blns" / "blns.json").read_text(encoding="utf-8")) + WORDS
    once = standardise(pl.DataFrame({"it": cells}), {"it": kind}).slots[0].parts[SAID_AGAIN[kind]]

    twice = standardise(pl.DataFrame({"it": once}), {"it": kind}).slots[0].parts[SAID_AGAIN[kind]]

    changed = [(a, b) for a, b in zip(once.to_list(), twice.to_list(), strict=True) if a != b]
    assert changed == []


@pytest.mark.parametrize(("kind", "part"), [(Kind.COMPANY, "name"), (Kind.STREET, "street")])
def test_firms_and_streets_that_have_been_standardised_stay_as_they_are(kind, part, shared_data):
    file = shared_data / "matching" / "crm_contacts_100k.csv.gz"
    column = "company" if kind is Kind.COMPANY else "street"
    cells = pl.read_csv(file, infer_schema_length=0, n_rows=20_000).get_column(column).unique(maintain_order=True)
    once = standardise(pl.DataFrame({"it": cells}), {"it": kind}).slots[0].parts[part].unique(maintain_order=True)

    twice = standardise(pl.DataFrame({"it": once}), {"it": kind}).slots[0].parts[part]

    assert once.eq_missing(twice).sum() > 0.998 * len(
        once
    )  # what is left of a double legal form, or a second number, may go


@pytest.mark.parametrize("kind", list(Kind))
def test_no_naughty_string_breaks_any_kind(kind, shared_data):
    cells = json.loads((shared_data / "blns" / "blns.json").read_text(encoding="utf-8"))

    standard = standardise(pl.DataFrame({"it": cells}), {"it": kind})

    assert all(len(part) == len(cells) for part in standard.slots[0].parts.values())


def test_naughty_strings_as_a_table_are_guessed_without_harm(shared_data):
    cells = json.loads((shared_data / "blns" / "blns.json").read_text(encoding="utf-8"))

    assert set(guess_kinds(pl.DataFrame({"name": cells, "it": cells[::-1]}))) <= {"name", "it"}


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(list(Kind)), st.lists(st.one_of(st.none(), st.text(max_size=40)), max_size=5))
def test_no_text_breaks_any_kind(kind, cells):
    standard = standardise(pl.DataFrame({"it": pl.Series(cells, dtype=pl.String)}), {"it": kind})

    assert standard.rows == len(cells)
