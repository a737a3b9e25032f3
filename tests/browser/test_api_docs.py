"""The schema of the REST API as pages: anybody reads it, in the look of the house, and tries it as who is signed in."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from crm_adoption.kit.access import STEWARD
from tests.browser.fixtures import LOOKS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
READ = 30_000  # milliseconds: the schema is written when it is first asked for


@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_the_addresses_read_well_at_any_width_and_in_any_light(page_as, axe, picture, width, theme):
    page = page_as(None, width=width, theme=theme)

    page.goto("/api/v1/docs/")
    page.locator("#operations-tag-contacts button").click(timeout=READ)
    page.locator("#operations-contacts-contacts_check .opblock-summary-control").click()
    expect(page.locator("#operations-contacts-contacts_check").get_by_text("409")).to_be_visible()
    picture(page, f"api-docs-{theme}-{width}")

    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_who_is_signed_in_may_try_an_address_without_a_token(page_as):
    page = page_as(STEWARD)
    page.goto("/api/v1/docs/")

    page.get_by_label("Filter by the first part of the address").fill("contacts", timeout=READ)
    expect(page.locator(".opblock-tag")).to_have_count(1)
    page.locator("#operations-tag-contacts button").click()
    asked = page.locator("#operations-contacts-contacts_check")
    asked.locator(".opblock-summary-control").click()
    asked.get_by_role("button", name="Try it out").click()
    asked.locator("textarea").fill('{"family_name": "Nobody", "email": "nobody@nowhere.example"}')
    asked.get_by_role("button", name="Execute").click()

    expect(asked.locator(".live-responses-table .response-col_status").last).to_contain_text("200")


def test_a_schema_that_is_slow_or_fails_says_so(page_as, troubles):
    page = page_as(None)
    held: list[Route] = []
    page.route("**/api/v1/schema/", lambda route: route.fulfill(status=503))  # it is asked for once more by itself
    page.route("**/api/v1/schema/", lambda route: held.append(route), times=1)

    page.goto("/api/v1/docs/")
    expect(page.get_by_text("Reading the schema …")).to_be_visible()
    held[0].fulfill(status=503)
    expect(page.get_by_text("The schema could not be read; reload the page in a minute.")).to_be_visible()

    assert all("503" in said for said in troubles)
    troubles.clear()
