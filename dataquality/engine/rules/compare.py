"""Rules that compare: required, consistency, range, order of dates, closed lists of choices."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import polars as pl
from rapidfuzz.distance import OSA

from dataquality.engine.faults import Rule, Verdict, judged, text_of
from dataquality.engine.folding import fold

EARLIEST = date(1900, 1, 1)  # before that, a CRM's date is a slip
LATEST_YEARS = 50  # and so it is this many years from today


def required_faults(frame: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    """Blank where a value is required: everywhere, or where another field has certain values."""
    when = rule.params.get("when")
    blank = text_of(pl.col(rule.field)).is_null()
    if when is not None and when["field"] not in frame.columns:
        return _found(frame.clear(), rule.field, "required_blank")
    here = blank if when is None else blank & _holds(when)
    return _found(frame.filter(here), rule.field, "required_blank" if when is None else "required_blank_when")


def consistency_faults(frame: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    """Where another field has certain values, this must be blank (`blank`: true), one of `in` or none of `not_in`."""
    when = rule.params["when"]
    if when["field"] not in frame.columns:
        return _found(frame.clear(), rule.field, "consistency_other")
    text = text_of(pl.col(rule.field))
    if rule.params.get("blank"):
        return _found(frame.filter(_holds(when) & text.is_not_null()), rule.field, "consistency_not_blank")
    said = written(pl.col(rule.field), frame.schema[rule.field]).str.strip_chars().str.to_lowercase()
    named = said.is_in(_folded(rule.params["in"] if "in" in rule.params else rule.params["not_in"]))
    wrong = text.is_not_null() & (~named if "in" in rule.params else named)
    return _found(frame.filter(_holds(when) & wrong), rule.field, "consistency_other")


def range_faults(frame: pl.DataFrame, rule: Rule, today: date) -> pl.DataFrame:
    """Values outside `min` and `max` (both allowed), dates after today where `future` is false, and absurd dates.

    A bound may be a number, an ISO day or `"today"`.
    """
    kind = frame.schema[rule.field]
    if not (kind.is_numeric() or kind.is_temporal()):
        raise TypeError(
            f"Rule “{rule.slug}”: a range needs numbers or dates, and “{rule.field}” is still {kind}; parse it first."
        )
    low, high = (_bound(rule.params.get(name), kind, today) for name in ("min", "max"))
    value = pl.col(rule.field)
    tests: list[tuple[str, pl.Expr]] = []
    if kind.is_temporal():
        value = value.cast(pl.Date)
        tests.append(("date_absurd", (value < EARLIEST) | (value.dt.year() > today.year + LATEST_YEARS)))
        if rule.params.get("future") is False:
            tests.append(("date_future", value > today))
    below, above = ("date_too_early", "date_too_late") if kind.is_temporal() else ("number_too_low", "number_too_high")
    if low is not None:
        tests.append((below, value < low))
    if high is not None:
        tests.append((above, value > high))
    code = pl.coalesce(pl.lit(None, dtype=pl.String), *(pl.when(test).then(pl.lit(name)) for name, test in tests))
    found = frame.select(pl.col("row").cast(pl.Int64), code=code, value=written(pl.col(rule.field), kind))
    return found.filter(pl.col("code").is_not_null()).with_columns(suggestion=pl.lit(None, dtype=pl.String))


def order_faults(frame: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    """Rows whose `before` lies after their `after`; equal is in order, and a blank is compared with nothing.

    A moment and a day are compared by their days. `when` limits the rule to rows whose other field has certain values.
    """
    before, after = str(rule.params["before"]), str(rule.params["after"])
    when = rule.params.get("when")
    if when is not None and when["field"] not in frame.columns:
        return _found(frame.clear(), rule.field, "order_reversed")
    one, other = pl.col(before), pl.col(after)
    if frame.schema[before] != frame.schema[after] and pl.Date in (frame.schema[before], frame.schema[after]):
        one, other = one.cast(pl.Date), other.cast(pl.Date)
    wrong = one > other
    return _found(frame.filter(wrong if when is None else wrong & _holds(when)), rule.field, "order_reversed")


def choice_faults(frame: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    """Values that are not on the list; the listed one is suggested where only case, spaces or one edit differ."""
    listed = tuple(str(value) for value in rule.params["values"])
    text = text_of(pl.col(rule.field))
    suspects = frame.select("row", value=pl.col(rule.field).cast(pl.String), text=text).filter(
        pl.col("text").is_not_null() & ~pl.col("text").is_in(list(listed))
    )
    return judged(suspects, ["text"], lambda value: judge_choice(value, listed))


def judge_choice(text: str, listed: tuple[str, ...]) -> Verdict:
    folded = fold(text)
    same = [choice for choice, form in _forms(listed) if form == folded]
    if same:
        return Verdict("choice_spelling", same[0] if len(same) == 1 else None)
    near = [
        choice for choice, form in _forms(listed) if len(form) >= 5 and OSA.distance(form, folded, score_cutoff=1) <= 1
    ]
    return Verdict("choice_unknown", near[0] if len(near) == 1 else None)


def written(value: pl.Expr, kind: pl.DataType) -> pl.Expr:
    """A typed cell as a person would write it: ISO days, no trailing zeros."""
    if isinstance(kind, pl.Decimal) or kind.is_float():
        return value.cast(pl.String).str.replace(r"(\.[0-9]*?)0+$", "$1").str.replace(r"\.$", "")
    return value.cast(pl.String)


def _holds(when: Mapping[str, Any]) -> pl.Expr:
    """Rows whose other field is one of `in`, or none of `not_in`; case is overlooked, blank counts as ""."""
    other = text_of(pl.col(when["field"])).fill_null("").str.to_lowercase()
    if "in" in when:
        return other.is_in(_folded(when["in"]))
    if "not_in" in when:
        return ~other.is_in(_folded(when["not_in"]))
    return other != ""


def _folded(values: Any) -> list[str]:
    return [str(value).strip().lower() for value in values]


def _found(rows: pl.DataFrame, field: str, code: str) -> pl.DataFrame:
    return rows.select(
        pl.col("row").cast(pl.Int64),
        code=pl.lit(code),
        value=written(pl.col(field), rows.schema[field]).fill_null(""),
        suggestion=pl.lit(None, dtype=pl.String),
    )


def _bound(bound: Any, kind: pl.DataType, today: date) -> Any:
    if bound is None:
        return None
    if kind.is_temporal():
        day = today if bound == "today" else bound
        day = day.date() if isinstance(day, datetime) else day
        return day if isinstance(day, date) else date.fromisoformat(str(day))
    return Decimal(str(bound))


@cache
def _forms(listed: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((choice, fold(choice)) for choice in listed)
