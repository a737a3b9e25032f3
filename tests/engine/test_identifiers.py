"""Ids of the CRMs, and what may serve as a key where there is none."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataquality.engine.identifiers import (
    is_guid,
    is_salesforce_id,
    key_candidates,
    looks_like_ids,
    salesforce_18,
)


@pytest.mark.parametrize(
    ("short", "long"), [("0014W00002AKpQZ", "0014W00002AKpQZQA1"), ("0014W00002AKpQa", "0014W00002AKpQaQAL")]
)
def test_salesforce_ids_get_their_three_check_signs(short, long):
    assert salesforce_18(short) == long
    assert salesforce_18(long) == long


@given(st.from_regex(r"[A-Za-z0-9]{15}", fullmatch=True).filter(str.isascii))
def test_ids_that_differ_only_in_case_differ_in_their_check_signs(short):
    swapped = short.swapcase()

    assert is_salesforce_id(salesforce_18(short))
    assert (salesforce_18(short)[15:] == salesforce_18(swapped)[15:]) == (short == swapped)


@pytest.mark.parametrize("text", ["", "0014W00002AKpQ", "0014W00002AKpQZQA2", "0014W00002AKpQ!"])
def test_what_is_no_salesforce_id_is_refused_by_name(text):
    assert not is_salesforce_id(text)
    with pytest.raises(ValueError, match="is not a Salesforce id"):
        salesforce_18(text)


def test_a_guid_may_stand_in_braces():
    assert is_guid("{6F9619FF-8B86-D011-B42D-00CF4FC964FF}")
    assert not is_guid("6F9619FF8B86D011B42D00CF4FC964FF")


def test_columns_of_ids_are_told_by_their_shape():
    assert looks_like_ids(pl.Series([f"6f9619ff-8b86-d011-b42d-{i:012}" for i in range(30)])) == "guid"
    assert looks_like_ids(pl.Series([f"0014W0000{i:06}" for i in range(30)])) == "salesforce"
    assert looks_like_ids(pl.Series([str(i) for i in range(30)])) == "number"
    assert looks_like_ids(pl.Series(["7"] * 30)) is None
    assert looks_like_ids(pl.Series([], dtype=pl.String)) is None


def test_a_filled_column_without_repeats_may_be_the_key_and_its_risk_is_told():
    table = pl.DataFrame(
        {"account": ["Acme", "Beta", "Gamma"], "city": ["Bonn", "Bonn", "Köln"], "note": ["x", None, "y"]}
    )

    (only,) = key_candidates(table)

    assert only.columns == ("account",)
    assert only.risk.startswith("“account” is filled and different in all 3 rows of this file; but a renamed record")


def test_pairs_are_offered_where_no_single_column_will_do():
    table = pl.DataFrame({"first": ["Anna", "Anna", "Bob"], "last": ["Berg", "Bo", "Berg"], "team": ["A", "A", "A"]})

    assert [candidate.columns for candidate in key_candidates(table)] == [("first", "last")]
    assert "“first” and “last” are filled" in key_candidates(table)[0].risk


def test_a_column_of_the_crms_own_ids_comes_first():
    table = pl.DataFrame({"name": ["Acme", "Beta"], "ref": ["0014W00002AKpQZ", "0014W00002AKpQa"]})

    assert [candidate.columns for candidate in key_candidates(table)] == [("ref",), ("name",)]
    assert "little is risked" in key_candidates(table)[0].risk


def test_a_file_in_which_all_rows_are_equal_has_no_key():
    assert key_candidates(pl.DataFrame({"a": ["x", "x"], "b": ["y", "y"]})) == []
    assert key_candidates(pl.DataFrame({"a": pl.Series([], dtype=pl.String)})) == []
