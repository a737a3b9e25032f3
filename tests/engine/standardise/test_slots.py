"""The door of standardising: slots, their parts, and what is asked of every table."""

import polars as pl
import pytest

from dataquality.engine.kinds import Kind
from dataquality.engine.standardise import standardise

TABLE = pl.DataFrame(
    {
        "first": ["Bob", "Zoë", None],
        "last": ["O'Brien", "Müller", "Nguyễn"],
        "mail": ["Bob.OBrien+crm@Mail.Acme.co.uk", "zoe@gmail.com", "minh.nguyen@acme.vn"],
        "phone": ["020 7946 0018", "+49 (0)30 901820", "-"],
        "firm": ["Acme Ltd.", "ACME GmbH & Co. KG", "n/a"],
        "land": ["UK", "Deutschland", "Vietnam"],
        "born": ["1956-04-09", "19560409", "unknown"],
    }
)
KINDS = {
    "first": Kind.GIVEN,
    "last": Kind.FAMILY,
    "mail": Kind.EMAIL,
    "phone": Kind.PHONE,
    "firm": Kind.COMPANY,
    "land": Kind.COUNTRY,
    "born": Kind.DATE,
}


def parts_of(table, kinds):
    return {slot.name: {name: part.to_list() for name, part in slot.parts.items()} for slot in _slots(table, kinds)}


def _slots(table, kinds):
    return standardise(table, kinds).slots


def test_names_in_two_columns_make_one_person_and_every_other_column_a_slot():
    slots = _slots(TABLE, KINDS)

    assert [(slot.name, slot.kind) for slot in slots] == [
        ("person", Kind.PERSON),
        ("mail", Kind.EMAIL),
        ("phone", Kind.PHONE),
        ("firm", Kind.COMPANY),
        ("land", Kind.COUNTRY),
        ("born", Kind.DATE),
    ]
    assert slots[0].columns == ("first", "last")


def test_every_part_has_a_value_or_null_for_every_row():
    for slot in _slots(TABLE, KINDS):
        assert {len(part) for part in slot.parts.values()} == {3}


def test_a_record_reads_as_people_mean_it():
    parts = parts_of(TABLE, KINDS)

    assert parts["person"]["formal"] == ["robert", "zoe", "minh"]
    assert parts["person"]["family"] == ["obrien", "muller", "nguyen"]
    assert parts["mail"]["address"] == ["bob.obrien@mail.acme.co.uk", "zoe@gmail.com", "minh.nguyen@acme.vn"]
    assert parts["mail"]["domain"] == ["acme.co.uk", None, "acme.vn"]
    assert parts["phone"]["number"] == ["442079460018", "4930901820", None]
    assert parts["firm"]["name"] == ["acme", "acme", None]
    assert parts["land"]["name"] == ["gb", "de", "vn"]
    assert parts["born"]["day"] == [-5015, -5015, None]
    assert parts["born"]["ymd"] == ["19560409", "19560409", None]


def test_a_column_that_is_not_there_is_named():
    with pytest.raises(ValueError, match="no column “fax”"):
        standardise(TABLE, {"fax": Kind.PHONE})


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_column_reads_a_table_without_rows_and_one_of_blanks(kind):
    for values in ([], [None, None], ["", " "]):
        standard = standardise(pl.DataFrame({"it": pl.Series(values, dtype=pl.String)}), {"it": kind})

        assert all(part.null_count() == len(values) for part in standard.slots[0].parts.values())
