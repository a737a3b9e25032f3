"""Single dates as text, read in every order at once; `dates` chooses the order for the column."""

import polars as pl

from dataquality.engine.parse.worded_dates import plain_date

_SHAPE = (
    r"^(?P<a>[0-9]{1,4})[-/. ](?P<b>[0-9]{1,2})[-/. ](?P<c>[0-9]{1,4})"
    r"(?:[T ,]+(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,][0-9]+)?)?"
    r" ?(?P<half>[AaPp][Mm])?)?"
    r" ?(?P<zone>Z|UTC|[+-][0-9]{2}:?[0-9]{2})?$"
)
_COMPACT_DAY = r"^((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})$"
_COMPACT_MOMENT = r"^((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})T?([0-9]{2})([0-9]{2})([0-9]{2})(Z?)$"
SERIAL = r"^[0-9]{5}(?:\.[0-9]+)?$"  # a spreadsheet's day number, from 1927 to 2173


def read_cells(text: pl.Series) -> pl.DataFrame:
    """Non-blank texts, one row each: the moment meant in each order, and what was seen on the way.

    `iso`, `dmy` and `mdy` are moments in UTC or as they stand, null where the text does not read so; `iso` belongs to
    texts that are `year_first`, the others to the rest. `unsure`: day- and month-first give different days. `shaped`:
    figures in the form of a date. `timed`: a clock that is not midnight. `twice`: the clock change repeats the hour.
    """
    plain, twice = _plain(text.cast(pl.String))
    frame = plain.str.extract_groups(_SHAPE).struct.unnest().with_columns(plain=plain, twice=twice)
    frame = frame.with_columns(
        shaped=pl.col("a").is_not_null(),
        year_first=(pl.col("a").str.len_chars() == 4).fill_null(value=False),
        clock=_clock(),
        offset=_offset(),
        year=_full_year(pl.col("c")),
    ).with_columns(
        iso=pl.when("year_first").then(_moment(pl.col("a"), pl.col("b"), pl.col("c")) - pl.col("offset")),
        dmy=pl.when(~pl.col("year_first")).then(_moment(pl.col("year"), pl.col("b"), pl.col("a")) - pl.col("offset")),
        mdy=pl.when(~pl.col("year_first")).then(_moment(pl.col("year"), pl.col("a"), pl.col("b")) - pl.col("offset")),
    )
    return frame.select(
        "iso",
        "dmy",
        "mdy",
        "year_first",
        "shaped",
        "twice",
        unsure=(pl.col("dmy") != pl.col("mdy")).fill_null(value=False),
        dotted=pl.col("plain").str.contains(r"^[0-9]{1,2}\.[0-9]{1,2}\."),
        half_day=pl.col("half").is_not_null(),
        timed=pl.col("hour").is_not_null() & (pl.col("clock") != "00:00:00"),
    )


def _plain(text: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Worded, compact and foreign dates brought to the one shape; and which of them happened twice."""
    twice: dict[str, bool] = {}
    odd = ~(text.str.contains(_SHAPE) | text.str.contains(SERIAL))
    plain = text
    if odd.any():
        plain = plain.str.replace(_COMPACT_DAY, "$1-$2-$3").str.replace(_COMPACT_MOMENT, "$1-$2-$3 $4:$5:$6$7")
        worded = plain.filter(~(plain.str.contains(_SHAPE) | plain.str.contains(SERIAL)))
        reworded = {value: plain_date(value) for value in worded.unique().to_list()}
        twice = {value: True for value, (_, again) in reworded.items() if again}
        plain = plain.replace({value: reworking for value, (reworking, _) in reworded.items()})
    return plain, text.is_in(list(twice))


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


def _moment(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    real = (year.str.len_chars() == 4) & (year != "0000")
    text = pl.format("{}-{}-{}T{}", year, month, day, pl.col("clock"))
    return pl.when(real).then(text).str.to_datetime("%Y-%m-%dT%H:%M:%S", time_unit="us", strict=False)


def _offset() -> pl.Expr:
    """What to take off a moment with an offset to get UTC; nothing where there is none."""
    zone = pl.col("zone").str.replace(":", "", literal=True)
    minutes = zone.str.slice(1, 2).cast(pl.Int64, strict=False) * 60 + zone.str.slice(3, 2).cast(pl.Int64, strict=False)
    signed = pl.when(zone.str.starts_with("-")).then(-minutes).otherwise(minutes)
    return pl.duration(minutes=pl.when(zone.str.contains(r"^[+-]")).then(signed).fill_null(0))
