"""Ways of access, trials, motivators, pulses, reviews, next best action: what pages and readings stand on."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import JobRole, Person
from crm_adoption.plan import queries, services
from crm_adoption.plan.models import (
    AccessPath,
    GateForecast,
    Ingredient,
    Motivator,
    Phase,
    Programme,
    Pulse,
    PulseAnswer,
    PulseTicket,
    Reading,
    Review,
    Trial,
    WorkItem,
)
from crm_adoption.plan.queries import pulse as pulse_queries
from crm_adoption.plan.queries.access import access_matrix, most_steps, trial_coverage
from crm_adoption.plan.queries.actions import next_actions, what_if
from crm_adoption.plan.queries.forecasts import Condition, forecast, record, replay
from crm_adoption.plan.queries.motivation import lifts, motivation
from crm_adoption.plan.queries.reviews import agenda, cycle, suggested_cadence
from crm_adoption.plan.services.pulse_letters import key_of
from tests import make

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate(NOW)


def role(name="Seller", **more):
    return JobRole.objects.create(name=name, **more)


def way(of, device="laptop", state="open", **more):
    return AccessPath.objects.create(**{"job_role": of, "client": "Browser", "device": device, "state": state} | more)


# --- access -------------------------------------------------------------------------------------------------------
def test_a_needed_device_is_open_settled_to_do_untold_or_a_roadblock():
    seller = role(devices=["laptop", "phone", "tablet", "desk"])
    way(seller, steps=5)
    way(seller, network="home", steps=3)
    way(seller, "phone", "prohibited", reason="Pharma.", communicated_on=TODAY)
    way(seller, "tablet", "prohibited", reason="Pharma.")
    cells = {
        device: cell for (device, _l), cell in zip(access_matrix().devices, access_matrix().rows[0][1], strict=True)
    }

    assert [cells[d].state for d in ("laptop", "phone", "tablet", "desk")] == [
        "open",
        "prohibited",
        "untold",
        "missing",
    ]
    assert cells["laptop"].steps == 3
    assert access_matrix().share == pytest.approx(2 / 4)


def test_the_role_that_needs_most_steps_decides_by_its_shortest_way():
    seller, engineer = role(), role("Engineer")
    way(seller, steps=9)
    way(seller, network="home", steps=2)
    way(engineer, steps=4)
    way(engineer, "phone", "todo", steps=20)

    assert most_steps() == (4.0, 2)


def test_a_prohibition_says_why():
    with pytest.raises(IntegrityError), transaction.atomic():
        way(role(), "phone", "prohibited")


def test_only_trials_as_an_end_user_in_a_place_like_production_count():
    phase = services.save_phase(Phase(name="Pipeline"))
    seller = role()
    for n, (like, as_user, passed) in enumerate([(1, 1, 1), (0, 1, 1), (1, 0, 1), (1, 1, 0)]):
        Trial.objects.create(phase=phase, use_case=f"Case {n}", job_role=seller, like_production=bool(like),
                             as_end_user=bool(as_user), passed=bool(passed), on=TODAY)  # fmt: skip

    assert trial_coverage() == (0.25, 4)


# --- motivation ---------------------------------------------------------------------------------------------------
def test_a_role_is_covered_by_a_told_benefit_and_three_owned_kinds_of_others():
    seller, owner = role(), make.person()
    make.person(job_role=seller)
    role("Nobody works in it")
    Motivator.objects.create(job_role=seller, kind="benefit", tactic="Two hours back.", told_on=TODAY)
    for kind in ("competition", "appreciation", "appreciation"):
        Motivator.objects.create(job_role=seller, kind=kind, tactic="x", owner=owner)
    Motivator.objects.create(job_role=seller, kind="reward", tactic="x")  # nobody owns it
    (one,) = motivation()
    assert (one.told, one.kinds, one.missing, one.unowned) == (True, 2, 1, 1)

    Motivator.objects.filter(kind="reward").update(owner=owner)

    assert motivation()[0].is_covered


def test_lift_compares_the_same_days_before_and_after():
    since = TODAY - timedelta(days=20)
    seller = role()
    one = Motivator.objects.create(job_role=seller, kind="reward", tactic="x", check_slug="data.health", told_on=since)
    Motivator.objects.create(job_role=seller, kind="reward", tactic="x", check_slug="", told_on=since)
    assert [(found.motivator, found.change) for found in lifts(TODAY)] == [(one, None)]
    for days, value in ((40, 30.0), (25, 40.0), (10, 60.0), (60, 0.0)):
        at = NOW - timedelta(days=days)
        Reading.objects.create(check_slug="data.health", value=value, n=1, at=at, taken_on=at.date())

    (found,) = lifts(TODAY)

    assert (found.before, found.before_n, found.after, found.after_n, found.change) == (35.0, 2, 60.0, 1, 25.0)
    assert (found.first, found.last) == (since - timedelta(days=27), TODAY)
    assert found.is_better


def test_a_check_that_should_fall_is_better_when_it_falls():
    since = TODAY - timedelta(days=3)
    Motivator.objects.create(
        job_role=role(), kind="peer_pressure", tactic="x", check_slug="access.capture-lag", told_on=since
    )
    for days, value in ((5, 30.0), (1, 20.0)):
        at = NOW - timedelta(days=days)
        Reading.objects.create(check_slug="access.capture-lag", value=value, n=1, at=at, taken_on=at.date())

    assert lifts(TODAY)[0].is_better


# --- pulses -------------------------------------------------------------------------------------------------------
def pulse(**more):
    known = {"name": "May", "opens_on": TODAY, "closes_on": TODAY + timedelta(days=7)}
    return services.ask_pulse(Pulse(**known | more), by=make.person(groups=["adoption lead"]))


def answer(of, people, score):
    for person in people:
        services.answer_pulse(of, by=person, scores={item.pk: score for item in of.items.all()}, today=TODAY)


def test_everybody_is_asked_and_answers_once_and_nothing_ties_an_answer_to_its_giver():
    people = [make.person() for _ in range(3)]
    one = pulse()

    answer(one, people[:1], 4)

    with pytest.raises(Refusal, match="You have answered"):
        answer(one, people[:1], 5)
    assert PulseTicket.objects.filter(pulse=one, used=True).count() == 1
    assert "person" not in {field.name for field in PulseAnswer._meta.get_fields()}
    assert set(PulseAnswer.objects.values_list("on", flat=True)) == {TODAY}  # the pulse's day, not the answer's


def test_a_pulse_comes_by_letter_once_and_is_answered_without_signing_in(client, mailoutbox):
    person = make.person(language="zh-hans")
    make.person(email=None)
    one = pulse()

    sent = [services.send_pulses(today=TODAY, site="https://adoption.example/") for _again in range(2)]

    assert sent == [2, 0]  # the lead and the person, each once
    (letter,) = [mail for mail in mailoutbox if mail.to == [person.email]]
    link = re.findall(r"https://adoption\.example(/pulse/\S+/)", letter.body)[0]
    assert 'lang="zh-hans"' in client.get(link).content.decode()
    scores = {f"item-{item.pk}": "4" for item in one.items.all()}
    assert client.post(link, scores).status_code == 200
    assert PulseTicket.objects.get(person=person).used
    assert client.post(link, dict.fromkeys(scores, "5")).status_code == 200
    assert set(PulseAnswer.objects.values_list("score", flat=True)) == {4}


@pytest.mark.parametrize(("change", "status", "letters"), [("damaged", 404, 2), ("left", 404, 1), ("over", 200, 0)])
def test_a_link_of_a_pulse_opens_nothing_once_it_may_not(client, change, status, letters):
    person = make.person()
    one = pulse()
    key = key_of(PulseTicket.objects.get(pulse=one, person=person))
    if change == "damaged":
        key = key[:-2] + key[-1] + key[-2] + "x"
    elif change == "left":
        Person.objects.filter(pk=person.pk).update(is_active=False, left_on=TODAY)
    else:
        Pulse.objects.update(opens_on=TODAY - timedelta(days=9), closes_on=TODAY - timedelta(days=1))

    answered = client.post(f"/pulse/{key}/", {f"item-{item.pk}": "4" for item in one.items.all()})

    assert answered.status_code == status
    assert not PulseAnswer.objects.exists()
    assert services.send_pulses(today=TODAY, site="https://adoption.example") == letters


@pytest.mark.parametrize(("people", "shown"), [(4, None), (5, 4.0)])
def test_a_mean_is_shown_from_five_answers_on(people, shown):
    asked = [make.person() for _ in range(people)]
    one = pulse()
    answer(one, asked, 4)

    assert {result.mean for result in pulse_queries.results(one)} == {shown}


def test_a_pulse_out_of_its_days_or_with_odd_scores_is_refused():
    person = make.person()
    one = pulse()
    item = one.items.first()

    with pytest.raises(Refusal, match="is open from"):
        services.answer_pulse(one, by=person, scores={item.pk: 3}, today=TODAY + timedelta(days=8))
    for scores in ({}, {item.pk: 6}, {item.pk + 999: 3}):
        with pytest.raises(Refusal, match="Choose a number from 1 to 5"):
            services.answer_pulse(one, by=person, scores=scores, today=TODAY)
    with pytest.raises(Refusal, match="one thing at a time"):
        pulse(name="Another")


def test_a_pulse_that_is_over_is_the_claim_of_its_ingredients():
    asked = [make.person() for _ in range(6)]
    one = pulse()
    answer(one, asked, 5)
    later = NOW + timedelta(days=9)

    states = {state.ingredient.slug: state for state in queries.standing(later).ingredients}

    assert (states["communication"].claim, states["communication"].answers) == (1.0, 6)
    assert queries.standing(NOW).ingredients[0].claim is None  # while it is open it says nothing


# --- reviews ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("people", "quick", "wanted"), [(300, True, "6w"), (40, False, "13w"), (8, False, "52w"), (8, True, "continuous")]
)
def test_the_cadence_follows_the_size_and_whether_somebody_can_change_it_quickly(people, quick, wanted):
    assert suggested_cadence(people, quick_changes=quick) == wanted


def test_a_review_is_overdue_from_its_cadence_on_and_keeps_its_agenda():
    Programme.objects.filter(pk=1).update(cadence="13w")
    lead = make.person(groups=["adoption lead"])
    make.person(groups=["executive sponsor"], name="Silent")
    past = Review.objects.create(planned_on=TODAY - timedelta(days=101))
    services.hold_review(past, by=lead, now=NOW, today=TODAY - timedelta(days=101))

    assert cycle(TODAY).overdue == 10
    past.refresh_from_db()
    assert "Silent has not been heard of yet." in [topic["sentence"] for topic in past.agenda]
    assert [topic.kind for topic in agenda(now=NOW, today=TODAY)] == ["silent"]
    with pytest.raises(Refusal, match="was held on"):
        services.hold_review(past, by=lead, now=NOW, today=TODAY)


def test_a_decision_becomes_work():
    review = Review.objects.create(planned_on=TODAY)

    made = services.decide(review, text="One field less", by=make.person(), today=TODAY, due_on=TODAY)
    only_said = services.decide(review, text="Go on", by=make.person(), today=TODAY, becomes_work=False)

    assert made.work_item is not None
    assert (made.work_item.title, only_said.work_item) == ("One field less", None)


# --- risk ---------------------------------------------------------------------------------------------------------
def test_the_next_best_action_removes_most_risk_for_each_day_of_work():
    ten = {one.slug: one for one in Ingredient.objects.all()}
    WorkItem.objects.create(title="Cheap", ingredient=ten["communication"], effort_days=1)
    WorkItem.objects.create(title="Dear", ingredient=ten["accessibility"], effort_days=30)
    WorkItem.objects.create(title="Unknown", ingredient=ten["data-quality"])
    WorkItem.objects.create(title="Done", ingredient=ten["scope-vision"], effort_days=1, state="done", done_on=TODAY)

    found = next_actions(queries.standing(NOW))

    assert found[0].state.ingredient.slug == "communication"
    assert found[-1].state.ingredient.slug == "accessibility"  # thirty days; what nobody estimated counts as the median
    assert [one.per_day is None for one in found] == [False, *[True] * 8, False]
    assert {one.removes >= 0 for one in found} == {True}


def test_the_largest_risk_is_not_last_because_nobody_planned_against_it():
    ten = {one.slug: one for one in Ingredient.objects.all()}
    for slug in set(ten) - {"data-quality"}:
        known = next(one for one in queries.standing(NOW).ingredients if one.ingredient.slug == slug)
        for check in known.declared.checks:
            Reading.objects.create(check_slug=check.slug, value=check.target, n=10, at=NOW, taken_on=TODAY)
    WorkItem.objects.create(title="Nearly done", ingredient=ten["communication"], effort_days=2)

    found = next_actions(queries.standing(NOW))

    assert found[0].state.ingredient.slug == "data-quality"
    assert found[0].per_day is None


@given(st.dictionaries(st.sampled_from(["communication", "data-quality", "accessibility"]), st.floats(0, 1)))
def test_what_if_is_the_risk_of_those_scores_and_better_never_worse(wished):
    standing = queries.standing(NOW)

    found = what_if(standing, wished)

    assert 0 <= found.risk <= 1
    assert found.change <= 1e-12  # nothing is measured, so every wish is better than missing
    assert what_if(standing, {}).change == 0


# --- forecasts ----------------------------------------------------------------------------------------------------
def falling(days=(90, 60, 30, 0), start=0.2, by=0.03):
    points = [(TODAY - timedelta(days=ago), start - by * n, 500) for n, ago in enumerate(days)]
    return Condition("Accounts", 0.05, True, True, points)


def test_a_forecast_names_the_days_and_a_faster_pace_brings_them_nearer():
    usual, twice = forecast([falling()], TODAY), forecast([falling()], TODAY, pace=2)

    assert usual.likely is not None
    assert usual.nearly_sure is not None
    assert TODAY <= usual.likely <= usual.nearly_sure
    assert twice.likely is not None
    assert twice.likely < usual.likely


def test_what_has_too_few_readings_is_named_and_no_day_is_made_up():
    found = forecast([falling(days=(30, 0))], TODAY)

    assert (found.short, found.crossing, found.likely) == (["Accounts"], None, None)


def test_a_replay_of_the_past_is_judged_beside_saying_on_the_planned_date():
    history = falling(days=(180, 150, 120, 90, 60, 30, 0), start=0.30, by=0.045)

    judged = replay([history], TODAY - timedelta(days=100))

    assert judged
    ours = sum((p - came) ** 2 for p, _planned, came in judged) / len(judged)
    planned = sum((d - came) ** 2 for _p, d, came in judged) / len(judged)
    assert ours < planned


def test_forecasts_are_noted_and_judged_when_their_day_has_come():
    phase = services.save_phase(Phase(name="Pipeline", planned_end=TODAY + timedelta(days=10)))
    phase.criteria.create(check_slug="data.health", threshold=50)
    for ago, value in ((40, 20.0), (30, 30.0), (20, 38.0), (0, 61.0)):
        at = NOW - timedelta(days=ago)
        Reading.objects.create(check_slug="data.health", value=value, n=9, at=at, taken_on=at.date())

    assert services.note_forecasts(now=NOW, today=TODAY) == 3
    assert services.note_forecasts(now=NOW, today=TODAY) == 3  # twice on one day is once
    assert GateForecast.objects.count() == 3
    later = NOW + timedelta(days=8)
    services.note_forecasts(now=later, today=later.date())

    assert GateForecast.objects.get(made_on=TODAY, about=TODAY + timedelta(days=7)).opened is True
    assert record(f"phase:{phase.pk}").n == 1
