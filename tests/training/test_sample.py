"""The sample company's training: every figure of ingredient 10 has rows, and loading it twice loads it once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from crm_adoption.people.models import JobRole
from crm_adoption.plan.services import sample_people
from dataquality import subjects
from tests import make
from tests.usage import made as usage
from training import queries, sample
from training.models import Booking, Completion, Course, Enquiry, Process, RoleTarget, Session
from training.sample import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> datetime:
    """Thirty people in the three roles, and exports of today."""
    now = timezone.now()
    source = make.source()
    for name, n in ((words.SELLER, 14), (words.LEAD, 6), (words.SERVICE, 10)):
        role, team = make.job_role(name=name), make.team()
        for place in range(n):
            person = make.person(job_role=role, team=team, started_on=timezone.localdate(now) - timedelta(days=400))
            for table in words.TARGETS[name]:
                batch = make.batch(source, subjects.get(table), taken_at=now)
                rows = [{"owner": person, "created_at": now - timedelta(days=2)}] * (4 if place % 2 else 0)
                make.records(batch, *rows)
    make.person(job_role=make.job_role(name=words.TRAINER_ROLE), name="Rémi")
    sample.load(now=now, seed=7)
    return now


def test_every_figure_of_the_ingredient_has_rows(company):
    later = company + timedelta(minutes=1)
    figures = {
        figure.__name__: figure(later)
        for figure in (queries.curricula_completed, queries.process_minutes, queries.reinforced_in_time,
                       queries.still_known, queries.not_doing)
    }  # fmt: skip

    assert None not in figures.values()
    values = {name: round(one.value, 2) for name, one in figures.items() if one}
    assert 0.7 < values["curricula_completed"] < 1
    assert 0.5 < values["process_minutes"] < 0.7
    assert 0 < values["reinforced_in_time"] < 1
    assert 0.4 < values["still_known"] < 1
    assert 0 < values["not_doing"] < 1


def test_the_story_has_something_to_warn_of_to_fill_and_to_answer(company):
    today = timezone.localdate(company)

    assert [one.role.name for one in queries.role_states(today) if one.minutes.warns] == [words.SERVICE]
    assert [one.code for one in queries.stale_courses()] == ["quotation"]
    assert Booking.objects.filter(state="waiting").exists()
    assert [one.course.code for one in queries.to_fill(company)] == ["navigation"]
    assert Enquiry.objects.filter(answered_at=None).count() == 1
    assert queries.weakest_questions()
    assert not all(one.is_ready for one in queries.readiness_of("second-release", today=today))


def test_loading_it_twice_loads_it_once(company):
    models = (Process, Course, Session, Booking, Completion, RoleTarget, Enquiry)
    before = [model.objects.count() for model in models]

    assert sample.load(now=company + timedelta(hours=1), seed=7) == {"processes": 0, "courses": 0, "sessions": 0}

    assert [model.objects.count() for model in models] == before


def test_without_the_roles_it_speaks_of_nothing_is_made():
    assert sample.load(now=timezone.now(), seed=7)["processes"] == 0
    assert not Process.objects.exists()


def test_the_people_of_the_sample_company_are_trained_by_their_roles():
    now = timezone.now()
    sample_people.make_people(now)

    made = sample.load(now=now, seed=sample_people.SEED)

    assert made == {"processes": 3, "courses": 4, "sessions": 14}
    asked = queries.open_enrolments()
    assert asked.filter(course__code="navigation").count() == 46
    assert {process.holder is None for process in Process.objects.select_related("owner__holder")} == {False}
    figure = queries.curricula_completed(now + timedelta(minutes=1))
    assert figure is not None
    assert 0.4 < figure.value < 1


def test_the_trainers_page_asks_no_more_than_25_questions(company, client, django_assert_max_num_queries):
    role = JobRole.objects.get(name=words.SELLER)
    capability = usage.capability()
    usage.use_case(job_role=role, capability=capability)
    client.force_login(make.person(groups=["trainer"]))
    client.get("/training/")  # fills what a process keeps for good

    with django_assert_max_num_queries(25):
        shown = client.get("/training/")

    assert {one["label"] for one in shown.context["figures"] if one["value"] is not None} >= {
        "Curricula completed", "Minutes about the process", "Still known weeks later", "Reinforced in time",
        "Trained but not doing",
    }  # fmt: skip
