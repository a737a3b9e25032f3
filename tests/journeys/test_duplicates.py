"""A steward's way with duplicates: looked for, judged by keys, accepted in bulk, merged, imported again, undone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from benchmarks.matching_data import make_contacts
from contacts.models import Contact
from crm_adoption.jobs.models import Job
from crm_adoption.kit.access import STEWARD
from dataquality.models import Batch, Finding, Judgement, Merge, Pair
from tests import make
from tests.dataquality.imports import applied, table
from tests.jobs.workers import wait_until

pytestmark = [pytest.mark.journey, pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HEADINGS = ["Contact ID", "First Name", "Last Name", "Email", "Phone", "Mailing Street", "Mailing City",
            "Mailing Postal Code", "Mailing Country"]  # fmt: skip
PATIENCE = 120_000.0  # milliseconds; the machine may be busy with other things
COLUMNS = ["first_name", "last_name", "email", "phone", "street", "city", "postcode", "country"]


def exported() -> bytes:
    """Two hundred contacts of whom forty stand there twice, as a CRM would export them."""
    made = make_contacts(200, duplicates=0.2, seed=11)
    rows = [[f"C-{n}", *(row[name] or "" for name in COLUMNS)] for n, row in enumerate(made.iter_rows(named=True))]
    return table(HEADINGS, *rows)


def pressed(page: Page, key: str) -> None:
    """Answer by a key, and wait until another pair, or none, stands there."""
    judged = page.locator("#review form").get_attribute("action")
    page.keyboard.press(key)
    page.wait_for_function(
        "judged => document.querySelector('#review form')?.getAttribute('action') !== judged", arg=judged
    )


def settled() -> None:
    """Wait until no work is left: what an answer sets going runs behind the page."""
    wait_until(lambda: not Job.objects.unfinished().exists(), 120, "some work is never done")


def wrong_on_the_board(page: Page) -> int:
    """How many contacts the scoreboard counts as wrong."""
    page.goto("/tables/contacts.contact/")
    found = re.search(r"wrong \(([\d,]+) of", page.locator("main").inner_text())
    assert found is not None
    return int(found[1].replace(",", ""))


def test_duplicates_are_found_judged_merged_imported_again_and_taken_apart(
    page_as: Callable[..., Page], start_worker, troubles: list[str], tmp_path: Path
) -> None:
    source, file = make.source(), exported()
    applied(source, file, name="contacts.csv", table="contact")
    before = sorted(Contact.objects.values_list("external_id", "state", "full_name", "email"))
    start_worker("steward").ready()
    page = page_as(STEWARD)

    # looked for
    page.goto("/duplicates/runs/")
    page.get_by_label("Where").select_option(label="Contacts")
    page.get_by_label("Only what changed since the last run").uncheck()
    page.get_by_role("button", name="Look now").click()
    expect(page.get_by_text("The last run ended")).to_be_visible(timeout=PATIENCE)
    settled()
    assert Pair.objects.open().count() > 10

    # one by one, by keys
    page.goto("/duplicates/?table=contacts.contact")
    first = Pair.objects.open().order_by("-probability", "-pk").first()
    assert first is not None
    page.goto(f"/duplicates/pairs/{first.pk}/?table=contacts.contact")
    pressed(page, "s")
    first.refresh_from_db()
    assert first.state == "same"
    second = int(page.url.split("/pairs/")[1].split("/")[0])
    assert second != first.pk
    pressed(page, "l")
    assert Pair.objects.get(pk=second).state == "later"
    third = int(page.url.split("/pairs/")[1].split("/")[0])
    pressed(page, "d")
    assert Pair.objects.get(pk=third).state == "different"

    # in bulk, after the sample
    page.goto("/duplicates/accept/?table=contacts.contact")
    page.get_by_label("All pairs from this probability on").fill("90")
    page.get_by_role("button", name="Draw the sample").click()
    page.get_by_role("link", name="Judge the sample").click()
    for _pair in range(Pair.objects.open().filter(probability__gte=0.9).count()):
        pressed(page, "s")
    expect(page.get_by_text("with 95 % confidence").first).to_be_visible()
    page.get_by_role("button", name=re.compile("Accept all")).click()
    expect(page.get_by_text(re.compile("pairs were accepted")).first).to_be_visible()
    assert Judgement.objects.filter(verdict="same").count() == Pair.objects.filter(state="same").count()

    # what was confirmed counts as wrong, and leads to the merge
    settled()
    confirmed = Finding.objects.open().filter(code="unique_confirmed").count()
    assert confirmed > 5
    counted = wrong_on_the_board(page)
    page.get_by_text("stands for the same one as another").first.wait_for()

    # merged by key from the pair
    page.goto(f"/duplicates/pairs/{first.pk}/?table=contacts.contact")
    page.keyboard.press("m")
    page.get_by_role("button", name="Merge", exact=True).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("became one")
    made = Merge.objects.get()
    settled()
    assert Finding.objects.open().filter(code="unique_confirmed").count() == confirmed - 1
    assert wrong_on_the_board(page) < counted

    # the same export again: nothing comes back to life
    (tmp_path / "contacts.csv").write_bytes(file)
    page.goto("/imports/new/")
    page.get_by_label("Drop the export here").set_input_files(tmp_path / "contacts.csv")
    page.get_by_label("Where it comes from").select_option(str(source.pk))
    page.get_by_role("button", name="Read it").click()
    page.get_by_role("button", name="Apply").click(timeout=PATIENCE)
    expect(page.get_by_role("heading", name="Applied")).to_be_visible(timeout=PATIENCE)
    settled()
    assert Batch.objects.latest("pk").state == Batch.State.APPLIED
    assert Contact.objects.get(pk=made.losers[0]).state == "merged"
    assert Judgement.objects.filter(verdict="different").count() == 1

    # taken apart, by key
    page.goto(made.get_absolute_url())
    if page.get_by_label("Undo, and keep these later changes").count():
        page.get_by_label("Undo, and keep these later changes").press("Space")
    page.get_by_role("button", name="Undo this merge").press("Enter")
    expect(page.get_by_text("every record stands as it did before").first).to_be_visible()
    assert sorted(Contact.objects.values_list("external_id", "state", "full_name", "email")) == before
    settled()
    assert Finding.objects.open().filter(code="unique_confirmed").count() == confirmed
    assert troubles == [], "\n".join(troubles)
