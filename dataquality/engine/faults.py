"""A rule, and what it finds: one row per fault, always with the row and the value."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import polars as pl

FAULTS: dict[str, type[pl.DataType]] = {
    "row": pl.Int64,
    "field": pl.String,
    "rule": pl.String,
    "severity": pl.String,
    "code": pl.String,
    "value": pl.String,
    "suggestion": pl.String,  # null where there is none
}
FOUND: dict[str, type[pl.DataType]] = {"row": pl.Int64, "code": pl.String, "value": pl.String, "suggestion": pl.String}

# What these codes say may well be right: they ask a person to look and never count as an error.
ALWAYS_WARNINGS = frozenset(
    {
        "private_health",
        "private_membership",
        "private_iban",
        "private_card",
        "private_secret",
        "phone_country_unknown",
        "identifier_rounded",
        "date_clock_twice",
    }
)


@dataclass(frozen=True)
class Rule:
    """What should hold of one field."""

    slug: str
    kind: str  # format | required | range | choice | order | charset | unique | spelling | consistency | …
    field: str
    severity: str = "error"
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict, hash=False)
    uses: tuple[str, ...] = ()  # mail | telephony | email


class Verdict(NamedTuple):
    """Why one value is faulty, and the right value where it is plain."""

    code: str
    suggestion: str | None = None


def nothing_found() -> pl.DataFrame:
    return pl.DataFrame(schema=FOUND)


def judged(suspects: pl.DataFrame, fields: Sequence[str], judge: Callable[..., Verdict | None]) -> pl.DataFrame:
    """The faulty rows among the suspects: each distinct value (with what it depends on) is judged once.

    The first of `fields` is the one that is faulted; the suspects' `value` is its cell as it stands in the record.
    """
    if not suspects.height:
        return nothing_found()
    distinct = suspects.select(fields).unique()
    verdicts = [judge(*values) for values in distinct.iter_rows()]
    faulty = distinct.with_columns(
        code=pl.Series([verdict and verdict.code for verdict in verdicts], dtype=pl.String),
        suggestion=pl.Series([verdict and verdict.suggestion for verdict in verdicts], dtype=pl.String),
    ).filter(pl.col("code").is_not_null())
    if not faulty.height:
        return nothing_found()
    found = suspects.join(faulty, on=list(fields), how="inner", nulls_equal=True)
    return found.select(pl.col("row").cast(pl.Int64), "code", "value", "suggestion")


def text_of(value: pl.Expr) -> pl.Expr:
    """A cell as text without the space around it; empty text is null."""
    text = value.cast(pl.String).str.strip_chars()
    return pl.when(text != "").then(text)
