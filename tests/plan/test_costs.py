"""Pages of the plan and of training ask the store as often for twice as many rows as for the sample's."""

from __future__ import annotations

from collections import Counter
from pprint import pformat
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm_adoption.people.models import Person, Seat
from crm_adoption.plan import services
from crm_adoption.plan.models import (
    AccessPath,
    Feedback,
    GateAct,
    LeaderAct,
    Lesson,
    Message,
    Motivator,
    Objective,
    Phase,
    Promise,
    Pulse,
    Recognition,
    Review,
    Trial,
    Vote,
    WorkItem,
)
from crm_adoption.plan.queries.gates import phase_gate, phase_gates
from crm_adoption.plan.queries.phases import phases
from crm_adoption.plan.services.sample_owners import make_owners
from crm_adoption.plan.services.sample_people import describe_programme, make_claims, make_people
from crm_adoption.plan.services.sample_plan import make_plan
from tests import make
from training import sample
from training.models import Booking, Completion, Course, Enquiry, GoLive, Impact, LearningImport, Process, Quiz, Session
from training.services import enrol

pytestmark = pytest.mark.django_db
SPARE = 2  # queries that more rows may bring, as a second page or a first row of a kind does
PLAN = (
    "/", "/ingredients/", "/ingredients/communication/", "/risk/", "/phases/", "/objectives/", "/work-items/",
    "/messages/", "/promises/", "/leader-acts/", "/recognitions/", "/access-paths/", "/trials/", "/motivators/",
    "/feedback/", "/pulses/", "/reviews/", "/sponsor/", "/for-me/", "/people/seats/", "/committee/", "/brought/",
    "/brought/step-rules/", "/brought/unclaimed/",
)  # fmt: skip
TRAINING = (
    "/training/", "/training/doing/", "/training/readiness/", "/training/processes/", "/training/impacts/",
    "/training/go-lives/", "/training/roles/", "/training/courses/", "/training/still-to-take/", "/training/sessions/",
    "/training/completions/", "/my-training/",
)  # fmt: skip
DETAILS: tuple[type[models.Model], ...] = (
    Phase, Message, Feedback, Pulse, Review, Process, Impact, GoLive, Course, Session, Quiz
)  # fmt: skip
ROWS: tuple[type[models.Model], ...] = (
    Objective, WorkItem, Message, Promise, LeaderAct, Recognition, AccessPath, Trial, Motivator, Feedback, Vote,
    Lesson, GateAct, Seat, Process, Impact, Course, Session, Booking, Completion, Enquiry, LearningImport,
)  # fmt: skip
# Phases and go-lives are few by nature; each has a gate, first days and a window of its own to ask about.


@pytest.fixture
def reader():
    """Somebody who may see everything, is of a role and of a team, in the sample company."""
    now = timezone.now()
    people = make_people(now)
    describe_programme()
    make_plan(people, now)
    make_claims(people, now)
    sample.load(now=now, seed=7)
    make_owners(people, now)
    services.take_readings(now)
    services.measure_brought(now)
    seller = next(one for one in people.values() if one.job_role and one.job_role.name == "Account manager")
    return make.superuser(job_role=seller.job_role, team=seller.team)


def twice(model: type[models.Model]) -> None:
    """Each row once more, under another name where names are unique; what may stand only once stays alone."""
    through = [(field.name, field.remote_field.through) for field in model._meta.many_to_many]
    many = [name for name, table in through if table is not None and table._meta.auto_created]
    for row in list(model._default_manager.all()):
        related = {name: list(getattr(row, name).all()) for name in many}
        row.pk, row._state.adding = None, True
        for field in model._meta.concrete_fields:
            if isinstance(field, models.CharField) and field.unique:
                setattr(row, field.name, f"{getattr(row, field.name)}-again"[: field.max_length])
        for name in ("name", "uid"):
            if isinstance(getattr(row, name, None), str):
                setattr(row, name, f"{getattr(row, name)} again")
        try:
            with transaction.atomic():
                row.save()
                for name, kept in related.items():
                    getattr(row, name).set(kept)
        except IntegrityError:
            continue


def grow() -> None:
    """Twice as many rows of everything, and twice as many people."""
    for person in list(Person.objects.exclude(job_role=None)):
        make.person(job_role=person.job_role, team=person.team, manager=person.manager, started_on=person.started_on)
    for model in ROWS:
        twice(model)
    enrol(timezone.localdate())


def addresses() -> list[str]:
    found: list[str] = [*PLAN, *TRAINING]
    for model in DETAILS:
        row: Any = model._default_manager.order_by("pk").last()
        assert row is not None, model
        found.append(row.get_absolute_url())
    return found


def asked(client: Client, known: list[str]) -> dict[str, list[str]]:
    """The queries of each address."""
    found = {}
    for address in known:
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        assert answer.status_code == 200, address
        found[address] = [query["sql"] for query in queries]
    return found


def repeated(before: list[str], after: list[str]) -> dict[str, int]:
    """What is asked more often than it was, by what stands in front of its condition."""
    once, now = (Counter(one.partition(" WHERE ")[0] for one in many) for many in (before, after))
    return {kind[-90:]: n for kind, n in (now - once).items()}


def test_no_page_asks_more_for_more_rows(client, reader):
    client.force_login(reader)
    known = addresses()
    asked(client, known[:1])  # what is asked once in a process is asked now
    before = asked(client, known)

    people, feedback = Person.objects.count(), Feedback.objects.count()
    grow()
    assert Person.objects.count() > 1.8 * people
    assert Feedback.objects.count() == 2 * feedback
    after = asked(client, known)

    more = {
        address: (len(before[address]), len(after[address]), repeated(before[address], after[address]))
        for address in known
        if len(after[address]) > len(before[address]) + SPARE
    }
    assert not more, pformat(more)


def test_gates_of_several_phases_share_what_is_the_programmes(reader, django_assert_max_num_queries):
    now, today = timezone.now(), timezone.localdate()
    waiting = list(phases().filter(state__in=(Phase.State.DRAFT, Phase.State.APPROVED)))
    assert len(waiting) > 1
    with CaptureQueriesContext(connection) as alone:
        one = [phase_gate(phase, now=now, today=today) for phase in waiting]

    with django_assert_max_num_queries(len(alone) - 8 * (len(waiting) - 1)):
        together = phase_gates(waiting, now=now, today=today)

    assert together == one
    assert all(gate.missing for gate in together)
