"""What use says in the ten ingredients, on the agenda of reviews, and for the gains of the ledger."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from contacts.models import LifecyclePolicy
from contacts.queries import due_exits
from crm_adoption.plan.ingredients import CHECKS
from crm_adoption.plan.models import Feedback, Reading
from crm_adoption.plan.queries.reviews import agenda
from crm_adoption.usage import evidence, queries, services
from dataquality import subjects
from tests import make
from tests.training import made as training
from tests.usage import made
from tests.usage.made import TODAY

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 20, 20, tzinfo=UTC)


def measured(slug):
    measure = CHECKS[slug].measure
    assert measure is not None
    return measure(NOW)


@pytest.mark.parametrize("slug", [
    "system.incidents", "process.changes-owned", "process.decayed", "motivation.adoption", "motivation.reciprocity",
    "motivation.shadow-systems",
])  # fmt: skip
def test_without_records_there_is_no_evidence(slug):
    assert measured(slug) is None


def test_incidents_are_what_stopped_work_for_every_hundred_days_of_use():
    for person in made.people(5):
        made.used(person, None, *made.days(TODAY - timedelta(days=9), 10))
        made.used(person, made.capability(), TODAY)  # the same day counts once
    raised_by = make.person()
    for is_incident, ago in ((True, 1), (True, 20), (True, 40), (False, 1)):
        row = Feedback.objects.create(
            kind="issue", text="It stands still.", raised_by=raised_by, is_incident=is_incident
        )
        Feedback.objects.filter(pk=row.pk).update(created_at=NOW - timedelta(days=ago))

    found = measured("system.incidents")

    assert (found.value, found.n, found.at.date()) == (4.0, 50, TODAY)


def test_a_process_change_counts_with_its_owner_its_before_and_its_after():
    owner = make.person()
    training.process(owner=owner, before="By fax.")
    training.process(owner=owner)
    changed = training.process(before="By fax.")
    training.change(changed, before="By mail.")

    found = measured("process.changes-owned")

    assert (found.value, found.n) == (pytest.approx(1 / 3), 3)


def test_capabilities_used_no_longer_are_named_and_stand_on_the_agenda_with_who_went_on():
    gone, kept = made.capability(name="Offline notes"), made.capability()
    for person in made.people(5):
        made.used(person, gone, *made.days(TODAY - timedelta(days=120), 20))
        made.used(person, kept, *made.days(TODAY - timedelta(days=120), 121))

    found = measured("process.decayed")
    (topic,) = [one for one in agenda(now=NOW, today=TODAY) if one.kind == "decayed"]

    assert (found.value, found.n, found.detail) == (0.5, 2, {"decayed": ["Offline notes"]})
    assert topic.sentence == (
        "“Offline notes” is used 100 % less than at its best. "
        "Of 5 people who began, 0 % still used it after 84 days."
    )  # fmt: skip
    assert topic.url == gone.get_absolute_url()


def test_adoption_is_the_median_of_everybody_from_five_people_on():
    role = make.job_role()
    capability = made.capability()
    made.use_case(role, capability=capability, per_28_days=1)
    people = made.people(4, role)
    made.used(people[0], capability)
    assert measured("motivation.adoption") is None

    for person in (*people[1:], *made.people(1, role)):
        made.used(person, capability, *made.days(TODAY - timedelta(days=11), 12))

    found = measured("motivation.adoption")
    assert (found.value, found.n) == (100, 5)


def test_reciprocity_and_shadow_systems_are_read():
    role = make.job_role()
    make.person(job_role=role)
    made.use_case(role, minutes=3, serves=[role])
    made.use_case(role, minutes=1, serves=[make.job_role()])
    services.retire_shadow(made.shadow(), because="Deleted.", on=TODAY)

    assert (measured("motivation.reciprocity").value, measured("motivation.shadow-systems").value) == (3.0, 0)
    made.shadow()
    assert measured("motivation.shadow-systems").value == 1


def test_ways_out_of_the_data_count_with_a_rule_and_an_owner_and_say_who_should_have_left():
    assert measured("data.lifecycle") is None
    gone = make.person(is_active=False, left_on=TODAY)
    Trigger = LifecyclePolicy.Trigger
    for trigger, rule, owner in (
        (Trigger.LEFT, "Mail comes back.", make.person()),
        (Trigger.LOST, "", make.person()),
        (Trigger.DECEASED, "We are told.", gone),
        (Trigger.SILENT, "No answer.", None),
    ):
        LifecyclePolicy.objects.create(trigger=trigger, rule=rule, owner=owner)
    source = make.source()
    closed = make.record(make.batch(source, subjects.get("accounts.account")), name="A", state="archived")
    make.records(
        make.batch(source, subjects.get("contacts.contact")),
        {"standing": "left", "account": closed},
        {"standing": "hostile"},
        {"standing": "left", "state": "archived"},
        {"standing": "unqualified"},
    )
    make.record(make.batch(source, subjects.get("contacts.lead")), status="Unqualified")

    found = measured("data.lifecycle")

    assert (found.value, found.n) == (1, 6)
    assert {str(trigger): due_exits(trigger) for trigger in Trigger} == {
        "left": 1, "organisation_closed": 1, "deceased": 0, "unresponsive_or_hostile": 1, "unqualified_lead": 2,
        "fell_out_of_process": 0,
    }  # fmt: skip


def test_the_plan_tells_the_ledger_what_a_check_read_and_which_way_is_better():
    for day, value in ((date(2026, 1, 1), 4.0), (date(2026, 3, 1), 1.0)):
        Reading.objects.create(check_slug="motivation.shadow-systems", value=value, n=5, at=NOW, taken_on=day)

    shown = evidence.reading("motivation.shadow-systems", date(2026, 2, 1))
    made.line(check_slug="motivation.shadow-systems", baseline_on=date(2026, 1, 1), after_on=date(2026, 3, 5))

    assert shown is not None
    assert (shown.value, shown.on, shown.better, shown.said) == (4.0, date(2026, 1, 1), -1, "4")
    assert evidence.reading("motivation.shadow-systems", date(2025, 12, 31)) is None
    assert evidence.reading("no.such", date(2026, 2, 1)) is None
    assert queries.returns(TODAY).gains == 1000
    assert ("data.health", "Data health") in [one for _group, of in evidence.checks()[1:] for one in of]
