"""Row-local rules, checked over whole columns: each distinct value that a fast pattern cannot settle is judged once."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from dataquality.engine.faults import ALWAYS_WARNINGS, FAULTS, Rule, judged
from dataquality.engine.rules.charset import judge_text, suspect_text
from dataquality.engine.rules.compare import (
    choice_faults,
    consistency_faults,
    judge_choice,
    order_faults,
    range_faults,
    required_faults,
)
from dataquality.engine.rules.formats import format_faults
from dataquality.engine.rules.phones import to_e164
from dataquality.engine.rules.private import judge_private, masked

__all__ = ["FAULTS", "ROW_LOCAL", "WHOLE_TABLE", "Rule", "by_table", "check", "judge_choice", "not_judged", "to_e164"]

ROW_LOCAL = frozenset({"required", "format", "range", "order", "choice", "charset", "consistency"})
# These need the whole table, or another one, and are left to SQL and to `noise`, `spelling` and `suggest`.
WHOLE_TABLE = frozenset({"unique", "pointer", "spelling", "lifecycle", "semantic"})


def by_table(rule: Rule) -> bool:
    """Does this rule need the whole table, or another one? So does a list that the values in use may add to."""
    return rule.kind in WHOLE_TABLE or (rule.kind == "choice" and bool(rule.params.get("open")))


def check(frame: pl.DataFrame, rules: Sequence[Rule], *, today: date) -> pl.DataFrame:
    """Every fault the row-local rules find, as FAULTS, sorted by row.

    `frame` has `row` and a column per field: text as it came, or dates and decimals after parsing. A rule on a column
    that the frame does not have finds nothing: what was not exported cannot be judged (`not_judged` names those).
    """
    unknown = {rule.kind for rule in rules} - ROW_LOCAL - WHOLE_TABLE
    if unknown:
        raise ValueError(
            f"No rule is of the kind {', '.join(sorted(unknown))}; there are "
            f"{', '.join(sorted(ROW_LOCAL | WHOLE_TABLE))}."
        )
    parts = [_faults(frame, rule, today) for rule in rules if not by_table(rule) and not _missing(frame, rule)]
    found = pl.concat(parts) if parts else pl.DataFrame(schema=FAULTS)
    free = {rule.field for rule in rules if rule.kind == "format" and rule.params.get("as") == "free_text"}
    return _without_private_values(found, free).sort("row", "field", "rule")


def not_judged(frame: pl.DataFrame, rules: Sequence[Rule]) -> list[Rule]:
    """The rules whose columns the frame lacks, so that nobody takes their silence for cleanliness."""
    return [rule for rule in rules if not by_table(rule) and _missing(frame, rule)]


def _missing(frame: pl.DataFrame, rule: Rule) -> bool:
    needed = {rule.field}
    if rule.kind == "order":
        needed |= {str(rule.params["before"]), str(rule.params["after"])}
    return not needed <= set(frame.columns)


def _faults(frame: pl.DataFrame, rule: Rule, today: date) -> pl.DataFrame:
    match rule.kind:
        case "required":
            found = required_faults(frame, rule)
        case "format":
            found = format_faults(frame, rule)
        case "range":
            found = range_faults(frame, rule, today)
        case "order":
            found = order_faults(frame, rule)
        case "choice":
            found = choice_faults(frame, rule)
        case "consistency":
            found = consistency_faults(frame, rule)
        case _:
            text = frame.select("row", value=pl.col(rule.field).cast(pl.String))
            found = judged(text.filter(suspect_text(pl.col("value"))), ["value"], judge_text)
    mild = pl.col("code").is_in(list(ALWAYS_WARNINGS))
    return found.select(
        "row",
        field=pl.lit(rule.field),
        rule=pl.lit(rule.slug),
        severity=pl.when(mild).then(pl.lit("warning")).otherwise(pl.lit(rule.severity)),
        code="code",
        value="value",
        suggestion="suggestion",
    )


def _without_private_values(found: pl.DataFrame, fields: set[str]) -> pl.DataFrame:
    """No fault of a free-text field repeats what does not belong there, whichever rule found it."""
    exposed = found.filter(pl.col("field").is_in(list(fields)) & pl.col("value").is_not_null())
    if not exposed.height:
        return found
    private = [text for text in exposed.get_column("value").unique().to_list() if judge_private(text)]
    hidden = pl.col("field").is_in(list(fields)) & pl.col("value").is_in(private)
    return found.with_columns(
        suggestion=pl.when(~hidden).then("suggestion"),
        value=pl.when(hidden)
        .then(
            pl.col("value").replace_strict(
                {text: masked(text) for text in private}, default=None, return_dtype=pl.String
            )
        )
        .otherwise("value"),
    )
