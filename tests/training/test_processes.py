"""Processes, what they ask of people and give to them, roles and teams."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from crm_adoption.kit.access import CHAMPION, END_USER, LEAD, SPONSOR, TRAINER
from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Seat
from tests import make
from tests.training import made
from training import culture, queries, services
from training.models import ChangeStage, Impact, Process, RoleProfile, RoleTarget, TeamRating, TrainingSetting
from training.quarters import Quarter, quarters_from

pytestmark = pytest.mark.django_db
TODAY = made.TODAY


def test_a_process_has_an_owner_whose_seat_stands_among_the_others():
    owner, next_owner = make.person(), make.person()

    process = made.process(name="Quotation", owner=owner)

    seat = Seat.objects.get(kind="business_owner", scope="process", scope_key="Quotation")
    assert process.holder == seat.holder == owner
    services.name_owner(process, owner=next_owner, on=TODAY)
    assert Process.objects.get().holder == next_owner
    services.name_owner(process, owner=None, on=TODAY)
    assert list(Process.objects.without_owner()) == [process]


def test_a_changed_process_marks_its_courses_and_the_people_trained_on_the_old_one():
    process = made.process()
    course, other = made.course(processes=[process]), made.course()
    anna, bert = make.person(name="Anna"), make.person(name="Bert")
    made.completion(anna, course)
    made.completion(bert, other)
    assert list(queries.trained_on_old(process)) == []

    made.change(process)

    assert [one.pk for one in queries.stale_courses()] == [course.pk]
    assert list(queries.trained_on_old(process)) == [anna]
    newer = services.bring_up_to_date(course, now=timezone.now())
    assert newer.version == 2
    assert list(queries.stale_courses()) == []
    assert list(queries.trained_on_old(process)) == [anna]
    made.completion(anna, newer)
    assert list(queries.trained_on_old(process)) == []


def test_a_change_that_changes_nothing_or_begins_too_early_is_refused():
    process = made.process(after="In the CRM.", why="Everybody knows.")

    with pytest.raises(Refusal, match="Nothing about"):
        services.change_process(process, after="In the CRM.", why="Everybody knows.", from_on=TODAY)
    with pytest.raises(Refusal, match="cannot begin before"):
        made.change(process, from_on=TODAY - timedelta(days=1))
    with pytest.raises(Refusal, match="already"):
        made.process(name=process.name.upper())
    assert process.versions.count() == 1


def test_a_process_that_a_course_teaches_cannot_be_retired():
    process = made.process()
    course = made.course(processes=[process])

    with pytest.raises(Refusal, match="still teaches"):
        services.retire_process(process, on=TODAY)

    services.retire_course(course, on=TODAY)
    assert services.retire_process(process, on=TODAY).retired_on == TODAY


def test_a_role_bears_so_much_in_a_quarter_and_no_more():
    role = make.job_role(name="Seller")
    made.impact(job_role=role, size=5)
    kept = made.impact(job_role=role, size=4)

    with pytest.raises(Refusal, match="Seller would bear 11 in 2026 Q1 and can bear 10"):
        made.impact(job_role=role, size=2)
    made.impact(job_role=role, size=2, lands_on=date(2026, 4, 1))
    RoleProfile.objects.create(job_role=role, saturation_cap=11)
    made.impact(job_role=role, size=2)

    first, second = queries.role_loads(TODAY)[0].loads[:2]
    assert (first.load, first.bears, first.is_over) == (11, 11, False)
    assert second.load == 2
    RoleProfile.objects.update(saturation_cap=3)
    kept.gets = "Fewer forms."
    services.describe_impact(kept)
    assert Impact.objects.get(pk=kept.pk).gets == "Fewer forms."
    kept.size = 5
    with pytest.raises(Refusal, match="can bear 3"):
        services.describe_impact(kept)


def test_an_impact_without_something_to_get_is_refused_and_said_once_for_each_role():
    process, role = made.process(), make.job_role()
    made.impact(process=process, job_role=role)

    with pytest.raises(Refusal, match="until they get something better"):
        made.impact(gets="  ")
    with pytest.raises(Refusal, match="described already"):
        made.impact(process=process, job_role=role)
    with pytest.raises(IntegrityError), transaction.atomic():
        Impact.objects.create(job_role=role, size=1, lands_on=TODAY, gives="a", gets="b")


def test_a_benefit_chain_has_its_numbers_or_says_that_it_has_not():
    chain: dict[str, Any] = {
        "metric": "Hours", "metric_before": 6, "metric_after": 2, "outcome": "Faster answers",
             "pay_off": "More commission", "pay_off_amount": 1200, "pay_off_unit": "EUR a year"}  # fmt: skip

    assert made.impact(**chain).is_quantified
    assert not made.impact(**chain | {"pay_off_amount": None}).is_quantified


def test_a_free_team_bears_less_than_a_structured_one():
    role = make.job_role()
    structured, free = make.team(name="Back office", culture=1), make.team(name="Sales", culture=5)
    for team in (structured, free):
        make.person(team=team, job_role=role)
    made.impact(job_role=role, size=4)
    made.impact(job_role=role, size=3)

    office, sales = queries.team_loads(TODAY)

    assert (office.loads[0].bears, sales.loads[0].bears) == (10, 6)
    assert (office.loads[0].resistance, sales.loads[0].resistance) == (culture.Resistance.SOME, culture.Resistance.HIGH)
    assert sales.loads[0].is_over
    assert office.pace != sales.pace


def test_quarters_follow_each_other_over_the_end_of_a_year():
    assert [str(one) for one in quarters_from(date(2026, 11, 22), 3)] == ["2026 Q4", "2027 Q1", "2027 Q2"]
    assert (Quarter(2026, 1).begins, Quarter(2026, 1).ends) == (date(2026, 1, 1), date(2026, 3, 31))
    assert Quarter(2025, 4) < Quarter(2026, 1)


def test_a_team_is_rated_once_a_day_and_its_culture_follows():
    team, by = make.team(culture=3), make.person()
    said: dict[str, Any] = {"structure": 4, "skill": 2, "culture": 3, "on": TODAY, "by": by}

    services.rate_team(team, free=5, **said)
    services.rate_team(team, free=4, **said | {"skill": 3})

    assert TeamRating.objects.get().skill == 3
    team.refresh_from_db()
    assert team.culture == 4
    with pytest.raises(Refusal, match="7 is no rating"):
        services.rate_team(team, free=4, **said | {"skill": 7})


def test_the_stage_of_somebody_is_their_own_and_keeps_since_when():
    person = make.person()
    services.say_stage(person, stage="desire", on=TODAY)

    services.say_stage(person, stage="desire", on=TODAY + timedelta(days=9), expected_on=date(2026, 5, 1))

    stage = ChangeStage.objects.get()
    assert (stage.since, stage.expected_on) == (TODAY, date(2026, 5, 1))
    services.say_stage(person, stage="ability", on=TODAY + timedelta(days=9))
    assert ChangeStage.objects.get().since == TODAY + timedelta(days=9)


def test_no_constant_lets_figures_of_fewer_than_five_people_be_shown():
    services.seed()
    with pytest.raises(IntegrityError), transaction.atomic():
        TrainingSetting.objects.filter(pk=1).update(shown_from=4)
    TrainingSetting.objects.filter(pk=1).update(shown_from=8)
    assert queries.setting().shown_from == 8


# --- the pages ----------------------------------------------------------------------------------------------------
PROCESS = {"name": "Quotation", "owner": "", "steps": "Ask\n\nWrite\nSend", "before": "Word.", "after": "In the CRM.",
           "why": "Nobody types it twice.", "from_on": "2026-03-02"}  # fmt: skip


def test_a_trainer_describes_a_process_and_changes_it(client):
    client.force_login(make.person(groups=[TRAINER]))

    assert client.get("/training/processes/").status_code == 200
    answer = client.post("/training/processes/new/", PROCESS, follow=True)
    assert "Version 1" in answer.content.decode()
    process = Process.objects.get()
    assert process.versions.get().steps == ["Ask", "Write", "Send"]
    changed = {name: PROCESS[name] for name in PROCESS if name not in ("name", "owner")}
    assert client.post(f"/training/processes/{process.pk}/change/", changed).status_code == 409
    client.post(f"/training/processes/{process.pk}/change/", changed | {"why": "Faster."})
    page = client.get(f"/training/processes/{process.pk}/").content.decode()
    assert "Version 2" in page
    assert "Nobody types it twice." in page


def test_an_impact_that_is_too_much_is_refused_with_nothing_typed_lost(client):
    client.force_login(make.person(groups=[LEAD]))
    role = make.job_role()
    made.impact(job_role=role, size=5)
    made.impact(job_role=role, size=5)
    sent = {"process": made.process().pk, "job_role": role.pk, "size": 1, "lands_on": TODAY.isoformat(),
            "gives": "An hour.", "gets": "A better list."}  # fmt: skip

    answer = client.post("/training/impacts/new/", sent)

    assert answer.status_code == 409
    assert "can bear 10" in answer.content.decode()
    assert "A better list." in answer.content.decode()
    assert client.post("/training/impacts/new/", sent | {"lands_on": "2026-04-02"}).status_code == 302
    impact = Impact.objects.get(lands_on="2026-04-02")
    client.post(f"/training/impacts/{impact.pk}/told/")
    impact.refresh_from_db()
    assert impact.told_on is not None
    assert client.get("/training/impacts/?told=true").content.decode().count("data-item") == 1


def test_the_profile_of_a_role_is_kept_with_what_it_is_expected_to_do(client):
    client.force_login(make.person(groups=[TRAINER]))
    role = make.job_role(name="Seller", tasks="")
    make.person(job_role=role)
    sent = {"tasks": "Sells.", "devices": ["phone"], "use_cases": "Write a quotation", "expectations": "Less typing",
            "content_needs": "Prices", "manuals": "2", "goal_time": "in 2 minutes",
            "target_accounts.opportunity": "4", "target_accounts.activity": "20"}  # fmt: skip

    assert client.post(f"/training/roles/{role.pk}/change/", sent).status_code == 302

    page = client.get(f"/training/roles/{role.pk}/").content.decode()
    assert "5 of 5 fields of the profile and 1 of 4 clauses" in page
    assert dict(RoleTarget.objects.values_list("table", "per_28_days")) == {
        "accounts.opportunity": 4, "accounts.activity": 20
    }  # fmt: skip
    client.post(f"/training/roles/{role.pk}/change/", sent | {"target_accounts.activity": ""})
    assert RoleTarget.objects.count() == 1
    assert "Seller" in client.get("/training/roles/").content.decode()


@pytest.mark.parametrize("group", [SPONSOR, CHAMPION])
def test_who_only_reads_finds_no_button_that_would_refuse(client, group):
    client.force_login(make.person(groups=[group]))
    impact, course = made.impact(), made.course()
    assert impact.process is not None
    team = make.team()
    make.person(team=team, job_role=impact.job_role)

    for address in ("/training/processes/", impact.process.get_absolute_url(), "/training/impacts/", "/training/roles/",
                    f"/training/roles/{impact.job_role_id}/", "/training/courses/", course.get_absolute_url(),
                    "/training/go-lives/"):  # fmt: skip
        page = client.get(address)
        assert page.status_code == 200
        for word in ("/new/", "/change/", "/told/", "/owner/", "/retire/", "/training/teams/"):
            assert word not in page.content.decode(), (address, word)


def test_an_end_user_sees_none_of_it(client):
    client.force_login(make.person(groups=[END_USER]))

    assert client.get("/training/processes/").status_code == 403
