"""When will it be under its limit: trends, probabilities, and how good past forecasts were."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_adoption.plan.forecasting import brier, crossing, trend

days = st.lists(st.integers(0, 400), min_size=3, max_size=12, unique=True)


def test_three_days_make_a_trend_and_two_do_not():
    assert trend([(0, 0.5), (10, 0.4)]) is None
    assert trend([(0, 0.5), (0, 0.6), (10, 0.4)]) is None

    found = trend([(0, 0.5), (10, 0.4), (20, 0.3)])

    assert found is not None
    assert (found.level, found.slope, found.noise) == pytest.approx((0.3, -0.01, 0.0))


@given(days, st.floats(-0.01, 0.01), st.floats(0, 1))
def test_a_straight_line_is_found_exactly_and_is_certain(when, slope, start):
    points = [(day, start + slope * day) for day in when]

    found = trend(points)

    assert found is not None
    assert found.slope == pytest.approx(slope, abs=1e-9)
    assert found.expected(0) == pytest.approx(start + slope * max(when), abs=1e-6)


def test_one_bad_export_does_not_turn_the_slope():
    good = [(day, 0.5 - 0.01 * day) for day in range(0, 50, 5)]
    bad = [*good[:4], (20, 0.9), *good[5:]]

    found = trend(bad)

    assert found is not None
    assert found.slope == pytest.approx(-0.01, abs=2e-3)


@given(days, st.randoms(use_true_random=False), st.floats(0.001, 0.2))
def test_a_probability_is_one_and_rises_with_the_limit(when, chance, noise):
    found = trend([(day, chance.random()) for day in when], least_noise=noise)

    assert found is not None
    row = [found.probability_below(limit / 10, 14) for limit in range(-10, 21)]
    assert row == sorted(row)
    assert 0 <= row[0] <= row[-1] <= 1


def test_a_falling_rate_crosses_its_limit_first_as_likely_as_not_and_then_nearly_surely():
    found = trend([(0, 0.20), (30, 0.162), (60, 0.118), (90, 0.085)], least_noise=0.01)
    assert found is not None

    crossed = crossing([(found, 0.05, 0.0)], 180)
    likely, sure = crossed.day_of(0.5), crossed.day_of(0.8)

    assert likely is not None
    assert sure is not None
    assert 20 < likely < 40 < likely + 40
    assert likely < sure < 60


def test_all_must_be_below_so_the_slowest_decides():
    fast = trend([(0, 0.10), (10, 0.05), (20, 0.0)])
    slow = trend([(0, 0.50), (10, 0.45), (20, 0.40)])
    assert fast is not None
    assert slow is not None

    alone = crossing([(fast, 0.05, 0)], 200).day_of(0.8)
    together = crossing([(fast, 0.05, 0), (slow, 0.05, 0)], 200).day_of(0.8)

    assert alone == 0
    assert together == 71


def test_a_day_counts_only_if_it_stays_likely():
    rising = trend([(0, 0.0), (10, 0.02), (20, 0.04)], least_noise=0.001)
    assert rising is not None

    assert crossing([(rising, 0.05, 0)], 60).day_of(0.5) is None


def test_brier_is_the_mean_squared_distance():
    assert brier([]) is None
    assert brier([(1.0, True), (0.0, False)]) == 0
    assert brier([(0.5, True), (0.5, False)]) == 0.25
    assert brier([(0.8, True), (0.3, True)]) == pytest.approx((0.04 + 0.49) / 2)
