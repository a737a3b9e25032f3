"""The adoption lead's whole way with a phase in a browser: an empty plan, a refusal that names all, an open gate.

The sample company's people, no plan and nothing mirrored; a real worker imports and takes the readings.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from django.utils.formats import date_format
from playwright.sync_api import Page, expect

from crm_adoption.jobs.models import Job
from crm_adoption.kit.access import LEAD
from crm_adoption.people.models import JobRole, Person, Seat
from crm_adoption.plan import services
from crm_adoption.plan.models import GateAct, Phase
from crm_adoption.plan.services.sample_people import describe_programme, make_people
from tests.jobs.workers import wait_until

pytestmark = [pytest.mark.journey, pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PATIENCE = 120_000.0  # milliseconds; the machine may be busy with other things
ROLE = "Team lead"
NAME = "The quarter from one list"
SPILLED = """() => [...document.querySelectorAll("fieldset label")].filter(label => {
    const inner = label.getBoundingClientRect(), outer = label.closest("fieldset").getBoundingClientRect();
    return inner.bottom > outer.bottom + 1 || inner.right > outer.right + 1;
}).map(label => label.innerText)"""  # choices that lie outside of their group
EXPORT = "Account ID,Account Name,Website\n" + "".join(
    f"A-{n},Laboratory {n},laboratory-{n}.example\n" for n in range(1, 41)
)


@pytest.fixture
def company():
    """The people of the sample company and what its programme is for; the plan is empty."""
    services.seed()
    make_people(timezone.now())
    describe_programme()


@pytest.fixture
def seen(picture: Callable[[Page, str], Path], axe: Callable[[Page], list[str]]) -> Callable[[Page, str], None]:
    """A picture of this step, and no rule broken on it."""

    def look(page: Page, name: str) -> None:
        picture(page, f"phase-{name}")
        assert axe(page) == [], name

    return look


def save(page: Page, said: str) -> None:
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(said).first).to_be_visible()


def missing(page: Page) -> list[str]:
    return page.locator("#gate .gate-list a").all_inner_texts()


def follow(page: Page, phase: Phase, words: str) -> None:
    """From the phase's gate along the link of one thing it lacks."""
    page.goto(phase.get_absolute_url())
    page.locator("#gate .gate-list a", has_text=words).first.click()


def test_from_an_empty_plan_to_a_phase_that_is_refused_and_then_opens(page_as, start_worker, company, seen, tmp_path):
    worker = start_worker("journey")
    page, today = page_as(LEAD), timezone.localdate()

    page.goto("/phases/")
    expect(page.get_by_text("No phase is planned yet")).to_be_visible()
    seen(page, "1-empty")
    page.goto("/objectives/new/")
    page.get_by_label("Statement").fill("A forecast that holds")
    save(page, "The objective is saved.")

    page.goto("/phases/")
    page.get_by_role("link", name="Plan the first phase").click()
    page.get_by_label("Name").fill(NAME)
    page.get_by_label("Goal").fill("The team leads plan the quarter from one list.")
    page.get_by_label("A forecast that holds").check()
    page.get_by_label(ROLE, exact=True).check()
    page.get_by_label("Accounts", exact=True).check()
    page.get_by_label("Planned start").fill(str(today - timedelta(days=20)))
    page.get_by_label("Planned end").fill(str(today + timedelta(days=20)))
    page.get_by_label("Capacity days").fill("10")
    assert page.evaluate(SPILLED) == []
    seen(page, "2-new")
    save(page, "The phase is saved.")
    phase = Phase.objects.get(name=NAME)

    page.get_by_role("link", name="New item").click()
    page.get_by_label("Title").fill("Agree on what a team's list shows")
    page.get_by_label("Track").select_option(label="people")
    page.get_by_label("Job role").select_option(label=ROLE)
    page.get_by_label("Objective").select_option(label="A forecast that holds")
    page.get_by_label("Effort days").fill("4")
    save(page, "The item is saved.")
    page.goto(phase.get_absolute_url())
    page.get_by_text("Ask for another check").click()
    page.get_by_label("Check").select_option(label="Required seats filled")
    page.get_by_label("Threshold").fill("1")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("The gate asks for it from now on.")).to_be_visible()
    page.get_by_role("button", name="Approve its scope").click()
    expect(page.get_by_text("is approved")).to_be_visible()

    move_with_the_keyboard(page, phase)

    page.goto(phase.get_absolute_url())
    page.get_by_role("button", name="Open it to its users").click()
    expect(page.get_by_text("stays shut").first).to_be_visible()
    lacks = missing(page)
    for words in (
        "no export was imported yet", "never measured", "Nobody is technology owner", f"No use case of “{NAME}”",
        f"{ROLE} has no course yet", "were told about", f"{ROLE}: no way to the CRM on the laptop",
    ):  # fmt: skip
        assert any(words in one for one in lacks), (words, lacks)
    assert sum("The step" in one for one in lacks) == 6
    act = GateAct.objects.get(phase=phase)
    assert (act.outcome, [one["sentence"] for one in act.missing]) == (GateAct.Outcome.REFUSED, lacks)
    seen(page, "3-refused")

    open_a_way(page, phase)
    fill_the_seats(page, phase)
    let_the_champions_meet(page)
    try_it(page, phase)
    tell_them(page, phase)
    train_them(page, phase, tmp_path)
    page.goto(phase.get_absolute_url())
    for step in phase.steps.exclude(kind__in=("deploy", "analyse")):
        page.get_by_role("button", name=f"{step.get_kind_display()} is done", exact=True).click()
    worker.ready()
    import_clean_accounts(page, tmp_path)

    page.goto(phase.get_absolute_url())
    assert missing(page) == []
    expect(page.get_by_text("Its gate is open")).to_be_visible()
    seen(page, "4-ready")
    page.get_by_role("button", name="Open it to its users").click()
    expect(page.get_by_text(f"“{NAME}” is open to its users.")).to_be_visible()
    seen(page, "5-open")
    phase.refresh_from_db()
    assert phase.state == Phase.State.OPEN
    assert list(GateAct.objects.filter(phase=phase).values_list("outcome", flat=True)) == ["opened", "refused"]
    for width, theme in ((1280, "dark"), (360, "light")):
        other = page_as(LEAD, width=width, theme=theme)
        other.goto("/phases/")
        seen(other, f"6-timeline-{theme}-{width}")
        other.goto(phase.get_absolute_url())
        seen(other, f"6-phase-{theme}-{width}")
        assert other.evaluate("document.documentElement.scrollWidth") <= width


def move_with_the_keyboard(page: Page, phase: Phase) -> None:
    """The bar moves by weeks; Escape gives it back, Shift moves its end alone, Enter saves."""
    start, end = phase.planned_start, phase.planned_end
    assert start is not None
    assert end is not None
    page.goto("/phases/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # to the content, past the places
    bar = page.get_by_role("button", name=re.compile(f"^{NAME}"))
    for _press in range(5):
        page.keyboard.press("Tab")
        if bar.evaluate("bar => bar === document.activeElement"):
            break
    expect(bar).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Escape")
    expect(page.locator("[data-said]")).to_have_text(f"{start} – {end}")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    week = timedelta(days=7)
    expect(page.locator("[data-said]")).to_have_text(f"✓ {start + week} – {end + 2 * week}")
    phase.refresh_from_db()
    assert (phase.planned_start, phase.planned_end) == (start + week, end + 2 * week)


def open_a_way(page: Page, phase: Phase) -> None:
    follow(page, phase, "no way to the CRM")
    page.get_by_role("link", name="New way").first.click()
    page.get_by_label("Job role").select_option(label=ROLE)
    page.get_by_label("Client").fill("Web browser")
    page.get_by_label("Device").select_option(label="laptop")
    page.get_by_label("Steps").fill("2")
    page.get_by_label("State").select_option(label="open")
    save(page, "The way is saved.")


def fill_the_seats(page: Page, phase: Phase) -> None:
    follow(page, phase, "technology owner")
    holder = Person.objects.get(name="Łukasz Śliwka")
    for seat in Seat.objects.vacant().filter(kind__in=("technology_owner", "champion")):
        page.goto(f"/people/seats/{seat.pk}/")
        page.get_by_label("Who answers").select_option(str(holder.pk))
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text(holder.name).first).to_be_visible()


def let_the_champions_meet(page: Page) -> None:
    """The committee is one of the seats of a small IT; it sits once it has met."""
    page.goto("/committee/")
    page.get_by_role("link", name="Call the committee").click()
    page.get_by_label("Planned on").fill(str(timezone.localdate()))
    save(page, "The meeting is planned")
    page.get_by_role("button", name="It is held today").click()
    expect(page.get_by_role("button", name="It is held today")).to_have_count(0)


def try_it(page: Page, phase: Phase) -> None:
    follow(page, phase, "No use case")
    page.get_by_role("link", name="New trial").first.click()
    page.get_by_label("Phase").select_option(label=NAME)
    page.get_by_label("Use case").fill("Plan the quarter with the team")
    page.get_by_label("Job role").select_option(label=ROLE)
    page.get_by_label("Like production").check()
    page.get_by_label("As end user").check()
    page.get_by_label("Passed").select_option(label="Yes")
    page.get_by_label("On", exact=True).fill(str(timezone.localdate()))
    save(page, "The trial is saved.")


def tell_them(page: Page, phase: Phase) -> None:
    """A draft from the plan's own facts is kept as a message, and sent."""
    follow(page, phase, "were told about")
    draft = page.get_by_role("form", name="The draft", exact=True)
    expect(draft.get_by_label("Job role")).to_have_value(str(JobRole.objects.get(name=ROLE).pk))
    expect(draft.get_by_label("Phase")).to_have_value(str(phase.pk))
    assert phase.planned_end is not None
    expect(draft.get_by_label("Body")).to_have_value(re.compile(re.escape(date_format(phase.planned_end))))
    draft.get_by_label("Subject").fill("Your quarter, from one list")
    draft.get_by_role("button", name="Keep it as a message").click()
    expect(page.get_by_text("The message is saved.").first).to_be_visible()
    page.get_by_role("button", name="I sent it elsewhere").click()
    expect(page.get_by_text("Sent on").first).to_be_visible()


def train_them(page: Page, phase: Phase, folder: Path) -> None:
    """A course for the role, and its completions from a file of the learning system."""
    follow(page, phase, "has no course yet")
    page.goto("/training/courses/new/")
    page.get_by_label("Title").fill("Planning the quarter")
    page.get_by_label("How files and programs name it").or_(page.get_by_label("Code")).first.fill("quarter")
    page.get_by_label("Kind").select_option(value="role")
    page.get_by_label(ROLE, exact=True).check()
    page.get_by_label("Minutes about process").fill("60")
    page.get_by_label("Minutes about the tool").fill("30")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Planning the quarter")).to_be_visible()
    file = folder / "completions.csv"
    rows = Person.objects.filter(job_role__name=ROLE, left_on=None).values_list("email", flat=True)
    yesterday = timezone.localdate() - timedelta(days=1)
    file.write_text("Email address,Course completion date\n".replace("Course completion date", "Completion date")
                    + "".join(f"{email},{yesterday}\n" for email in rows))  # fmt: skip
    page.goto("/training/imports/new/")
    page.get_by_label("What it holds").select_option(value="completions")
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_label("Course", exact=True).select_option(label="Planning the quarter")
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_text("Counted").first).to_be_visible()


def import_clean_accounts(page: Page, folder: Path) -> None:
    """Through the import that everybody uses; the worker takes the readings afterwards, by itself."""
    file = folder / "accounts.csv"
    file.write_text(EXPORT)
    page.goto("/imports/new/")
    page.get_by_label("Drop the export here").set_input_files(file)
    page.get_by_label("Or the name of a new source").fill("Our CRM")
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_role("heading", name="What it would do")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("heading", name="Applied")).to_be_visible(timeout=PATIENCE)
    wait_until(lambda: Job.objects.filter(kind="take_readings", state=Job.State.DONE).exists(), 120, "no readings")
