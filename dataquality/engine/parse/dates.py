"""Dates as exports write them: one reading for the whole column, and a code for each cell it does not fit."""

import json
from dataclasses import asdict, dataclass, field
from typing import Literal, Self, cast

import polars as pl

from dataquality.engine.parse.worded_dates import plain_date

Order = Literal["YMD", "DMY", "MDY"]

_SHAPE = (
    r"^(?P<a>[0-9]{1,4})[-/. ](?P<b>[0-9]{1,2})[-/. ](?P<c>[0-9]{1,4})"
    r"(?:[T ,]+(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,][0-9]+)?)?"
    r" ?(?P<half>[AaPp][Mm])?)?"
    r" ?(?P<zone>Z|UTC|[+-][0-9]{2}:?[0-9]{2})?$"
)
_COMPACT = r"^((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})(?:([0-9]{2})([0-9]{2})([0-9]{2}))?Z?$"
_SERIAL = r"^[0-9]{5}(?:\.[0-9]+)?$"
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
        read = (
            _read(text, "DMY").rename({"when": "dmy"}).hstack([_read(text, "MDY").get_column("when").alias("mdy"), n])
        )
        other = ~pl.col("year_first")
        sums = read.select(
            filled=pl.col("n").sum(),
            year_first=pl.col("n").filter(pl.col("year_first") & pl.col("dmy").is_not_null()).sum(),
            day_first=pl.col("n").filter(other & pl.col("dmy").is_not_null()).sum(),
            month_first=pl.col("n").filter(other & pl.col("mdy").is_not_null()).sum(),
            only_day_first=pl.col("n").filter(other & pl.col("dmy").is_not_null() & pl.col("mdy").is_null()).sum(),
            only_month_first=pl.col("n").filter(other & pl.col("mdy").is_not_null() & pl.col("dmy").is_null()).sum(),
            dotted=pl.col("n").filter(other & pl.col("dotted")).sum(),
            half_days=pl.col("n").filter(other & pl.col("half_day")).sum(),
            timed=pl.col("n")
            .filter((pl.col("dmy").is_not_null() | pl.col("mdy").is_not_null()) & pl.col("timed"))
            .sum(),
        ).row(0, named=True)
        for name, value in sums.items():
            setattr(self, name, getattr(self, name) + int(value or 0))
        settled = read.with_columns(text=text).filter(other & (pl.col("dmy").is_null() != pl.col("mdy").is_null()))
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
    serial = pl.col("text").str.contains(_SERIAL)
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
    """`_read` of each distinct text, laid back over the rows."""
    text = values.cast(pl.String).str.strip_chars().alias("text")
    text = text.set(text == "", None)
    distinct = text.unique().drop_nulls()
    read = _read(distinct, order).with_columns(text=distinct)
    return text.to_frame().join(read, on="text", how="left", maintain_order="left")


def _read(text: pl.Series, order: Order) -> pl.DataFrame:
    """Distinct, non-blank texts read in one order: when, other (the other order), and what was seen on the way."""
    plain, twice = text.cast(pl.String), [False] * len(text)
    odd = ~(plain.str.contains(_SHAPE) | plain.str.contains(_COMPACT) | plain.str.contains(_SERIAL))
    if odd.any():
        reworded = {value: plain_date(value) for value in plain.filter(odd).to_list()}
        twice = [value in reworded and reworded[value][1] for value in plain.to_list()]
        plain = plain.replace({value: worded for value, (worded, _) in reworded.items()})
    parts = plain.str.extract_groups(_SHAPE).struct.unnest()
    compact = pl.DataFrame({"plain": plain}).select(pl.col("plain").str.extract_groups(_COMPACT)).unnest("plain")
    frame = parts.with_columns(
        compact.rename({str(i): f"k{i}" for i in range(1, 7)}), plain=plain, twice=pl.Series(twice, dtype=pl.Boolean)
    )
    frame = frame.with_columns(
        year_first=(pl.col("a").str.len_chars() == 4).fill_null(value=False) | pl.col("k1").is_not_null(),
        shaped=pl.col("a").is_not_null() | pl.col("k1").is_not_null(),
    )
    clock = _clock()
    compact_day = _moment(
        pl.col("k1"),
        pl.col("k2"),
        pl.col("k3"),
        pl.format("{}:{}:{}", *(pl.col(f"k{i}").fill_null("00") for i in (4, 5, 6))),
    )
    iso = _moment(pl.col("a"), pl.col("b"), pl.col("c"), clock)
    year = _full_year(pl.col("c"))
    dmy = _moment(year, pl.col("b"), pl.col("a"), clock)
    mdy = _moment(year, pl.col("a"), pl.col("b"), clock)
    frame = frame.with_columns(compact=compact_day, iso=iso, dmy=dmy, mdy=mdy).with_columns(
        unsure=pl.col("dmy").is_not_null() & pl.col("mdy").is_not_null() & (pl.col("dmy") != pl.col("mdy")),
    )
    first, second = ("mdy", "dmy") if order == "MDY" else ("dmy", "mdy")
    chosen = pl.col(first)
    if order == "YMD":  # another shape is taken only where it has a single reading
        chosen = pl.when(~pl.col("unsure")).then(pl.coalesce("dmy", "mdy"))
    when = pl.when("year_first").then(pl.coalesce("compact", "iso")).otherwise(chosen)
    return frame.select(
        when=when - _offset(),
        other=pl.when(~pl.col("year_first")).then(pl.col(second)),
        year_first="year_first",
        shaped="shaped",
        unsure=pl.col("unsure") & ~pl.col("year_first"),
        twice=pl.col("twice"),
        dotted=pl.col("plain").str.contains(r"^[0-9]{1,2}\.[0-9]{1,2}\."),
        half_day=pl.col("half").is_not_null(),
        timed=((pl.col("hour").is_not_null() & (clock != "00:00:00")) | (pl.col("k4").is_not_null())).fill_null(
            value=False
        ),
    )


def _full_year(year: pl.Expr) -> pl.Expr:
    """Two digits mean 1970 to 2069; three digits are no year."""
    short = year.cast(pl.Int32)
    return (
        pl.when(year.str.len_chars() == 4)
        .then(year)
        .when(year.str.len_chars() <= 2)
        .then((short + pl.when(short >= 70).then(1900).otherwise(2000)).cast(pl.String))
    )


def _clock() -> pl.Expr:
    hour = pl.col("hour").cast(pl.Int32)
    half = pl.col("half").str.to_lowercase()
    hour = (
        pl.when((half == "pm") & (hour < 12))
        .then(hour + 12)
        .when((half == "am") & (hour == 12))
        .then(0)
        .otherwise(hour)
    )
    return (
        pl.when(pl.col("hour").is_null())
        .then(pl.lit("00:00:00"))
        .otherwise(pl.format("{}:{}:{}", hour, pl.col("minute"), pl.col("second").fill_null("00")))
    )


def _moment(year: pl.Expr, month: pl.Expr, day: pl.Expr, clock: pl.Expr) -> pl.Expr:
    real = (year.str.len_chars() == 4) & (year != "0000")
    text = pl.format("{}-{}-{}T{}", year, month, day, clock)
    return pl.when(real).then(text).str.to_datetime("%Y-%m-%dT%H:%M:%S", time_unit="us", strict=False)


def _offset() -> pl.Expr:
    """What to take off a moment with an offset to get UTC; nothing where there is none."""
    zone = pl.col("zone").str.replace(":", "", literal=True)
    minutes = zone.str.slice(1, 2).cast(pl.Int64, strict=False) * 60 + zone.str.slice(3, 2).cast(pl.Int64, strict=False)
    signed = pl.when(zone.str.starts_with("-")).then(-minutes).otherwise(minutes)
    return pl.duration(minutes=pl.when(zone.str.contains(r"^[+-]")).then(signed).fill_null(0))
