"""Reminders of reinforcement, three to four weeks after people go live."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm_adoption.people.models import Person
from training.models import GoLive, Reminder
from training.queries.reinforcement import open_windows

Effects = Callable[[], AbstractContextManager[None]]
LAST_DAYS = 7  # the second reminder comes in the last week of the window


def remind(now: datetime, *, effects: Effects = transaction.atomic) -> int:
    """Write to whoever has not been reinforced: when it becomes due, and once more before the window closes.

    A letter and the note that it was sent are one transaction; run twice, nobody is written to twice.
    """
    today, sent = timezone.localdate(now), 0
    for window in open_windows(today):
        step = Reminder.Step.LAST if today > window.until - timedelta(days=LAST_DAYS) else Reminder.Step.DUE
        told = set(window.go_live.reminders.filter(step=step).values_list("person_id", flat=True))
        for one in window.people:
            if one.done_on is None and one.person.email and one.person.pk not in told:
                with effects():
                    sent += _remind(window.go_live, one.person, step, window.until, now)
    return sent


def _remind(go_live: GoLive, person: Person, step: str, until: object, now: datetime) -> bool:
    _row, made = Reminder.objects.get_or_create(go_live=go_live, person=person, step=step, defaults={"sent_at": now})
    if made:
        with translation.override(person.language):
            facts = {"release": go_live.name, "until": until}
            subject = _("Keep what you learned: %(release)s") % facts
            body = _("It is some weeks since %(release)s. Take a reinforcement session, or answer the follow-up quiz, "
                     "until %(until)s. Both stand on your page “My training”.") % facts  # fmt: skip
        EmailMessage(subject, body, to=[str(person.email)]).send()
    return made
