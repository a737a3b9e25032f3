"""A message is drafted from facts, in the reader's language, and names what is not known."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from crm_adoption.people.models import Seat
from crm_adoption.plan import services
from crm_adoption.plan.models import Message, Objective, Phase, PhaseStep, Programme, WorkItem
from crm_adoption.plan.queries.drafts import ELEMENTS, Wish, draft
from crm_adoption.plan.queries.gates import release_key
from tests import make
from tests.training import made

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate(NOW)


def pipeline(**more) -> Phase:
    known = {"name": "Pipeline", "goal": "The quarter is planned from deals that are true.",
             "planned_end": date(2027, 3, 5)}  # fmt: skip
    aim = Objective.objects.create(statement="A forecast that holds")
    role = make.job_role(name="Seller")
    return services.save_phase(Phase(**known | more), objectives=[aim], job_roles=[role])


def of(phase, *elements, **more):
    wish = {"audience": "users", "moment": "deployment", "elements": elements or ELEMENTS} | more
    return draft(Wish(phase, **wish), now=NOW, today=TODAY)


def item(phase, **more):
    known = {"title": "Fill the contact roles", "kind": "must", "phase": phase, "owner": make.person(name="Ada"),
             "job_role": phase.job_roles.first(), "due_on": date(2027, 2, 1)}  # fmt: skip
    return WorkItem.objects.create(**known | more)


def test_a_draft_holds_the_plans_own_dates_people_and_goals_and_nothing_else():
    phase = pipeline()
    item(phase)
    PhaseStep.objects.filter(phase=phase, kind="train").update(due_on=date(2027, 2, 20))
    made.impact(job_role=phase.job_roles.first(), release=release_key(phase), gives="The Friday list ends.",
                gets="Two hours every Friday.")  # fmt: skip
    Programme.objects.update(vision="Raving fans.")
    make.seat(kind=Seat.Kind.CHAMPION, holder=make.person())

    found = of(phase)

    for fact in ("Mar", "2027", "Fill the contact roles: Ada", "The Friday list ends.", "Two hours every Friday.",
                 "deals that are true", "Raving fans.", "A forecast that holds", "Train: until"):  # fmt: skip
        assert fact in found.body
    assert found.gaps == []
    assert all(found.holds(element) for element in ELEMENTS)
    assert found.body == of(phase).body


def test_what_the_plan_does_not_hold_is_a_gap_with_a_link_and_not_in_the_text():
    phase = services.save_phase(Phase(name="Bare"), job_roles=[make.job_role(name="Seller")])
    item(phase, owner=None)
    Programme.objects.update(vision="", purpose="")

    found = of(phase)

    sentences = [gap.sentence for gap in found.gaps]
    assert "“Bare” has no day on which it is to open." in sentences
    assert "“Fill the contact roles” has no owner or no day." in sentences
    assert "Nothing is written down of what “Bare” asks of the role Seller." in sentences
    assert "The programme has no vision yet." in sentences
    assert "“Bare” serves no objective." in sentences
    assert all(gap.url.startswith("/") for gap in found.gaps)
    assert not any(found.holds(element) for element in ELEMENTS)
    assert "None" not in found.body


def test_only_the_elements_asked_for_are_in_it_and_a_late_phase_says_so():
    phase = pipeline(planned_end=TODAY - timedelta(days=12))

    found = of(phase, "timeline")

    assert [part.element for part in found.parts] == ["timeline"]
    assert "It is 12 days late." in found.body
    assert "Still missing before it may open" in found.body
    assert "deals that are true" not in found.body


def test_executives_read_who_answers_for_it_and_another_role_reads_only_its_own():
    phase = pipeline()
    item(phase)
    phase.job_roles.add(make.job_role(name="Engineer"))
    engineer = phase.job_roles.get(name="Engineer")
    Seat.objects.update_or_create(
        kind=Seat.Kind.EXECUTIVE_SPONSOR, scope="programme", defaults={"holder": make.person(name="Grace")}
    )

    assert "Grace" in of(phase, "roles", audience="executives").body
    own = of(phase, "roles", audience="role", job_role=engineer)
    assert "Fill the contact roles" not in own.body


def test_the_draft_is_in_the_language_of_its_readers_whatever_the_writer_reads():
    phase = pipeline()
    PhaseStep.objects.filter(phase=phase, kind="train").update(due_on=date(2027, 2, 20))

    found = of(phase, "timeline", language="zh-hans")

    assert "培训" in found.body
    assert "Train" not in found.body


def test_a_lead_drafts_a_message_changes_it_and_keeps_it(client):
    phase = pipeline()
    client.force_login(make.person(groups=["adoption lead"]))

    page = client.get(f"/messages/draft/?phase={phase.pk}&moment=planning&audience=executives")
    form = page.context["message_form"]
    data = {name: "" if value is None else value for name, value in form.initial.items()}
    data |= {"phase": phase.pk, "objective": "", "job_role": "", "body": form.initial["body"] + "\n\nSee you there."}
    kept = client.post("/messages/new/", {name: value for name, value in data.items() if value is not False})

    assert page.status_code == 200
    assert kept.status_code == 302
    message = Message.objects.get()
    assert (message.audience, message.moment, message.phase) == ("executives", "planning", phase)
    assert message.body.endswith("See you there.")
    assert message.has_vision == page.context["draft"].holds("vision")


def test_a_draft_over_the_api_refuses_what_it_does_not_know(client):
    phase = pipeline()
    client.force_login(make.person(groups=["adoption lead"]))

    good = client.get(f"/api/v1/messages/draft/?phase={phase.pk}&audience=users&moment=release&elements=vision")
    bad = client.get(f"/api/v1/messages/draft/?phase={phase.pk}&audience=users&moment=yesterday")

    assert good.status_code == 200
    assert "A forecast that holds" in good.json()["body"]
    assert bad.status_code == 400
