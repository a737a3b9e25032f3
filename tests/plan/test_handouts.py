"""The plan to hand out: papers, slides, a workshop, a calendar and a weekly letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from celery import current_app
from django.conf import settings
from django.core import mail
from django.utils import timezone, translation
from icalendar import Calendar
from pptx import Presentation

from crm_adoption.jobs.models import Job
from crm_adoption.kit.access import END_USER, LEAD, SPONSOR
from crm_adoption.plan import services
from crm_adoption.plan.handouts import digest, paper
from crm_adoption.plan.handouts.deck import deck
from crm_adoption.plan.handouts.facts import clipped, gather
from crm_adoption.plan.handouts.workshop import BREAK_AFTER, workshop
from crm_adoption.plan.ingredients import CHECKS
from crm_adoption.plan.models import CalendarLink, DigestSetting, Message, Phase, Programme, Promise, Reading, Review
from crm_adoption.plan.services.sample_people import describe_programme, make_people
from crm_adoption.plan.services.sample_plan import make_plan
from crm_adoption.plan.tasks import ask_for_digests
from dataquality import reports
from dataquality.services.gates import override_gate
from tests import make

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate(NOW)
SITE = "https://crm.company.example"


@pytest.fixture
def planned(db):
    people = make_people(NOW)
    describe_programme()
    assert make_plan(people, NOW)
    services.take_readings(NOW)


def facts():
    return gather(now=NOW, today=TODAY)


def slides(content):
    """Every text of each slide."""
    found = []
    for slide in Presentation(BytesIO(content)).slides:
        texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        texts += [
            cell.text for shape in slide.shapes if shape.has_table for row in shape.table.rows for cell in row.cells
        ]
        found.append("\n".join(texts))
    return found


def events(content):
    return {str(one["uid"]): one for one in Calendar.from_ical(content).walk("VEVENT")}


def link_of(client, person):
    client.force_login(person)
    made = client.post("/calendar/").context["made"]
    client.logout()
    return made.partition("testserver")[2]


# --- papers -------------------------------------------------------------------------------------------------------
def test_the_page_is_a_pdf_of_one_sheet_however_much_there_is_to_say(planned):
    Programme.objects.update(name="A programme " * 15, purpose="To know our customers " * 40)
    Phase.objects.all().delete()
    for place in range(9):
        services.save_phase(
            Phase(name=f"{place} " + "a phase with a long name " * 4, planned_end=TODAY + timedelta(days=90),
                  tables=["accounts.account", "contacts.contact"]),
            objectives=[], job_roles=[],
        )  # fmt: skip
        Promise.objects.create(text="What we say we shall do by then, " * 9, due_on=TODAY + timedelta(days=place))

    sheet = paper.one_pager(facts(), form="svg")
    made = paper.one_pager(facts())

    assert isinstance(sheet, bytes)  # of several pages typst gives a list
    assert made.startswith(b"%PDF")


def test_markup_in_what_people_wrote_stays_text(planned):
    Programme.objects.update(name='#panic("out") *x* $y$ ]', purpose="#set page(width: 1cm) [[")

    assert paper.one_pager(facts()).startswith(b"%PDF")


def test_papers_and_slides_are_in_the_readers_language(planned):
    with translation.override("zh-hans"):
        chinese = paper.paper_language()
        assert paper.one_pager(facts()).startswith(b"%PDF")

    assert chinese == ("zh-hans" if paper.chinese_font() else "en")
    assert paper.paper_language() == "en"


def test_the_deck_says_the_risk_the_wheel_the_gates_the_actions_and_the_promises(planned):
    known = facts()

    said = slides(deck(known))

    assert len(said) == 7
    assert known.risk_sentence in said[0]
    charts = [s.chart for slide in Presentation(BytesIO(deck(known))).slides for s in slide.shapes if s.has_chart]
    (wheel,) = charts
    evidence = wheel.plots[0].series[0].values
    assert list(evidence) == pytest.approx([one.score for one in known.standing.ingredients])
    assert None in evidence  # without evidence a place stays empty
    assert all(one.phase.name in said[3] for one in known.phases)
    assert known.phases[0].gate.missing[0].sentence in said[3]
    assert str(known.actions[0].state.ingredient) in said[5]
    assert clipped(known.promises[0].text, 130) in said[6]


# --- sealed -------------------------------------------------------------------------------------------------------
def test_a_locked_report_is_sealed_with_its_reasons_and_is_not_even_drawn(planned, monkeypatch):
    drawn: list[str] = []
    for report in reports.every():
        monkeypatch.setitem(reports._reports, report.slug, _watched(report, drawn))

    known = facts()
    said = slides(deck(known))[4]

    assert drawn == []
    assert len(known.sealed) == len(known.reports) > 0
    for report in known.reports:
        assert report.sentences == []
        assert report.title in said
        assert report.reasons[0] in said
    assert "sealed" in said
    assert "n =" not in said


def test_a_report_somebody_answers_for_is_shown_under_its_stamp(planned):
    sponsor = make.person(groups=[SPONSOR], name="Silvia Sponsor")
    override_gate(reports.get("pipeline"), by=sponsor, reason="The board meets", until=NOW + timedelta(days=3), now=NOW)

    shown = next(one for one in facts().reports if one.gate.report.slug == "pipeline")
    said = slides(deck(facts()))[4]

    assert not shown.is_sealed
    assert "Silvia Sponsor" in shown.sentences[0]
    assert "The board meets" in said


def _watched(report, drawn):
    def figures(**asked):
        drawn.append(report.slug)
        return report.figures(**asked)

    return replace(report, figures=figures)


# --- workshop -----------------------------------------------------------------------------------------------------
def test_the_agenda_is_made_of_the_widest_gaps_and_has_breaks(planned):
    starts = timezone.make_aware(datetime(2027, 3, 1, 9, 0))
    known = facts()

    day = workshop(known, starts)

    titles = [block.title for block in day.blocks]
    widest = sorted(known.actions, key=lambda one: -one.removes)[:3]
    assert [title for title in titles if title != "Break"][1:4] == [str(one.state.ingredient) for one in widest]
    assert "What other companies do" in titles
    assert day.timed[0][0] == starts
    assert day.ends_at - starts == timedelta(minutes=sum(block.minutes for block in day.blocks))
    sat = 0
    for block in day.blocks:
        sat = 0 if block.title == "Break" else sat + block.minutes
        assert sat <= BREAK_AFTER
    assert paper.agenda(known, day).startswith(b"%PDF")


def test_a_workshop_is_taken_as_paper_and_as_an_appointment_with_a_lasting_name(client, planned):
    client.force_login(make.person(groups=[LEAD]))
    asked = {"on": "2027-03-01", "at": "13:30"}

    pdf = client.get("/handouts/workshop.pdf", asked)
    (uid, first), *_rest = events(client.get("/handouts/workshop.ics", asked).content).items()

    assert pdf.content.startswith(b"%PDF")
    assert 'filename="workshop-2027-03-01.pdf"' in pdf["Content-Disposition"]
    assert first.start.strftime("%Y-%m-%d %H:%M") == "2027-03-01 13:30"
    assert "What other companies do" in str(first["description"])
    assert uid in events(client.get("/handouts/workshop.ics", asked).content)
    refused = client.get("/handouts/workshop.pdf", {"on": "soon", "at": "13:30"})
    assert refused.status_code == 422
    assert "Enter a valid date." in refused.content.decode()


def test_the_page_offers_every_file_and_names_what_is_sealed(client, planned):
    client.force_login(make.person(groups=[SPONSOR]))

    page = client.get("/handouts/").content.decode()

    for address in ("/handouts/one-page.pdf", "/handouts/deck.pptx", "/handouts/workshop.ics", "/calendar/"):
        assert address in page
    assert "What stands as sealed" in page
    assert client.get("/handouts/one-page.pdf").content.startswith(b"%PDF")
    assert len(slides(client.get("/handouts/deck.pptx").content)) == 7


# --- calendar -----------------------------------------------------------------------------------------------------
def test_a_calendar_holds_the_days_of_the_plan_with_names_that_last(client, planned):
    address = link_of(client, make.person(groups=[LEAD]))

    found = events(client.get(address).content)

    phase = Phase.objects.filter(planned_end__isnull=False)[0]
    opening = found[f"phase-{phase.pk}-opens@testserver"]
    assert opening.start == phase.planned_end
    assert opening.end == phase.planned_end + timedelta(days=1)
    assert str(opening["url"]) == f"http://testserver{phase.get_absolute_url()}"
    for promise in Promise.objects.all():
        assert found[f"promise-{promise.pk}-due@testserver"].start == promise.due_on
    Phase.objects.filter(pk=phase.pk).update(planned_end=phase.planned_end + timedelta(days=5))
    again = events(client.get(address).content)
    assert again.keys() == found.keys()
    assert again[f"phase-{phase.pk}-opens@testserver"].start == phase.planned_end + timedelta(days=5)


def test_an_end_user_reads_phases_and_own_promises_but_no_message_or_review(client):
    mine = Promise.objects.create(text="The app is quick", due_on=TODAY)
    theirs = Message.objects.create(subject="Board", audience="executives", moment="planning", due_on=TODAY)
    private = Promise.objects.create(text="For the board", due_on=TODAY, message=theirs)
    review = Review.objects.create(planned_on=TODAY)
    user, lead = make.person(groups=[END_USER]), make.person(groups=[LEAD])

    read = events(client.get(link_of(client, user)).content).keys()
    all_of_it = events(client.get(link_of(client, lead)).content).keys()

    hidden = {f"message-{theirs.pk}-due@testserver", f"promise-{private.pk}-due@testserver",
              f"review-{review.pk}-day@testserver"}  # fmt: skip
    assert f"promise-{mine.pk}-due@testserver" in read
    assert not hidden & read
    assert hidden <= all_of_it


def test_a_link_is_shown_once_kept_as_a_digest_and_opens_nothing_once_revoked(client):
    person = make.person(groups=[LEAD])
    address = link_of(client, person)
    key = address.partition("key=")[2]

    assert client.get(address).status_code == 200
    assert CalendarLink.objects.get().digest not in (key, "")
    client.force_login(person)
    assert key not in client.get("/calendar/").content.decode()
    assert client.post("/calendar/revoke/").status_code == 302
    client.logout()

    assert client.get(address).status_code == 404
    assert client.get("/calendar/plan.ics").status_code == 404
    assert client.get("/calendar/plan.ics", {"key": "x" * 10_000}).status_code == 404


def test_a_new_link_ends_the_old_one_and_so_does_leaving(client):
    person = make.person(groups=[LEAD])
    first = link_of(client, person)
    second = link_of(client, person)

    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200
    type(person).objects.filter(pk=person.pk).update(is_active=False)
    assert client.get(second).status_code == 404


# --- weekly letter ------------------------------------------------------------------------------------------------
def test_each_lead_and_sponsor_gets_one_letter_a_week(planned):
    mail.outbox.clear()
    wanted = set(services.digest_readers().values_list("email", flat=True))
    off = make.person(groups=[SPONSOR])
    services.set_digest(off, wanted=False)
    make.person(groups=[END_USER])

    sent = services.send_digests(now=NOW, today=TODAY, site=SITE)
    again = services.send_digests(now=NOW, today=TODAY, site=SITE)

    assert {to for letter in mail.outbox for to in letter.to} == wanted
    assert (sent, again) == (len(wanted), 0)
    assert services.send_digests(now=NOW + timedelta(days=7), today=TODAY + timedelta(days=7), site=SITE) == len(wanted)
    services.set_digest(off, wanted=True)
    assert off.email in services.digest_readers().values_list("email", flat=True)


def test_the_letter_says_risk_gates_promises_voices_and_the_overdue_review(planned):
    soon = Promise.objects.create(text="Answers within a day", due_on=TODAY + timedelta(days=7))
    later = Promise.objects.create(text="Not this week", due_on=TODAY + timedelta(days=8))
    missed = Promise.objects.create(text="Long promised", due_on=TODAY - timedelta(days=1))
    found = digest.week(now=NOW, today=TODAY)

    subject, body = digest.letter(found, site=SITE)

    assert facts().risk_words in subject
    assert "of what matters is measured" in body
    assert soon.text in body
    assert f"(overdue): {missed.text}" in body
    assert later.text not in body
    assert f"{found.answering.open} voices wait" in body
    assert f"{found.cycle.overdue} days overdue" in body
    assert f"{SITE}/calendar/" in body


def test_the_letter_names_a_report_that_shut_and_one_that_opened_this_week(db):
    measured = reports.get("pipeline").footprint
    for table in measured.tables:
        _score(table, "", passes=True, days=10)
    for table, field in measured.cells:
        _score(table, field, passes=True, days=10)
    table = measured.tables[0]
    before = digest.week(now=NOW, today=TODAY)
    _score(table, "", passes=False, days=1)

    after = digest.week(now=NOW, today=TODAY)

    assert "Pipeline by stage and owner" not in [title for title, _why in before.shut]
    assert "Pipeline by stage and owner" in [title for title, _why in after.shut]
    _subject, body = digest.letter(after, site=SITE)
    assert "“Pipeline by stage and owner” is sealed now." in body


def _score(table, field, *, passes, days):
    rows, wrong = 1000, 0 if passes else 400
    return make.score(
        table=table, field=field, rows=rows, wrong=wrong, rate=wrong / rows, passes=passes, to_fix=wrong,
        taken_at=NOW - timedelta(days=days),
    )  # fmt: skip


def test_the_letter_says_how_the_risk_moved(db):
    services.seed()
    for check in CHECKS.values():
        for days, value in ((8, check.floor), (0, check.target)):
            at = NOW - timedelta(hours=1, days=days)
            Reading.objects.create(check_slug=check.slug, value=value, n=9, at=at, taken_on=at.date())

    _subject, body = digest.letter(digest.week(now=NOW, today=TODAY), site=SITE)

    assert "lower than a week ago" in body


def test_monday_asks_for_the_letters_once():
    entry = settings.CELERY_BEAT_SCHEDULE["send-digests"]
    assert entry["task"] == ask_for_digests.name in current_app.tasks
    assert entry["schedule"].day_of_week == {1}

    ask_for_digests()
    ask_for_digests()

    assert Job.objects.filter(kind="send_digests").count() == 1


def test_a_person_switches_the_letter_off_and_on(client):
    lead = make.person(groups=[LEAD])
    client.force_login(lead)

    client.post("/calendar/letter/", {"wanted": "no"})
    assert "You get no weekly letter." in client.get("/calendar/").content.decode()
    assert not services.wants_digest(lead)
    client.post("/calendar/letter/", {"wanted": "yes"})

    assert DigestSetting.objects.get(person=lead).is_wanted
    assert services.wants_digest(lead)
