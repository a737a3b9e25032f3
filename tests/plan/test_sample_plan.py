"""The plan of the sample company fills every page of the plan, once."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from crm_adoption.plan.models import Feedback, GateAct, Message, Phase, Promise, Pulse, PulseTicket, WorkItem
from crm_adoption.plan.services.sample_people import describe_programme, make_people
from crm_adoption.plan.services.sample_plan import make_plan
from tests import make

pytestmark = pytest.mark.django_db
LISTS = (
    "phases", "objectives", "work-items", "messages", "promises", "leader-acts", "recognitions", "access-paths",
    "trials", "motivators", "feedback", "pulses", "reviews", "sponsor", "for-me", "feedback-new", "phase-new",
    "objective-new", "work-item-new", "message-new", "promise-new", "access-path-new", "trial-new", "pulse-new",
)  # fmt: skip


@pytest.fixture
def planned(db):
    now = timezone.now()
    people = make_people(now)
    describe_programme()
    assert make_plan(people, now)
    return people


def test_a_second_load_changes_nothing(planned):
    before = (Phase.objects.count(), WorkItem.objects.count(), Message.objects.count(), Feedback.objects.count())

    assert make_plan(planned, timezone.now()) is False

    assert before == (
        Phase.objects.count(),
        WorkItem.objects.count(),
        Message.objects.count(),
        Feedback.objects.count(),
    )


def test_every_list_of_the_plan_opens_and_shows_it(planned, client):
    client.force_login(make.superuser())

    for name in LISTS:
        answer = client.get(reverse(name))
        assert answer.status_code == 200, name


def test_every_phase_message_voice_pulse_and_review_has_its_page(planned, client):
    client.force_login(make.superuser())
    rows: list[Any] = [*Phase.objects.all(), *Message.objects.all(), *Feedback.objects.all(), *Pulse.objects.all()]

    for row in rows:
        assert client.get(row.get_absolute_url()).status_code == 200, row


def test_the_waiting_phase_is_refused_with_each_thing_it_lacks(planned, client):
    phase = Phase.objects.get(name="Pipeline")
    client.force_login(make.person(groups=["adoption lead"]))

    answer = client.post(reverse("phase-open", args=[phase.pk]), follow=True)

    assert "stays shut" in answer.content.decode()
    act = GateAct.objects.get(phase=phase)
    assert act.outcome == GateAct.Outcome.REFUSED
    assert {one["about"] for one in act.missing} >= {"data", "seat", "told", "trial", "access"}
    phase.refresh_from_db()
    assert phase.state == Phase.State.APPROVED


def test_promises_are_settled_by_their_day(planned):
    assert Promise.objects.get(check_slug="data.tables-passing").state == Promise.State.BROKEN  # never measured here
    assert Promise.objects.filter(state=Promise.State.OPEN).count() == 2


def test_pulses_that_are_over_have_answers_of_nobody_in_particular(planned, client):
    over = Pulse.objects.order_by("opens_on").first()
    assert over is not None
    answered = PulseTicket.objects.filter(pulse=over, used=True).count()
    client.force_login(make.person(groups=["adoption lead"]))

    page = client.get(over.get_absolute_url()).content.decode()

    assert answered >= 20
    assert f"{answered} of " in page
