"""The 515 naughty strings on the pages that show records: nothing runs, nothing breaks, every text is itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Dialog, Page

from crm_adoption.kit.access import LEAD
from dataquality import subjects
from tests import make
from tests.browser.fixtures import session_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def strings(shared_data: Path) -> list[str]:
    found = json.loads((shared_data / "blns" / "blns.json").read_text("utf-8"))
    assert len(found) == 515
    return [text.replace("\x00", "") for text in found]


@pytest.fixture
def contacts(strings: list[str]) -> list[Any]:
    contact = subjects.get("contacts.contact")
    batch = make.batch(make.source(name=strings[300][:100] or "source"), contact, mapping={"Title": "job_title"})
    rows = (
        {"full_name": t, "job_title": t, "street": t, "department": t, "extra": {"note": t, t[:60]: t}} for t in strings
    )
    return make.records(batch, *rows)


def test_no_list_runs_a_script_or_complains(page_as: Callable[..., Page], contacts: list[Any]):
    page = page_as(LEAD)
    dialogs: list[str] = []

    def note(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    for path in ("/records/contacts.contact/", "/tables/contacts.contact/noise/job_title/", "/imports/", "/sources/"):
        page.goto(path)
        while (after := page.locator("a[rel=next]")).count():
            page.goto(path + str(after.get_attribute("href")))
    assert dialogs == []


def test_every_record_page_answers_and_says_the_text_as_it_is(page_as: Callable[..., Page], contacts: list[Any]):
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(LEAD)
    suspects = []
    for contact in contacts:
        response = client.get(contact.get_absolute_url())
        assert response.status_code == 200, contact.full_name
        if "<" in contact.full_name or "{" in contact.full_name:
            suspects.append(contact)
    assert len(suspects) > 80
    page = page_as(LEAD)
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    for contact in suspects[::6]:
        page.goto(contact.get_absolute_url())
        shown = page.locator("h1").evaluate("node => node.textContent")
        assert shown.split() == (contact.full_name or contact.external_id).split()
