"""Days, identifiers, choices, figures and free text in one spelling."""

import polars as pl

from dataquality.engine.parse import DateFormat, DateTally, NumberTally, parse_dates, parse_numbers
from dataquality.engine.standardise.facts import words
from dataquality.engine.standardise.text import Dictionary, plain, without

NOTHING = words("placeholders", "everywhere") | words("placeholders", "not_of_people")
ISO = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:$|[T ])"
NO_DAY = ["0001-01-01", "1753-01-01", "1899-12-30", "1899-12-31", "1900-01-01", "9999-12-31"]


def day_parts(column: pl.Series, settled: str | None) -> tuple[dict[str, pl.Series], str | None]:
    """`day` since 1970-01-01 and `ymd`; and the order of day and month that the column settled, where it had to.

    Eight figures that are no day keep their `ymd`, so that a slip in one figure is still seen as one.
    """
    if column.dtype == pl.Date or column.dtype == pl.Datetime:
        days = column.cast(pl.Date)
        return _days(days, days.dt.strftime("%Y%m%d")), None
    listed = Dictionary.of(column.cast(pl.String).str.strip_chars())
    text = listed.values
    iso = text.str.slice(0, 10).set(~text.str.contains(ISO), None)
    days = iso.str.to_date("%Y-%m-%d", strict=False)
    compact = text.set(~text.str.contains(r"^[0-9]{8}$"), None)
    days = days.fill_null(compact.str.to_date("%Y%m%d", strict=False))
    rest = text.set(days.is_not_null(), None)
    order = None
    if rest.drop_nulls().len():
        order = settled or _order(rest, text)
        read = parse_dates(rest, DateFormat(order, False, 1.0, False, ""))  # type: ignore[arg-type]
        days = days.fill_null(read.cast(pl.Date))
    ymd = days.dt.strftime("%Y%m%d").fill_null(compact).fill_null(iso.str.replace_all("-", "", literal=True))
    parts = _days(days, ymd)
    return {name: listed.laid_out(part) for name, part in parts.items()}, order


def _order(rest: pl.Series, text: pl.Series) -> str:
    """How the cells that are not year-first are to be read; the others do not say."""
    tally = DateTally()
    tally.add(rest)
    return tally.decide().order


def _days(days: pl.Series, ymd: pl.Series) -> dict[str, pl.Series]:
    nothing = days.dt.strftime("%Y-%m-%d").is_in(NO_DAY).fill_null(value=False)
    return {"day": days.set(nothing, None).cast(pl.Int32), "ymd": ymd.set(nothing, None)}


def identifier_parts(column: pl.Series) -> dict[str, pl.Series]:
    """`code`: letters and figures alone, in capitals."""
    text = without(plain(column), NOTHING)
    code = text.str.replace_all(r"[^\p{L}\p{N}]+", "").str.to_uppercase()
    return {"code": code.set((code.str.contains("^0*$")).fill_null(value=False), None)}


def choice_parts(column: pl.Series) -> dict[str, pl.Series]:
    """`value`: one of a few, its words parted by single spaces."""
    listed = Dictionary.of(column)
    text = without(plain(listed.values), NOTHING)
    return {"value": listed.laid_out(text.str.replace_all(r"[\s_-]+", " ").str.strip_chars(" "))}


def text_parts(column: pl.Series) -> dict[str, pl.Series]:
    """`text` as words, and its `tokens`, each once and sorted."""
    listed = Dictionary.of(column)
    text = without(plain(listed.values), NOTHING).str.replace_all("['’]", "")
    text = text.str.replace_all(r"[^\p{L}\p{M}\p{N}]+", " ").str.strip_chars(" ")
    text = text.set((text == "").fill_null(value=False), None)
    tokens = text.str.split(" ").list.eval(pl.element().unique().sort()).list.join(" ")
    return {"text": listed.laid_out(text), "tokens": listed.laid_out(tokens)}


def figure_parts(column: pl.Series) -> dict[str, pl.Series]:
    """`value`: an amount as plain digits, the decimal sign decided by the whole column; text where it is no figure."""
    listed = Dictionary.of(column.cast(pl.String))
    tally = NumberTally()
    tally.add(listed.values)
    number = parse_numbers(listed.values, tally.decide()).cast(pl.String)
    shown = number.str.replace(r"(\.[0-9]*?)0+$", "$1").str.strip_suffix(".")
    return {"value": listed.laid_out(shown.fill_null(without(plain(listed.values), NOTHING)))}
