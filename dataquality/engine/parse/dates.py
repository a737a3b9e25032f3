"""Dates as exports write them: one reading for the whole column, and a code for each cell it does not fit."""

import json
from dataclasses import asdict, dataclass, field
from typing import Literal, Self, cast

import polars as pl

from dataquality.engine.parse.date_cells import SERIAL, read_cells

Order = Literal["YMD", "DMY", "MDY"]

_EXCEL_DAY_ZERO = pl.date(1899, 12, 30)
_YEAR_FIRST_SHARE = 9  # year-first cells for each other one before a column counts as year-first


@dataclass(frozen=True)
class DateFormat:
    """How a column of dates is to be read; `ambiguous` when no value settles day-first against month-first."""

    order: Order
    has_time: bool
    share: float  # of the non-blank values that parse
    ambiguous: bool
    example: str

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        return cls(**json.loads(text))


@dataclass
class DateTally:
    """What a column's dates look like so far, chunk by chunk; tallies of two parts of a file can be merged."""

    filled: int = 0
    year_first: int = 0
    day_first: int = 0  # readable as day-month-year
    month_first: int = 0  # readable as month-day-year
    only_day_first: int = 0
    only_month_first: int = 0
    dotted: int = 0
    half_days: int = 0  # AM or PM beside an unsettled date
    timed: int = 0
    example: str = ""
    settling_example: str = field(default="", repr=False)

    def add(self, values: pl.Series) -> None:
        counted = _filled(values).value_counts(name="n")
        text, n = counted.to_series(0), counted.get_column("n")
        read = read_cells(text).with_columns(n)
        day_first, month_first = pl.col("dmy").is_not_null(), pl.col("mdy").is_not_null()
        readable = pl.col("iso").is_not_null() | day_first | month_first
        counted_where = {
            "filled": pl.lit(value=True),
            "year_first": pl.col("iso").is_not_null(),
            "day_first": day_first,
            "month_first": month_first,
            "only_day_first": day_first & ~month_first,
            "only_month_first": month_first & ~day_first,
            "dotted": pl.col("dotted"),
            "half_days": pl.col("half_day") & (day_first | month_first),
            "timed": pl.col("timed") & readable,
        }
        sums = read.select(**{name: pl.col("n").filter(where).sum() for name, where in counted_where.items()}).row(
            0, named=True
        )
        for name, value in sums.items():
            setattr(self, name, getattr(self, name) + int(value or 0))
        settled = read.with_columns(text=text).filter(day_first != month_first)
        if not self.settling_example and settled.height:
            self.settling_example = cast(str, settled.get_column("text").min())
        if not self.example and len(text):
            self.example = cast(str, text.min())

    def merge(self, other: "DateTally") -> None:
        for name in (
            "filled",
            "year_first",
            "day_first",
            "month_first",
            "only_day_first",
            "only_month_first",
            "dotted",
            "half_days",
            "timed",
        ):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.example = self.example or other.example
        self.settling_example = self.settling_example or other.settling_example

    def decide(self) -> DateFormat:
        """The reading that the whole column supports best; where nothing settles it, day-first is assumed and said."""
        others = max(self.day_first, self.month_first)
        unsettled = self.only_day_first == self.only_month_first
        order: Order
        if self.year_first and self.year_first >= _YEAR_FIRST_SHARE * others:
            order, ambiguous, parsed = "YMD", False, self.year_first + self.only_day_first + self.only_month_first
        elif self.only_month_first > self.only_day_first or (unsettled and self.half_days > self.dotted):
            order, ambiguous, parsed = "MDY", unsettled, self.year_first + self.month_first
        else:
            dotted = 2 * self.dotted > others  # 03.04.2025 is written day-first wherever it is written
            order, ambiguous, parsed = "DMY", unsettled and others > 0 and not dotted, self.year_first + self.day_first
        return DateFormat(
            order=order,
            has_time=self.timed > 0,
            share=parsed / self.filled if self.filled else 0.0,
            ambiguous=ambiguous,
            example=self.settling_example or self.example,
        )


def parse_dates(values: pl.Series, fmt: DateFormat) -> pl.Series:
    """Days, or moments where the format has times; null where blank or unreadable.

    A moment with an offset is turned to UTC; one without stays as it stands.
    """
    when = _by_distinct(values, fmt.order).get_column("when")
    return when if fmt.has_time else when.cast(pl.Date)


def date_codes(values: pl.Series, fmt: DateFormat) -> pl.DataFrame:
    """`code` and `suggestion` per cell, null where it is blank or reads well.

    Codes: date_impossible (31-02), date_other_order (reads only the other way round), date_unsure (two readings in a
    year-first column), date_serial (a spreadsheet's day number), date_clock_twice (an hour that the clock change
    repeats), date_unreadable.
    """
    read = _by_distinct(values, fmt.order)
    day = pl.col("other").dt.strftime("%Y-%m-%d")
    blank = pl.col("text").is_null()
    fine = pl.col("when").is_not_null()
    serial = pl.col("text").str.contains(SERIAL)
    serial_day = _EXCEL_DAY_ZERO + pl.duration(days=pl.col("text").str.extract(r"^([0-9]{5})").cast(pl.Int64))
    return read.with_columns(
        code=pl.when(blank)
        .then(None)
        .when(pl.col("twice"))
        .then(pl.lit("date_clock_twice"))
        .when(fine)
        .then(None)
        .when(serial)
        .then(pl.lit("date_serial"))
        .when(pl.col("shaped") & pl.col("unsure"))
        .then(pl.lit("date_unsure"))
        .when(pl.col("shaped") & pl.col("other").is_not_null())
        .then(pl.lit("date_other_order"))
        .when(pl.col("shaped"))
        .then(pl.lit("date_impossible"))
        .otherwise(pl.lit("date_unreadable"))
    ).select(
        "code",
        suggestion=pl.when(pl.col("code") == "date_serial")
        .then(serial_day.dt.strftime("%Y-%m-%d"))
        .when(pl.col("code") == "date_other_order")
        .then(day),
    )


def _filled(values: pl.Series) -> pl.Series:
    text = values.cast(pl.String).str.strip_chars()
    return text.filter((text != "").fill_null(value=False))


def _by_distinct(values: pl.Series, order: Order) -> pl.DataFrame:
    """`read_cells` of each distinct text, laid back over the rows, with `when` in the column's order and `other`."""
    text = values.cast(pl.String).str.strip_chars().alias("text")
    text = text.set(text == "", None)
    distinct = text.unique().drop_nulls()
    first, second = ("mdy", "dmy") if order == "MDY" else ("dmy", "mdy")
    chosen = pl.col(first)
    if order == "YMD":  # another shape is taken only where it has a single reading
        chosen = pl.when(~pl.col("unsure")).then(pl.coalesce("dmy", "mdy"))
    read = read_cells(distinct).with_columns(text=distinct, when=pl.coalesce("iso", chosen), other=pl.col(second))
    return text.to_frame().join(read, on="text", how="left", maintain_order="left")
