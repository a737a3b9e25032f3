"""The risk model says what P4 and P5 say, and what the model's section 3.2 computed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_adoption.plan import risk
from crm_adoption.plan.risk import Constants, Dose, Status, Weighed

PRIORS = Constants()
SHARE = st.floats(0, 1)
TEN = st.lists(SHARE, min_size=10, max_size=10)
WEIGHTS = st.lists(st.floats(0.1, 5), min_size=10, max_size=10)


def equal(scores: list[float]) -> list[tuple[float, float]]:
    return [(1.0, reached) for reached in scores]


@pytest.mark.parametrize(
    ("scores", "percent"),
    [
        ([0.85] * 10, 4),
        ([0.0] + [0.85] * 9, 14),
        ([0.0] * 2 + [0.85] * 8, 39),
        ([0.0] * 3 + [0.85] * 7, 72),
        ([0.5] * 10, 50),
        ([1.0] * 10, 3),
    ],
)
def test_the_six_values_stated_with_the_formula_come_out(scores, percent):
    assert round(100 * risk.risk(equal(scores))) == percent


@given(TEN, WEIGHTS, st.integers(0, 9), SHARE)
def test_p5_more_of_any_ingredient_never_raises_the_risk(scores, weights, place, more):
    pairs = list(zip(weights, scores, strict=True))
    better = [*pairs]
    better[place] = (weights[place], max(scores[place], more))

    assert risk.risk(better) <= risk.risk(pairs) + 1e-12
    if more > scores[place] + 0.01:
        assert risk.risk(better) < risk.risk(pairs)


@given(st.lists(st.floats(0.85, 1), min_size=9, max_size=9))
def test_p4_one_missing_ingredient_beside_strong_ones_is_a_small_risk(others):
    one_missing = risk.risk(equal([0.0, *others]))

    assert one_missing < 0.15
    assert one_missing - risk.risk(equal([0.85, *others])) < 0.11


@given(st.lists(st.floats(0.85, 1), min_size=7, max_size=7))
def test_p4_several_missing_ingredients_are_a_large_risk_even_if_the_rest_is_strong(others):
    assert risk.risk(equal([0.0] * 3 + others)) > 0.6
    assert risk.risk(equal([0.0] * 5 + others[:5])) > 0.95


@given(st.lists(st.floats(0.85, 1), min_size=8, max_size=8))
def test_p4_the_second_missing_ingredient_costs_more_than_the_first(others):
    none, one, two = ([0.85, 0.85], [0.0, 0.85], [0.0, 0.0])
    first = risk.risk(equal(one + others)) - risk.risk(equal(none + others))
    second = risk.risk(equal(two + others)) - risk.risk(equal(one + others))

    assert second > 2 * first


@given(TEN, st.integers(0, 9))
def test_p5_the_last_fifteen_percent_of_an_ingredient_are_almost_free(scores, place):
    nearly, perfect = [*scores], [*scores]
    nearly[place], perfect[place] = 0.85, 1.0
    load = risk.load(equal(nearly), PRIORS) - risk.load(equal(perfect), PRIORS)

    assert load == pytest.approx(0.0225)
    assert 0 <= risk.risk(equal(nearly)) - risk.risk(equal(perfect)) < 0.01


def test_p5_the_last_fifteen_percent_of_all_ten_are_worth_less_than_two_points():
    assert risk.risk(equal([0.85] * 10)) - risk.risk(equal([1.0] * 10)) < 0.02


def test_p4_too_little_of_many_is_as_bad_as_several_missing():
    assert risk.risk(equal([0.5] * 10)) > risk.risk(equal([0.0] * 2 + [0.85] * 8))


@given(TEN, st.floats(0.1, 7))
def test_the_unit_of_the_weights_does_not_matter(scores, unit):
    assert risk.risk([(unit, reached) for reached in scores]) == pytest.approx(risk.risk(equal(scores)))


@given(st.lists(st.tuples(st.none() | SHARE, SHARE), min_size=10, max_size=10))
def test_the_range_holds_every_risk_that_the_unmeasured_part_could_make(known):
    doses = [Dose(1.0, score, 0.0 if score is None else covered) for score, covered in known]
    found = risk.risk_range(doses, PRIORS)
    middle = risk.risk(equal([(dose.worst + dose.best) / 2 for dose in doses]))

    assert 0 < found.low <= middle <= found.high < 1
    assert found.coverage == pytest.approx(sum(dose.coverage for dose in doses) / 10)


def test_without_any_evidence_the_range_is_wide_and_with_all_it_is_one_figure():
    nothing = risk.risk_range([Dose(1.0, None, 0.0)] * 10, PRIORS)
    everything = risk.risk_range([Dose(1.0, 0.5, 1.0)] * 10, PRIORS)

    assert nothing.low < 0.03
    assert nothing.high > 0.99
    assert nothing.coverage == 0
    assert everything.low == everything.high == pytest.approx(0.5)
    assert everything.is_figure


@given(TEN, WEIGHTS)
def test_contributions_sum_to_the_load(scores, weights):
    pairs = list(zip(weights, scores, strict=True))

    assert sum(risk.contributions(pairs, PRIORS)) == pytest.approx(risk.load(pairs, PRIORS))


@given(TEN, st.integers(0, 9))
def test_bringing_one_ingredient_to_strong_never_adds_risk(scores, place):
    removed = risk.removed_by(place, equal(scores), PRIORS)

    if scores[place] >= 0.85:
        assert removed == 0
    else:
        assert removed >= 0
    if scores[place] < 0.8 and sum(scores) > 5:
        assert removed > 0


@pytest.mark.parametrize(
    ("value", "floor", "target", "reached"),
    [
        (0.6, 0.6, 1.0, 0),
        (0.8, 0.6, 1.0, 0.5),
        (2, 0.6, 1.0, 1),
        (14, 14, 3, 0),
        (3, 14, 3, 1),
        (0, 14, 3, 1),
        (8.5, 14, 3, 0.5),
    ],
)
def test_attainment_works_where_more_is_better_and_where_less_is(value, floor, target, reached):
    assert risk.attainment(value, floor=floor, target=target) == pytest.approx(reached)


def test_a_quarter_attained_is_not_missing_by_a_rounding_error():
    reached = risk.attainment(7 / 10, floor=0.6, target=1.0)

    assert reached == 0.25
    assert risk.status(risk.score([Weighed(1.0, reached)]), PRIORS) is Status.INSUFFICIENT


def test_score_and_coverage_look_at_fresh_readings_only():
    metrics = [Weighed(2.0, 0.5), Weighed(1.0, 0.8), Weighed(1.0, None)]

    assert risk.score(metrics) == pytest.approx(0.6)
    assert risk.coverage(metrics) == pytest.approx(0.75)
    assert risk.score([Weighed(1.0, None)]) is None
    assert risk.coverage([]) == 0.0


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [(None, Status.UNKNOWN), (0.0, Status.MISSING), (0.2499, Status.MISSING), (0.25, Status.INSUFFICIENT),
     (0.5999, Status.INSUFFICIENT), (0.6, Status.SUFFICIENT), (0.8499, Status.SUFFICIENT), (0.85, Status.STRONG)],
)  # fmt: skip
def test_status_changes_exactly_at_its_limits(evidence, expected):
    assert risk.status(evidence, PRIORS) is expected


def test_claim_and_gap_keep_opinion_and_evidence_apart():
    assert risk.claim(1) == 0
    assert risk.claim(5) == 1
    assert risk.claim(None) is None
    assert risk.gap(0.75, 0.25) == pytest.approx(0.5)
    assert risk.gap(0.75, None) is None
