"""What is said, promised, answered and thanked for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import JobRole, Seat, Team
from crm_adoption.plan import services
from crm_adoption.plan.models import Feedback, LeaderAct, Message, Promise, Reading, Recognition, WorkItem
from crm_adoption.plan.queries import communication
from tests import make

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate(NOW)
SENT = {"state": "sent", "sent_at": NOW}


def message(**more):
    return Message.objects.create(**{"subject": "Why we do this", "body": "Because.", "moment": "planning"} | more)


def said(kind="issue", **more):
    by = more.pop("by", None) or make.person()
    return services.give_feedback(**{"by": by, "kind": kind, "text": "It takes ten seconds.", "now": NOW} | more)


# --- messages -----------------------------------------------------------------------------------------------------
def test_empty_cells_of_audience_moment_and_element_are_gaps():
    message(audience="everybody", has_vision=True, has_timeline=True, **SENT)
    message(audience="users", moment="release", has_roles=True)
    found = communication.coverage()
    executives, users = (dict(zip([m for m, _l in found.moments], cells, strict=True)) for _a, _l, cells in found.rows)

    assert executives["planning"].said == (True, False, False, True)
    assert users["release"].planned == (False, True, False, False)
    assert users["release"].sentence == "timeline a gap, roles planned, deliverables a gap, vision a gap"
    assert found.share == pytest.approx(4 / 32)


def test_the_grid_of_leaders_names_who_was_never_seen():
    sponsor = make.person(groups=["executive sponsor"], name="Seen")
    make.person(groups=["executive sponsor"], name="Silent")
    LeaderAct.objects.create(kind="budget", moment="planning", leader=sponsor, on=TODAY - timedelta(days=60))
    message(moment="company_wide", leader=sponsor, **SENT | {"sent_at": NOW - timedelta(days=5)})

    seen, silent = communication.leader_grid(NOW)

    assert (list(seen.moments), seen.silent_days) == ([True, False, True], 5)
    assert (list(silent.moments), silent.silent_days) == ([False, False, False], None)


# --- promises -----------------------------------------------------------------------------------------------------
def promise(**more):
    known = {"text": "Clean by May.", "check_slug": "data.health", "threshold": 50, "due_on": TODAY}
    return Promise.objects.create(**known | more)


def reading(value, *, days_ago=0, slug="data.health"):
    at = NOW - timedelta(days=days_ago)
    return Reading.objects.create(check_slug=slug, value=value, n=9, at=at, taken_on=at.date())


@pytest.mark.parametrize(
    ("value", "due_in", "state"),
    [(50, 3, "kept"), (49, 3, "open"), (49, 0, "open"), (49, -1, "broken"), (None, -1, "broken")],
)
def test_a_promise_is_kept_when_its_figure_is_reached_and_broken_the_day_after_its_day(value, due_in, state):
    one = promise(due_on=TODAY + timedelta(days=due_in))
    if value is not None:
        reading(value, days_ago=2)

    services.settle_promises(today=TODAY)

    one.refresh_from_db()
    assert one.state == state


def test_what_came_after_its_day_does_not_keep_it():
    one = promise(due_on=TODAY - timedelta(days=5))
    reading(20, days_ago=6)
    reading(90, days_ago=1)

    services.settle_promises(today=TODAY)

    one.refresh_from_db()
    assert (one.state, one.settled_value) == ("broken", 20)


def test_a_promise_without_a_check_is_settled_by_hand_with_a_word_why():
    one = promise(check_slug="", threshold=None)
    with pytest.raises(Refusal, match="Say by what one knows it"):
        services.settle_by_hand(one, kept=True, note=" ", today=TODAY)

    services.settle_by_hand(one, kept=True, note="The sheet is gone.", today=TODAY)

    with pytest.raises(Refusal, match="was settled on"):
        services.settle_by_hand(one, kept=False, note="No.", today=TODAY)
    with pytest.raises(Refusal, match="decided by its check"):
        services.settle_by_hand(promise(), kept=True, note="I feel so.", today=TODAY)


def test_people_read_what_they_were_promised_and_nothing_that_was_said_to_others():
    seller, clerk = (JobRole.objects.create(name=name) for name in ("Seller", "Clerk"))
    me = make.person(job_role=seller)
    promise(text="For all", message=message(audience="everybody", **SENT))
    promise(text="For sellers", message=message(audience="role", job_role=seller, **SENT))
    promise(text="For clerks", message=message(audience="role", job_role=clerk, **SENT))
    promise(text="Not said yet", message=message(audience="everybody"))

    assert {one.text for one in communication.promises_to(me)} == {"For all", "For sellers"}


# --- feedback -----------------------------------------------------------------------------------------------------
def test_an_issue_starts_with_the_champion_of_its_team_and_climbs_when_nobody_answers():
    team = Team.objects.create(name="North")
    champion = Seat.objects.create(kind="champion", scope="team", scope_key="North", holder=make.person())
    owner = Seat.objects.create(kind="technology_owner", scope="programme", holder=make.person())
    one = said(by=make.person(team=team), area="technology")
    assert one.escalations.get().seat == champion

    assert services.escalate_overdue(now=NOW + timedelta(hours=7)) == 0
    assert services.escalate_overdue(now=NOW + timedelta(hours=9)) == 1
    assert [rung.seat for rung in one.escalations.all()] == [champion, owner]
    assert services.escalate_overdue(now=NOW + timedelta(hours=40)) == 1
    assert services.escalate_overdue(now=NOW + timedelta(hours=900)) == 0  # the partner is the last
    with pytest.raises(Refusal, match="last rung: Implementation partner"):
        services.escalate(one, by=make.person(), now=NOW)


def test_an_answer_ends_the_ladder_and_only_what_is_answered_is_resolved():
    one, by = said(), make.person(groups=["champion"])
    with pytest.raises(Refusal, match="Answer it first"):
        services.resolve_feedback(one, by=by, now=NOW)

    services.answer_feedback(one, by=by, text="Mended on Monday.", now=NOW + timedelta(days=2))
    services.resolve_feedback(one, by=by, now=NOW + timedelta(days=3))

    one.refresh_from_db()
    assert (one.state, one.answered_at) == ("resolved", NOW + timedelta(days=2))
    assert not one.escalations.filter(answered_at=None).exists()
    with pytest.raises(Refusal, match="resolved already"):
        services.answer_feedback(one, by=by, text="More.", now=NOW)


def test_voices_count_once_are_taken_back_and_are_never_ones_own():
    one, other = said(), make.person()

    assert services.vote(one, by=other) is True
    assert vars(communication.feedback_for(other).get())["voices"] == 1
    assert services.vote(one, by=other) is False
    assert vars(communication.feedback_for(other).get())["voices"] == 0
    with pytest.raises(Refusal, match="your own"):
        services.vote(one, by=one.raised_by)


def test_how_soon_people_are_answered_is_told_with_its_number():
    for days in (1, 3, 8):
        one = said()
        Feedback.objects.filter(pk=one.pk).update(created_at=NOW - timedelta(days=20))
        services.answer_feedback(one, by=make.person(), text="Yes.", now=NOW - timedelta(days=20 - days))
    said(now=NOW)

    found = communication.answering(NOW + timedelta(hours=2))

    assert (found.raised, found.answered, found.open) == (4, 3, 1)
    assert found.median_days == pytest.approx(3)


def test_a_request_becomes_work_that_keeps_the_day_it_was_asked_for():
    one, lead = said("request", text="By voice, please."), make.person(groups=["adoption lead"])
    with pytest.raises(Refusal, match="adoption lead decides"):
        services.make_work_of(one, title="By voice", by=make.person(), today=TODAY)

    item = services.make_work_of(one, title="By voice", by=lead, today=TODAY + timedelta(days=9))

    assert (item.kind, item.requested_on, item.requested_by) == (WorkItem.Kind.SMALL, TODAY, one.raised_by)


# --- thanks -------------------------------------------------------------------------------------------------------
def test_thanks_say_what_for_are_an_act_of_the_leader_and_never_go_to_oneself():
    sponsor, champion = make.person(groups=["executive sponsor"]), make.person()
    wish = Recognition(to=champion, contributed_to="The accounts of the north are right.")

    services.recognise(wish, by=sponsor, today=TODAY)

    assert LeaderAct.objects.get().kind == LeaderAct.Kind.RECOGNISED
    with pytest.raises(Refusal, match="Thank somebody else"):
        services.recognise(Recognition(to=sponsor, contributed_to="Me."), by=sponsor, today=TODAY)
    with pytest.raises(Refusal, match="may change these words"):
        services.recognise(wish, by=champion, today=TODAY)
