"""Which groups may what in training."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit.access import CHAMPION, INTEGRATION, LEAD, SPONSOR, TRAINER
from crm_adoption.people.models import Person

KEEPERS = (LEAD, TRAINER)
READERS = (*KEEPERS, SPONSOR, CHAMPION)
PROGRAMS = (*KEEPERS, INTEGRATION)


# What pages of this app show of a named person, for the ledger of looks.
LEARNING = ("training.learning", _("What you have learned, and what you still have to"))
SEATING = ("training.sessions", _("The sessions you have a seat in, and whether you were there"))
ASKING = ("training.enquiries", _("What you asked a trainer"))
MORNING = ("training.trainer", _("The trainer’s page: what is due, reinforcement and questions"))


def reader(request: HttpRequest) -> Person:
    """Who asks; the guard before a page has made sure that it is somebody."""
    assert isinstance(request.user, Person)
    return request.user
