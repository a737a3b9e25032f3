"""The shell and the parts, as a reader meets them: light, dark, narrow, by keyboard, and read aloud."""

from __future__ import annotations

from datetime import date

import pytest

from crm_adoption.kit.access import LEAD
from crm_adoption.people.models import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.browser.demo")]
LOOKS = [(1280, "light"), (1280, "dark"), (360, "light"), (360, "dark")]


@pytest.fixture
def company():
    Person.objects.bulk_create(
        Person(name=f"Person {n:02}", email=f"p{n}@example.test", started_on=date(2026, 1, n) if n % 3 else None)
        for n in range(1, 11)
    )


@pytest.mark.parametrize(("width", "theme"), LOOKS)
@pytest.mark.parametrize("address", ["/parts/", "/list/", "/list/?language=en", "/search/?q=a"])
def test_a_page_reads_well_at_any_width_and_in_any_light(page_as, axe, picture, company, address, width, theme):
    page = page_as(LEAD, width=width, theme=theme)

    page.goto(address)
    page.wait_for_function(
        "!document.querySelector('[data-chart]') || document.querySelectorAll('.canvas svg').length == 4"
    )
    picture(page, f"{address.strip('/').partition('/')[0]}-{theme}-{width}")

    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
