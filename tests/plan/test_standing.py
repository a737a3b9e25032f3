"""Readings, claims and where the programme stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from crm_adoption.jobs.models import Job
from crm_adoption.jobs.services import run_here, start
from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Seat
from crm_adoption.plan import queries, risk, services
from crm_adoption.plan.ingredients import CHECKS, TEN
from crm_adoption.plan.ingredients.ownership_support import required_seats
from crm_adoption.plan.models import CheckSetting, Claim, Ingredient, Programme, Reading, RiskConstant
from tests import make
from tests.training import made
from training import queries as training

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 31, 9, tzinfo=UTC)
NAMES = (
    "Scope and Vision", "Executive Leadership", "Ownership and Support", "Communication", "Accessibility",
    "System Function", "Data Quality", "Process Alignment", "End-User Motivation", "Training and Reinforcement",
)  # fmt: skip


def reading(check: str, value: float, *, at: datetime = NOW, n: int = 10) -> Reading:
    return Reading.objects.create(check_slug=check, value=value, n=n, at=at, taken_on=at.date())


def state_of(slug: str, now: datetime = NOW) -> queries.IngredientState:
    return next(state for state in queries.standing(now).ingredients if state.ingredient.slug == slug)


def test_p3_the_ten_ingredients_are_seeded_in_the_authors_words_and_order():
    assert tuple(Ingredient.objects.values_list("name", flat=True)) == NAMES
    assert [declared.order for declared in TEN] == list(range(1, 11))
    assert all(declared.checks and declared.sources for declared in TEN)
    assert len(CHECKS) == sum(len(declared.checks) for declared in TEN)


def test_p3_a_reworded_ingredient_keeps_its_words_when_the_store_is_migrated_again():
    Ingredient.objects.filter(slug="communication").update(name="Talking", weight=2.0)

    services.seed()

    again = Ingredient.objects.get(slug="communication")
    assert (again.name, again.weight) == ("Talking", 2.0)
    assert Ingredient.objects.count() == 10


def test_there_is_one_programme():
    with pytest.raises(IntegrityError), transaction.atomic():
        Programme.objects.create(pk=2, name="Another")


def test_without_readings_nothing_is_known_and_the_risk_is_anything():
    standing = queries.standing(NOW)

    assert standing.with_evidence == []
    assert all(state.status is risk.Status.UNKNOWN and state.coverage == 0 for state in standing.ingredients)
    assert standing.risk.low < 0.03
    assert standing.risk.high > 0.99
    assert standing.has_little_evidence
    assert standing.widest_gap is None


def test_a_reading_becomes_evidence_and_narrows_the_range():
    before = queries.standing(NOW).risk
    reading("ownership.seats", 0.8)

    state, after = state_of("ownership-support"), queries.standing(NOW).risk

    assert state.score == pytest.approx(0.5)
    assert state.coverage == pytest.approx(1 / 3)
    assert state.has_little_evidence
    assert state.status is risk.Status.INSUFFICIENT
    assert before.low < after.low
    assert after.high < before.high
    assert after.coverage == pytest.approx(1 / 30)


def test_a_stale_reading_counts_no_more():
    reading("ownership.seats", 1.0, at=NOW - timedelta(days=36))

    state = state_of("ownership-support")

    assert state.score is None
    assert state.checks[0].reading is not None
    assert not state.checks[0].is_fresh


def test_what_was_measured_later_was_not_known_before():
    reading("ownership.seats", 1.0)

    assert state_of("ownership-support", NOW - timedelta(days=1)).score is None
    assert state_of("ownership-support").score == 1.0


def test_a_lead_may_set_floor_target_weight_and_freshness_over_the_file():
    reading("ownership.seats", 0.8)
    CheckSetting.objects.create(check_slug="ownership.seats", floor=0.0, target=0.8, weight=2.0)

    state = state_of("ownership-support")

    assert state.score == 1.0
    assert state.coverage == pytest.approx(2 / 4)


def test_a_setting_whose_floor_meets_the_declared_target_is_not_followed():
    reading("ownership.seats", 0.8)
    CheckSetting.objects.create(check_slug="ownership.seats", floor=1.0)

    assert state_of("ownership-support").score == pytest.approx(0.5)


def test_changed_constants_change_the_risk_and_their_history_is_kept():
    wide = queries.standing(NOW).risk.high
    midpoint = RiskConstant.objects.get(slug="midpoint")
    midpoint.value = 9.0
    midpoint.save()

    assert queries.standing(NOW).risk.high < wide
    history = midpoint.events  # type: ignore[attr-defined]
    assert list(history.order_by("pgh_id").values_list("value", flat=True)) == [2.5, 9.0]
    with pytest.raises(IntegrityError), transaction.atomic():
        RiskConstant.objects.filter(slug="softness").update(value=0)


def test_claims_show_their_mean_from_five_answers_on_and_stand_beside_the_evidence():
    ingredient = Ingredient.objects.get(slug="ownership-support")
    reading("ownership.seats", 0.8)
    for score in (4, 4, 5, 4):
        services.make_claim(ingredient, by=make.person(), score=score, at=NOW)
    assert (state_of("ownership-support").claim, state_of("ownership-support").answers) == (None, 4)

    services.make_claim(ingredient, by=make.person(), score=3, at=NOW)

    state = state_of("ownership-support")
    assert state.claim == pytest.approx(0.75)
    assert state.score == pytest.approx(0.5)
    assert state.gap == pytest.approx(0.25)
    widest = queries.standing(NOW).widest_gap
    assert widest is not None
    assert widest.ingredient == ingredient


def test_ones_second_answer_replaces_the_first():
    ingredient, person = Ingredient.objects.get(order=1), make.person()
    services.make_claim(ingredient, by=person, score=2, at=NOW)
    services.make_claim(ingredient, by=person, score=5, at=NOW)

    assert Claim.objects.get(respondent=person).score == 5


@pytest.mark.parametrize("score", [0, 6, -1])
def test_an_answer_outside_1_to_5_is_refused(score):
    with pytest.raises(Refusal, match="from 1 to 5"):
        services.make_claim(Ingredient.objects.get(order=1), by=make.person(), score=score, at=NOW)


def test_p20_to_p22_each_it_model_asks_for_its_seats():
    common = 4
    assert len(required_seats("outsourced", ["North"])) == common + 1
    assert (("champion", "partner"), "programme", "") in required_seats("outsourced", [])
    assert (("it_business_analyst",), "programme", "") in required_seats("large", ["North"])
    assert [place[2] for place in required_seats("small", ["North", "South"])[common:]] == ["North", "South"]


def test_p23_a_filled_seat_raises_the_reading_and_one_who_left_does_not():
    programme = Seat.Scope.PROGRAMME
    Programme.objects.update(it_model="large")
    make.seat(kind="executive_sponsor", scope=programme, scope_key="", holder=make.person())
    gone = make.person(is_active=False, left_on=NOW.date())
    make.seat(kind="business_owner", scope=programme, scope_key="", holder=gone)

    services.take_readings(NOW)

    found = Reading.objects.get(check_slug="ownership.seats")
    assert found.value == pytest.approx(1 / 5)
    assert found.n == 5
    assert "Business owner" in found.detail["vacant"]
    assert "Executive sponsor" not in found.detail["vacant"]


def test_p49_tables_with_a_steward_are_counted_by_slug_or_by_name():
    make.seat(scope_key="accounts.account", holder=make.person())
    make.seat(scope_key="Contacts", holder=make.person())
    make.seat(scope_key="contacts.lead")

    services.take_readings(NOW)

    found = Reading.objects.get(check_slug="data.stewards")
    assert found.value == pytest.approx(2 / found.n)
    assert "Leads" in found.detail["vacant"]


def test_nothing_is_measured_of_data_that_is_not_there():
    services.take_readings(NOW)

    assert not Reading.objects.filter(check_slug__in=["data.health", "data.tables-passing"]).exists()


def test_readings_taken_twice_on_one_day_are_one():
    services.take_readings(NOW)
    first = Reading.objects.count()
    make.seat(kind="technology_owner", scope="programme", scope_key="", holder=make.person())

    services.take_readings(NOW + timedelta(hours=3))

    assert Reading.objects.count() == first > 0
    assert Reading.objects.get(check_slug="ownership.seats").value > 0


@pytest.mark.django_db(transaction=True)
def test_the_job_takes_readings():
    services.seed()
    job = run_here(start("take_readings"))

    assert job.state == Job.State.DONE
    assert job.counts["readings"] == Reading.objects.count() > 0
    assert set(Reading.objects.values_list("taken_on", flat=True)) == {timezone.now().date()}


def test_what_training_says_of_itself_is_the_evidence_of_ingredient_ten():
    seller = make.job_role()
    course, person = made.course(job_roles=[seller]), make.person(job_role=seller)
    make.person(job_role=seller)
    made.completion(person, course)
    now = timezone.now()

    services.take_readings(now)

    for slug, figure in (
        ("training.completion", training.curricula_completed(now)),
        ("training.process-share", training.process_minutes(now)),
    ):
        kept = Reading.objects.get(check_slug=slug)
        assert figure is not None
        assert (kept.value, kept.n, kept.detail) == (figure.value, figure.n, figure.detail)
    assert Reading.objects.get(check_slug="training.completion").value == pytest.approx(0.5)
    assert not Reading.objects.filter(check_slug="training.reinforced").exists()
