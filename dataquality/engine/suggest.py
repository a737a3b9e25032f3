"""The target that a dangling pointer most likely means."""

from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import islice

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
_CHUNK = 50_000  # targets whose neighbourhoods are in memory at a time


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

    Two forms one edit apart have a form in common that is left when at most one sign of each is left out (the
    deletion neighbourhood of SymSpell, Garbe 2012). Only forms that share one are compared, so that the work grows
    with the number of values and not with its square.
    """
    comparable = [form for form in asked if len(form) >= 4 and is_alphabetic_script(form)]
    index = _neighbourhood(comparable).rename({"at": "asked"})
    same: dict[str, list[str]] = defaultdict(list)
    near: dict[str, list[str]] = defaultdict(list)
    named = iter(targets)
    while chunk := list(islice(named, _CHUNK)):
        forms = [fold.__wrapped__(target) for target in chunk]  # each comes once: nothing to remember
        for target, form in zip(chunk, forms, strict=True):
            if form in asked:
                same[form].append(target)
        shared = index.join(_neighbourhood(forms), on="key").select("asked", "at").unique()
        for ours, theirs in shared.iter_rows():
            if _one_edit(comparable[ours], forms[theirs]):
                near[comparable[ours]].append(chunk[theirs])
    return same, near


def _neighbourhood(forms: Sequence[str]) -> pl.DataFrame:
    """Every form and what is left of it without one of its signs, as hashes (`key`) with its place (`at`).

    Figures are never left out and are part of every key: forms with other figures are not one another's misspelling.
    """
    keys, places = array("q"), array("q")
    for at, form in enumerate(forms):
        figures = "\0" + "\0".join(digits_of(form))
        keys.append(hash(form + figures))
        keys.extend({hash(form[:n] + form[n + 1 :] + figures) for n, sign in enumerate(form) if not sign.isdecimal()})
        places.extend([at] * (len(keys) - len(places)))
    return pl.DataFrame({"key": pl.Series(keys, dtype=pl.Int64), "at": pl.Series(places, dtype=pl.Int64)})


def _one_edit(one: str, other: str) -> bool:
    """A sign more, less or other, or two neighbours exchanged, and the same figures."""
    if abs(len(one) - len(other)) > 1 or DamerauLevenshtein.distance(one, other, score_cutoff=1) != 1:
        return False
    return digits_of(one) == digits_of(other)
