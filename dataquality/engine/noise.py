"""Digital noise: rare values of a column that lie close to a frequent one."""

from collections import defaultdict

import polars as pl
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from dataquality.engine.folding import digits_of, fold, is_alphabetic_script

NEAR: dict[str, type[pl.DataType]] = {
    "value": pl.String,
    "n": pl.Int64,
    "share": pl.Float64,
    "near": pl.String,
    "near_n": pl.Int64,
    "distance": pl.Int64,
}
_OUTNUMBERED = 5  # a rare value is a slip of one at least this many times as frequent
_FREQUENT = 2_000  # the most frequent values that others are compared with
_RARE = 20_000  # the values that are compared with them, the most frequent first


def near_neighbours(counts: pl.DataFrame, *, limit: int) -> pl.DataFrame:
    """Values (`value`, `n`) that look like slips of another value of the column, at most `limit`, the commonest first.

    `distance` is 0 where only case, spaces, punctuation or Unicode form differ, else the number of edits: one for words
    of four letters on, two from nine on. Values with other figures in them are other things, never neighbours.
    `share` is the part of all rows that hold the value.
    """
    rows = _tidy(counts)
    total = int(rows.get_column("n").sum())
    if not total:
        return pl.DataFrame(schema=NEAR)
    values, numbers = rows.get_column("value").to_list(), rows.get_column("n").to_list()
    found: dict[str, tuple[str, int, int]] = {}
    leaders: dict[str, tuple[str, int]] = {}  # folded form to its most frequent spelling
    for value, n in zip(values, numbers, strict=True):  # the frequent come first
        leader = leaders.setdefault(fold(value), (value, n))
        if leader[0] != value:
            found[value] = (*leader, 0)
    frequent = list(leaders)[:_FREQUENT]
    rare = [value for value in values[1 : _RARE + 1] if value not in found]
    for value, near, distance in _edits(rare, frequent, leaders, dict(zip(values, numbers, strict=True))):
        found[value] = (*leaders[near], distance)
    number_of = dict(zip(values, numbers, strict=True))
    listed = sorted(found, key=lambda value: (-number_of[value], value))[:limit]
    return pl.DataFrame(
        [(value, number_of[value], number_of[value] / total, *found[value]) for value in listed],
        schema=NEAR,
        orient="row",
    )


def pivot(counts: pl.DataFrame, *, limit: int) -> pl.DataFrame:
    """The column's values with count and share, the most frequent first, and for each slip what it lies near."""
    rows = _tidy(counts)
    near = near_neighbours(rows, limit=rows.height).drop("n", "share")
    total = max(1, int(rows.get_column("n").sum()))
    shared = rows.head(limit).with_columns(share=pl.col("n") / total)
    return shared.join(near, on="value", how="left", maintain_order="left").select(list(NEAR))


def _tidy(counts: pl.DataFrame) -> pl.DataFrame:
    rows = counts.select(value=pl.col("value").cast(pl.String), n=pl.col("n").cast(pl.Int64))
    rows = rows.filter(pl.col("value").str.strip_chars().fill_null("") != "")
    return rows.group_by("value").agg(pl.col("n").sum()).sort(["n", "value"], descending=[True, False])


def _edits(
    rare: list[str], frequent: list[str], leaders: dict[str, tuple[str, int]], number_of: dict[str, int]
) -> list[tuple[str, str, int]]:
    """(rare value, folded form of its nearest frequent one, edits), compared only with forms of about its length."""
    by_length: dict[int, list[str]] = defaultdict(list)
    for form in frequent:
        if is_alphabetic_script(form):
            by_length[len(form)].append(form)
    found = []
    for value in rare:
        form = fold(value)
        reach = 2 if len(form) >= 9 else 1
        if len(form) < 4 or not is_alphabetic_script(form):
            continue
        near = [
            other
            for length in range(len(form) - reach, len(form) + reach + 1)
            for other in by_length[length]
            if leaders[other][1] >= _OUTNUMBERED * number_of[value] and other != form
        ]
        figures = digits_of(form)
        best = [
            (int(distance), -leaders[other][1], other)
            for other, distance, _ in process.extract(
                form, near, scorer=DamerauLevenshtein.distance, score_cutoff=reach, limit=5
            )
            if digits_of(other) == figures
        ]
        if best:
            distance, _, other = min(best)
            found.append((value, other, distance))
    return found
