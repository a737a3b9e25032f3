"""The benchmark of matching: what the yardsticks are given, and what becomes of a run that fails."""

from __future__ import annotations

import argparse
import sys

import numpy as np
import pytest

from benchmarks import matching as bench
from benchmarks.matching_data import KINDS, make_contacts
from benchmarks.matching_data.unseen import TABLES
from benchmarks.matching_peers.orders import at_thresholds, connected
from dataquality.engine import evaluate
from dataquality.engine.standardise import kind_of

ASKED = argparse.Namespace(python=sys.executable, limit=120.0, peers="splink,no_such_thing")


@pytest.fixture(scope="module")
def contacts():
    made = make_contacts(800, duplicates=0.3, seed=21)
    return bench.Labelled("contacts", made, {column: kind_of(word) for column, word in KINDS.items()})


def test_our_run_is_a_process_of_its_own_and_is_judged_against_the_truth(contacts, tmp_path):
    (ours,) = bench.run_all(contacts, [], ASKED, tmp_path)

    assert not ours.failure
    assert ours.clusters is not None
    assert ours.clusters.true == evaluate.true_pairs(bench.truth_of(contacts))
    assert (ours.clusters.f1 or 0.0) > 0.5
    assert ours.seconds > 0
    assert ours.peak > 50_000_000


def test_the_yardsticks_get_every_kind_of_column_in_one_spelling_and_never_the_truth(contacts):
    tidy, kinds = bench.standardised(contacts)

    assert set(kinds.values()) >= {"given", "family", "email", "phone", "company", "street", "city", "postcode"}
    assert "truth" not in tidy.columns
    assert tidy["row"].to_list() == list(range(800))
    assert tidy["email"].drop_nulls().str.contains("^[^A-Z ]+$").all()


def test_dates_reach_the_yardsticks_as_they_expect_them():
    made = TABLES["census"](300, seed=3)
    labelled = bench.Labelled("census", made.frame, {column: kind_of(word) for column, word in made.kinds.items()})

    tidy, kinds = bench.standardised(labelled)

    (date,) = [name for name, kind in kinds.items() if kind == "date"]
    assert tidy[date].drop_nulls().str.contains(r"^\d{4}-\d{2}-\d{2}$").all()


def test_a_yardstick_that_is_not_installed_is_named_in_a_sentence(capsys, monkeypatch):
    monkeypatch.setitem(bench.PEERS, "no_such_thing", "no_such_thing_at_all")

    found = bench.available(argparse.Namespace(python=sys.executable, peers="no_such_thing"))

    assert found == []
    assert "no_such_thing is not installed (optional extra bench)" in capsys.readouterr().out


def test_a_run_that_breaks_off_or_takes_too_long_is_a_line_and_no_figure(contacts, tmp_path):
    table = tmp_path / "raw.parquet"
    contacts.table.write_parquet(table)

    broken = bench.run("ours", contacts, table, {"first_name": "no kind"}, {}, ASKED, tmp_path)
    late = bench.run("ours", contacts, table, {}, {}, argparse.Namespace(limit=0.01), tmp_path)

    assert broken.failure.startswith("broke off: ValueError")
    assert "broke off" in bench.line(broken)
    assert late.failure.startswith("not done after")


def test_connected_rows_share_the_smallest_row_of_their_component():
    a, b, score = np.array([0, 1, 4]), np.array([2, 2, 5]), np.array([0.99, 0.6, 0.4])

    assert connected(6, a, b).tolist() == [0, 0, 0, 3, 4, 4]
    assert at_thresholds(6, a, b, score)["from 0.5"].tolist() == [0, 0, 0, 3, 4, 5]
    assert at_thresholds(6, a, b, score)["from 0.99"].tolist() == [0, 1, 0, 3, 4, 5]
