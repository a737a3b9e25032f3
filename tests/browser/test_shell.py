"""The shell and the parts, as a reader meets them: light, dark, narrow, by keyboard, and read aloud."""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.sync_api import Route, expect

from crm_adoption.kit.access import LEAD
from crm_adoption.people.models import Person
from tests.browser.fixtures import LOOKS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.browser.demo"),
]


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

    assert page.goto(address).status == 200
    page.wait_for_function(
        "!document.querySelector('[data-chart]') || document.querySelectorAll('.canvas svg').length == 4"
    )
    picture(page, f"{re.sub(r'[^a-z]+', '-', address).strip('-')}-{theme}-{width}")

    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_ctrl_k_finds_a_page_and_enter_opens_it(page_as):
    page = page_as(LEAD)
    page.goto("/parts/")

    page.keyboard.press("Control+k")
    page.locator("#search input").fill("jobs")
    expect(page.locator("#search .hit")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    page.wait_for_url("**/jobs/")


def test_typing_on_before_a_slow_search_answered_leaves_no_error_and_shows_the_last_question(page_as):
    page = page_as(LEAD)
    page.goto("/parts/")
    held: list[Route] = []
    page.route("**/search/**", lambda route: held.append(route), times=1)

    page.keyboard.press("Control+k")
    page.locator("#search input").fill("jobs")
    page.wait_for_timeout(400)  # longer than the field waits before it asks again
    held[0].continue_()

    expect(page.locator("#search .hit")).to_have_count(1)


def test_a_slash_and_a_question_mark_open_what_they_promise_but_not_while_typing(page_as):
    page = page_as(LEAD)
    page.goto("/parts/")

    page.keyboard.press("?")
    assert page.locator("#shortcuts").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert page.locator("#search").is_visible()
    page.keyboard.press("Escape")
    page.locator("#f").click()
    page.keyboard.type("a/b?")

    assert page.locator("#f").input_value() == "a/b?"
    assert not page.locator("dialog[open]").count()


def test_the_theme_somebody_chose_is_kept(page_as):
    page = page_as(LEAD)
    page.goto("/parts/")

    page.get_by_label("Light or dark").click()
    page.get_by_role("button", name="Dark", exact=True).click()
    page.reload()

    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"


def test_a_language_switch_answers_in_that_language(page_as):
    page = page_as(LEAD)
    page.goto("/parts/")

    page.get_by_label("Language").click()
    page.get_by_role("button", name="简体中文").click()

    page.locator("html[lang=zh-hans]").wait_for()
    assert page.url.endswith("/parts/")


def test_the_table_alone_is_swapped_when_a_heading_sorts_or_the_next_page_is_asked_for(page_as, company):
    page = page_as(LEAD)
    page.goto("/list/")
    page.evaluate("window.stayed = true")

    page.get_by_role("link", name="Number").click()
    page.wait_for_url("**sort=pk")
    page.get_by_role("link", name="Next").click()
    page.wait_for_url("**cursor=**")

    assert page.evaluate("window.stayed")
    assert page.locator("th[aria-sort=ascending]").inner_text().strip() == "Number"


def test_keys_walk_a_list_and_tick_rows_for_a_bulk_action_that_asks_first(page_as, company):
    page = page_as(LEAD)
    page.goto("/list/?sort=pk")

    for key in "jxjx":
        page.keyboard.press(key)
    assert page.locator("[data-chosen]").inner_text() == "2"
    page.get_by_role("button", name="Speak Chinese").click()
    page.get_by_role("heading", name="Speak Chinese: 2 rows?").wait_for()
    page.get_by_role("button", name="Speak Chinese").click()

    page.get_by_text("2 people changed.").wait_for()
    assert Person.objects.filter(language="zh-hans").count() == 2


def test_a_refusal_is_a_sentence_with_a_way_out(page_as, axe, troubles):
    page = page_as(LEAD)

    answer = page.goto("/refused/")

    assert answer.status == 409
    assert page.get_by_role("alert").get_by_text("Close or move its 3 live subsidiaries first.").is_visible()
    assert page.get_by_role("link", name="See the subsidiaries").get_attribute("href") == "/parts/"
    assert axe(page) == []
    assert all("409" in trouble for trouble in troubles)
    troubles.clear()


def test_the_menu_of_a_narrow_page_slides_in_and_takes_you_on(page_as):
    page = page_as(LEAD, width=360)
    page.goto("/parts/")

    page.get_by_role("button", name="Menu", exact=True).click()
    page.locator("#places").get_by_role("link", name="Jobs").click()

    page.wait_for_url("**/jobs/")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_address_that_leads_nowhere_says_so_without_navigation(page_as, axe, picture, troubles, theme):
    page = page_as(None, width=360, theme=theme)

    answer = page.goto("/no-such-page/")
    picture(page, f"not-found-{theme}")

    assert answer.status == 404
    assert axe(page) == []
    troubles.clear()  # the browser itself reports every 404
