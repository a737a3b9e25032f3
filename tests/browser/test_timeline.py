"""The timeline of phases is dragged with a mouse; the table twin and the store follow, and a refusal gives it back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from crm_adoption.kit.access import END_USER, LEAD
from crm_adoption.plan.models import Phase

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
START, END = date(2026, 9, 1), date(2026, 11, 29)


@pytest.fixture
def phase():
    Phase.objects.create(name="First", planned_start=date(2026, 3, 1), planned_end=date(2026, 8, 31))
    return Phase.objects.create(name="Pipeline", planned_start=START, planned_end=END, position=2)


def drag(page: Page, name: str, days: int, *, from_its_end: bool = False) -> None:
    """By as many pixels as the days are wide."""
    board = page.locator(".gantt")
    bar = page.locator(f".gantt g[aria-label^='{name}']")
    box, drawing = bar.locator("rect").bounding_box(), bar.locator("xpath=..").bounding_box()
    assert box is not None
    assert drawing is not None
    by = days * drawing["width"] / int(board.get_attribute("data-days") or 0)
    x = box["x"] + box["width"] - 3 if from_its_end else box["x"] + box["width"] / 3
    y = box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by / 2, y, steps=3)
    page.mouse.move(x + by, y, steps=3)
    page.mouse.up()


def test_a_bar_is_dragged_and_the_table_says_the_new_days(page_as, phase):
    page = page_as(LEAD)
    page.goto("/phases/")

    drag(page, "Pipeline", 14)

    expect(page.locator("[data-said]")).to_contain_text("✓")
    phase.refresh_from_db()
    moved = (phase.planned_start - START).days
    assert abs(moved - 14) <= 1
    assert phase.planned_end - phase.planned_start == END - START
    row = page.get_by_role("row").filter(has_text="Pipeline")
    expect(row).to_contain_text(phase.planned_start.isoformat())
    expect(row).to_contain_text(phase.planned_end.isoformat())
    expect(page.locator(f".gantt g[aria-label*='{phase.planned_end.isoformat()}']")).to_have_count(1)


def test_its_end_alone_is_dragged_and_never_before_its_start(page_as, phase):
    page = page_as(LEAD)
    page.goto("/phases/")

    drag(page, "Pipeline", -30, from_its_end=True)

    expect(page.locator("[data-said]")).to_contain_text("✓")
    phase.refresh_from_db()
    assert phase.planned_start == START
    assert abs((phase.planned_end - END).days + 30) <= 1
    drag(page, "Pipeline", -200, from_its_end=True)
    expect(page.locator("[data-said]")).to_contain_text(f"✓ {START} – {START}")


def test_what_was_closed_meanwhile_is_refused_and_the_bar_goes_back(page_as, phase, troubles):
    page = page_as(LEAD)
    page.goto("/phases/")
    Phase.objects.filter(pk=phase.pk).update(state=Phase.State.CLOSED)
    before = page.locator(".gantt g[aria-label^='Pipeline'] rect").get_attribute("x") or ""

    drag(page, "Pipeline", 14)

    expect(page.locator("[data-said]")).to_contain_text("its dates are history")
    after = page.locator(".gantt g[aria-label^='Pipeline'] rect").get_attribute("x") or ""
    assert float(after.rstrip("%")) == pytest.approx(float(before.rstrip("%")), abs=0.01)
    phase.refresh_from_db()
    assert (phase.planned_start, phase.planned_end) == (START, END)
    assert [said for said in troubles if "409" not in said] == []
    troubles.clear()  # the browser notes the answer 409 itself


def test_who_may_not_plan_cannot_move_a_bar(page_as, phase):
    page = page_as(END_USER)
    page.goto("/phases/")

    expect(page.locator(".gantt [data-move]")).to_have_count(0)
    assert phase.planned_end - phase.planned_start > timedelta(days=80)
