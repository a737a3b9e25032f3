"""A steward's way with duplicates: looked for, judged by keys, accepted in bulk, merged, imported again, undone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from benchmarks.matching_data import make_contacts
from contacts.models import Contact
from crm_adoption.kit.access import STEWARD
from dataquality.models import Batch, Judgement, Merge, Pair
from dataquality.services import matching
from tests import make
from tests.dataquality.imports import applied, table
from tests.dataquality.matching.makers import CONTACTS

pytestmark = [pytest.mark.journey, pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HEADINGS = ["Contact ID", "First Name", "Last Name", "Email", "Phone", "Mailing Street", "Mailing City",
            "Mailing Postal Code", "Mailing Country"]  # fmt: skip
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


def test_duplicates_are_found_judged_merged_imported_again_and_taken_apart(
    page_as: Callable[..., Page], troubles: list[str]
) -> None:
    source, file = make.source(), exported()
    applied(source, file, name="contacts.csv", table="contact")
    before = sorted(Contact.objects.values_list("external_id", "state", "full_name", "email"))
    matching.detect(CONTACTS, now=timezone.now())
    found = Pair.objects.open().count()
    assert found > 10
    page = page_as(STEWARD)

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

    # in bulk, after the sample
    page.goto("/duplicates/accept/?table=contacts.contact")
    page.get_by_label("All pairs from this probability on").fill("90")
    page.get_by_role("button", name="Draw the sample").click()
    page.get_by_role("link", name="Judge the sample").click()
    for _pair in range(Pair.objects.open().filter(probability__gte=0.9).count()):
        pressed(page, "s")
    page.get_by_role("button", name=re.compile("Accept all")).click()
    expect(page.get_by_text(re.compile("pairs were accepted")).first).to_be_visible()
    assert Judgement.objects.filter(verdict="same").count() == Pair.objects.filter(state="same").count()

    # merged by key from the pair
    page.goto(f"/duplicates/pairs/{first.pk}/?table=contacts.contact")
    page.keyboard.press("m")
    page.get_by_role("button", name="Merge", exact=True).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("became one")
    made = Merge.objects.get()

    # the same export again: nothing comes back to life
    again = applied(source, file, name="contacts.csv", table="contact")
    assert again.state == Batch.State.APPLIED
    assert Contact.objects.get(pk=made.losers[0]).state == "merged"

    # taken apart, by key
    page.goto(made.get_absolute_url())
    if page.get_by_label("Undo, and keep these later changes").count():
        page.get_by_label("Undo, and keep these later changes").press("Space")
    page.get_by_role("button", name="Undo this merge").press("Enter")
    expect(page.get_by_text("every record stands as it did before").first).to_be_visible()
    assert sorted(Contact.objects.values_list("external_id", "state", "full_name", "email")) == before
    assert troubles == [], "\n".join(troubles)
