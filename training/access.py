"""Which groups may what in training."""

from __future__ import annotations

from django.http import HttpRequest

from crm_adoption.kit.access import CHAMPION, INTEGRATION, LEAD, SPONSOR, TRAINER
from crm_adoption.people.models import Person

KEEPERS = (LEAD, TRAINER)
READERS = (*KEEPERS, SPONSOR, CHAMPION)
PROGRAMS = (*KEEPERS, INTEGRATION)


def reader(request: HttpRequest) -> Person:
    """Who asks; the guard before a page has made sure that it is somebody."""
    assert isinstance(request.user, Person)
    return request.user
