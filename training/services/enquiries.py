"""Questions to the trainer, and their answers."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from training.models import Course, Enquiry

MOST_OPEN = 20


def ask(person: Person, *, text: str, now: datetime, course: Course | None = None) -> Enquiry:
    """Ask the trainer something."""
    if Enquiry.objects.filter(person=person, answered_at=None).count() >= MOST_OPEN:
        raise Refusal(_("%(n)s of your questions wait for an answer; let your trainer answer these first.")
                      % {"n": MOST_OPEN})  # fmt: skip
    return Enquiry.objects.create(person=person, text=text, course=course, asked_at=now)


def answer(enquiry: Enquiry, *, text: str, by: Person, now: datetime) -> Enquiry:
    """Answer it; whoever asked sees it on their page. A second answer takes the place of the first."""
    enquiry.answer, enquiry.answered_by, enquiry.answered_at = text, by, now
    enquiry.save(update_fields=["answer", "answered_by", "answered_at", "updated_at"])
    return enquiry
