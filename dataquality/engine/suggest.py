"""The target that a dangling pointer most likely means."""

from collections import defaultdict
from collections.abc import Mapping

import polars as pl
from rapidfuzz.distance import DamerauLevenshtein

from dataquality.engine.folding import digits_of, fold, is_alphabetic_script

SUGGESTED: dict[str, pl.DataType | type[pl.DataType]] = {
    "value": pl.String,
    "suggestion": pl.String,
    "reason": pl.String,
    "candidates": pl.List(pl.String),
}
_LISTED = 5  # candidates named where the choice is a person's


def pointer_suggestions(dangling: pl.Series, targets: pl.Series) -> pl.DataFrame:
    """For each distinct dangling value that something can be said of: `value`, `suggestion`, `reason`, `candidates`.

    `same_but_writing`: a single target differs only in case, spaces or punctuation. `one_edit`: a single target is one
    edit away, with the same figures in it. `several`: more than one target fits, so none is suggested and they are
    listed.
    """
    asked: dict[str, list[str]] = defaultdict(list)  # folded form to the dangling values that have it
    existing = set(_distinct(targets))
    for value in _distinct(dangling):
        if value not in existing and fold(value):
            asked[fold(value)].append(value)
    same, near = _found_among(existing, asked) if asked else ({}, {})
    rows: list[Row] = []
    for form, values in asked.items():
        for value in values:
            if form in same:
                rows.append(_row(value, same[form], "same_but_writing"))
            elif form in near:
                rows.append(_row(value, near[form], "one_edit"))
    return pl.DataFrame(rows, schema=SUGGESTED, orient="row").sort("value")


Row = tuple[str, str | None, str, list[str]]


def _distinct(values: pl.Series) -> list[str]:
    text = values.cast(pl.String).drop_nulls().unique(maintain_order=True)
    return [value for value in text.to_list() if value.strip()]


def _row(value: str, candidates: list[str], reason: str) -> Row:
    if len(candidates) == 1:
        return value, candidates[0], reason, candidates
    return value, None, "several", sorted(candidates)[:_LISTED]


def _found_among(
    targets: set[str], asked: Mapping[str, list[str]]
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """For each asked form the targets of the same form, and those one edit away, in one pass over the targets.

    One edit leaves the beginning or the end of a word whole: only forms that share one of them are compared.
    """
    comparable = [form for form in asked if len(form) >= 4 and is_alphabetic_script(form)]
    widths = {_width(form) for form in comparable}
    starts: dict[str, list[str]] = defaultdict(list)
    ends: dict[str, list[str]] = defaultdict(list)
    for form in comparable:
        starts[form[: _width(form)]].append(form)
        ends[form[-_width(form) :]].append(form)
    same: dict[str, list[str]] = defaultdict(list)
    near: dict[str, list[str]] = defaultdict(list)
    for target in targets:
        form = fold.__wrapped__(target)  # each comes once: nothing to remember
        if form in asked:
            same[form].append(target)
        shared = {other for width in widths for other in (*starts.get(form[:width], ()), *ends.get(form[-width:], ()))}
        for other in shared:
            if _one_edit(form, other) and digits_of(other) == digits_of(form):
                near[other].append(target)
    return same, near


def _one_edit(one: str, other: str) -> bool:
    return abs(len(one) - len(other)) <= 1 and DamerauLevenshtein.distance(one, other, score_cutoff=1) == 1


def _width(form: str) -> int:
    """Signs at either end of which one edit, even two swapped letters, can touch only one end."""
    return min(4, (len(form) - 1) // 2)
