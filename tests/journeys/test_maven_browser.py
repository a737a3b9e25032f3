"""The main job on real input, in a browser: drop four files, read the scoreboard, repair, open a report.

`PICTURES=docs/pictures` also writes the pictures that the README shows.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from crm_adoption.jobs.models import Job
from crm_adoption.kit.access import ANALYST, LEAD, STEWARD
from dataquality.models import Source
from tests.jobs.workers import wait_until
from tests.journeys.maven import ACCOUNT_POINTER, ORDER, PRODUCT_POINTER, check_records

pytestmark = [
    pytest.mark.journey,
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
SELLER = "Hardware seller"
NEW = dict(zip(ORDER, ("8,800", "35", "85", "7"), strict=True))
README = ("preview", "scoreboard", "sealed", "home")
PATIENCE = 120_000.0  # milliseconds; the machine may be busy with other things


@pytest.fixture
def show(picture: Callable[[Page, str], Path]) -> Callable[[Page, str], None]:
    """Keep a picture of this step, and one for the README where `PICTURES` names a folder."""

    def save(page: Page, name: str) -> None:
        picture(page, f"journey-{name}")
        folder = os.environ.get("PICTURES")
        if folder and name in README:
            page.screenshot(path=Path(settings.BASE_DIR) / folder / f"{name}.png")

    return save


def figure(page: Page, label: str) -> str:
    return page.locator(".figure-n", has_text=label).locator(".n").first.inner_text()


def drop(page: Page, file: Path, *, first: bool) -> None:
    """Choose the file in the drop zone and follow the bar to the preview, without touching the page."""
    page.goto("/imports/new/")
    page.get_by_label("Drop the export here").set_input_files(file)
    expect(page.locator("[data-drop-name]")).to_contain_text(file.name)
    if first:
        page.get_by_label("Or the name of a new source").fill(SELLER)
    else:
        expect(page.get_by_label("Where it comes from")).to_have_value(str(Source.objects.get(name=SELLER).pk))
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_role("heading", name="What it would do")).to_be_visible(timeout=PATIENCE)


def apply(page: Page) -> None:
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("heading", name="Applied")).to_be_visible(timeout=PATIENCE)


def test_a_steward_drops_four_files_repairs_one_value_and_reads_what_still_locks_the_report(
    page_as, start_worker, export, show, axe
):
    start_worker("journey").ready()
    page = page_as(STEWARD, height=860)

    for file in ORDER:
        drop(page, export / file, first=file == ORDER[0])
        assert figure(page, "new") == NEW[file]
        assert [figure(page, label) for label in ("changed", "unchanged", "set apart")] == ["0", "0", "0"]
        if file == ORDER[0]:
            show(page, "preview")
            assert axe(page) == []
        apply(page)
        assert figure(page, "new") == NEW[file]
    check_records(Source.objects.get(name=SELLER))
    wait_until(lambda: not Job.objects.unfinished().exists(), 60, "the readings of the plan are not taken")

    page.goto("/scoreboard/")
    expect(page.get_by_text(PRODUCT_POINTER).first).to_be_visible()
    show(page, "scoreboard")
    assert axe(page) == []
    page.get_by_role("link", name="Opportunities", exact=True).click()
    page.get_by_role("button", name="Make it “GTX Pro”").click()
    expect(page.get_by_text("1,480 records corrected: “GTXPro” is now “GTX Pro”.")).to_be_visible()
    expect(page.get_by_role("button", name="Make it “GTX Pro”")).to_have_count(0)

    page.goto("/reports/pipeline/")
    sealed = page.locator(".sealed")
    expect(sealed.get_by_role("listitem")).to_have_text([ACCOUNT_POINTER])
    assert page.locator("[data-chart]").count() == 0
    show(page, "sealed")
    assert axe(page) == []
    sealed.get_by_role("link", name=ACCOUNT_POINTER).click()
    expect(page.get_by_role("heading", name="What is wrong in Account")).to_be_visible()

    page.goto("/tables/accounts.account/")
    expect(page.get_by_role("button", name="Make it “technology”")).to_be_visible()
    expect(page.get_by_role("button", name="Make it “Philippines”")).to_be_visible()
    for answer in ("South Korea", "North Korea"):
        expect(page.get_by_role("button", name=answer, exact=True)).to_be_visible()

    reader = page_as(ANALYST)
    reader.goto("/reports/pipeline/")
    expect(reader.get_by_role("note")).to_contain_text("For analysts only")
    expect(reader.get_by_role("note")).to_contain_text(ACCOUNT_POINTER)
    expect(reader.locator("[data-chart] svg").first).to_be_visible()
    show(reader, "stamped")
    assert axe(reader) == []

    lead = page_as(LEAD, height=1000)
    lead.goto("/")
    expect(lead.locator("[data-chart] svg").first).to_be_visible()
    show(lead, "home")


def test_a_file_that_is_refused_says_so_by_itself_and_leads_to_the_next_try(page_as, start_worker, show, axe, tmp_path):
    start_worker("journey").ready()
    page = page_as(STEWARD)
    file = tmp_path / "locked.xlsx"
    file.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(4096))

    page.goto("/imports/new/")
    page.get_by_label("Drop the export here").set_input_files(file)
    page.get_by_label("Or the name of a new source").fill(SELLER)
    page.get_by_role("button", name="Read it").click()

    expect(page.get_by_role("link", name="Import another file")).to_be_visible(timeout=PATIENCE)
    assert page.get_by_role("button", name="Try again").count() == 0
    show(page, "refused")
    assert axe(page) == []
