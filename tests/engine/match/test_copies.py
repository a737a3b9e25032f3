"""Rows that are alike in everything: one stands for all, and nothing is lost by it."""

import numpy as np
import polars as pl
import pytest

from dataquality.engine.cluster.copies import SPREAD, Copies, copies
from dataquality.engine.matching import Labels, match

from .tables import KINDS, people

NOBODY = np.zeros(0, dtype=np.int32)


def hashes(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.uint64)


def test_the_first_of_equal_rows_stands_for_them() -> None:
    found = copies(hashes(7, 8, 7, 9, 7), np.zeros(5, dtype=np.bool_), NOBODY)

    assert found is not None
    assert found.first.tolist() == [0, 1, 0, 3, 0]
    assert [side.tolist() for side in found.pairs()] == [[0], [2]]


def test_blank_and_judged_rows_stand_for_themselves() -> None:
    blank = np.array([True, True, False, False, False, False])

    found = copies(hashes(0, 0, 5, 5, 5, 5), blank, np.array([3], dtype=np.int32))

    assert found is not None
    assert found.first.tolist() == [0, 1, 2, 3, 2, 2]


def test_few_copies_are_left_where_they_are() -> None:
    assert copies(np.append(np.arange(40, dtype=np.uint64), hashes(3)), np.zeros(41, dtype=np.bool_), NOBODY) is None


def test_a_pair_is_told_for_all_rows_it_stands_for() -> None:
    alike = Copies(np.array([0, 0, 2, 2, 4], dtype=np.int32))

    a, b, which = alike.spread(np.array([0, 0, 2], np.int32), np.array([1, 2, 4], np.int32))

    assert sorted(zip(a.tolist(), b.tolist(), which.tolist(), strict=True)) == [
        (0, 1, 0), (0, 2, 1), (0, 3, 1), (1, 2, 1), (1, 3, 1), (2, 4, 2), (3, 4, 2),
    ]  # fmt: skip


def test_a_large_group_is_told_of_its_first_row_only() -> None:
    alike = Copies(np.zeros(SPREAD + 1, dtype=np.int32))

    a, b, _ = alike.spread(np.array([0], np.int32), np.array([1], np.int32))

    assert set(a.tolist()) == {0}
    assert b.tolist() == list(range(1, SPREAD + 1))


@pytest.fixture(scope="module")
def repeated() -> tuple[pl.DataFrame, np.ndarray]:
    """Every row three times over."""
    table, truth = people(150, 41)
    order = np.random.default_rng(42).permutation(3 * len(table))
    return pl.concat([table] * 3)[order], np.tile(truth, 3)[order]


def test_copies_end_where_their_first_row_does(repeated: tuple[pl.DataFrame, np.ndarray]) -> None:
    found = match(repeated[0], KINDS)

    same = repeated[0].with_columns(cluster=pl.Series(found.clusters)).group_by(list(KINDS)).agg(pl.col("cluster"))
    assert all(len(set(clusters)) == 1 for clusters in same["cluster"].to_list())
    assert all(found.clusters[row] <= row for row in range(len(found.clusters)))
    assert all(found.a < found.b)
    assert len(set(zip(found.a.tolist(), found.b.tolist(), strict=True))) == len(found.a)


def test_what_people_say_parts_even_copies(repeated: tuple[pl.DataFrame, np.ndarray]) -> None:
    table = repeated[0].with_row_index("row")
    a, b = table.group_by(list(KINDS), maintain_order=True).agg("row")["row"].to_list()[0][:2]
    judged = Labels(np.array([a], np.int32), np.array([b], np.int32), np.array([False]))

    found = match(repeated[0], KINDS, labels=judged)

    assert found.clusters[a] != found.clusters[b]


def test_the_order_of_rows_makes_no_difference(repeated: tuple[pl.DataFrame, np.ndarray]) -> None:
    order = np.random.default_rng(43).permutation(len(repeated[0]))

    one, two = match(repeated[0], KINDS), match(repeated[0][order], KINDS)

    assert {frozenset(np.flatnonzero(one.clusters == label).tolist()) for label in np.unique(one.clusters)} == {
        frozenset(order[two.clusters == label].tolist()) for label in np.unique(two.clusters)
    }
