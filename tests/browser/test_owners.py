"""Who answers, the committee, use at home, expectations and what CRM brings: light, dark, narrow, and read aloud."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from crm_adoption.kit.access import LEAD
from crm_adoption.plan import services
from crm_adoption.plan.models import Feedback, Phase, Review
from crm_adoption.plan.services.sample_owners import make_owners
from crm_adoption.plan.services.sample_people import describe_programme, make_people
from crm_adoption.plan.services.sample_plan import make_plan
from crm_adoption.usage import sample as usage_sample
from dataquality import subjects
from dataquality.models import Batch
from tests import make
from tests.browser.fixtures import LOOKS
from training import sample as training_sample
from training.models import Process

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def company() -> None:
    """The sample company with what it plans, teaches and uses, and a few customers of its CRM."""
    services.seed()
    now = timezone.now()
    people = make_people(now)
    describe_programme()
    make_plan(people, now)
    training_sample.load(now=now, seed=7)
    make_owners(people, now)
    usage_sample.load(now=now, seed=7)
    source, owners = make.source(name="Dynamics"), list(people.values())
    accounts = make.batch(source, subjects.get("accounts.account"), state=Batch.State.APPLIED, taken_at=now)
    acts = make.batch(source, subjects.get("accounts.activity"), state=Batch.State.APPLIED, taken_at=now)
    for place in range(24):
        owner = owners[place] if place % 6 else None
        account = make.record(accounts, name=f"Laboratory {place}", owner=owner, created_at=now - timedelta(days=500))
        if place % 5:
            for other in (owners[place], owners[-place - 1]):
                make.record(acts, account=account, owner=other, happened_at=now - timedelta(days=9), minutes=40)
    services.take_readings(now)
    services.measure_brought(now)
    services.take_readings(now)


def pages() -> list[tuple[str, str]]:
    expected = Feedback.objects.filter(kind="expectation").exclude(check_slug="")[0]
    draft = f"phase={Phase.objects.get(name='Pipeline').pk}&audience=users&moment=deployment&at_home=on"
    elements = "&".join(f"elements={one}" for one in ("timeline", "roles", "deliverables", "vision"))
    return [
        ("seats", "/people/seats/"),
        ("seats-vacant", "/people/seats/?scope=process&vacant=on"),
        ("seat-fill", "/people/seats/fill/?kind=technology_owner&scope=source&key=Billing"),
        ("process", Process.objects.live()[0].get_absolute_url()),
        ("source", make.source(name="Billing", kind="connected").get_absolute_url()),
        ("committee", "/committee/"),
        ("meeting", Review.objects.of_committee().filter(held_on=None)[0].get_absolute_url()),
        ("meeting-held", Review.objects.of_committee().exclude(held_on=None)[0].get_absolute_url()),
        ("access", "/access-paths/"),
        ("draft", f"/messages/draft/?{draft}&{elements}&language=en"),
        ("feedback", "/feedback/"),
        ("expectation", expected.get_absolute_url()),
        ("agree", f"{expected.get_absolute_url()}agree/"),
        ("brought", "/brought/"),
        ("unclaimed", "/brought/unclaimed/?why=unclaimed"),
        ("step-rules", "/brought/step-rules/"),
        ("step-rule-new", "/brought/step-rules/new/"),
    ]


@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_the_pages_read_well_at_any_width_and_in_any_light(page_as, axe, picture, company, width, theme):
    page = page_as(LEAD, width=width, theme=theme)

    for name, address in pages():
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        page.wait_for_function("!document.querySelector('[data-chart]') || document.querySelector('.canvas svg')")
        picture(page, f"owners-{name}-{theme}-{width}")
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
