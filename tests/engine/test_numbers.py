"""Numbers: the decimal sign is the column's, the amounts are exact."""

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataquality.engine.parse import NumberFormat, NumberTally, number_codes, parse_numbers

POINT = NumberFormat(".", ",", 1.0, False)
COMMA = NumberFormat(",", ".", 1.0, False)


def decided(*cells: str | None) -> NumberFormat:
    tally = NumberTally()
    tally.add(pl.Series(cells, dtype=pl.String))
    return tally.decide()


def parsed(fmt: NumberFormat, *cells: str | None) -> list[Decimal | None]:
    return parse_numbers(pl.Series(cells, dtype=pl.String), fmt).to_list()


@pytest.mark.parametrize(
    ("cells", "decimal", "ambiguous"),
    [
        (["1.234", "1.234,50"], ",", False),
        (["1,234", "1,234.50"], ".", False),
        (["1.234", "2.345"], ".", True),
        (["1,234"], ".", True),
        (["1.234,5", "1,234.5", "1,5"], ",", True),
        (["550", "4821"], ".", False),
        (["1100.04", "250"], ".", False),
        (["12,5", "7"], ",", False),
        ([], ".", False),
    ],
)
def test_the_decimal_sign_is_the_one_that_the_whole_column_supports(cells, decimal, ambiguous):
    fmt = decided(*cells)

    assert (fmt.decimal, fmt.ambiguous) == (decimal, ambiguous)


def test_tallies_of_two_chunks_merge_into_the_tally_of_both():
    whole, first, second = NumberTally(), NumberTally(), NumberTally()
    cells = ["1.234,5", "x", "", "7", "1.000.000"]
    whole.add(pl.Series(cells))
    first.add(pl.Series(cells[:2]))
    second.add(pl.Series(cells[2:]))

    first.merge(second)

    assert first.decide() == whole.decide()
    assert NumberFormat.from_json(whole.decide().to_json()) == whole.decide()


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("1,234.56", "1234.56"),
        ("(1.00)", "-1"),
        ("5-", "-5"),
        ("-0", "0"),
        ("€ 5", "5"),
        ("$1,000", "1000"),
        ("12 %", "12"),
        ("EUR 7.50", "7.5"),
        ("1 234 567.5", "1234567.5"),
        ("1\u202f234", "1234"),
        ("1'234'567", "1234567"),
        ("٣٤٥", "345"),
        ("12,34,567.8", "1234567.8"),
        ("1.5E+3", "1500"),
        (".5", "0.5"),
        ("+3", "3"),
        ("99999999999999.9999", "99999999999999.9999"),
    ],
)
def test_an_amount_is_read_exactly_in_any_dress(cell, amount):
    assert parsed(POINT, cell) == [Decimal(amount)]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("NaN", "number_unreadable"),
        ("Infinity", "number_unreadable"),
        ("-inf", "number_unreadable"),
        ("twelve", "number_unreadable"),
        ("1.2.3", "number_unreadable"),
        ("12 34", "number_unreadable"),
        ("1e400", "number_too_large"),
        ("123456789012345", "number_too_large"),
        ("1.234,56", "number_other_format"),
        ("0x10", "number_unreadable"),
    ],
)
def test_a_cell_that_is_no_amount_of_the_column_says_why(cell, code):
    assert parsed(POINT, cell) == [None]
    assert number_codes(pl.Series([cell]), POINT).row(0) == (code, None)


def test_blank_cells_are_neither_numbers_nor_faults():
    assert parsed(POINT, None, "", " ") == [None, None, None]
    assert number_codes(pl.Series([None, "", " "], dtype=pl.String), POINT)["code"].to_list() == [None, None, None]


@given(st.decimals(min_value=-(10**13), max_value=10**13, places=4))
def test_any_amount_comes_back_with_comma_or_point(amount):
    plain = f"{amount:f}"

    assert parsed(POINT, f"{amount:,.4f}", plain) == [amount, amount]
    assert parsed(COMMA, plain.replace(".", ",")) == [amount]


@given(st.text(max_size=25))
def test_no_text_stops_the_reading_or_becomes_infinite(text):
    fmt = decided(text)

    (number,) = parsed(fmt, text)
    assert number is None or number.is_finite()
