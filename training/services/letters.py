"""Letters of training: invitations with their calendar file, and reminders."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from training.invitations import invitation, method_for
from training.models import Booking, Session

Effects = Callable[[], AbstractContextManager[None]]


def tell(session: Session, *, now: datetime, effects: Effects = transaction.atomic) -> int:
    """Write to everybody who still believes something else about a session; returns how many letters went out.

    Each letter and the note that it was sent are one transaction: broken off and begun again, nobody is left out.
    """
    sent = 0
    for pk in list(session.bookings.untold().values_list("pk", flat=True)):
        with effects():
            sent += _tell(pk, now)
    return sent


def _tell(pk: int, now: datetime) -> bool:
    untold = Booking.objects.untold().select_related("person", "session__course", "session__trainer")
    booking = untold.select_for_update(of=("self",)).filter(pk=pk).first()
    if booking is None:
        return False
    if booking.person.email:
        letter(booking, now=now).send()
    booking.told_sequence = booking.sequence
    booking.told_state = Booking.State.BOOKED if booking.goes else Booking.State.LEFT
    booking.save(update_fields=["told_sequence", "told_state", "updated_at"])
    return bool(booking.person.email)


def letter(booking: Booking, *, now: datetime) -> EmailMultiAlternatives:
    """An invitation in the language and the time zone of who gets it."""
    person, session = booking.person, booking.session
    with translation.override(person.language), timezone.override(person.time_zone):
        when = f"{timezone.localtime(session.starts_at):%Y-%m-%d %H:%M} ({person.time_zone})"
        facts = {"course": session.course, "when": when, "where": session.place or session.link or "–"}
        if not booking.goes:
            subject = _("Cancelled: %(course)s") % facts
            body = _("%(course)s on %(when)s: you need not come.") % facts
        elif booking.told_state == Booking.State.BOOKED:
            subject = _("Changed: %(course)s") % facts
            body = _("%(course)s is now on %(when)s, at %(where)s.") % facts
        else:
            subject = _("Your seat: %(course)s") % facts
            body = _("%(course)s on %(when)s, at %(where)s. You have a seat.") % facts
        file = invitation(booking, sender=settings.DEFAULT_FROM_EMAIL, now=now)
    message = EmailMultiAlternatives(subject, body, to=[str(person.email)])
    message.attach_alternative(file.decode(), f"text/calendar; method={method_for(booking)}")
    return message
