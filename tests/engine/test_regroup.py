"""Clusters mended around a person's answer, and the ids that clusters keep."""

from __future__ import annotations

import random
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataquality.engine.regroup import keep_ids, regroup

RECORDS = list(range(6))
PAIRS = [(a, b) for a in RECORDS for b in RECORDS if a < b]
weights = st.dictionaries(st.sampled_from(PAIRS), st.floats(-20, 20), max_size=len(PAIRS))
judged = st.lists(st.sampled_from(PAIRS), max_size=4, unique=True)


def ids(*clusters: tuple[int, list[int]]) -> pl.DataFrame:
    rows = [(record, cluster) for cluster, records in clusters for record in records]
    return pl.DataFrame(rows, {"record_id": pl.Int64, "cluster_id": pl.Int64}, orient="row")


def named(before: pl.DataFrame, now: pl.DataFrame, **more: Any) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for record, cluster in keep_ids(before, now, **more).iter_rows():
        found.setdefault(cluster, set()).add(record)
    return found


def test_one_weak_link_does_not_chain_two_groups():
    linked = {(1, 2): 8.0, (3, 4): 8.0, (2, 3): 1.0}

    assert regroup([1, 2, 3, 4], linked) == [[1, 2], [3, 4]]


def test_different_keeps_two_records_apart_whatever_the_evidence():
    groups = regroup([1, 2, 3], {(1, 2): 9.0, (2, 3): 8.0, (1, 3): 7.0}, cannot=[(1, 2)])

    assert groups == [[1], [2, 3]]


def test_where_a_person_joins_two_groups_those_never_compared_say_nothing_against_it():
    assert regroup([1, 2, 3, 4], {(1, 2): 5.0, (3, 4): 5.0}, must=[(2, 3)]) == [[1, 2, 3, 4]]


@given(weights, judged, judged)
def test_answers_are_heeded_transitively_and_groups_are_a_partition(known, must, cannot):
    groups = regroup(RECORDS, known, must=must, cannot=[pair for pair in cannot if pair not in must])

    assert sorted(record for group in groups for record in group) == RECORDS
    home = {record: number for number, group in enumerate(groups) for record in group}
    assert all(home[a] == home[b] for a, b in must)
    if not must:
        assert all(home[a] != home[b] for a, b in cannot)


@given(weights, st.permutations(RECORDS))
def test_the_order_of_records_changes_nothing(known, order):
    assert regroup(order, known) == regroup(RECORDS, dict(reversed(list(known.items()))))


def test_thousands_are_grouped_as_a_handful_is(monkeypatch):
    chance = random.Random(3)
    records = list(range(1, 901))
    within = [(a, b) for a in records for b in range(a + 1, min(a + 4, 901)) if a // 5 == b // 5]
    weights = {pair: chance.gauss(2, 6) for pair in within}
    answers: dict[str, Any] = {"cannot": within[:9:3], "must": within[1:9:3]}
    handful = regroup(records, weights, **answers)

    monkeypatch.setattr("dataquality.engine.regroup.MANY", 0)

    assert regroup(records, weights, **answers) == handful
    assert max(map(len, handful)) > 2


@pytest.mark.parametrize(
    ("before", "now", "wanted"),
    [
        (ids(), ids((0, [5, 7])), {5: {5, 7}}),
        (ids((5, [5, 7])), ids((9, [7, 5, 3])), {5: {3, 5, 7}}),
        (ids((5, [5, 7]), (6, [6, 8])), ids((0, [5, 6, 7, 8])), {5: {5, 6, 7, 8}}),
        (ids((5, [5, 6, 7, 8])), ids((0, [5, 6]), (1, [7, 8])), {5: {5, 6}, 7: {7, 8}}),
        (ids((5, [6, 7])), ids((0, [5, 9]), (1, [6, 7])), {9: {5, 9}, 5: {6, 7}}),
        (ids((5, [5, 6])), ids((0, [7, 8])), {7: {7, 8}}),
    ],
    ids=["new", "grown", "merged", "split", "its id taken", "gone"],
)
def test_clusters_keep_the_id_of_their_oldest_record(before, now, wanted):
    assert named(before, now) == wanted


def test_an_id_taken_elsewhere_is_not_given_again():
    assert named(ids(), ids((0, [5, 7])), taken=[5]) == {7: {5, 7}}
    assert named(ids(), ids((0, [5, 7])), taken=[5, 7]) == {-5: {5, 7}}


@given(st.lists(st.integers(0, 5), min_size=8, max_size=8), st.lists(st.integers(0, 5), min_size=8, max_size=8))
def test_naming_twice_changes_nothing_and_no_two_clusters_share_an_id(before, now):
    first = keep_ids(ids(), pl.DataFrame({"record_id": range(10, 18), "cluster_id": before}, strict=False))
    second = keep_ids(first, pl.DataFrame({"record_id": range(10, 18), "cluster_id": now}, strict=False))

    assert keep_ids(second, second).equals(second)
    pairs = set(zip(second["cluster_id"].to_list(), now, strict=True))
    assert len(pairs) == len({cluster for cluster, _label in pairs}) == len(set(now))
