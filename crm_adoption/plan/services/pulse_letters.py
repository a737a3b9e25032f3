"""A pulse comes by letter: one screen, without signing in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from crm_adoption.kit import words
from crm_adoption.plan.models import PulseTicket

Effects = Callable[[], AbstractContextManager[None]]
SALT = "plan.pulse"
LONGEST_KEY = 200


def key_of(ticket: PulseTicket) -> str:
    """What stands in the link: the ticket, signed, so that nobody answers in another's place."""
    return signing.dumps(ticket.pk, salt=SALT)


def ticket_of(key: str) -> PulseTicket | None:
    """Whose ticket a link is; nobody's where the signature is not ours or the person may not sign in any more."""
    if len(key) > LONGEST_KEY:
        return None
    try:
        pk = signing.loads(key, salt=SALT)
    except signing.BadSignature:
        return None
    found = PulseTicket.objects.filter(pk=pk, person__is_active=True)
    return found.select_related("pulse", "person").first()


def waiting(today: date) -> QuerySet[PulseTicket]:
    """Tickets of pulses that are open, not used, whose people can be written to and were not yet."""
    tickets = PulseTicket.objects.filter(
        pulse__opens_on__lte=today, pulse__closes_on__gte=today, used=False, sent_on=None, person__is_active=True,
    )  # fmt: skip
    return tickets.exclude(person__email=None).exclude(person__email="").order_by("pk")


def send_pulses(*, today: date, site: str, effects: Effects = transaction.atomic) -> int:
    """One letter a ticket, in the reader's language; returns how many went out.

    A letter and the note that it was sent are one transaction: broken off and begun again, nobody gets it twice.
    """
    sent = 0
    for pk in waiting(today).values_list("pk", flat=True):
        with effects():
            still = waiting(today).filter(pk=pk).select_related("pulse", "person")
            ticket = still.select_for_update(of=("self",)).first()
            if ticket is None:
                continue
            ticket.sent_on = today
            ticket.save(update_fields=["sent_on"])
            _letter(ticket, site).send()
            sent += 1
    return sent


def _letter(ticket: PulseTicket, site: str) -> EmailMessage:
    person, pulse = ticket.person, ticket.pulse
    with translation.override(person.language):
        link = f"{site.rstrip('/')}{reverse('pulse-by-link', args=[key_of(ticket)])}"
        body = _(
            "%(name)s,\n\n%(n)s sentences, a number from 1 to 5 for each; it takes two minutes:\n\n%(link)s\n\n"
            "The link is yours alone and works once, until %(last)s. It is noted that you have answered, and never "
            "what: nobody can tell which answers are yours."
        ) % {
            "name": person.name, "n": pulse.items.count(), "link": link, "last": words.exact(pulse.closes_on),
        }  # fmt: skip
        return EmailMessage(str(pulse), body, to=[str(person.email)])
