"""Sessions: planned, changed, cancelled; seats, the waiting list, and who came."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from training.models import Booking, Session, Via
from training.services.evidence import Evidence, record

State = Booking.State
SALT = "training.here"
DOOR_OPENS, DOOR_SHUTS = timedelta(minutes=30), timedelta(hours=2)
TOLD = ("course_id", "starts_at", "ends_at", "place", "link", "trainer_id", "practice", "purpose")


@transaction.atomic
def plan_session(session: Session, *, now: datetime) -> Session:
    """Put a session into the calendar."""
    _require_time(session)
    if session.ends_at <= now:
        raise Refusal(_("This session would be over already; choose a later day."))
    session.changed_at = now
    session.save()
    return session


@transaction.atomic
def change_session(session: Session, *, now: datetime) -> Session:
    """Change a planned session. Whoever has a seat is told when something their calendar shows has changed."""
    before = _locked(session)
    _require_planned(before)
    _require_time(session)
    taken = before.bookings.filter(state=State.BOOKED).count()
    if session.seats < taken:
        raise Refusal(_("%(taken)s people have a seat already; leave at least as many, or let some go first.")
                      % {"taken": taken})  # fmt: skip
    session.sequence = before.sequence
    if any(getattr(session, name) != getattr(before, name) for name in TOLD):
        session.sequence += 1
        session.changed_at = now
    session.save()
    _fill(session)
    return session


@transaction.atomic
def cancel_session(session: Session, *, now: datetime) -> Session:
    """It does not take place; whoever was told that it would is told so."""
    session = _locked(session)
    _require_planned(session)
    if session.starts_at <= now:
        raise Refusal(_("This session has begun; what was cannot be cancelled."))
    session.state, session.sequence, session.changed_at = Session.State.CANCELLED, session.sequence + 1, now
    session.save(update_fields=["state", "sequence", "changed_at", "updated_at"])
    return session


@transaction.atomic
def book(session: Session, person: Person, *, now: datetime) -> Booking:
    """Give somebody a seat, or the next place in the waiting list where all are taken."""
    session = _locked(session)
    _require_planned(session)
    if session.ends_at <= now:
        raise Refusal(_("This session is over; choose a later one."))
    if person.left_on is not None:
        raise Refusal(_("%(person)s has left; choose somebody who is still here.") % {"person": person})
    booking = Booking.objects.filter(session=session, person=person).first()
    if booking is not None and booking.state != State.LEFT:
        return booking
    clash = _clash(session, person)
    if clash is not None:
        raise Refusal(
            _("%(person)s has a seat in “%(other)s” at that time; give that one back first.")
            % {"person": person, "other": clash.session},
            links=((str(clash.session), clash.session.get_absolute_url()),),
        )
    booking = booking or Booking(session=session, person=person)
    booking.turns += booking.pk is not None
    booking.asked_at = now
    booking.state = State.WAITING if _free(session) <= 0 else State.BOOKED
    booking.save()
    return booking


@transaction.atomic
def leave(session: Session, person: Person) -> Booking | None:
    """Give a seat back; the first of the waiting list gets it. Nothing happens to who had none."""
    session = _locked(session)
    booking = Booking.objects.filter(session=session, person=person).exclude(state=State.LEFT).first()
    if booking is None:
        return None
    if booking.was_there is not None:
        raise Refusal(_("It is noted already whether %(person)s was there; that stays.") % {"person": person})
    booking.state, booking.turns = State.LEFT, booking.turns + 1
    booking.save(update_fields=["state", "turns", "updated_at"])
    _fill(session)
    return booking


@transaction.atomic
def note_attendance(
    session: Session, *, present: Collection[Person], absent: Collection[Person] = (), via: str, now: datetime
) -> int:
    """Who came and who did not. Coming to a training is evidence of having gone through its course.

    Somebody without a seat who came anyway gets a row; what was noted before is written over. Returns how many came.
    """
    session = _locked(session)
    _require_planned(session)
    if now < session.starts_at - DOOR_OPENS:
        raise Refusal(_("Nobody can have come yet; this session begins %(when)s.")
                      % {"when": f"{session.starts_at:%Y-%m-%d %H:%M} UTC"})  # fmt: skip
    for person, came in [*((one, True) for one in present), *((one, False) for one in absent)]:
        noted = {"was_there": came, "seen_at": now, "via": via}
        if came:
            Booking.objects.update_or_create(
                session=session, person=person,
                defaults=noted | {"state": State.BOOKED},
                create_defaults=noted | {"state": State.BOOKED, "asked_at": now},
            )  # fmt: skip
        else:
            Booking.objects.filter(session=session, person=person).exclude(state=State.LEFT).update(**noted)
    if session.purpose == Session.Purpose.TRAINING:
        record(
            [Evidence(one.pk, session.course, "completed", session.ends_at, Via.SESSION) for one in present], now=now
        )
    return len(present)


def key_of(session: Session) -> str:
    """What the code on the screen says; it means nothing without our signature."""
    return signing.dumps([session.pk, str(session.uid)], salt=SALT)


def session_of(key: str) -> Session:
    """The session a key stands for."""
    try:
        pk, uid = signing.loads(key, salt=SALT)
        return Session.objects.select_related("course").get(pk=pk, uid=uid)
    except (signing.BadSignature, Session.DoesNotExist, ValueError, TypeError):
        raise Refusal(_("This code belongs to no session; scan the one on the screen again.")) from None


@transaction.atomic
def check_in(session: Session, person: Person, *, now: datetime) -> Booking:
    """Somebody says by the code on the screen that they are there; the door is open around the session only."""
    if not session.starts_at - DOOR_OPENS <= now <= session.ends_at + DOOR_SHUTS:
        raise Refusal(_("This code counts from half an hour before the session until two hours after it."))
    note_attendance(session, present=[person], via=Booking.Via.QR, now=now)
    return Booking.objects.get(session=session, person=person)


def _locked(session: Session) -> Session:
    return Session.objects.select_for_update(of=("self",)).select_related("course").get(pk=session.pk)


def _require_planned(session: Session) -> None:
    if session.is_cancelled:
        raise Refusal(_("“%(session)s” was cancelled; plan another one.") % {"session": session})


def _require_time(session: Session) -> None:
    if session.ends_at <= session.starts_at:
        raise Refusal(_("A session ends after it has begun; look at the two times."))


def _free(session: Session) -> int:
    return session.seats - session.bookings.filter(state=State.BOOKED).count()


def _fill(session: Session) -> None:
    """Give free seats to those who wait, first come first."""
    free = _free(session)
    if free > 0:
        for waiting in session.bookings.filter(state=State.WAITING).order_by("asked_at", "pk")[:free]:
            waiting.state = State.BOOKED
            waiting.save(update_fields=["state", "updated_at"])


def _clash(session: Session, person: Person) -> Booking | None:
    same_time = Booking.objects.filter(
        person=person, state=State.BOOKED, session__state=Session.State.PLANNED,
        session__starts_at__lt=session.ends_at, session__ends_at__gt=session.starts_at,
    )  # fmt: skip
    return same_time.exclude(session=session).select_related("session__course").first()
