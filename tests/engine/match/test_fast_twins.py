"""What is compiled for many rows gives what plain code gives for few."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataquality.engine.block import Keys, compiled, passes_for, plain
from dataquality.engine.records import compared, made, read, row_hashes
from dataquality.engine.standardise import standardise

from .tables import KINDS, people

# Keys that differ in their first bits, in their last bits alone, and not at all.
keys_like = st.lists(st.builds(lambda high, low: (high << 61) + low, st.integers(0, 3), st.integers(0, 6)), max_size=60)


@settings(max_examples=300, deadline=None)
@given(keys_like)
def test_keys_are_put_in_order_with_their_rows_and_counted_alike(listed: list[int]) -> None:
    column = np.array([*listed, 5, 5], dtype=np.uint64)

    keys, rows = plain.meeting([column], plain.Room(0))
    room = compiled.Room(len(column))
    n = compiled.gather(column, np.full(1 << 12, 2, dtype=np.uint8), room.keys, room.rows, 0)
    found, places = compiled.in_order(n, room)

    assert np.array_equal(found, keys)
    assert np.array_equal(places, rows)
    assert np.array_equal(compiled.runs(found), plain.runs(keys))


@settings(max_examples=100, deadline=None)
@given(keys_like, st.integers(2, 5))
def test_blocks_hold_the_same_rows_and_have_the_same_numbers(listed: list[int], cap: int) -> None:
    column = np.array([*listed, 5, 5], dtype=np.uint64)
    keys, rows = plain.meeting([column], plain.Room(0))
    sizes = plain.runs(keys)
    kept = sizes[(sizes >= 2) & (sizes <= cap)]

    found = []
    for loops in (plain, compiled):
        members, starts = np.empty(kept.sum(), dtype=np.int32), np.empty(len(kept) + 1, dtype=np.int64)
        blocks = np.full((len(column), 2), -1, dtype=np.int32)
        loops.members(rows, sizes, cap, members, starts)
        loops.number(keys, rows, sizes, cap, column, blocks, 1)
        found.append((members.tolist(), starts.tolist(), blocks.tolist()))

    assert found[0] == found[1]


def test_made_parts_rows_and_keys_are_hashed_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    table, _ = people(300, 3)
    standard = standardise(table, KINDS)
    passes = passes_for(compared(standard))
    slow, _ = read(standard, fast=False)
    numbers = row_hashes(slow.hashes, np.uint64(31))
    keys = [column for number in range(len(passes)) for column in Keys(slow, fast=False).of(passes, number)]

    monkeypatch.setattr(made, "FEW", 0)
    fast, _ = read(standard, fast=True)

    assert np.array_equal(slow.hashes, fast.hashes)
    assert np.array_equal(slow.rarity, fast.rarity)
    assert np.array_equal(numbers, row_hashes(fast.hashes, np.uint64(31)))
    others = [column for number in range(len(passes)) for column in Keys(fast, fast=True).of(passes, number)]
    assert all(np.array_equal(one, other) for one, other in zip(keys, others, strict=True))
    assert len(np.unique(numbers)) > 250
