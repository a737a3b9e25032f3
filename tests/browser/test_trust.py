"""Trust as people meet it: who looked, what is attested, when a report opens, reviews of fields, and the role call."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from crm_adoption.kit.access import END_USER, LEAD, STEWARD
from crm_adoption.people.models import Person
from crm_adoption.people.services import note_looks
from dataquality import subjects
from dataquality.models import AnswerFile, FieldSetting, Score
from dataquality.services import verifying
from tests import make
from tests.browser.fixtures import LOOKS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = "+41 44 668 18 00"
ACCOUNTS = subjects.get("accounts.account")


@pytest.fixture
def company(page_as):
    """What each of these pages has to show; the people are those who sign in."""
    now = timezone.now()
    for group in (END_USER, LEAD, STEWARD):
        page_as(group)
    me = Person.objects.get(email="end-user@example.test")
    tom = make.person(name="Tom Trainer", groups=["trainer"])
    people = [me.pk, *(make.person().pk for _ in range(6))]
    note_looks(tom, people, what="training.learning", role="trainer", via="page", now=now)
    note_looks(tom, [me.pk], what="people.person", role="adoption lead", via="admin", now=now)
    source = make.source(name="Northwind CRM")
    rows = [{"name": f"Account {n}", "phone": PHONE, "industry": "Mining" if n % 3 else "n/a"} for n in range(9)]
    accounts = make.records(make.batch(source, ACCOUNTS), *rows)
    verifying.attest(ACCOUNTS, [one.pk for one in accounts[:5]], method="asked", by=tom, now=now)
    verifying.find_wrong(ACCOUNTS, [accounts[5].pk], field="phone", method="service", by=tom, now=now)
    AnswerFile.objects.create(
        name="answers.csv", method="service", read_by=tom,
        counts={"rows": 9, "confirmed": 5, "wrong": 1, "silent": 2, "faulty": 1},
        wrong=[[ACCOUNTS.slug, accounts[5].pk, accounts[5].external_id, "phone", PHONE, "+41 44 668 18 99"]],
        faults=[[7, "perhaps", "Say true or false in the column Answer."]],
    )  # fmt: skip
    for days in range(5):
        for table, field in ((ACCOUNTS.slug, ""), ("accounts.opportunity", "")):
            at = now - timedelta(days=7 * days)
            Score.objects.create(
                table=table, field=field, taken_at=at, rows=200, wrong=18 + 6 * days, rate=0.09 + 0.03 * days,
                limit="0.05", strict=True, passes=False, to_fix=9 + 6 * days,
            )  # fmt: skip
    FieldSetting.objects.create(
        table=ACCOUNTS.slug, field="name", verdict="keep", next_review_on=timezone.localdate(), signed_by=tom
    )
    contacts = subjects.get("contacts.contact")
    known = {"job_title": "Head of purchase", "account": accounts[0]}
    make.records(
        make.batch(source, contacts), *[{"full_name": n} | known for n in ("Anna Able", "Bert Bold", "Cleo Calm")]
    )
    deals = subjects.get("accounts.opportunity")
    make.records(make.batch(source, deals), *[
        {"name": f"Deal {n}", "account": accounts[n], "owner": me, "amount": 12000 + n, "currency": "EUR",
         "close_on": timezone.localdate() + timedelta(days=n)} for n in range(3)
    ])  # fmt: skip
    return accounts


@pytest.mark.parametrize(("width", "theme"), LOOKS)
def test_every_page_reads_well_light_and_dark_wide_and_narrow(page_as, axe, picture, company, width, theme):
    pages = {
        END_USER: {"who-looked": "/people/who-looked/", "role-call": "/role-call/", "my-use": "/my-use/"},
        LEAD: {"look-counts": "/people/looks/"},
        STEWARD: {
            "truth": "/verification/", "answers": AnswerFile.objects.get().get_absolute_url(),
            "record": company[5].get_absolute_url(), "field-reviews": "/field-reviews/",
            "field-review": f"/field-reviews/{ACCOUNTS.slug}/industry/", "reports": "/reports/",
            "sealed": "/reports/pipeline/", "home": "/",
        },
    }  # fmt: skip
    broken: list[str] = []
    for group, addresses in pages.items():
        page = page_as(group, width=width, theme=theme)
        for name, address in addresses.items():
            page.goto(address)
            picture(page, f"trust-{name}-{width}-{theme}")

            broken += [f"{name}: {one}" for one in axe(page)]
            if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
                broken.append(f"{name} is {wide} wide")

    assert broken == []


def test_one_tap_attests_a_value_and_one_tap_names_a_part(page_as, company):
    steward, seller = page_as(STEWARD), page_as(END_USER)

    steward.goto(company[6].get_absolute_url())
    steward.get_by_role("button", name="All of it is still true").click()
    seller.goto("/role-call/")
    seller.get_by_role("button", name="Bert Bold").click()

    expect(steward.get_by_text("attested as true")).to_be_visible()
    expect(seller.get_by_text("Bert Bold: Decision Maker.")).to_be_visible()
    expect(seller.get_by_role("heading", name="Deal 0")).to_have_count(0)
