"""The made-up contacts that the engine is tuned on: the same from the same numbers, with known duplicates."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from benchmarks.matching_data import COLUMNS, make_contacts
from benchmarks.matching_data.unseen import TABLES


def test_the_same_numbers_make_the_same_table_and_another_seed_another():
    first = make_contacts(3_000, duplicates=0.2, seed=5)

    assert_frame_equal(first, make_contacts(3_000, duplicates=0.2, seed=5))
    assert not first.equals(make_contacts(3_000, duplicates=0.2, seed=6))


@pytest.mark.parametrize("share", [0.0, 0.005, 0.15, 0.4])
def test_the_share_of_further_records_is_the_share_asked_for(share):
    made = make_contacts(4_000, duplicates=share, seed=2)

    assert tuple(made.columns) == COLUMNS
    assert len(made) == 4_000
    assert made["truth"].n_unique() == 4_000 - round(4_000 * share)


def test_different_people_share_what_people_share_and_records_of_one_person_differ():
    made = make_contacts(20_000, seed=3)

    namesakes = made.group_by("first_name", "last_name").agg(people=pl.col("truth").n_unique())
    phones = made.drop_nulls("phone").group_by("phone").agg(people=pl.col("truth").n_unique())
    twice = made.filter(pl.len().over("truth") == 2)
    assert (namesakes["people"] >= 3).any()
    assert (phones["people"] >= 3).any()
    for column in ("first_name", "last_name", "email", "company", "city"):
        same = twice.group_by("truth").agg(same=pl.col(column).n_unique() == 1)["same"].sum()
        assert 0.1 < same / twice["truth"].n_unique() < 0.95, column


def test_names_come_in_every_script_and_some_are_broken():
    made = make_contacts(20_000, seed=4)["last_name"]

    for script in ("[А-я]", "[一-龥]", "[؀-ۿ]", "[ßüö]", "Ã"):
        assert made.str.contains(script).sum() > 20, script


def test_a_share_that_cannot_be_is_refused_in_a_sentence():
    with pytest.raises(ValueError, match="a share from 0 to"):
        make_contacts(100, duplicates=0.95)


@pytest.mark.parametrize("name", TABLES)
def test_the_tables_for_judging_are_the_same_from_the_same_numbers_and_hold_things_that_only_look_alike(name):
    made = TABLES[name](2_000, duplicates=0.2, seed=9)

    assert_frame_equal(made.frame, TABLES[name](2_000, duplicates=0.2, seed=9).frame)
    assert made.frame["truth"].n_unique() == 1_600
    assert set(made.kinds) == set(made.frame.columns) - {"truth"}
    first = next(iter(made.kinds))
    twins = made.frame.group_by(pl.col(first).str.to_lowercase()).agg(things=pl.col("truth").n_unique())
    assert (twins["things"] > 1).sum() > 10
