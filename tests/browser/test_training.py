"""Training as a trainer and as somebody who is trained meet it: light, dark, narrow, read aloud, and on two ways."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from playwright.sync_api import expect

from crm_adoption.kit.access import END_USER, TRAINER
from crm_adoption.people.models import Person
from dataquality import subjects
from tests import make
from tests.browser.fixtures import LOOKS
from training import sample
from training.models import Attempt, Booking, Course, Enquiry, GoLive, Process, Quiz, Session
from training.sample import words

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def company():
    """The sample's training for a few people, one of whom is the end-user who signs in."""
    now = timezone.now()
    roles = {name: make.job_role(name=name, tasks="Sells.", devices=["phone"]) for name in words.TARGETS}
    team = make.team(name="North", culture=4)
    source = make.source()
    for name, role in roles.items():
        for n in range(6):
            person = make.person(job_role=role, team=team, started_on=timezone.localdate(now) - timedelta(days=300))
            for table in words.TARGETS[name]:
                batch = make.batch(source, subjects.get(table), taken_at=now)
                make.records(batch, *[{"owner": person, "created_at": now - timedelta(days=2)}] * (n % 2 * 5))
    make.person(name="Rémi Fontenelle", job_role=make.job_role(name=words.TRAINER_ROLE))
    sample.load(now=now, seed=7)
    me = Person.objects.create_user(
        "end-user@example.test", name="Ada End-User", job_role=roles[words.SELLER], team=team
    )
    me.groups.add(Group.objects.get_or_create(name=END_USER)[0])
    make.records(make.batch(source, subjects.get("accounts.opportunity"), taken_at=now),
                 {"name": "Titra for Lindau", "owner": me, "created_at": now - timedelta(days=3)})  # fmt: skip
    return me


def addresses(group: str) -> list[str]:
    if group == END_USER:
        quiz = Quiz.objects.get(course__code="quotation", kind="exit")
        return ["/my-training/", f"/my-training/quizzes/{quiz.pk}/", "/my-training/ask/"]
    course, process = Course.objects.get(code="quotation"), Process.objects.get(name="Write a quotation")
    session = Session.objects.filter(course=course).latest("starts_at")
    quiz = Quiz.objects.filter(course=course)[0]
    role = course.job_roles.order_by("pk")[0]
    return [
        "/training/", "/training/doing/", "/training/readiness/", "/training/roles/", f"/training/roles/{role.pk}/",
        f"/training/roles/{role.pk}/change/", "/training/impacts/", "/training/impacts/new/", "/training/courses/",
        course.get_absolute_url(), "/training/courses/new/", process.get_absolute_url(), session.get_absolute_url(),
        "/training/sessions/", f"/training/sessions/{session.pk}/screen/", quiz.get_absolute_url(),
        "/training/completions/", "/training/imports/new/", "/training/still-to-take/",
        GoLive.objects.latest("on").get_absolute_url(),
    ]  # fmt: skip


@pytest.mark.parametrize(("width", "theme"), LOOKS)
@pytest.mark.parametrize("group", [TRAINER, END_USER])
def test_every_page_reads_well_at_any_width_and_in_any_light(page_as, axe, picture, company, group, width, theme):
    page = page_as(group, width=width, theme=theme)
    broken = {}
    for address in addresses(group):
        assert page.goto(address).status == 200, address
        picture(page, f"training{address.replace('/', '-')}{theme}-{width}")
        rules = axe(page)
        wide = page.evaluate("document.documentElement.scrollWidth")
        if rules or wide > width:
            broken[address] = rules, wide

    assert broken == {}


def test_on_a_phone_my_training_is_two_taps_away_and_everything_is_done_from_there(page_as, company):
    page = page_as(END_USER, width=360, height=740)
    page.goto("/")
    page.get_by_role("button", name="Menu", exact=True).click()
    page.get_by_role("link", name="My training").click()

    expect(page.get_by_role("heading", name="What changes for me, and what I get")).to_be_visible()
    expect(page.get_by_text("Quotations in ten minutes instead of forty.")).to_be_visible()
    expect(page.get_by_text("1 new, 2 expected")).to_be_visible()
    page.get_by_role("button", name="Take a seat in Finding one's way").click()
    expect(page.get_by_text("You have a seat in")).to_be_visible()
    assert Booking.objects.get(person=company).state == "booked"

    page.get_by_role("link", name="A quotation from the deal").click()
    for question in range(4):
        page.locator("fieldset").nth(question).get_by_role("radio").first.check()
    page.get_by_role("button", name="Answer").click()
    expect(page.get_by_text("4 of 4 right")).to_be_visible()
    assert Attempt.objects.get(person=company).score == 1

    page.get_by_label("Your question").fill("Who helps me on Friday?")
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_text("waits for an answer")).to_be_visible()


def test_a_trainer_answers_brings_a_course_up_to_date_and_plans_a_session(page_as, company):
    Enquiry.objects.all().delete()
    Enquiry.objects.create(person=company, text="Who helps me on Friday?", asked_at=timezone.now())
    page = page_as(TRAINER)
    page.goto("/training/")

    page.get_by_role("link", name="Who helps me on Friday?").click()
    page.get_by_label("Answer").fill("Rémi does, until noon.")
    page.get_by_role("button", name="Answer").click()
    expect(page.get_by_text("Nobody waits for an answer.")).to_be_visible()

    page.get_by_role("link", name="A quotation from the deal").first.click()
    page.get_by_role("button", name="It teaches what is in force now").click()
    expect(page.get_by_text("in its version 2")).to_be_visible()
    expect(page.get_by_role("heading", name="Trained on what has changed")).to_be_visible()

    page.get_by_role("link", name="Plan a session").click()
    day = timezone.localdate() + timedelta(days=5)
    page.get_by_label("Starts").fill(f"{day}T10:00")
    page.get_by_label("Ends").fill(f"{day}T12:00")
    page.get_by_role("textbox", name="Place").fill("Room 4")
    page.get_by_role("button", name="Save").click()
    page.get_by_label("Person").select_option(str(company.pk))
    page.get_by_role("button", name="Give a seat").click()
    expect(page.get_by_text("has a seat").first).to_be_visible()

    session = Session.objects.get(place="Room 4")
    assert session.course.code == "quotation"
    assert Booking.objects.get(session=session).person == company
