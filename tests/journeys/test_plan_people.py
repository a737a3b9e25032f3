"""The plan as others of the sample company meet it on a phone: the sponsor acts, a champion answers, a user reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone, translation
from django.utils.translation import gettext
from playwright.sync_api import Locator, Page, expect

from crm_adoption.kit.access import CHAMPION, END_USER, SPONSOR
from crm_adoption.people.models import JobRole, Person, Team
from crm_adoption.plan import services
from crm_adoption.plan.models import Feedback, GateAct, LeaderAct, Phase, Promise, Reading, Recognition
from crm_adoption.plan.queries.communication import voices_of
from crm_adoption.plan.services.sample_people import describe_programme, make_people
from crm_adoption.plan.services.sample_plan import make_plan

pytestmark = [pytest.mark.journey, pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 360, "height": 740}
HALF = "Half of the tables people work with are clean by the end of the first phase."
WEEK = "Whoever asks gets an answer within a week."
SHEET = "The weekly sheet is not asked for any more."
QUESTION = "Tell us what counts as a visit."


@pytest.fixture
def company():
    """The sample company with its plan; a promise was kept, and the one who signs in as end-user sells for it."""
    services.seed()
    now, today = timezone.now(), timezone.localdate()
    people = make_people(now)
    describe_programme()
    due = today - timedelta(days=60)
    Reading.objects.create(check_slug="data.tables-passing", value=0.6, n=9, at=now - timedelta(days=61), taken_on=due)
    make_plan(people, now)
    services.take_readings(now)
    role, team = JobRole.objects.get(name="Account manager"), Team.objects.get(name="Sales DACH")
    me: Person = Person.objects.create_user("end-user@example.test", name="Ada End-User", job_role=role, team=team)
    me.groups.add(Group.objects.get(name=END_USER))
    return me


@pytest.fixture
def seen(picture: Callable[[Page, str], Path], axe: Callable[[Page], list[str]]) -> Callable[[Page, str], None]:
    """A picture of this step; no rule is broken on it, and it is no wider than the screen."""

    def look(page: Page, name: str) -> None:
        picture(page, f"people-{name}")
        assert axe(page) == [], name
        assert page.viewport_size is not None
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], name

    return look


class Taps:
    """Counts what a thumb does; what is typed is not counted."""

    def __init__(self) -> None:
        self.n = 0

    def tap(self, place: Locator) -> None:
        self.n += 1
        place.click()


def test_the_sponsor_sees_the_risk_and_thanks_acts_and_overrides_in_two_taps_each(page_as, company, seen):
    page = page_as(SPONSOR, **PHONE)
    champion = Person.objects.get(groups__name=CHAMPION)

    page.goto("/")
    expect(page.locator(".lead")).to_contain_text("The risk that the programme fails lies between")
    seen(page, "sponsor-home")
    thanks = Taps()
    thanks.tap(page.get_by_role("link", name="Thank somebody"))
    page.get_by_label("To", exact=True).select_option(str(champion.pk))
    page.get_by_label("Contributed to").fill("Sales DACH was the first team whose accounts passed.")
    thanks.tap(page.get_by_role("button", name="Save"))
    expect(page.get_by_text("Your thanks are written down").first).to_be_visible()
    given = Recognition.objects.get(given_by__email="executive.sponsor@example.test")
    assert (given.to, thanks.n) == (champion, 2)

    page.goto("/sponsor/")
    expect(page.locator(".lead")).to_contain_text("The risk that the programme fails lies between")
    seen(page, "sponsor")
    act = Taps()
    act.tap(page.get_by_role("link", name="I did something for it"))
    page.get_by_label("Kind").select_option(index=1)
    page.get_by_label("Moment").select_option(index=1)
    page.get_by_label("On", exact=True).fill(str(timezone.localdate()))
    page.get_by_label("Evidence").fill("Opened the review of the quarter.")
    act.tap(page.get_by_role("button", name="Save"))
    expect(page.get_by_text("The act is written down.").first).to_be_visible()
    assert LeaderAct.objects.filter(evidence="Opened the review of the quarter.", leader=given.given_by).exists()
    assert act.n == 2

    page.goto("/sponsor/")
    tile = page.get_by_role("article").filter(has_text="Pipeline")
    override = Taps()
    override.tap(tile.get_by_text("Open it in spite of that"))
    tile.get_by_label("Reason").fill("The quarter begins; the contact roles follow within the month.")
    tile.get_by_label("Until").fill(str(timezone.localdate() + timedelta(days=14)))
    seen(page, "sponsor-override")
    override.tap(tile.get_by_role("button", name="I answer for it"))
    expect(page.get_by_text("The override is written down").first).to_be_visible()
    written = GateAct.objects.get(phase=Phase.objects.get(name="Pipeline"))
    assert (written.outcome, written.by, override.n) == (GateAct.Outcome.OVERRIDDEN, given.given_by, 2)


def test_a_champion_answers_and_every_voice_meets_the_answer(page_as, company, seen):
    voice = page_as(END_USER, **PHONE)
    voice.goto("/feedback/")
    voice.get_by_role("link", name=QUESTION).click()
    expect(voice.get_by_text("Nobody has answered yet.")).to_be_visible()
    voice.get_by_role("button", name="Me too").click()
    expect(voice.get_by_role("button", name="Take my voice back")).to_be_visible()

    champion = page_as(CHAMPION, **PHONE)
    champion.goto("/feedback/?state=open")
    champion.get_by_role("link", name=QUESTION).click()
    champion.get_by_role("textbox", name="Answer").fill(
        "Whenever you sat at the customer's table, also for ten minutes."
    )
    seen(champion, "champion")
    champion.get_by_role("button", name="Answer").click()
    expect(champion.get_by_text("also for ten minutes").first).to_be_visible()
    answered = Feedback.objects.get(text=QUESTION)
    assert answered.answered_by == Person.objects.get(email="champion@example.test")

    for person in (company, answered.raised_by):
        assert answered in voices_of(person)
    voice.goto("/for-me/")
    voice.get_by_role("link", name=QUESTION).click()
    expect(voice.get_by_text("also for ten minutes").first).to_be_visible()
    seen(voice, "voice")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_an_end_user_reads_what_was_promised_to_them_and_what_came_of_it(page_as, company, seen, language):
    broken = Promise.objects.get(text=SHEET)
    services.settle_by_hand(broken, kept=False, note="It was asked for on Friday.", today=timezone.localdate())
    company.language = language
    company.save(update_fields=["language"])
    page = page_as(END_USER, **PHONE)

    page.goto("/for-me/")

    with translation.override(language):
        title, kept, not_kept, still = (gettext(word) for word in ("Promised to you", "kept", "broken", "not due yet"))
    assert page.locator("html").get_attribute("lang") == language
    assert (title != "Promised to you") == (language != "en")
    promised = page.get_by_role("region", name=title).get_by_role("listitem")
    expect(promised).to_have_count(3)
    for text, state, came in ((HALF, kept, "60"), (SHEET, not_kept, "It was asked for on Friday."), (WEEK, still, "")):
        line = promised.filter(has_text=text)
        expect(line).to_contain_text(state)
        expect(line).to_contain_text(came)
    seen(page, f"promises-{language}")
