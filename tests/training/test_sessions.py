"""Sessions: seats, the waiting list, invitations that update and cancel, and who came."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from email import message_from_bytes
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone
from icalendar import Calendar

from crm_adoption.jobs.models import Job
from crm_adoption.jobs.services import run_here
from crm_adoption.kit.access import END_USER, SPONSOR, TRAINER
from crm_adoption.kit.errors import Refusal
from dataquality import subjects
from dataquality.models.matching import MatchRun, Pair
from tests import make
from tests.training import made
from training import queries, services
from training.models import Booking, Completion, Session

pytestmark = pytest.mark.django_db
State = Booking.State


@pytest.fixture
def now() -> datetime:
    return timezone.now().replace(microsecond=0)


def states(session: Session) -> list[str]:
    return [one.state for one in session.bookings.order_by("asked_at", "pk")]


def event_in(message: Any) -> tuple[str, Any]:
    """The calendar method and the event of a letter, as a mail program finds them."""
    sent = message_from_bytes(message.message().as_bytes())
    part = next(one for one in sent.walk() if one.get_content_type() == "text/calendar")
    calendar = Calendar.from_ical(part.get_payload(decode=True))  # type: ignore[arg-type]
    assert part.get_param("method") == str(calendar["METHOD"])
    return str(calendar["METHOD"]), calendar.events[0]


# --- seats --------------------------------------------------------------------------------------------------------
def test_who_comes_after_the_last_seat_waits_and_gets_the_first_that_is_given_back(now):
    session = made.session(seats=2, now=now)
    people = [make.person() for _ in range(4)]
    for minute, person in enumerate(people):
        services.book(session, person, now=now + timedelta(minutes=minute))
    assert states(session) == [State.BOOKED, State.BOOKED, State.WAITING, State.WAITING]

    services.leave(session, people[0])

    assert states(session) == [State.LEFT, State.BOOKED, State.BOOKED, State.WAITING]
    session.refresh_from_db()
    session.seats = 3
    services.change_session(session, now=now)
    assert states(session)[3] == State.BOOKED


def test_booking_twice_is_booking_once(now):
    session, person = made.session(now=now), make.person()

    assert services.book(session, person, now=now) == services.book(session, person, now=now)


@pytest.mark.django_db(transaction=True)
def test_two_people_who_want_the_last_seat_at_once_do_not_both_get_it(now):
    session = made.session(seats=1, now=now)
    people = [make.person() for _ in range(6)]
    ready = threading.Barrier(len(people))

    def wish(person):
        ready.wait()
        services.book(session, person, now=timezone.now())
        connection.close()

    threads = [threading.Thread(target=wish, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(states(session)) == [State.BOOKED, *[State.WAITING] * 5]


def test_what_cannot_be_is_refused_with_the_way_out(now):
    session, person = made.session(now=now, seats=2), make.person(name="Anna")
    services.book(session, person, now=now)
    services.book(session, make.person(), now=now)

    session.seats = 1
    with pytest.raises(Refusal, match="2 people have a seat already"):
        services.change_session(session, now=now)
    with pytest.raises(Refusal, match="Anna has a seat in"):
        services.book(made.session(now=now), person, now=now)
    with pytest.raises(Refusal, match="over already"):
        made.session(now=now, starts_at=now - timedelta(days=2))
    with pytest.raises(Refusal, match="ends after it has begun"):
        made.session(now=now, starts_at=now + timedelta(days=1), ends_at=now)
    with pytest.raises(Refusal, match="is over"):
        services.book(session, make.person(), now=session.ends_at)
    services.cancel_session(session, now=now)
    with pytest.raises(Refusal, match="was cancelled"):
        services.book(session, make.person(), now=now)
    with pytest.raises(Refusal, match="was cancelled"):
        services.cancel_session(session, now=now)


# --- invitations --------------------------------------------------------------------------------------------------
def test_an_invitation_updates_and_cancels_under_one_uid_with_a_sequence_that_rises(now):
    person = make.person(name="Anna", email="anna@company.example")
    session = made.session(now=now, place="Room 1")
    services.book(session, person, now=now)

    assert services.tell(session, now=now) == 1
    assert services.tell(session, now=now) == 0
    session.refresh_from_db()
    session.place = "Room 2"
    services.change_session(session, now=now)
    assert services.tell(session, now=now) == 1
    services.cancel_session(session, now=now)
    assert services.tell(session, now=now) == 1
    assert services.tell(session, now=now) == 0

    found = [event_in(message) for message in mail.outbox]
    assert [method for method, _event in found] == ["REQUEST", "REQUEST", "CANCEL"]
    assert len({str(event["UID"]) for _method, event in found}) == 1
    assert [int(event["SEQUENCE"]) for _method, event in found] == [0, 1, 2]
    assert [str(event["STATUS"]) for _method, event in found] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert [str(event["LOCATION"]) for _method, event in found] == ["Room 1", "Room 2", "Room 2"]
    attendee = found[0][1]["ATTENDEE"]
    assert (str(attendee), attendee.params["CN"], attendee.params["PARTSTAT"]) == (
        "mailto:anna@company.example", "Anna", "ACCEPTED"
    )  # fmt: skip
    assert found[0][1].start == session.starts_at
    assert found[0][1].end == session.ends_at


def test_somebody_who_goes_and_comes_back_gets_letters_a_calendar_takes_in_order(now):
    session, person = made.session(now=now), make.person()
    for act in (services.book, services.leave, services.book):
        act(session, person, **({"now": now} if act is services.book else {}))
        services.tell(session, now=now)

    found = [event_in(message) for message in mail.outbox]

    assert [method for method, _event in found] == ["REQUEST", "CANCEL", "REQUEST"]
    numbers = [int(event["SEQUENCE"]) for _method, event in found]
    assert numbers == sorted(set(numbers))
    assert len({str(event["UID"]) for _method, event in found}) == 1


def test_who_waits_or_has_gone_is_not_written_to_until_there_is_something_to_say(now):
    session = made.session(now=now, seats=1)
    first, waiting = make.person(), make.person()
    services.book(session, first, now=now)
    services.book(session, waiting, now=now)
    services.tell(session, now=now)
    assert [message.to for message in mail.outbox] == [[first.email]]

    services.leave(session, first)
    services.tell(session, now=now)
    session.refresh_from_db()
    session.practice = "Their own quotations."
    services.change_session(session, now=now)
    services.tell(session, now=now)

    said = [(message.to[0], event_in(message)[0]) for message in mail.outbox[1:]]
    assert sorted(said) == sorted([(first.email, "CANCEL"), (waiting.email, "REQUEST"), (waiting.email, "REQUEST")])


def test_a_change_that_no_calendar_shows_writes_to_nobody(now):
    session, person = made.session(now=now, seats=5), make.person()
    services.book(session, person, now=now)
    services.tell(session, now=now)
    session.refresh_from_db()

    session.seats = 9
    services.change_session(session, now=now)

    assert services.tell(session, now=now) == 0


def test_a_letter_names_nobody_else_who_comes(now):
    session = made.session(now=now)
    people = [make.person(name=f"Secret {n}") for n in range(3)]
    for person in people:
        services.book(session, person, now=now)

    services.tell(session, now=now)

    for message in mail.outbox:
        text = message.message().as_string()
        assert sum(str(person.email) in text for person in people) == 1


def test_a_letter_is_in_the_language_and_time_zone_of_who_gets_it(now):
    starts = now.replace(hour=8, minute=0, second=0) + timedelta(days=3)
    session = made.session(now=now, starts_at=starts)
    services.book(session, make.person(time_zone="Asia/Shanghai"), now=now)

    services.tell(session, now=now)

    assert f"{starts:%Y-%m-%d} 16:00 (Asia/Shanghai)" in mail.outbox[0].body


# --- who came -----------------------------------------------------------------------------------------------------
def test_the_list_notes_who_came_and_who_did_not_and_coming_is_evidence(now):
    session = made.session(now=now, starts_at=now + timedelta(hours=1))
    came, missed, walked_in = make.person(), make.person(), make.person()
    services.book(session, came, now=now)
    services.book(session, missed, now=now)
    over = session.ends_at + timedelta(hours=1)

    services.note_attendance(session, present=[came, walked_in], absent=[missed], via="list", now=over)

    assert dict(session.bookings.values_list("person", "was_there")) == {
        came.pk: True, missed.pk: False, walked_in.pk: True
    }  # fmt: skip
    done = Completion.objects.done()
    assert {one.person_id for one in done} == {came.pk, walked_in.pk}
    assert {(one.via, one.done_at) for one in done} == {("session", session.ends_at)}
    with pytest.raises(Refusal, match="that stays"):
        services.leave(session, came)


def test_coming_to_reinforcement_is_not_having_taken_the_course(now):
    session = made.session(now=now, starts_at=now + timedelta(minutes=10), purpose="reinforcement")

    services.note_attendance(session, present=[make.person()], via="list", now=now)

    assert not Completion.objects.exists()


def test_the_code_counts_around_the_session_only_and_nobody_can_make_one_up(now):
    session, person = made.session(now=now, starts_at=now + timedelta(days=1)), make.person()
    key = services.key_of(session)
    assert services.session_of(key) == session

    for moment in (now, session.ends_at + timedelta(hours=3)):
        with pytest.raises(Refusal, match="half an hour before"):
            services.check_in(session, person, now=moment)
    assert services.check_in(session, person, now=session.starts_at).via == "qr"
    for wrong in (key[:-1] + ("a" if key[-1] != "a" else "b"), "nonsense", ""):
        with pytest.raises(Refusal, match="belongs to no session"):
            services.session_of(wrong)


# --- practice -----------------------------------------------------------------------------------------------------
def test_people_practise_on_their_own_records_and_see_nobody_elses():
    me, other = make.person(), make.person()
    deals = make.batch(make.source(), subjects.get("accounts.opportunity"))
    mine, theirs = make.records(deals, {"name": "My deal", "owner": me}, {"name": "Their deal", "owner": other})
    companies = make.batch(deals.source, subjects.get("accounts.account"))
    one, two = make.records(companies, {"name": "Ahlborn", "owner": me}, {"name": "Ahlborn GmbH", "owner": other})
    run = MatchRun.objects.create(table="accounts.account", kind=MatchRun.Kind.FULL, started_at=timezone.now())
    sides = {"table_a": "accounts.account", "a": one.pk, "table_b": "accounts.account", "b": two.pk}
    Pair.objects.create(run=run, probability=0.9, weight=8.0, **sides)
    make.finding(one, "name.required")
    assert theirs.owner == other

    found = queries.practice(me)

    assert found.without_role == [mine]
    assert found.duplicates == [("Ahlborn", "Ahlborn GmbH")]
    assert found.faults == 1
    make.records(make.batch(deals.source, subjects.get("contacts.contactrole")),
                 {"opportunity": mine, "contact": make.record(
                     make.batch(deals.source, subjects.get("contacts.contact")), full_name="Ina")})  # fmt: skip
    assert queries.practice(me).without_role == []
    assert queries.practice(make.person()).is_empty


# --- the pages ----------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_a_trainer_plans_seats_changes_and_cancels_and_letters_follow(client, now):
    client.force_login(make.person(groups=[TRAINER]))
    person, course = make.person(name="Anna"), made.course()
    sent = {"course": course.pk, "purpose": "training", "starts_at": f"{now + timedelta(days=2):%Y-%m-%dT10:00}",
            "ends_at": f"{now + timedelta(days=2):%Y-%m-%dT12:00}", "seats": 4, "place": "Room 1"}  # fmt: skip

    client.post("/training/sessions/new/", sent)
    session = Session.objects.get()
    client.post(f"/training/sessions/{session.pk}/seat/", {"person": person.pk})
    run_here(Job.objects.get(kind="tell_session"))
    assert "Anna" in client.get(f"/training/sessions/{session.pk}/").content.decode()
    client.post(f"/training/sessions/{session.pk}/change/", sent | {"place": "Room 2"})
    run_here(Job.objects.filter(kind="tell_session").latest("pk"))
    client.post(f"/training/sessions/{session.pk}/cancel/")
    run_here(Job.objects.filter(kind="tell_session").latest("pk"))

    assert [message.subject.split(":")[0] for message in mail.outbox] == ["Your seat", "Changed", "Cancelled"]
    page = client.get("/training/sessions/?state=cancelled").content.decode()
    assert "cancelled" in page


def test_an_end_user_takes_a_seat_gives_it_back_and_gets_a_calendar_file(client, now):
    me = make.person(groups=[END_USER], job_role=make.job_role())
    session = made.session(now=now)
    client.force_login(me)
    assert "Take a seat" in client.get("/my-training/").content.decode()

    assert "You have a seat" in client.post(f"/my-training/seats/{session.pk}/take/", follow=True).content.decode()
    file = Calendar.from_ical(client.get(f"/training/sessions/{session.pk}/session.ics").content)
    assert str(file.events[0]["UID"]) == str(session.uid)
    client.post(f"/my-training/seats/{session.pk}/give-back/")

    assert session.bookings.get().state == State.LEFT
    assert client.get(f"/training/sessions/{session.pk}/").status_code == 403


def test_the_code_on_the_screen_leads_to_a_page_with_one_button(client, now):
    session = made.session(now=now, starts_at=now + timedelta(minutes=5))
    client.force_login(make.person(groups=[TRAINER]))
    picture = client.get(f"/training/sessions/{session.pk}/code.svg")
    assert picture["Content-Type"] == "image/svg+xml"
    assert b"style=" not in picture.content
    assert f"/training/sessions/{session.pk}/code.svg" in client.get(
        f"/training/sessions/{session.pk}/screen/"
    ).content.decode()  # fmt: skip
    me = make.person()
    client.force_login(me)
    address = f"/my-training/here/{services.key_of(session)}/"

    assert "I am here" in client.get(address).content.decode()
    client.post(address)

    assert session.bookings.get(person=me).was_there
    assert "noted" in client.get(address).content.decode()


def test_who_was_there_is_ticked_on_a_list(client, now):
    session = made.session(now=now, starts_at=now + timedelta(minutes=5))
    came, missed = make.person(), make.person()
    for person in (came, missed):
        services.book(session, person, now=now)
    client.force_login(make.person(groups=[TRAINER]))

    client.post(f"/training/sessions/{session.pk}/attendance/", {"present": [came.pk]})

    assert session.bookings.get(person=missed).was_there is False
    assert session.bookings.get(person=came).was_there is True


def test_a_sponsor_sees_the_session_and_no_names(client, now):
    session = made.session(now=now)
    services.book(session, make.person(name="Hidden Hanna"), now=now)
    client.force_login(make.person(groups=[SPONSOR]))

    page = client.get(f"/training/sessions/{session.pk}/").content.decode()

    assert "1 of 10 taken" in page
    assert "Hidden Hanna" not in page


def test_my_page_costs_the_same_with_many_courses(client, now, django_assert_max_num_queries):
    role = make.job_role()
    for _ in range(12):
        made.course(job_roles=[role])
    client.force_login(make.person(job_role=role))

    with django_assert_max_num_queries(45):
        client.get("/my-training/")
