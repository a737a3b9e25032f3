"""Calendar files of sessions: one UID for the life of a session, and a SEQUENCE that only rises (RFC 5545, 5546)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress
from icalendar.enums import STATUS

from training.models import Booking, Session

PRODUCT = "-//crm_adoption//training//EN"
Method = Literal["REQUEST", "CANCEL", "PUBLISH"]


def method_for(booking: Booking) -> Method:
    return "REQUEST" if booking.goes else "CANCEL"


def invitation(booking: Booking, *, sender: str, now: datetime) -> bytes:
    """The letter to one person: an invitation, its update, or its end. It names nobody else who comes."""
    person = booking.person
    method = method_for(booking)
    event = _event(booking.session, sequence=booking.sequence, cancelled=method == "CANCEL", now=now)
    event.organizer = _organizer(booking.session, sender)
    event.add("attendee", vCalAddress.new(
        str(person.email), cn=person.name, role="REQ-PARTICIPANT", partstat="ACCEPTED" if booking.goes else "DECLINED",
        cutype="INDIVIDUAL",
    ))  # fmt: skip
    return _file(event, method)


def published(session: Session, *, now: datetime, sequence: int | None = None) -> bytes:
    """A session to put into one's own calendar; the same UID as the letters, so nothing stands there twice."""
    number = session.sequence if sequence is None else sequence
    return _file(_event(session, sequence=number, cancelled=session.is_cancelled, now=now), "PUBLISH")


def _event(session: Session, *, sequence: int, cancelled: bool, now: datetime) -> Event:
    where = " · ".join(part for part in (session.place, session.link) if part)
    return Event.new(
        uid=str(session.uid),
        sequence=sequence,
        stamp=now,
        last_modified=session.changed_at,
        start=session.starts_at,
        end=session.ends_at,
        summary=str(session.course),
        description=_description(session),
        location=where or None,
        url=session.link or None,
        status=STATUS.CANCELLED if cancelled else STATUS.CONFIRMED,
    )


def _description(session: Session) -> str:
    said = [session.course.summary]
    if session.practice:
        said.append(_("Practice on your own records: %(what)s") % {"what": session.practice})
    return "\n\n".join(part for part in said if part)


def _organizer(session: Session, sender: str) -> vCalAddress:
    trainer = session.trainer
    if trainer is not None and trainer.email:
        return vCalAddress.new(trainer.email, cn=trainer.name)
    return vCalAddress.new(sender)


def _file(event: Event, method: Method) -> bytes:
    calendar = Calendar.new(prodid=PRODUCT, method=method, subcomponents=[event])
    return bytes(calendar.to_ical())
