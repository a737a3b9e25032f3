"""What to take up next: by rule and by whom it stops; how releases follow each other; what the people's side weighs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from crm_adoption.plan import queries, services
from crm_adoption.plan.models import (
    AccessPath,
    Feedback,
    GateAct,
    Ingredient,
    LeaderAct,
    Phase,
    Reading,
    RoleValue,
    WorkItem,
)
from crm_adoption.plan.queries import ranking
from crm_adoption.plan.queries.access import lag_by_role
from crm_adoption.plan.queries.gates import phase_gate
from crm_adoption.plan.queries.people_side import people_share, people_side
from crm_adoption.plan.queries.rhythm import rhythm
from crm_adoption.plan.queries.sponsor import silent_leaders, six_acts
from dataquality import subjects
from tests import make

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate(NOW)


def said(by, kind="request", **more):
    return services.give_feedback(**{"by": by, "kind": kind, "text": "Please.", "now": NOW} | more)


# --- requests -----------------------------------------------------------------------------------------------------
def test_whoever_asks_often_gains_nothing_and_more_teams_and_roles_gain():
    seller, engineer = make.job_role(), make.job_role()
    one, other = make.team(), make.team()
    loud = make.person(team=one, job_role=seller)
    shouted = [said(loud, text=f"Wish {number}") for number in range(4)]
    quiet = said(make.person(team=one, job_role=seller), text="One wish")
    services.vote(quiet, by=make.person(team=other, job_role=engineer))

    found, asking = ranking.requests()

    assert found[0].feedback == quiet
    assert (found[0].points, found[0].voices, found[0].teams, found[0].roles) == (4.0, 2, 2, 2)
    assert [one.points for one in found[1:]] == [0.25] * 4
    assert sum(one.spent for one in found if one.feedback in shouted) == 1.0
    assert (asking.requests, asking.requesters, asking.each) == (5, 2, 2.5)


def test_what_is_work_or_resolved_or_no_request_is_not_ranked():
    lead = make.person(groups=["adoption lead"])
    services.make_work_of(said(make.person()), title="Do it", by=lead, today=TODAY)
    services.answer_feedback(said(make.person()), by=lead, text="Done.", now=NOW, resolved=True)
    said(make.person(), kind="praise")

    assert ranking.requests()[0] == []


# --- roadblocks ---------------------------------------------------------------------------------------------------
def test_what_stops_people_weighs_by_whom_it_stops():
    expert, clerk = make.job_role(), make.job_role()
    RoleValue.objects.create(job_role=expert, value=5)
    often = said(make.person(job_role=clerk), kind="issue")
    for _ in range(2):
        services.vote(often, by=make.person(job_role=clerk))
    rare = said(make.person(job_role=expert), kind="roadblock")

    found = ranking.stopping(NOW)

    assert [(one.feedback, one.weight, one.voices) for one in found] == [(rare, 5, 1), (often, 3, 3)]


def test_each_kind_of_seat_shows_how_soon_it_answered():
    make.seat(kind="technology_owner", holder=make.person())
    issue = said(make.person(), kind="issue", area="technology", now=NOW - timedelta(hours=30))
    services.escalate(issue, by=None, now=NOW - timedelta(hours=20))
    services.answer_feedback(issue, by=make.person(), text="Mended.", now=NOW - timedelta(hours=8), resolved=True)
    Feedback.objects.filter(pk=issue.pk).update(created_at=NOW - timedelta(hours=30))

    found = {row.kind: row for row in ranking.hours_by_seat(NOW)}

    assert (found["technology_owner"].median_hours, found["technology_owner"].in_time) == (12.0, 1)
    assert (found["champion"].median_hours, found["champion"].in_time) == (22.0, 0)
    assert ranking.hours_to_resolve(NOW, "technology") == (22.0, 1)
    assert ranking.hours_to_resolve(NOW, "business") is None


def test_the_ranking_stands_on_a_page_and_in_the_api_without_names(client):
    loud = make.person(name="Somebody Loud")
    said(loud, text="A button for it")
    client.force_login(make.person(groups=["champion"]))

    page = client.get("/feedback/ranking/").content.decode()
    rows = client.get("/api/v1/feedback/ranking/").json()

    assert "A button for it" in page
    assert "Somebody Loud" not in page
    assert [(row["text"], row["points"]) for row in rows] == [("A button for it", 1.0)]


# --- ways ---------------------------------------------------------------------------------------------------------
def test_hours_until_it_is_written_down_stand_by_role_beside_its_ways_on_the_road():
    seller = make.job_role(in_the_field=True)
    engineer = make.job_role(in_the_field=True)
    AccessPath.objects.create(job_role=engineer, client="App", device="phone", network="road", state="open")
    kept = make.batch(make.source(), subjects.get("accounts.activity"))
    for role, hours, many in ((seller, 30, 5), (engineer, 2, 5), (make.job_role(), 1, 4)):
        for person in [make.person(job_role=role) for _ in range(many)]:
            written = NOW - timedelta(days=2)
            make.record(kept, subject="Visit", owner=person, created_at=written,
                        happened_at=written - timedelta(hours=hours))  # fmt: skip

    slow, quick, few = lag_by_role(NOW, shown_from=5)

    assert (slow.role, slow.hours, slow.activities, slow.needs_a_way) == (seller, 30.0, 5, True)
    assert (quick.role, quick.hours, [way.client for way in quick.ways]) == (engineer, 2.0, ["App"])
    assert (few.hours, few.people) == (None, 4)


def test_a_role_that_works_offline_keeps_a_phase_shut_until_a_way_allows_it():
    role = make.job_role(offline=True, devices=["laptop"])
    phase = services.save_phase(Phase(name="Road"), job_roles=[role])
    way = AccessPath.objects.create(job_role=role, client="Browser", device="laptop", state="open")

    def offline():
        return [one for one in phase_gate(phase, now=NOW, today=TODAY).missing if "without a network" in one.sentence]

    assert [one.about for one in offline()] == ["access"]
    AccessPath.objects.filter(pk=way.pk).update(offline=True, state="todo")
    assert len(offline()) == 1
    AccessPath.objects.filter(pk=way.pk).update(state="open")
    assert offline() == []


# --- releases -----------------------------------------------------------------------------------------------------
def test_releases_show_their_size_their_distance_and_how_they_passed_their_gates():
    assert rhythm(NOW).median_effort is None
    for ago, days in ((90, 10.0), (60, 12.0), (20, 30.0)):
        phase = Phase.objects.create(name=f"R{ago}", state="open", opened_at=NOW - timedelta(days=ago))
        WorkItem.objects.create(title="x", kind="must", phase=phase, effort_days=days)
        WorkItem.objects.create(title="y", kind="later", phase=phase, effort_days=99)
    GateAct.objects.create(phase=phase, outcome="refused", at=NOW)
    GateAct.objects.create(phase=phase, outcome="overridden", at=NOW, reason="Now.", until=TODAY)

    found = rhythm(NOW)

    assert (found.median_effort, found.median_days, found.through_gate) == (12.0, 35.0, 2)
    assert (found.releases[-1].refused, found.releases[-1].overridden) == (1, True)
    assert found.is_growing


# --- people first -------------------------------------------------------------------------------------------------
def test_the_peoples_ingredients_weigh_at_least_half_and_a_lead_cannot_take_that_away(client):
    weights = dict(Ingredient.objects.values_list("slug", "weight"))
    assert people_share(weights) == 0.5
    client.force_login(make.superuser())
    system, communication = (Ingredient.objects.get(slug=slug) for slug in ("system-function", "communication"))

    def weigh(one, weight):
        data = {"name": one.name, "meaning": one.meaning, "weight": weight}
        return client.post(f"/admin/plan/ingredient/{one.pk}/change/", data)

    refused = weigh(system, 3)
    assert refused.status_code == 200
    (sentence,) = refused.context["adminform"].form.errors["weight"]
    assert "the people's ingredients would weigh" in sentence
    system.refresh_from_db()
    assert system.weight == 1.0
    assert weigh(communication, 3).status_code == 302
    assert weigh(system, 3).status_code == 302


def test_leadership_communication_and_motivation_are_one_figure_with_its_weakest():
    for slug, value in (("leadership.moments", 1.0), ("communication.answered", 0.65)):
        Reading.objects.create(check_slug=slug, value=value, n=9, at=NOW, taken_on=TODAY)

    found = people_side(queries.standing(NOW), 0.5)

    assert (len(found.states), len(found.with_evidence)) == (3, 2)
    assert found.score == pytest.approx(0.75)
    assert found.weakest is not None
    assert found.weakest.ingredient.slug == "communication"
    assert not found.is_light


# --- the sponsor --------------------------------------------------------------------------------------------------
def test_of_the_six_acts_those_that_nobody_did_are_missing_since_the_programme_began(client):
    sponsor = make.person(groups=["executive sponsor"], name="Grace")
    begun = TODAY - timedelta(days=200)
    Phase.objects.create(name="First", planned_start=begun, planned_end=TODAY)
    LeaderAct.objects.create(kind="budget", leader=sponsor, on=TODAY - timedelta(days=190))
    LeaderAct.objects.create(kind="training", leader=make.person(), on=TODAY)  # of no sponsor

    acts = {act.kind: act for act in six_acts(TODAY)}

    assert list(acts) == ["budget", "staff", "priorities", "testers", "training", "reviews"]
    last = acts["budget"].last
    assert last is not None
    assert last.leader == sponsor
    assert [kind for kind, act in acts.items() if act.is_missing] == list(acts)[1:]
    assert (acts["testers"].missing_since, acts["testers"].missing_days) == (begun, 200)

    client.force_login(sponsor)
    for address in ("/sponsor/", "/leader-acts/", "/"):
        assert "Grace has been silent for 190 days" in client.get(address).content.decode()
    assert "missing since" in client.get("/sponsor/").content.decode()


def test_a_leader_who_was_seen_lately_is_not_silent_and_one_never_seen_is():
    seen, unseen = (make.person(groups=["executive sponsor"], name=name) for name in ("Seen", "Unseen"))
    LeaderAct.objects.create(kind="spoke", leader=seen, on=TODAY - timedelta(days=45))

    (silent,) = silent_leaders(NOW)

    assert (silent.leader, silent.days) == (unseen, None)
    assert "has not been seen or heard yet" in silent.sentence
