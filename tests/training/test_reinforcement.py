"""Reinforcement: when it counts, who is due, who is reminded."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from crm_adoption.jobs.models import Job
from crm_adoption.jobs.services import run_here
from tests import make
from tests.training import made
from tests.training.quizzes import quiz_of, take
from training import queries, services, tasks
from training.models import Reminder

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


GO_LIVE = date(2026, 3, 2)


def at(days: int) -> datetime:
    return datetime.combine(GO_LIVE + timedelta(days=days), time(10), tzinfo=UTC)


@pytest.mark.parametrize(("day", "counts"), [(20, False), (21, True), (28, True), (42, True), (43, False)])
def test_reinforcement_counts_from_the_third_to_the_sixth_week(day, counts):
    role = make.job_role()
    course, go_live = made.course(job_roles=[role]), made.go_live(role, on=GO_LIVE)
    person = make.person(job_role=role)
    session = made.session(now=at(1), course=course, starts_at=at(day), purpose="reinforcement")
    services.note_attendance(session, present=[person], via="list", now=at(day))

    assert queries.window_of(go_live).done == counts


def test_a_follow_up_quiz_in_the_window_reinforces_too_and_another_roles_course_does_not():
    role, other = make.job_role(), make.job_role()
    course, foreign = made.course(job_roles=[role]), made.course(job_roles=[other])
    go_live = made.go_live(role, on=GO_LIVE)
    one, two = make.person(job_role=role), make.person(job_role=role)
    for person, taken in ((one, course), (two, foreign)):
        made.completion(person, taken)
        take(quiz_of(taken, "follow_up"), person, 4, now=at(25))

    window = queries.window_of(go_live)

    assert [(entry.person, entry.done_on) for entry in sorted(window.people, key=lambda e: e.person.pk)] == [
        (one, GO_LIVE + timedelta(days=25)), (two, None)
    ]  # fmt: skip
    assert [window.state_of(GO_LIVE + timedelta(days=n)) for n in (20, 21, 29, 43)] == [
        "later", "due", "overdue", "closed"
    ]  # fmt: skip
    assert queries.reinforced(GO_LIVE + timedelta(days=42)) == (0, 0, None)
    assert queries.reinforced(GO_LIVE + timedelta(days=43)) == (1, 2, GO_LIVE + timedelta(days=42))


def test_who_is_due_is_reminded_when_it_is_due_and_in_the_last_week_and_never_twice():
    role = make.job_role()
    course = made.course(job_roles=[role])
    made.go_live(role, on=GO_LIVE, name="Quotations")
    due, done = make.person(job_role=role), make.person(job_role=role)
    make.person(job_role=role, email=None)
    session = made.session(now=at(1), course=course, starts_at=at(21), purpose="reinforcement")
    services.note_attendance(session, present=[done], via="list", now=at(21))

    sent = {day: services.remind(at(day)) for day in (20, 21, 21, 30, 36, 37, 42, 43)}

    assert sent == {20: 0, 21: 0, 30: 0, 36: 1, 37: 0, 42: 0, 43: 0}
    assert [message.to for message in mail.outbox] == [[due.email], [due.email]]
    assert "until 2026-04-13" in mail.outbox[0].body
    assert Reminder.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_nightly_job_reminds_and_running_it_again_writes_to_nobody():
    role, today = make.job_role(), timezone.localdate()
    made.course(job_roles=[role])
    made.go_live(role, on=today - timedelta(days=22))
    make.person(job_role=role)

    tasks.ask_to_remind()
    assert run_here(Job.objects.get(kind="remind_reinforcement")).counts == {"letters": 1}
    tasks.ask_to_remind()
    assert run_here(Job.objects.latest("pk")).counts == {"letters": 0}
    tasks.ask_to_follow_roles()
    assert run_here(Job.objects.latest("pk")).counts == {"begun": 0, "ended": 0}

    assert len(mail.outbox) == 1
