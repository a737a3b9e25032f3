"""Sending a message: noted first, written to each reader after, and again to whom the mail server missed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils.translation import gettext as _

from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from crm_adoption.plan.models import Delivery, Message
from crm_adoption.plan.queries.communication import audience_of, readers_of

Effects = Callable[[], AbstractContextManager[None]]
LONGEST_TROUBLE = 300


@dataclass(frozen=True)
class Delivered:
    """Of the readers of a message, how many letters the mail server has taken by now."""

    reached: int
    missed: int


@transaction.atomic
def send_message(message: Message, *, by: Person, now: datetime, channel: str = Message.Channel.MAIL) -> Message:
    """Say a message once: note that it was copied or spoken elsewhere, or to whom a letter is to go.

    Letters are written by `deliver`, after this is committed.
    """
    found = Message.objects.select_for_update().get(pk=message.pk)
    if found.state == Message.State.SENT:
        raise Refusal(_("“%(subject)s” was sent on %(day)s; write a new message.")
                      % {"subject": found, "day": found.sent_at and found.sent_at.date().isoformat()})  # fmt: skip
    if not found.body.strip():
        raise Refusal(_("“%(subject)s” says nothing yet; write its text first.") % {"subject": found})
    readers = list(readers_of(found))
    if not readers:
        raise Refusal(_("Nobody in “%(audience)s” has an e-mail address here.") % {"audience": audience_of(found)})
    found.state, found.channel, found.sent_at, found.sent_by = Message.State.SENT, channel, now, by
    if channel == Message.Channel.MAIL:
        Delivery.objects.bulk_create(Delivery(message=found, person=reader) for reader in readers)
    else:
        found.reach = len(readers)
    found.save()
    return found


def check_undelivered(message: Message) -> int:
    """How many letters are still to be taken; refused where there is none."""
    waiting = message.deliveries.filter(taken_at=None).count()
    if not waiting:
        raise Refusal(_("“%(subject)s” has no letter that is still to go.") % {"subject": message})
    return waiting


def deliver(
    message: Message, *, now: datetime, effects: Effects = transaction.atomic,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> Delivered:  # fmt: skip
    """Write to each reader who has no letter yet; what the mail server says stands with those it missed.

    A letter and the note that it was taken are one transaction: begun again, nobody who has one gets another.
    """
    waiting = list(message.deliveries.filter(taken_at=None).order_by("pk").values_list("pk", flat=True))
    mail = get_connection()
    try:
        mail.open()
    except (SMTPException, OSError) as error:
        with effects():
            Delivery.objects.filter(pk__in=waiting, taken_at=None).update(trouble=_said(error))
        waiting = []
    for place, pk in enumerate(waiting):
        with effects():
            _write(message, pk, mail, now)
        report(place + 1, len(waiting))
    mail.close()
    with effects():
        reached = message.deliveries.exclude(taken_at=None).count()
        Message.objects.filter(pk=message.pk).update(reach=reached)
    return Delivered(reached, message.deliveries.filter(taken_at=None).count())


def _write(message: Message, pk: int, mail: BaseEmailBackend, now: datetime) -> None:
    one = Delivery.objects.select_for_update(of=("self",)).select_related("person").get(pk=pk)
    if one.taken_at:
        return
    letter = EmailMessage(message.subject, message.body, settings.DEFAULT_FROM_EMAIL, [str(one.person.email)])
    try:
        mail.send_messages([letter])
    except (SMTPException, OSError) as error:
        one.trouble = _said(error)
        mail.close()  # the next letter begins on a connection of its own
    else:
        one.taken_at, one.trouble = now, ""
    one.save()


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:LONGEST_TROUBLE]
