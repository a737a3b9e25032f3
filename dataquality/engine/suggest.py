"""The target that a dangling pointer most likely means."""

from collections import defaultdict

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
    asked = [value for value in _distinct(dangling) if fold(value)]
    existing = _distinct(targets)
    spellings: dict[str, list[str]] = defaultdict(list)
    for target in existing:
        spellings[fold(target)].append(target)
    known = set(existing)
    rows: list[tuple[str, str | None, str, list[str]]] = []
    to_compare = []
    for value in asked:
        if value in known:
            continue
        same = spellings.get(fold(value))
        if same:
            rows.append(_row(value, same, "same_but_writing"))
        else:
            to_compare.append(value)
    rows += _one_edit_away(to_compare, spellings)
    return pl.DataFrame(rows, schema=SUGGESTED, orient="row").sort("value")


def _distinct(values: pl.Series) -> list[str]:
    text = values.cast(pl.String).drop_nulls().unique(maintain_order=True)
    return [value for value in text.to_list() if value.strip()]


def _row(value: str, candidates: list[str], reason: str) -> tuple[str, str | None, str, list[str]]:
    if len(candidates) == 1:
        return value, candidates[0], reason, candidates
    return value, None, "several", sorted(candidates)[:_LISTED]


def _one_edit_away(asked: list[str], spellings: dict[str, list[str]]) -> list[tuple[str, str | None, str, list[str]]]:
    """One edit leaves the beginning or the end of a word whole: only targets that share one of them are compared."""
    forms = {value: fold(value) for value in asked}
    comparable = {value: form for value, form in forms.items() if len(form) >= 4 and is_alphabetic_script(form)}
    widths = {_width(form) for form in comparable.values()}
    starts: dict[tuple[int, str], list[str]] = defaultdict(list)
    ends: dict[tuple[int, str], list[str]] = defaultdict(list)
    for target in spellings:
        for width in widths:
            if len(target) >= width:
                starts[width, target[:width]].append(target)
                ends[width, target[-width:]].append(target)
    rows = []
    for value, form in comparable.items():
        width, figures = _width(form), digits_of(form)
        near = {
            target
            for target in (*starts[width, form[:width]], *ends[width, form[-width:]])
            if abs(len(target) - len(form)) <= 1
            and DamerauLevenshtein.distance(target, form, score_cutoff=1) <= 1
            and digits_of(target) == figures
        }
        candidates = [spelling for target in sorted(near) for spelling in spellings[target]]
        if candidates:
            rows.append(_row(value, candidates, "one_edit"))
    return rows


def _width(form: str) -> int:
    """Signs at either end of which one edit, even two swapped letters, can touch only one end."""
    return min(4, (len(form) - 1) // 2)
