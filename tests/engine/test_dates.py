"""Dates: one reading per column, and each cell that does not fit it says why."""

from datetime import date, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataquality.engine.parse import DateFormat, DateTally, date_codes, parse_dates


def decided(*cells: str | None) -> DateFormat:
    tally = DateTally()
    tally.add(pl.Series(cells, dtype=pl.String))
    return tally.decide()


def parsed(fmt: DateFormat, *cells: str | None) -> list[date | datetime | None]:
    return parse_dates(pl.Series(cells, dtype=pl.String), fmt).to_list()


def coded(fmt: DateFormat, cell: str) -> tuple[str | None, str | None]:
    return date_codes(pl.Series([cell]), fmt).row(0)


def test_a_day_past_twelve_anywhere_in_the_column_settles_day_first():
    fmt = decided("01-03-2017", "02-04-2017", "20-10-2016")

    assert (fmt.order, fmt.ambiguous, fmt.share) == ("DMY", False, 1.0)
    assert parsed(fmt, "01-03-2017") == [date(2017, 3, 1)]


def test_a_month_first_column_is_recognised_by_its_last_value():
    fmt = decided(*["03/04/2025"] * 50, "03/31/2025")

    assert (fmt.order, fmt.ambiguous) == ("MDY", False)
    assert parsed(fmt, "03/04/2025") == [date(2025, 3, 4)]


def test_a_column_that_nothing_settles_is_called_ambiguous():
    assert decided("03/04/2025", "05/06/2025").ambiguous


def test_points_between_the_figures_settle_day_first():
    fmt = decided("03.04.2025", "05.06.2025")

    assert (fmt.order, fmt.ambiguous) == ("DMY", False)


def test_year_first_is_read_whatever_the_order_of_the_rest():
    fmt = decided("2025-04-03", "2025-04-13")

    assert (fmt.order, fmt.share) == ("YMD", 1.0)
    assert parsed(fmt, "2025-04-03", "13/04/2025") == [date(2025, 4, 3), date(2025, 4, 13)]
    assert coded(fmt, "03/04/2025") == ("date_unsure", None)


def test_tallies_of_two_chunks_merge_into_the_tally_of_both():
    whole, first, second = DateTally(), DateTally(), DateTally()
    cells = ["01-03-2017", "20-10-2016", "x", "", "2017-01-01", "01-03-2017"]
    whole.add(pl.Series(cells))
    first.add(pl.Series(cells[:3]))
    second.add(pl.Series(cells[3:]))

    first.merge(second)

    assert first.decide() == whole.decide()


def test_a_format_survives_json():
    fmt = decided("01-03-2017 10:00", "20-10-2016")

    assert DateFormat.from_json(fmt.to_json()) == fmt


def test_an_empty_column_has_a_format_and_no_dates():
    fmt = decided(None, "", "  ")

    assert (fmt.share, fmt.ambiguous) == (0.0, False)
    assert parsed(fmt, None, "") == [None, None]


@pytest.mark.parametrize(
    ("cell", "code", "suggestion"),
    [
        ("31-02-2025", "date_impossible", None),
        ("2025-02-29", "date_impossible", None),
        ("0000-00-00", "date_impossible", None),
        ("1900-02-29", "date_impossible", None),
        ("04/13/2025", "date_other_order", "2025-04-13"),
        ("45000", "date_serial", "2023-03-15"),
        ("45000.75", "date_serial", "2023-03-15"),
        ("soon", "date_unreadable", None),
        ("123-1-1", "date_impossible", None),
    ],
)
def test_a_cell_that_is_no_date_of_the_column_says_why(cell, code, suggestion):
    fmt = decided("13/04/2025", "14/04/2025")

    assert parsed(fmt, cell) == [None]
    assert coded(fmt, cell) == (code, suggestion)


@pytest.mark.parametrize(
    "cell",
    [
        "3 Apr 2025",
        "3. April 2025",
        "03-Apr-25",
        "Apr 3, 2025",
        "Thu, 3 April 2025",
        "3 avril 2025",
        "3 de abril de 2025",
        "2025年4月3日",
        "20250403",
        "2025/4/3",
        "03.04.25",
        "０３/０４/２０２５",
        "2025-04-03T00:00:00.000Z",
        "3/4/2025",
    ],
)
def test_the_third_of_april_is_read_in_every_spelling(cell):
    assert parsed(DateFormat("DMY", False, 1.0, False, ""), cell) == [date(2025, 4, 3)]


def test_moments_with_an_offset_are_turned_to_utc_and_others_stay():
    fmt = decided(
        "2025-04-03T10:00:00+02:00", "2025-04-03 10:00", "2025-04-03T10:00:00-0330", "4/3/2025 3:05 PM", "4/13/2025"
    )

    assert fmt.has_time
    assert parsed(
        fmt, "2025-04-03T10:00:00+02:00", "2025-04-03 10:00", "2025-04-03T10:00:00-0330", "4/3/2025 3:05 PM"
    ) == [
        datetime(2025, 4, 3, 8),
        datetime(2025, 4, 3, 10),
        datetime(2025, 4, 3, 13, 30),
        datetime(2025, 4, 3, 15, 5),
    ]


def test_an_hour_that_the_clock_change_repeats_is_read_and_questioned():
    fmt = decided("2025-10-26 02:30 Europe/Berlin")

    assert parsed(fmt, "2025-10-26 02:30 Europe/Berlin") == [datetime(2025, 10, 26, 0, 30)]
    assert coded(fmt, "2025-10-26 02:30 Europe/Berlin") == ("date_clock_twice", None)
    assert coded(fmt, "2025-10-26 12:30 Europe/Berlin") == (None, None)


@given(st.lists(st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)), min_size=1))
def test_any_days_written_day_first_come_back_unless_nothing_settles_them(days):
    cells = [f"{day.day:02}-{day.month:02}-{day.year}" for day in days]
    fmt = decided(*cells)

    if all(day.day <= 12 and day.day != day.month for day in days):
        assert fmt.ambiguous
    if any(day.day > 12 for day in days):
        assert parsed(fmt, *cells) == days


@given(st.text(max_size=25))
def test_no_text_stops_the_reading_of_a_column(text):
    fmt = decided(text, "13/04/2025")

    assert len(parsed(fmt, text, "13/04/2025")) == 2
    assert date_codes(pl.Series([text]), fmt).height == 1
