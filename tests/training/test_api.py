"""Training over the API: what it answers, what it refuses, and how much it asks of the store."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from crm_adoption.kit.access import ANALYST, INTEGRATION
from tests import make
from tests.training import made
from training.models import Completion, Enrolment

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(client):
    """Asks as a program does."""
    key = make.token(make.person(groups=[INTEGRATION]), scopes=["read", "import"])[1]

    def ask(address, said=None):
        method = client.get if said is None else client.post
        more = {} if said is None else {"data": said, "content_type": "application/json"}
        return method(f"/api/v1/{address}", HTTP_AUTHORIZATION=f"Bearer {key}", **more)

    return ask


def test_courses_processes_and_sessions_are_listed_with_what_programs_need(program):
    process = made.process(name="Quotation", steps=["Ask", "Write"])
    role = make.job_role(name="Seller")
    course = made.course(processes=[process], job_roles=[role], code="quo")
    made.session(now=timezone.now(), course=course)
    made.change(process)

    found = program("courses/?stale=true").json()["results"][0]
    assert (found["code"], found["is_stale"], found["job_roles"], round(found["process_share"], 2)) == (
        "quo", True, ["Seller"], 0.67
    )  # fmt: skip
    versions = program(f"processes/{process.pk}/").json()["versions"]
    assert [one["number"] for one in versions] == [2, 1]
    session = program("sessions/?free=true").json()["results"][0]
    assert (session["course"], session["taken"], session["seats"]) == ("quo", 0, 10)
    assert program("courses/?colour=red").status_code == 400


def test_a_completion_is_noted_once_however_often_it_is_sent(program):
    person, course = make.person(email="anna@company.example", job_role=make.job_role()), made.course(code="quo")
    said = {"person": "Anna@company.example", "course": "quo", "at": "2026-03-02T10:00:00Z", "score": 0.9}

    for _ in range(2):
        assert program("completions/", said).status_code == 201

    completion = Completion.objects.get()
    assert (completion.person, completion.course, completion.exit_score) == (person, course, 0.9)
    enrolment = program("enrolments/").json()["results"][0]
    assert enrolment["done_at"].startswith("2026-03-02T10:00")
    assert Enrolment.objects.count() == 1
    later = (timezone.now() + timedelta(days=2)).isoformat()
    assert program("completions/", said | {"at": later}).status_code == 409
    assert program("completions/", said | {"person": "nobody@company.example"}).status_code == 400
    assert program("completions/", said | {"score": 90}).status_code == 400


def test_readiness_is_asked_by_release_or_by_role(program):
    role = make.job_role(name="Seller")
    made.go_live(role, release="r1")

    by_release = program("readiness/?release=r1").json()
    by_role = program("readiness/?role=seller").json()

    assert [one["role"] for one in by_release] == ["Seller"]
    assert [one["code"] for one in by_release[0]["missing"]] == ["no_curriculum", "no_impact"]
    assert by_role[0]["is_ready"] is False
    assert program("readiness/?role=nobody").status_code == 404
    assert program("readiness/").json() == []


def test_groups_below_the_floor_have_no_figure_over_the_api_either(program):
    from tests.training.test_doing import Company

    company = Company()
    for _ in range(4):
        company.person(0)
    assert program("trained-not-doing/").json()["roles"] == [
        {"label": "Seller", "trained": None, "not_doing": None, "quality": None}
    ]

    company.person(4)

    found = program("trained-not-doing/").json()["roles"][0]
    assert (found["trained"], found["not_doing"], found["quality"]) == (5, 0.8, 1.0)


def test_an_analyst_reads_no_list_of_who_learned_what(client):
    client.force_login(make.person(groups=[ANALYST]))

    assert client.get("/api/v1/courses/").status_code == 200
    assert client.get("/api/v1/completions/").status_code == 403
    assert client.get("/api/v1/enrolments/").status_code == 403
