"""Training beside behaviour, time to proficiency, readiness, and the figures of ingredient 10."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from crm_adoption.kit.access import CHAMPION, END_USER, SPONSOR, TRAINER
from dataquality import subjects
from tests import make
from tests.training import made
from training import conditions, doings, queries, services
from training.conditions import Missing
from training.models import Completion, Enquiry, RoleProfile, RoleTarget

pytestmark = pytest.mark.django_db
UNTIL = datetime(2026, 3, 20, 7, 30, tzinfo=UTC)
DEALS = "accounts.opportunity"


class Company:
    """A role of which four new deals in 28 days are expected, taught by one course, mirrored until UNTIL."""

    def __init__(self, *, table: str = DEALS, expected: int = 4) -> None:
        self.role = make.job_role(name="Seller")
        self.course = made.course(job_roles=[self.role])
        self.batch = make.batch(make.source(), subjects.get(table), taken_at=UNTIL)
        RoleTarget.objects.create(job_role=self.role, table=table, per_28_days=expected)

    def person(self, deals: int = 0, *, trained: bool = True, wrong: int = 0, **more: Any) -> Any:
        """Somebody trained long ago who has made so many deals in the window."""
        somebody = make.person(job_role=self.role, **more)
        if trained:
            made.completion(somebody, self.course, done_at=UNTIL - timedelta(days=90))
        for deal in self.deals(somebody, *[UNTIL - timedelta(days=3)] * deals)[:wrong]:
            make.finding(deal, "stage.required")
        return somebody

    def deals(self, owner: Any, *moments: datetime) -> list[Any]:
        return make.records(self.batch, *({"name": "Deal", "owner": owner, "created_at": at} for at in moments))


def test_what_somebody_does_is_the_mean_of_what_is_done_beside_what_is_expected():
    company = Company()
    other = make.batch(company.batch.source, subjects.get("accounts.activity"), taken_at=UNTIL)
    RoleTarget.objects.create(job_role=company.role, table="accounts.activity", per_28_days=10)
    person = company.person(deals=9, wrong=3)
    make.records(other, *({"owner": person, "created_at": UNTIL - timedelta(days=1)} for _ in range(2)))
    company.deals(person, UNTIL - timedelta(days=29), UNTIL + timedelta(days=1))

    own = queries.own_doing(person)

    assert own is not None
    assert {row.table: row.done for row in own.rows} == {DEALS: 9, "accounts.activity": 2}
    assert own.share == pytest.approx((1 + 0.2) / 2)
    assert own.quality == pytest.approx(1 - 3 / 11)
    assert own.until == UNTIL


def test_trained_but_not_doing_is_counted_by_role_and_team_from_five_people_on():
    company, team = Company(), make.team(name="North")
    for deals in (4, 4, 1, 0):
        company.person(deals, team=team)
    assert [(one.n, one.not_doing) for one in queries.trained_not_doing().roles] == [(4, None)]
    assert queries.not_doing(UNTIL + timedelta(days=1)) is None

    company.person(0, team=make.team(name="South"))

    found = queries.trained_not_doing()
    assert [(one.label, one.n, one.not_doing, one.share) for one in found.roles] == [("Seller", 5, 3, 0.6)]
    assert {one.label: one.share for one in found.teams} == {"North": None, "South": None}
    figure = queries.not_doing(UNTIL + timedelta(days=1))
    assert figure is not None
    assert (figure.value, figure.n, figure.at) == (0.6, 5, UNTIL)


def test_who_is_not_trained_or_was_only_just_is_not_counted():
    company = Company()
    company.person(0, trained=False)
    fresh = company.person(0, trained=False)
    made.completion(fresh, company.course, done_at=UNTIL - timedelta(days=5))

    assert queries.trained_not_doing().trained == 0


def test_without_an_export_or_an_expectation_there_is_no_evidence():
    role = make.job_role()
    person = make.person(job_role=role)
    assert queries.own_doing(person) is None
    RoleTarget.objects.create(job_role=role, table=DEALS, per_28_days=1)

    assert queries.own_doing(person) is None
    assert queries.trained_not_doing().until is None


def test_what_floors_above_know_of_doing_counts_too():
    company = Company()
    person = company.person(4)
    asked = []

    def use_cases(people, since, until):
        asked.append((list(people), until - since))
        return {person.pk: [(0.0, 5.0)]}

    doings.register("use-cases", use_cases)
    try:
        own = queries.own_doing(person)
    finally:
        doings.forget("use-cases")

    assert own is not None
    assert own.share == 0.5
    assert asked == [([person.pk], timedelta(days=28))]


def test_the_figures_cost_the_same_for_many_people(django_assert_max_num_queries):
    company = Company()
    for _ in range(12):
        company.person(2)

    with django_assert_max_num_queries(12):
        assert queries.trained_not_doing().trained == 12


# --- time to proficiency ------------------------------------------------------------------------------------------
def test_time_to_proficiency_is_a_median_by_cohort_beside_the_first_or_a_said_baseline():
    company, begins = Company(), datetime(2025, 1, 6, tzinfo=UTC)
    make.record(company.batch, owner=make.person(), created_at=begins - timedelta(days=400))

    def cohort(start: datetime, *days: int | None) -> None:
        for took in days:
            person = make.person(job_role=company.role, started_on=start.date())
            if took is not None:
                company.deals(person, start + timedelta(days=took + 200), start + timedelta(days=took))

    cohort(begins, 50, 60, 40, 70, 50)
    cohort(begins + timedelta(days=100), 10, 10)
    cohort(begins + timedelta(days=200), 30, 20, 30, 40, None)
    cohort(begins + timedelta(days=300), 30, None, None, None, 5)

    found = queries.proficiency()[0]

    assert [(one.n, one.there, one.days) for one in found.cohorts] == [
        (5, 5, 50), (2, 2, None), (5, 4, 30), (5, 2, None)
    ]  # fmt: skip
    assert found.baseline == 50
    assert found.faster == pytest.approx(0.4)
    RoleProfile.objects.create(job_role=company.role, baseline_days=60, manuals=3)
    said = queries.proficiency()[0]
    assert (said.baseline, said.faster, said.manuals) == (60, 0.5, 3)


def test_who_was_there_before_the_crm_counts_from_its_first_record():
    company, first = Company(), datetime(2025, 6, 2, 10, tzinfo=UTC)
    for n in range(5):
        veteran = make.person(job_role=company.role, started_on=first.date() - timedelta(days=3000))
        company.deals(veteran, first + timedelta(days=n))

    assert queries.proficiency()[0].cohorts[0].days == 2


# --- readiness ----------------------------------------------------------------------------------------------------
def codes(role: Any, release: str = "") -> list[str]:
    return [one.code for one in queries.readiness(role, release, today=made.TODAY).missing]


def test_a_role_is_ready_when_it_is_trained_and_told_and_names_what_is_missing_until_then():
    role, process = make.job_role(name="Seller"), made.process(name="Quotation")
    made.go_live(role, release="r1", processes=[process])
    people = [make.person(job_role=role) for _ in range(3)]
    assert codes(role, "r1") == ["no_curriculum", "untrained", "no_impact"]

    course = made.course(job_roles=[role])
    assert codes(role, "r1") == ["untaught", "untrained", "no_impact"]
    services.save_course(course, job_roles=[role], processes=[process], today=made.TODAY)
    impact = made.impact(job_role=role, process=process)
    state = queries.readiness(role, "r1", today=made.TODAY)
    assert [(one.code, one.url) for one in state.missing] == [
        ("untrained", f"/training/still-to-take/?role={role.pk}"), ("untold", f"/training/impacts/{impact.pk}/")
    ]  # fmt: skip
    assert "0 of 3 people of Seller" in state.missing[0].sentence
    assert "3 more are needed" in state.missing[0].sentence
    for person in people:
        made.completion(person, course)
    services.tell_impact(impact, on=made.TODAY)

    assert queries.readiness(role, "r1", today=made.TODAY).is_ready
    made.change(process)
    assert codes(role, "r1") == ["stale_course"]
    services.bring_up_to_date(course, now=timezone.now())
    assert codes(role, "r1") == ["untrained"]


def test_floors_above_add_their_own_conditions():
    role = make.job_role()
    made.course(job_roles=[role])
    conditions.register("access", lambda role, release, today: [Missing("no_path", f"{role} cannot get to {release}.")])
    try:
        assert "no_path" in codes(role, "r1")
    finally:
        conditions.forget("access")
    assert "no_path" not in codes(role, "r1")


def test_a_release_asks_every_role_it_reaches_by_a_go_live_or_by_an_impact():
    first, second = make.job_role(name="A"), make.job_role(name="B")
    made.go_live(first, release="r1")
    made.impact(job_role=second, process=None, release="r1")

    assert [one.role for one in queries.readiness_of("r1", today=made.TODAY)] == [first, second]
    assert queries.readiness_of("unheard-of", today=made.TODAY) == []


# --- the figures of ingredient 10 ---------------------------------------------------------------------------------
def test_the_figures_come_from_rows_and_are_none_where_there_is_nothing_to_measure():
    now = timezone.now() + timedelta(minutes=1)
    figures = (queries.curricula_completed, queries.process_minutes, queries.reinforced_in_time, queries.still_known,
               queries.not_doing)  # fmt: skip
    assert [figure(now) for figure in figures] == [None] * 5

    role = make.job_role()
    course = made.course(job_roles=[role])
    people = [make.person(job_role=role) for _ in range(4)]
    made.completion(people[0], course, exit_score=0.8, follow_up_score=0.4, follow_up_at=now - timedelta(days=1))
    made.go_live(role, on=timezone.localdate(now) - timedelta(days=60))

    completed, minutes, reinforced, known, doing = (figure(now) for figure in figures)
    assert completed is not None
    assert minutes is not None
    assert reinforced is not None
    assert known is not None
    assert (completed.value, completed.n) == (0.25, 4)
    assert (round(minutes.value, 2), minutes.n) == (0.67, 240)
    assert (reinforced.value, reinforced.n) == (0.0, 4)
    assert (known.value, known.n) == (0.5, 1)
    assert doing is None


# --- the pages ----------------------------------------------------------------------------------------------------
def test_nobody_is_named_on_the_page_of_trained_but_not_doing(client):
    company = Company()
    for n in range(6):
        company.person(n % 2 * 4, name=f"Named {n}", team=make.team())
    for group in (SPONSOR, CHAMPION, TRAINER):
        client.force_login(make.person(groups=[group]))

        page = client.get("/training/doing/").content.decode()

        assert "Seller" in page
        assert "50 %" in page
        assert "Named" not in page
        assert "fewer than 5 people" in page


def test_ones_own_figures_are_shown_to_oneself(client):
    company = Company()
    me = company.person(1, wrong=1, groups=[END_USER])
    client.force_login(me)

    page = client.get("/my-training/").content.decode()

    assert "1 new, 4 expected" in page
    assert "less than your role expects" in page


def test_the_trainers_page_says_who_is_due_what_to_fill_and_what_to_answer(client):
    company = Company()
    make.person(name="Due Dora", job_role=company.role)
    made.session(now=timezone.now(), course=company.course)
    asked = services.ask(make.person(), text="Where is the list of prices?", now=timezone.now())
    client.force_login(make.person(groups=[TRAINER]))

    page = client.get("/training/").content.decode()
    assert "Due Dora" in page
    assert "Where is the list of prices?" in page
    assert "0 of 10" in page
    client.post(f"/training/enquiries/{asked.pk}/", {"answer": "Under Products."})
    assert "Where is the list of prices?" not in client.get("/training/").content.decode()

    client.force_login(asked.person)
    assert "Under Products." in client.get("/my-training/").content.decode()


def test_somebody_asks_and_says_where_they_stand_for_themselves_alone(client):
    me = make.person(groups=[END_USER])
    client.force_login(me)

    client.post("/my-training/ask/", {"text": "Who helps me on Friday?"})
    client.post("/my-training/stage/", {"stage": "ability", "expected_on": "2026-05-01"})

    page = client.get("/my-training/").content.decode()
    assert "Who helps me on Friday?" in page
    assert "waits for an answer" in page
    assert Enquiry.objects.get().person == me
    client.force_login(make.person(groups=[TRAINER]))
    assert "Who helps me on Friday?" in client.get("/training/").content.decode()
    assert client.post("/my-training/stage/", {"stage": "angry"}, follow=True).status_code == 200


def test_the_readiness_of_a_release_links_what_is_missing_for_those_who_may_mend_it(client):
    role = make.job_role(name="Seller")
    made.go_live(role, release="r1", name="Quotations")
    client.force_login(make.person(groups=[TRAINER]))

    page = client.get("/training/readiness/?release=r1").content.decode()

    assert "0 of 1 roles are ready for Quotations" in page
    assert f"/training/impacts/new/?job_role={role.pk}&amp;release=r1" in page
    client.force_login(make.person(groups=[SPONSOR]))
    assert "/training/impacts/new/" not in client.get("/training/readiness/").content.decode()
    assert client.get("/training/readiness/?release=unheard").status_code == 200


def test_completions_are_kept_when_a_person_has_more_than_one_version():
    person, course = make.person(job_role=make.job_role()), made.course()
    made.completion(person, course, course_version=1)
    course.version = 2
    course.save()
    made.completion(person, course, course_version=2, done_at=None, completed_at=None)

    item = queries.curriculum(person, made.TODAY)[0]

    assert (item.is_done, item.state) == (True, "changed")
    assert Completion.objects.count() == 2
