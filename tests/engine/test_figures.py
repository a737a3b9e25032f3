"""The formulas of the score, against brute force and against the figures everybody quotes."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataquality.engine.figures import (
    DEFAULT_WEIGHTS,
    data_health,
    error_rate,
    headroom,
    passes,
    priority,
    sample_size,
    to_fix,
    wilson_upper,
    wrong_in_clusters,
)

limits = st.sampled_from([0.05, 0.01, 0.2, 0.2, "0.075", Decimal("0.1"), Fraction(1, 3), 0, 1])


@pytest.mark.parametrize(
    ("wrong", "n", "limit", "strict", "k"),
    [
        (1480, 8800, 0.01, True, 1393),
        (1425, 8800, 0.01, True, 1338),
        (60, 1000, 0.05, True, 11),
        (250, 1000, 0.2, False, 50),
        (0, 0, 0.05, True, 0),
        (50, 1000, 0.05, True, 1),
        (50, 1000, 0.05, False, 0),
        (1, 1, 0.01, True, 1),
    ],
)
def test_the_work_left_is_the_figure_people_were_told(wrong, n, limit, strict, k):
    assert to_fix(wrong, n, limit, strict=strict) == k


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), limits, st.booleans())
def test_the_work_left_is_the_smallest_number_that_makes_the_table_pass(numbers, limit, strict):
    wrong, n = numbers
    enough = [k for k in range(wrong + 1) if passes(wrong - k, n, limit, strict=strict)]

    if enough:
        assert to_fix(wrong, n, limit, strict=strict) == enough[0]
    else:
        assert strict  # below nothing at all is nobody: only a limit of 0 cannot be met
        assert limit == 0


@given(st.integers(1, 10**9), st.integers(0, 10**9))
def test_a_table_passes_exactly_when_nothing_is_left_to_fix(n, wrong):
    wrong = min(wrong, n)

    assert passes(wrong, n, 0.05) == (to_fix(wrong, n, 0.05) == 0)
    assert passes(wrong, n, 0.2, strict=False) == (to_fix(wrong, n, 0.2, strict=False) == 0)


def test_a_table_without_rows_has_no_rate_and_passes_nothing():
    assert error_rate(0, 0) is None
    assert not passes(0, 0, 0.05)
    assert wilson_upper(0, 0) is None
    assert headroom(None, 0.05) is None


def test_more_wrong_than_rows_is_refused():
    with pytest.raises(ValueError, match="3 wrong of 2 rows"):
        error_rate(3, 2)


def test_headroom_is_whole_half_and_none_at_the_marks():
    assert [headroom(rate, 0.05) for rate in (0, 0.05, 0.1, 0.5)] == [1.0, 0.5, 0.0, 0.0]


def test_health_weighs_the_tables_that_have_rows():
    assert data_health({"account": 1.0, "contact": 0.0, "lead": None}) == pytest.approx(100 * 4 / 7)
    assert data_health({"account": None}) is None
    assert data_health(dict.fromkeys(DEFAULT_WEIGHTS, 1.0)) == 100


def test_samples_prove_what_the_planner_says_and_one_row_less_does_not():
    assert (sample_size(0.05), sample_size(0.01)) == (73, 381)
    assert wilson_upper(0, 380) == pytest.approx(0.010008, abs=1e-6)
    with pytest.raises(ValueError, match="between 0 and 1"):
        sample_size(0)


@given(st.sampled_from([0.02, 0.05, 0.1, 0.2]), st.integers(0, 8))
def test_the_planned_sample_is_the_smallest_that_proves_the_limit(limit, wrong):
    n = sample_size(limit, wrong=wrong)

    assert wilson_upper(wrong, n) < limit <= wilson_upper(wrong, n - 1)


def test_a_finding_weighs_more_the_more_it_holds_up():
    assert priority("error", 0, 0) == 2
    assert priority("error", 7, 1) == 16
    assert priority("warning", 0, 0) < priority("error", 0, 0) < priority("error", 1, 0) < priority("error", 1, 1)
    with pytest.raises(ValueError, match="fewer than 0"):
        priority("error", -1, 0)


def test_all_but_the_survivor_of_a_cluster_are_wrong():
    assert wrong_in_clusters([2, 3, 1]) == 3
