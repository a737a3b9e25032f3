"""The committee of champions: its members and gaps, its agenda, its meetings, its decisions, and what evidence says."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person, Team
from crm_adoption.people.services import fill_seat, open_seat
from crm_adoption.plan import services
from crm_adoption.plan.ingredients.ownership_support import filled_seats
from crm_adoption.plan.models import Feedback, Programme, Review, WorkItem
from crm_adoption.plan.queries.committee import committee, committee_agenda
from crm_adoption.plan.queries.reviews import cycle
from tests import make
from training.services import change_process, make_process

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 31, 9, tzinfo=UTC)
TODAY = date(2026, 3, 31)


@pytest.fixture
def groups() -> list[Team]:
    Programme.objects.update(it_model=Programme.ItModel.SMALL)
    return [make.team(name="North"), make.team(name="South")]


def champion(team: Team) -> Person:
    somebody = make.person(team=team, name=f"Champion {team}")
    fill_seat(open_seat(kind="champion", scope="team", scope_key=team.name), holder=somebody, on=TODAY)
    return somebody


def met(on: date = TODAY, *, by: Person | None = None) -> Review:
    made = services.call_committee(Review(planned_on=on), today=on)
    return services.hold_review(made, by=by or make.person(), now=NOW, today=on)


def sentences(now: datetime = NOW) -> list[str]:
    return [topic.sentence for topic in committee_agenda(now=now, today=TODAY)]


def test_p21_one_champion_a_group_forms_it_and_a_group_without_one_is_a_gap(groups):
    champion(groups[0])

    found = committee(TODAY)

    assert found.is_asked_for
    assert [(str(one.team), one.is_gap) for one in found.members] == [("North", False), ("South", True)]
    assert "Nobody speaks for South, 0 people." in sentences()
    champion(groups[1])
    assert committee(TODAY).gaps == []


@pytest.mark.parametrize(("model", "teams"), [("large", 2), ("outsourced", 2), ("small", 1)])
def test_p21_only_a_small_it_with_several_groups_asks_for_one(model, teams):
    Programme.objects.update(it_model=model)
    for n in range(teams):
        make.team(name=f"Group {n}")

    assert not committee(TODAY).is_asked_for
    assert "committee" not in filled_seats(NOW).detail
    with pytest.raises(Refusal, match="small internal IT"):
        services.call_committee(Review(planned_on=TODAY), today=TODAY)


def test_p21_evidence_counts_a_committee_that_is_whole_and_meets_in_time(groups):
    before = filled_seats(NOW)
    for team in groups:
        champion(team)
    whole = filled_seats(NOW)
    met()

    found, later = filled_seats(NOW), filled_seats(NOW + timedelta(days=50))

    assert before.detail["committee"] == "The committee of champions has not met yet."
    assert whole.value == pytest.approx(2 / 7)
    assert found.value == pytest.approx(3 / 7)
    assert found.detail["committee"] == ""
    assert later.value == pytest.approx(2 / 7)
    assert later.detail["committee"] == "The committee of champions should have met 8 days ago."


def test_p21_its_agenda_is_made_of_open_issues_and_of_processes_that_changed_or_lack_owners(groups):
    met(TODAY - timedelta(days=20))
    process = make_process(name="Quote", after="A", why="Why", from_on=TODAY - timedelta(days=90))
    change_process(process, after="B", why="Why", from_on=TODAY - timedelta(days=5))
    raised = services.give_feedback(
        by=make.person(team=groups[0]), kind="issue", text="The list is slow", now=NOW - timedelta(days=9)
    )
    Feedback.objects.filter(pk=raised.pk).update(created_at=NOW - timedelta(days=9))

    found = sentences()

    assert "Open for 9 days (North): “The list is slow”" in found
    assert f"“Quote” is done otherwise since {TODAY - timedelta(days=5)}: does everybody?" in found
    assert "“Quote” has no technology owner." in found
    services.answer_feedback(raised, by=make.person(), text="Mended.", now=NOW, resolved=True)
    assert not [one for one in sentences() if "The list is slow" in one]


def test_p21_what_it_decides_is_work_and_comes_back_until_it_is_done(groups):
    meeting = met()

    made = services.decide(meeting, text="One list for both groups", by=make.person(), today=TODAY, due_on=TODAY)

    assert made.work_item is not None
    assert made.work_item.state == WorkItem.State.OPEN
    assert "Decided and still to do: “One list for both groups”." in sentences()
    WorkItem.objects.update(state=WorkItem.State.DONE, done_on=TODAY)
    assert not [one for one in sentences() if "One list" in one]


def test_p21_a_meeting_keeps_its_agenda_waits_alone_and_decides_only_once_it_is_held(groups):
    planned = services.call_committee(Review(planned_on=TODAY + timedelta(days=3)), today=TODAY)

    with pytest.raises(Refusal, match="has not been held yet"):
        services.call_committee(Review(planned_on=TODAY + timedelta(days=9)), today=TODAY)
    with pytest.raises(Refusal, match="Hold the meeting first"):
        services.decide(planned, text="Something", by=make.person(), today=TODAY)
    held = services.hold_review(planned, by=make.person(), now=NOW, today=TODAY)
    champion(groups[0])

    assert "Nobody speaks for North, 0 people." in [topic["sentence"] for topic in held.agenda]


def test_a_meeting_of_the_committee_is_no_review_of_the_programme(groups):
    before = cycle(TODAY)
    met()

    assert cycle(TODAY) == before
    lead = Client()
    lead.force_login(make.person(groups=["adoption lead"]))
    meeting = Review.objects.get()
    assert lead.get(f"/reviews/{meeting.pk}/").status_code == 404
    assert lead.get(meeting.get_absolute_url()).status_code == 200


def test_p21_a_champion_calls_holds_and_decides_in_the_pages(groups):
    somebody = make.person(team=groups[0], groups=["champion"])
    fill_seat(open_seat(kind="champion", scope="team", scope_key="North"), holder=somebody, on=TODAY)
    client, today = Client(), timezone.localdate()
    client.force_login(somebody)

    called = client.post("/committee/meetings/new/", {"planned_on": today.isoformat(), "led_by": ""})
    meeting = Review.objects.get()
    client.post(f"{meeting.get_absolute_url()}hold/")
    client.post(f"{meeting.get_absolute_url()}decide/", {"text": "Ask South", "becomes_work": "on", "due_on": ""})
    page = client.get("/committee/").content.decode()

    assert called.status_code == 302
    assert WorkItem.objects.get().title == "Ask South"
    assert "The committee of champions lacks 1 of 2 groups: South." in page
    told = client.get("/api/v1/committee/").json()
    assert [(one["team"], one["champion"]) for one in told["members"]] == [("North", str(somebody)), ("South", None)]
    assert told["meetings"][0]["decisions"][0]["text"] == "Ask South"
    assert told["sits"] is False
