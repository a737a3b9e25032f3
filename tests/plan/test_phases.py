"""Phases: what is taken on at once, what keeps a gate shut, what opens it, and who answers for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import JobRole, Seat
from crm_adoption.plan import services
from crm_adoption.plan.models import (
    AccessPath,
    GateAct,
    GateCriterion,
    Lesson,
    Message,
    Objective,
    Phase,
    PhaseStep,
    Programme,
    Reading,
    Trial,
    WorkItem,
)
from crm_adoption.plan.queries.gates import phase_gate
from crm_adoption.plan.queries.phases import phase_state, phase_states, small_changes, timeline
from tests import make
from tests.training.made import course
from training.models import Completion

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate(NOW)
ACCOUNT = "accounts.account"


def role(name="Seller", **more):
    return JobRole.objects.create(name=name, **more)


def phase(name="Pipeline", *, roles=(), aims=None, **more):
    aims = [Objective.objects.create(statement="A forecast that holds")] if aims is None else aims
    return services.save_phase(Phase(name=name, **more), objectives=aims, job_roles=roles)


def item(of, title="Agree on stages", **more):
    return WorkItem.objects.create(phase=of, title=title, **more)


def ready(name="Pipeline"):
    """A phase that lacks nothing."""
    Programme.objects.filter(pk=1).update(it_model=Programme.ItModel.OUTSOURCED)
    for kind in ("executive_sponsor", "adoption_lead", "business_owner", "technology_owner", "partner"):
        Seat.objects.create(kind=kind, scope="programme", holder=make.person())
    seller = role(devices=["laptop"])
    person = make.person(job_role=seller)
    taught = course(job_roles=[seller])
    Completion.objects.create(person=person, course=taught, course_version=taught.version, done_at=NOW, via="manual")
    one = phase(name, roles=[seller])
    item(one)
    services.approve(one, by=make.person(groups=["adoption lead"]), now=NOW, today=TODAY)
    for step in one.steps.all():
        if step.kind not in ("deploy", "analyse"):
            services.finish_step(step, today=TODAY)
    AccessPath.objects.create(job_role=seller, client="Browser", device="laptop", state="open", steps=2)
    Message.objects.create(
        subject="It opens", body="Soon.", audience="role", job_role=seller, moment="deployment", phase=one,
        state="sent", sent_at=NOW, reach=1,
    )  # fmt: skip
    Trial.objects.create(
        phase=one,
        use_case="Move a stage",
        job_role=seller,
        like_production=True,
        as_end_user=True,
        passed=True,
        on=TODAY,
    )
    one.refresh_from_db()
    return one


# --- planning -----------------------------------------------------------------------------------------------------
def test_a_new_phase_has_its_eight_steps_in_order():
    kinds = [step.kind for step in phase_state(phase(), TODAY).steps]

    assert kinds == [
        "scope", "strategies", "reengineer", "pilot", "standardise", "train", "deploy", "analyse"
    ]  # fmt: skip


def test_a_release_stands_under_a_phase_and_under_no_release():
    release = phase("Pilot", parent=phase())

    with pytest.raises(Refusal, match="is a release itself"):
        phase("Pilot of the pilot", parent=release)


def test_objectives_make_no_circle_and_no_upside_down_tree():
    top = services.save_objective(Objective(statement="Top", kind="strategy"))
    below = services.save_objective(Objective(statement="Below", kind="process", parent=top))
    top.parent = below
    with pytest.raises(Refusal, match=r"cannot stand under|would stand under itself"):
        services.save_objective(top)

    below = Objective.objects.get(pk=below.pk)
    with pytest.raises(Refusal, match="cannot stand under"):
        services.save_objective(Objective(statement="Odd", kind="strategy", parent=below))


def test_load_is_must_now_effort_beside_capacity_and_nothing_without_one():
    one = phase(capacity_days=10)
    item(one, effort_days=8)
    item(one, "Later", kind="later", effort_days=50)
    item(one, "Dropped", effort_days=50, state="dropped")

    assert phase_state(one, TODAY).load.ratio == pytest.approx(0.8)
    assert phase_state(phase("Other", aims=[]), TODAY).load.ratio is None


def test_an_overloaded_phase_is_approved_only_in_spite_of_it():
    one = phase(capacity_days=10, roles=[role()])
    item(one, effort_days=16)
    lead = make.person(groups=["adoption lead"])

    with pytest.raises(Refusal, match=r"16 days of work with 10 to spend.*Move 6 days"):
        services.approve(one, by=lead, now=NOW, today=TODAY)
    approved = services.approve(one, by=lead, now=NOW, today=TODAY, in_spite_of=True)

    assert (approved.state, approved.approved_by) == (Phase.State.APPROVED, lead)


@pytest.mark.parametrize(
    ("lacks", "sentence"),
    [("aims", "serves no objective"), ("roles", "names no job role"), ("items", "no must-now item")],
)
def test_a_scope_without_purpose_people_or_work_is_not_approved(lacks, sentence):
    one = phase(aims=[] if lacks == "aims" else None, roles=[] if lacks == "roles" else [role()])
    if lacks != "items":
        item(one)

    with pytest.raises(Refusal, match=sentence):
        services.approve(one, by=make.person(), now=NOW, today=TODAY)


def test_a_design_is_stale_after_a_year_until_it_is_validated_anew():
    one = phase(design_frozen_on=TODAY - timedelta(days=365))
    assert phase_state(one, TODAY).is_stale

    services.revalidate(one, today=TODAY)

    assert (phase_state(one, TODAY).design_age, phase_state(one, TODAY).is_stale) == (0, False)


def test_too_little_effort_for_people_raises_the_alarm():
    one = phase()
    item(one, effort_days=9, track="technology")
    item(one, "Talk to the teams", effort_days=2, track="people")
    assert phase_state(one, TODAY).is_unbalanced

    item(one, "Sit with each team", effort_days=3, track="people")

    assert not phase_state(one, TODAY).is_unbalanced


def test_u13_of_the_days_of_technology_those_that_are_custom_built_are_told(client):
    one = phase()
    item(one, "Sit with each team", effort_days=5, track="people", approach="customise")
    assert phase_state(one, TODAY).customised_share is None

    item(one, effort_days=3, track="technology")
    item(one, "A screen of our own", effort_days=1, track="technology", approach="customise")

    assert phase_state(one, TODAY).customised_share == 0.25
    client.force_login(make.person(groups=["adoption lead"]))
    assert "25 % of the days of technology" in client.get(one.get_absolute_url()).content.decode().replace(
        "\u202f", " "
    )


def test_t30_a_little_of_each_release_is_kept_for_delight(client):
    one = phase()
    assert not phase_state(one, TODAY).wants_delight
    item(one, effort_days=19, track="technology")
    assert phase_state(one, TODAY).wants_delight
    client.force_login(make.person(groups=["adoption lead"]))
    assert "of its days merely delight" in client.get(one.get_absolute_url()).content.decode()

    item(one, "Birthdays on the card", effort_days=1, track="technology", kind="delight")

    assert phase_state(one, TODAY).delight_share == 0.05
    assert not phase_state(one, TODAY).wants_delight


def test_the_list_of_phases_costs_the_same_queries_however_many_there_are(django_assert_max_num_queries):
    for n in range(6):
        item(phase(f"Phase {n}", aims=[], roles=[]), f"Item {n}", effort_days=1)

    with django_assert_max_num_queries(8):
        [(one.load.ratio, one.balance.total, one.step) for one in phase_states(TODAY)]


def test_the_timeline_holds_every_dated_phase_and_names_the_others():
    phase("One", planned_start=TODAY, planned_end=TODAY + timedelta(days=30))
    phase("Undated", aims=[])
    found = timeline(phase_states(TODAY), TODAY)

    assert found is not None
    assert [bar.state.phase.name for bar in found.bars] == ["One"]
    assert [one.phase.name for one in found.undated] == ["Undated"]
    assert found.first <= TODAY <= found.last
    assert found.bars[0].days == 31


def test_dates_that_run_backwards_are_refused_and_closed_phases_stay():
    one = phase(planned_start=TODAY, planned_end=TODAY)
    with pytest.raises(Refusal, match="before it starts"):
        services.reschedule(one, start=TODAY, end=TODAY - timedelta(days=1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Phase.objects.filter(pk=one.pk).update(planned_end=TODAY - timedelta(days=1))


def test_small_changes_are_timed_from_request_to_release():
    for days in (4, 10, 30):
        WorkItem.objects.create(
            title=f"{days} days", kind="small", state="done", requested_on=TODAY - timedelta(days=days), done_on=TODAY
        )
    WorkItem.objects.create(title="Waits", kind="small", requested_on=TODAY - timedelta(days=50))

    found = small_changes(TODAY)

    assert (found.done, found.median_days, found.waiting, found.oldest_days) == (3, 10, 1, 50)


def test_work_that_serves_nobody_and_nothing_is_flagged():
    one = phase()
    item(one, "New screen")
    item(one, "For sellers", job_role=role())
    item(one, "For the forecast", objective=one.objectives.get())

    assert [found.title for found in phase_state(one, TODAY).technology_only] == ["New screen"]


def test_what_comes_later_says_why():
    one = phase()
    left = item(one)
    with pytest.raises(Refusal, match="Say why"):
        services.move_items([left], phase=None, reason=" ")

    assert services.move_items([left], phase=None, reason="The teams have enough.") == 1

    left.refresh_from_db()
    assert (left.phase, left.kind, left.reason) == (None, WorkItem.Kind.LATER, "The teams have enough.")


# --- the gate -----------------------------------------------------------------------------------------------------
def test_a_phase_that_lacks_nothing_opens():
    one = ready()

    opened = services.open_phase(one, by=make.person(), now=NOW, today=TODAY)

    assert (opened.state, opened.opened_at) == (Phase.State.OPEN, NOW)
    assert GateAct.objects.get().outcome == GateAct.Outcome.OPENED


BREAKS = {
    "step": lambda one: PhaseStep.objects.filter(phase=one, kind="train").update(done_on=None),
    "seat": lambda one: Seat.objects.filter(kind="technology_owner").update(holder=None),
    "trained": lambda one: Completion.objects.all().delete(),
    "told": lambda one: Message.objects.update(state="planned"),
    "access": lambda one: AccessPath.objects.update(state="todo"),
    "trial": lambda one: Trial.objects.update(as_end_user=False),
    "data": lambda one: Phase.objects.filter(pk=one.pk).update(tables=[ACCOUNT]),
    "check": lambda one: GateCriterion.objects.create(phase=one, check_slug="data.health", threshold=50),
}


@pytest.mark.parametrize("about", BREAKS)
def test_each_missing_thing_keeps_it_shut_with_a_sentence_and_a_link(about):
    one = ready()
    BREAKS[about](one)

    with pytest.raises(Refusal) as refused:
        services.open_phase(one, by=make.person(), now=NOW, today=TODAY)

    act = GateAct.objects.get()
    assert act.outcome == GateAct.Outcome.REFUSED
    assert [missing["about"] for missing in act.missing] == [about]
    assert refused.value.links == ((act.missing[0]["sentence"], act.missing[0]["url"]),)
    one.refresh_from_db()
    assert one.state == Phase.State.APPROVED


@pytest.mark.parametrize(("value", "days_old", "holds"), [(50, 0, True), (49.9, 0, False), (80, 90, False)])
def test_a_criterion_asks_for_a_fresh_reading_at_its_threshold(value, days_old, holds):
    one = ready()
    GateCriterion.objects.create(phase=one, check_slug="data.health", threshold=50)
    at = NOW - timedelta(days=days_old)
    Reading.objects.create(check_slug="data.health", value=value, n=10, at=at, taken_on=at.date())

    assert phase_gate(one, now=NOW, today=TODAY).holds is holds


def test_only_the_sponsor_opens_it_in_spite_of_what_it_lacks_with_a_reason_and_for_a_while():
    one = ready()
    BREAKS["trial"](one)
    sponsor = make.person(groups=["executive sponsor"])
    wish: dict[str, Any] = {
        "reason": "The fair opens on Monday.",
        "until": TODAY + timedelta(days=5),
        "now": NOW,
        "today": TODAY,
    }

    with pytest.raises(Refusal, match="Only the executive sponsor"):
        services.override_phase(one, by=make.person(groups=["adoption lead"]), **wish)
    with pytest.raises(Refusal, match="Say why"):
        services.override_phase(one, by=sponsor, **{**wish, "reason": " "})
    with pytest.raises(Refusal, match="ends between today and"):
        services.override_phase(one, by=sponsor, **{**wish, "until": TODAY + timedelta(days=91)})
    services.override_phase(one, by=sponsor, **wish)

    assert not phase_gate(one, now=NOW, today=TODAY + timedelta(days=6)).may_open  # it ends
    opened = services.open_phase(one, by=sponsor, now=NOW, today=TODAY)
    assert opened.state == Phase.State.OPEN
    assert GateAct.objects.filter(outcome="opened").get().missing != []  # what was lacking stays on record


def test_a_phase_closes_with_its_work_done_and_a_lesson():
    one = ready()
    by = make.person()
    services.open_phase(one, by=by, now=NOW, today=TODAY)
    with pytest.raises(Refusal, match="1 must-now items that are not done, “Agree on stages”"):
        services.close_phase(one, by=by, now=NOW, today=TODAY)
    services.finish_item(one.items.get(), today=TODAY)
    with pytest.raises(Refusal, match="Write down what “Pipeline” taught"):
        services.close_phase(one, by=by, now=NOW, today=TODAY)
    services.note_lesson(one, text="Begin with one team.", keep=True, by=by)
    left = item(one, "A nice thing", kind="delight")

    closed = services.close_phase(one, by=by, now=NOW, today=TODAY)

    assert closed.state == Phase.State.CLOSED
    left.refresh_from_db()
    assert left.phase is None  # open work is not buried with the phase


def test_a_lesson_is_applied_later_and_elsewhere():
    one, two = phase(), phase("Next", aims=[])
    lesson = services.note_lesson(one, text="Begin with one team.", keep=True, by=make.person())
    with pytest.raises(Refusal, match="later phase"):
        services.apply_lesson(lesson, phase=one)

    services.apply_lesson(lesson, phase=two)

    assert Lesson.objects.get().applied_in == two
