"""Clusters: average linkage, judgements, and one answer whatever the order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataquality.engine.cluster import cluster
from dataquality.engine.cluster.completing import unseen_pairs


def labels(rows: int, pairs: dict[tuple[int, int], float], **more: object) -> list[int]:
    a, b = (np.array([pair[side] for pair in pairs], dtype=np.int32) for side in (0, 1))
    weight = np.array(list(pairs.values()), dtype=np.float32)
    return [int(label) for label in cluster(rows, a, b, weight, **more)]  # type: ignore[arg-type]


def test_a_pair_joins_when_more_speaks_for_it_than_against() -> None:
    assert labels(4, {(0, 1): 2.0, (2, 3): -1.0}) == [0, 0, 2, 3]


def test_one_strong_pair_does_not_chain_two_groups_that_disagree_elsewhere() -> None:
    within = {(0, 1): 9.0, (2, 3): 9.0}

    assert labels(4, within | {(1, 2): 3.0}) == [0, 0, 2, 2]
    assert labels(4, within | {(1, 2): 8.0, (0, 2): 8.0, (1, 3): 8.0, (0, 3): 8.0}) == [0, 0, 0, 0]


def test_what_was_judged_different_stays_apart_and_what_was_judged_the_same_joins() -> None:
    found = {(0, 1): 9.0, (1, 2): 9.0, (0, 2): 9.0, (3, 4): -9.0}

    apart = labels(5, found, cannot=np.array([[0, 2]], np.int32), must=np.array([[4, 3], [1, 2]], np.int32))

    assert apart[0] != apart[2]
    assert apart[1] == apart[2]
    assert apart[3] == apart[4]


def test_what_must_join_hangs_together_over_steps() -> None:
    must = np.array([[0, 1], [1, 2], [2, 3]], np.int32)

    assert labels(4, {(0, 3): -20.0}, must=must) == [0, 0, 0, 0]


edges = st.dictionaries(
    st.tuples(st.integers(0, 11), st.integers(0, 11)).filter(lambda pair: pair[0] < pair[1]),
    st.floats(-10, 20, width=32).filter(lambda value: value != 0),
    max_size=40,
)


@settings(max_examples=120, deadline=None)
@given(edges, st.randoms())
def test_clusters_are_the_same_in_any_order_and_with_or_without_the_compiler(found, chance) -> None:
    a, b = (np.array([pair[side] for pair in found], dtype=np.int32) for side in (0, 1))
    weight = np.array(list(found.values()), dtype=np.float32)
    order = list(range(len(found)))
    chance.shuffle(order)

    plain = cluster(12, a, b, weight, fast=False)
    shuffled = cluster(12, a[order], b[order], weight[order], fast=True)

    assert np.array_equal(plain, shuffled)
    assert all(plain[label] == label <= row for row, label in enumerate(plain))


def test_a_group_too_large_to_link_at_once_is_cut_at_its_weakest_pairs() -> None:
    size = 400
    a = np.concatenate([np.arange(size - 1), np.arange(size, 2 * size - 1), [0]]).astype(np.int32)
    b = np.concatenate([np.arange(1, size), np.arange(size + 1, 2 * size), [size]]).astype(np.int32)
    weight = np.full(len(a), 30.0, dtype=np.float32)
    weight[-1] = 0.5

    found = cluster(2 * size, a, b, weight)

    assert found[0] != found[size]


def test_pairs_that_no_key_brought_together_are_listed_for_groups_of_three_and_more() -> None:
    a, b = np.array([0, 1, 5], np.int32), np.array([1, 2, 6], np.int32)

    left, right = unseen_pairs(8, a, b, np.array([1.0, 1.0, 1.0], np.float32))

    assert list(zip(left.tolist(), right.tolist(), strict=True)) == [(0, 2)]


@pytest.mark.parametrize("fast", [False, True])
def test_no_pairs_leave_every_row_alone(fast: bool) -> None:
    none = np.zeros(0, np.int32)

    assert cluster(3, none, none, np.zeros(0, np.float32), fast=fast).tolist() == [0, 1, 2]
