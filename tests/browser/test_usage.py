"""Use as a lead and as somebody at work meet it: light, dark, narrow, read aloud, and the way of a spreadsheet."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from playwright.sync_api import expect

from crm_adoption.kit.access import END_USER, LEAD, SPONSOR
from crm_adoption.people.models import Person
from crm_adoption.usage import sample
from crm_adoption.usage.models import (
    Capability,
    EffortRelease,
    Opinion,
    ShadowSystem,
    UseCase,
)
from crm_adoption.usage.sample import words
from dataquality import subjects
from tests import make
from tests.browser.fixtures import LOOKS
from tests.usage import made

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def company():
    """The sample's use for a few people, one of whom is the end-user who signs in."""
    now = timezone.now()
    source, roles = make.source(), {}
    for name, n in ((words.SELLER, 9), (words.LEAD, 3), (words.SERVICE, 6)):
        roles[name] = make.job_role(name=name)
        for _ in range(n):
            person = make.person(job_role=roles[name])
            for table in (words.DEAL, words.CASE, words.VISIT):
                batch = make.batch(source, subjects.get(table), taken_at=now)
                make.records(batch, {"owner": person, "created_at": now - timedelta(days=2)})
    contacts = make.batch(source, subjects.get(words.CONTACT), taken_at=now)
    make.records(contacts, *({"full_name": f"Person {n}", "email": f"p{n}@lab.example", "city": "Ulm",
                              "modified_at": now - timedelta(days=90)} for n in range(60)))  # fmt: skip
    make.person(groups=[SPONSOR])
    me = Person.objects.create_user("end-user@example.test", name="Ada End-User", job_role=roles[words.SELLER])
    me.groups.add(Group.objects.get_or_create(name=END_USER)[0])
    sample.load(now=now, seed=7)
    return me


def addresses(group: str) -> list[str]:
    if group == END_USER:
        return ["/my-use/", f"/my-use/{UseCase.objects.get(name='Note a visit').pk}/opinion/"]
    shadow = ShadowSystem.objects.get(name="Demo instruments.xlsx")
    capability, case = Capability.objects.get(code="routes"), UseCase.objects.get(name="Write a quotation")
    return [
        "/usage/", "/usage/capabilities/", capability.get_absolute_url(), f"/usage/capabilities/{capability.pk}/edit/",
        "/usage/use-cases/", case.get_absolute_url(), f"/usage/use-cases/{case.pk}/edit/", "/usage/shadow-systems/",
        shadow.get_absolute_url(), f"{shadow.get_absolute_url()}x-ray/", "/usage/effort/",
        *(one.get_absolute_url() for one in EffortRelease.objects.all()), "/usage/returns/", "/usage/returns/new/",
        "/usage/imports/new/", made.usage_import().get_absolute_url(),
    ]  # fmt: skip


@pytest.mark.parametrize(("width", "theme"), LOOKS)
@pytest.mark.parametrize("group", [LEAD, END_USER])
def test_every_page_reads_well_at_any_width_and_in_any_light(page_as, axe, picture, company, group, width, theme):
    page = page_as(group, width=width, theme=theme)
    broken = {}
    for address in addresses(group):
        assert page.goto(address).status == 200, address
        page.wait_for_timeout(150)  # charts are drawn once they are seen
        picture(page, f"use{address.replace('/', '-')}{theme}-{width}")
        rules = axe(page)
        wide = page.evaluate("document.documentElement.scrollWidth")
        if rules or wide > width:
            broken[address] = rules, wide

    assert broken == {}


def test_a_spreadsheet_is_held_against_the_crm_and_is_not_retired_while_it_knows_more(page_as, company, troubles):
    page = page_as(LEAD)
    page.goto("/usage/shadow-systems/new/")
    page.get_by_label("Name", exact=True).fill("Loans")
    page.get_by_label("Why it exists").fill("It sorts by day.")
    page.get_by_label("Found on").fill("2026-03-01")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Hold its sheet against the CRM").click()
    sheet = "Full Name,Email,Loan\nPerson 1,p1@lab.example,B120\nNew One,new@lab.example,B220\n"
    page.get_by_label("The sheet").set_input_files(
        {"name": "loans.csv", "mimeType": "text/csv", "buffer": sheet.encode()}
    )
    page.get_by_role("button", name="Hold it against the CRM").click()

    expect(page.get_by_text("Rows unknown to the CRM")).to_be_visible()
    expect(page.get_by_text("Without a field in the CRM: Loan")).to_be_visible()
    page.get_by_role("link", name="Retire it").click()
    page.get_by_role("button", name="Retire it").click()
    expect(page.get_by_text("1 row of “Loans” is unknown to the CRM")).to_be_visible()
    assert all("409" in trouble for trouble in troubles)  # the browser itself reports the refusal
    troubles.clear()


def test_one_tap_says_how_a_use_case_feels(page_as, company):
    page = page_as(END_USER, width=360, height=740)
    page.goto("/my-use/")
    page.get_by_role("form", name="Note a visit").get_by_role("button", name="4", exact=True).click()

    expect(page.get_by_text("Nobody sees your answer")).to_be_visible()
    assert Opinion.objects.filter(person=company, on=timezone.localdate()).get().feels == 4
