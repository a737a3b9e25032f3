"""Rule mode: pairs for which every criterion of a rule holds, for stewards who think in matchcodes.

The criteria are those of Dynamics' duplicate detection rules: exact match, same first n or last n characters, same
date, ignore blank. Case and outer spaces do not count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

EXACT, FIRST, LAST, SAME_DATE = "exact", "first", "last", "same_date"
HOWS = (EXACT, FIRST, LAST, SAME_DATE)
MOST_PAIRS = 2_000_000  # a rule that gives more is no rule: it says that a value is common
Rows = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Criterion:
    """One column must agree: wholly, in its first or last `length` characters, or on its day.

    With `ignore_blank` a blank agrees with nothing, without it with every other blank.
    """

    column: str
    how: str = EXACT
    length: int = 0
    ignore_blank: bool = True

    def __post_init__(self) -> None:
        if self.how not in HOWS:
            raise ValueError(f"A criterion is one of {', '.join(HOWS)}, not {self.how!r}.")
        if self.how in (FIRST, LAST) and self.length < 1:
            raise ValueError(f"The criterion on {self.column} needs a number of characters, 1 or more.")

    def key(self) -> pl.Expr:
        """What must be equal; null where a blank is ignored."""
        text = pl.col(self.column).cast(pl.String).str.strip_chars().str.to_lowercase()
        if self.how == FIRST:
            text = text.str.slice(0, self.length)
        elif self.how == LAST:
            text = text.str.tail(self.length)
        elif self.how == SAME_DATE:
            text = text.str.slice(0, 10)
        blank = text.is_null() | (text == "")
        return pl.when(blank).then(None if self.ignore_blank else pl.lit("")).otherwise(text)


@dataclass(frozen=True)
class Rule:
    """A name and its criteria, of which all must hold."""

    name: str
    criteria: tuple[Criterion, ...]

    def __post_init__(self) -> None:
        if not self.criteria:
            raise ValueError(f"The rule {self.name!r} has no criterion, so it would pair everything.")


@dataclass(frozen=True)
class RuleFigures:
    """What a rule gives, what it adds over the rules before it (and pairs known already), and its largest group."""

    name: str
    pairs: int
    adds: int
    largest: int


def cost(table: pl.DataFrame, rule: Rule) -> tuple[int, int]:
    """Pairs a rule would give and the size of its largest group, without making them: the sum of n (n - 1) / 2."""
    sizes = _keyed(table, rule).group_by("key").len().get_column("len")
    if not len(sizes):
        return 0, 0
    return int((sizes * (sizes - 1) // 2).sum()), int(sizes.max() or 0)  # type: ignore[arg-type]


def rule_pairs(table: pl.DataFrame, rules: Sequence[Rule]) -> tuple[Rows, Rows, Rows]:
    """Row numbers a < b and the number of the first rule that gives each pair, ordered by (a, b).

    Raises ValueError, with the figures, for a rule that would give more than MOST_PAIRS.
    """
    found: list[pl.DataFrame] = []
    for number, rule in enumerate(rules):
        pairs, largest = cost(table, rule)
        if pairs > MOST_PAIRS:
            raise ValueError(
                f"The rule {rule.name!r} would give {pairs:,} pairs, its largest group {largest:,} records; the most "
                f"is {MOST_PAIRS:,}. Add a criterion."
            )
        found.append(_pairs(table, rule).with_columns(rule=pl.lit(number, pl.Int32)))
    if not found:
        empty = np.empty(0, np.int32)
        return empty, empty, empty
    together = pl.concat(found).group_by("a", "b").agg(pl.col("rule").min()).sort("a", "b")
    a, b, by = (together.get_column(name).to_numpy().astype(np.int32) for name in ("a", "b", "rule"))
    return a, b, by


def figures(table: pl.DataFrame, rules: Sequence[Rule], known: tuple[Rows, Rows] | None = None) -> list[RuleFigures]:
    """For each rule what it gives and adds, in the order given; `known` are pairs that are there already."""
    seen = pl.DataFrame(schema={"a": pl.Int32, "b": pl.Int32})
    if known is not None:
        seen = pl.DataFrame({"a": known[0].astype(np.int32), "b": known[1].astype(np.int32)})
    result = []
    for rule in rules:
        pairs, largest = cost(table, rule)
        if pairs > MOST_PAIRS:
            result.append(RuleFigures(rule.name, pairs, pairs, largest))
            continue
        made = _pairs(table, rule)
        new = made.join(seen, on=["a", "b"], how="anti")
        seen = pl.concat([seen, new])
        result.append(RuleFigures(rule.name, pairs, len(new), largest))
    return result


def _keyed(table: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    """`row` and `key` of the rows whose every criterion has something to compare."""
    keys = [criterion.key().alias(str(place)) for place, criterion in enumerate(rule.criteria)]
    named = [str(place) for place in range(len(keys))]
    return (
        table.select(pl.int_range(pl.len(), dtype=pl.Int32).alias("row"), *keys)
        .drop_nulls(named)
        .select("row", pl.struct(named).alias("key"))
    )


def _pairs(table: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    keyed = _keyed(table, rule)
    several = keyed.filter(pl.len().over("key") > 1)
    joined = several.join(several, on="key", suffix="_b").filter(pl.col("row") < pl.col("row_b"))
    return joined.select(a=pl.col("row"), b=pl.col("row_b"))
