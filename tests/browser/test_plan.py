"""The first page and the ingredients, as a reader meets them: light, dark, narrow, and read aloud."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from crm_adoption.kit.access import ANALYST, END_USER, LEAD, STEWARD
from crm_adoption.people.models import Seat
from crm_adoption.plan import services
from crm_adoption.plan.models import Claim, Ingredient
from dataquality.models import Score
from tests import make
from tests.browser.fixtures import LOOKS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def programme():
    """Some evidence, some claims, a table that passes and one that does not."""
    services.seed()
    now = timezone.now()
    for table, rows, wrong, to_fix in (("contacts.contact", 1000, 73, 24), ("accounts.account", 400, 2, 0)):
        Score.objects.create(
            table=table, rows=rows, wrong=wrong, rate=wrong / rows, limit="0.05", passes=not to_fix, to_fix=to_fix,
            taken_at=now,
        )  # fmt: skip
    Seat.objects.create(kind="executive_sponsor", holder=make.person())
    for ingredient in Ingredient.objects.all():
        for score in (3, 4, 4, 5, 3):
            services.make_claim(ingredient, by=make.person(), score=score, at=now)
    services.take_readings(now)


@pytest.mark.parametrize(("width", "theme"), LOOKS)
@pytest.mark.parametrize(
    ("group", "address"),
    [(LEAD, "/"), (STEWARD, "/"), (ANALYST, "/"), (END_USER, "/"), (LEAD, "/ingredients/"),
     (LEAD, "/ingredients/data-quality/")],
)  # fmt: skip
def test_a_page_reads_well_at_any_width_and_in_any_light(
    page_as, axe, picture, programme, group, address, width, theme
):
    page = page_as(group, width=width, theme=theme)

    assert page.goto(address).status == 200
    page.wait_for_function("!document.querySelector('[data-chart]') || document.querySelector('.canvas svg')")
    picture(page, f"plan-{group.replace(' ', '-')}{address.replace('/', '-')}{theme}-{width}")

    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_lead_reads_the_risk_its_formula_and_what_is_locked(page_as, programme):
    page = page_as(LEAD)
    page.goto("/")

    expect(page.locator(".lead")).to_contain_text("The risk that the programme fails lies between")
    page.get_by_text("How the risk is computed").click()
    expect(page.get_by_role("row", name="Data Quality").first).to_be_visible()
    expect(page.locator(".sealed").first).to_be_visible()
    expect(
        page.get_by_text("Contacts 7.3 % wrong (73 of 1,000); the limit is below 5 %. Fix 24 more.").first
    ).to_be_visible()


def test_an_answer_is_given_with_two_keys_and_changed_later(page_as, programme):
    page = page_as(END_USER)
    page.goto("/")
    page.get_by_role("link", name="Communication").click()

    page.get_by_label("4 · mostly").check()
    page.get_by_role("button", name="Answer").click()
    expect(page.get_by_text("Your answer counts from now on")).to_be_visible()
    page.get_by_label("2 · a little").check()
    page.get_by_role("button", name="Change my answer").click()

    expect(page.get_by_text("Your answer counts from now on")).to_be_visible()
    given = Claim.objects.get(ingredient__slug="communication", respondent__email="end-user@example.test")
    assert given.score == 2
