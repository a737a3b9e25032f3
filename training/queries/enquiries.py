"""Questions that wait for an answer, and one's own."""

from __future__ import annotations

from django.db.models import QuerySet

from crm_adoption.people.models import Person
from training.models import Enquiry


def open_enquiries() -> QuerySet[Enquiry]:
    """The longest waiting first."""
    waiting = Enquiry.objects.filter(answered_at=None).select_related("person", "course")
    return waiting.order_by("asked_at", "pk")


def own_enquiries(person: Person) -> QuerySet[Enquiry]:
    return Enquiry.objects.filter(person=person).select_related("answered_by", "course").order_by("-asked_at", "-pk")
