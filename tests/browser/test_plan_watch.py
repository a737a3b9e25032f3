"""What a release brings, drafts, rankings and a sponsor's acts: light, dark, narrow, read aloud."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from crm_adoption.kit.access import LEAD, SPONSOR
from crm_adoption.plan import services
from crm_adoption.plan.models import Motivator, Objective, Phase, Reading, Trial, WorkItem
from dataquality import subjects
from tests import make
from tests.browser.fixtures import LOOKS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NOW = timezone.now()
LIVE = NOW - timedelta(days=28, hours=1)


@pytest.fixture
def plan():
    """A release after which people write less, voices about it, a phase to draft from."""
    services.seed()
    seller = make.job_role(name="Seller", in_the_field=True)
    people = [make.person(job_role=seller) for _ in range(5)]
    phase = services.save_phase(
        Phase(name="Pilot", goal="One team works with it.", tables=["accounts.activity"],
              planned_end=NOW.date() + timedelta(days=40)),
        objectives=[Objective.objects.create(statement="A forecast that holds")], job_roles=[seller],
    )  # fmt: skip
    Phase.objects.filter(pk=phase.pk).update(state="open", opened_at=LIVE)
    kept = make.batch(make.source(), subjects.get("accounts.activity"))
    for week, count in enumerate((20, 22, 21, 19, 10, 12, 11, 9)):
        for number in range(count):
            at = LIVE + timedelta(days=7 * (week - 4), hours=1 + number)
            make.record(kept, subject="Visit", owner=people[number % 5], created_at=at,
                        happened_at=at - timedelta(hours=3 + week))  # fmt: skip
    for kind in ("request", "roadblock", "roadblock", "issue", "roadblock"):
        voice = services.give_feedback(by=people[0], kind=kind, text=f"A {kind}.", is_incident=True, now=NOW)
        services.vote(voice, by=people[1])
    Trial.objects.create(
        phase=phase, use_case="Open the list", job_role=seller, passed=True, seconds=7.5, on=NOW.date()
    )
    WorkItem.objects.create(title="Fill the contact roles", phase=phase, job_role=seller, effort_days=8)
    Motivator.objects.create(job_role=seller, kind="reward", tactic="A day off.", check_slug="data.health",
                             told_on=NOW.date() - timedelta(days=9))  # fmt: skip
    for ago, value in ((20, 40.0), (12, 44.0), (2, 61.0)):
        at = NOW - timedelta(days=ago)
        Reading.objects.create(check_slug="data.health", value=value, n=8, at=at, taken_on=at.date())
    make.person(groups=[SPONSOR], name="Grace Silent")
    services.watch_releases(NOW)
    return phase


@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_the_pages_read_well_at_any_width_and_in_any_light(page_as, axe, picture, plan, width, theme):
    page = page_as(LEAD, width=width, theme=theme)
    found = {}
    for name, address in {
        "home": "/", "phase": plan.get_absolute_url(), "draft": f"/messages/draft/?phase={plan.pk}",
        "ranking": "/feedback/ranking/", "leaders": "/leader-acts/", "sponsor": "/sponsor/", "risk": "/risk/",
        "phases": "/phases/", "ways": "/access-paths/", "motivators": "/motivators/", "messages": "/messages/",
    }.items():  # fmt: skip
        assert page.goto(address).status == 200, address
        page.wait_for_function("!document.querySelector('[data-chart]') || document.querySelector('.canvas svg')")
        picture(page, f"watch-{name}-{theme}-{width}")
        found[name] = [*axe(page)]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found[name].append("wider than the window")

    assert {name: faults for name, faults in found.items() if faults} == {}


def test_a_lead_meets_the_alarm_reads_its_figures_and_drafts_a_message(page_as, plan):
    page = page_as(LEAD)
    page.goto("/")

    alarm = page.get_by_role("alert").filter(has_text="New records per person went from")
    expect(alarm).to_be_visible()
    alarm.get_by_role("link", name="Before and after").click()
    expect(page.get_by_role("heading", name="Before and after it went live")).to_be_visible()
    expect(page.get_by_text("day 29 of 30")).to_be_visible()

    page.goto(f"/messages/draft/?phase={plan.pk}&moment=company_wide")
    expect(page.get_by_text("has no owner or no day")).to_be_visible()
    page.get_by_label("Subject").fill("Where the pilot stands")
    page.get_by_role("button", name="Keep it as a message").click()
    expect(page.get_by_role("heading", name="Where the pilot stands")).to_be_visible()
