"""Hand-outs and one's own calendar link, as a sponsor meets them on a desk and on a phone."""

from __future__ import annotations

import pytest

from crm_adoption.kit.access import SPONSOR
from crm_adoption.plan import services

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (360, "dark")])
def test_a_sponsor_finds_the_papers_and_makes_a_calendar_link(page_as, axe, picture, width, theme):
    services.seed()
    page = page_as(SPONSOR, width=width, theme=theme)

    page.goto("/handouts/")
    picture(page, f"handouts-{theme}-{width}")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    with page.expect_download() as taken:
        page.get_by_role("link", name="The programme on one page").click()
    assert taken.value.suggested_filename.endswith(".pdf")

    page.goto("/calendar/")
    page.get_by_role("button", name="Make a link").click()
    picture(page, f"calendar-{theme}-{width}")
    assert "/calendar/plan.ics?key=" in page.get_by_label("Your calendar address").input_value()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
