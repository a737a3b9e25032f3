"""Nothing, yes and no."""

import polars as pl
import pytest

from dataquality.engine.kinds import Kind
from dataquality.engine.parse import (
    NULL_TOKENS,
    blank_tokens,
    boolean_codes,
    clean_text,
    parse_booleans,
    without_tokens,
)

TALLY = pl.DataFrame({"value": ["NULL", "null", "N/A", "#N/A", "-", "None", r"\N", "Siemens", None], "n": [1] * 9})


@pytest.mark.parametrize("kind", [Kind.DATE, Kind.EMAIL, Kind.PHONE, Kind.NUMBER, Kind.POINTER, Kind.CHOICE])
def test_null_words_are_blank_where_no_value_is_spelt_so(kind):
    assert blank_tokens(kind, TALLY) == {"NULL", "null", "N/A", "#N/A", "-", "None", r"\N"}


@pytest.mark.parametrize("kind", [Kind.FAMILY, Kind.GIVEN, Kind.PERSON, Kind.COMPANY, Kind.TEXT])
def test_a_person_called_null_keeps_the_name(kind):
    assert blank_tokens(kind, TALLY) == {"#N/A", r"\N"}


def test_namibia_is_a_country():
    tally = pl.DataFrame({"value": ["NA", "null"], "n": [3, 1]})

    assert blank_tokens(Kind.COUNTRY, tally) == {"null"}


def test_only_the_decided_tokens_turn_to_null():
    values = pl.Series(["null", "Null", "x", None])

    assert without_tokens(values, {"null"}).to_list() == [None, "Null", "x", None]
    assert without_tokens(values, ()).to_list() == values.to_list()


def test_every_token_is_written_in_lower_case_so_that_it_can_be_found():
    assert {token for token in NULL_TOKENS if token != token.casefold()} == set()


def test_cells_lose_the_space_around_them_and_the_text_trick_of_spreadsheets():
    cells = pl.Series([" Anna ", '="01067"', "", "\u00a0", "=1+1", None, '="a"&"b"'])

    assert clean_text(cells).to_list() == ["Anna", "01067", None, None, "=1+1", None, '="a"&"b"']


def test_yes_and_no_are_understood_in_five_languages():
    cells = ["TRUE", "wahr", "Oui", "sí", "是", "1", "FALSE", "nein", "non", "0", "否", "maybe", "", None]

    assert parse_booleans(pl.Series(cells)).to_list() == [True] * 6 + [False] * 5 + [None] * 3
    assert boolean_codes(pl.Series(cells)).drop_nulls().to_list() == ["boolean_unreadable"]
