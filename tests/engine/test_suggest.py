"""Targets of dangling pointers: the index gives what comparing everything with everything gives, in linear work."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import DamerauLevenshtein

from dataquality.engine import suggest
from dataquality.engine.folding import digits_of, fold, is_alphabetic_script
from dataquality.engine.suggest import pointer_suggestions

NAMES = st.lists(
    st.one_of(
        st.text("abA1 2-", min_size=1, max_size=7),
        st.text("äöüßaeo", min_size=3, max_size=6),
        st.text("上海公司a", min_size=3, max_size=5),
        st.text(min_size=1, max_size=6),
    ),
    max_size=25,
)


def by_brute_force(dangling, targets):
    existing = {target for target in targets if target.strip()}
    found = {}
    for value in dangling:
        form = fold(value)
        if not form or not value.strip() or value in existing:
            continue
        same = sorted(target for target in existing if fold(target) == form)
        near = []
        if len(form) >= 4 and is_alphabetic_script(form):
            near = sorted(
                target
                for target in existing
                if DamerauLevenshtein.distance(form, fold(target)) == 1 and digits_of(form) == digits_of(fold(target))
            )
        if same or near:
            found[value] = same or near
    return found


@pytest.mark.parametrize("chunk", [3, 50_000])
@settings(max_examples=300, deadline=None)
@given(dangling=NAMES, targets=NAMES)
def test_the_same_targets_are_found_as_by_comparing_every_value_with_every_target(chunk, dangling, targets):
    suggest._CHUNK, kept = chunk, suggest._CHUNK
    try:
        found = pointer_suggestions(pl.Series(dangling, dtype=pl.String), pl.Series(targets, dtype=pl.String))
    finally:
        suggest._CHUNK = kept
    expected = by_brute_force(dangling, targets)

    said = {value: (suggestion, names) for value, suggestion, _reason, names in found.iter_rows()}
    assert said == {
        value: (names[0], names) if len(names) == 1 else (None, names[:5]) for value, names in expected.items()
    }


def test_names_that_differ_in_figures_alone_are_not_even_compared(monkeypatch):
    compared: list[tuple[str, str]] = []

    def note(one, other):
        compared.append((one, other))
        return False

    monkeypatch.setattr(suggest, "_one_edit", note)
    names = [f"Company {n:05d}" for n in range(2_000)]

    pointer_suggestions(pl.Series([f"Company {n:05d} " for n in range(2_000, 4_000)]), pl.Series(names))

    assert compared == []
