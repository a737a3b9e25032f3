"""Which groups may what about use."""

from __future__ import annotations

from django.http import HttpRequest

from crm_adoption.kit.access import ANALYST, CHAMPION, INTEGRATION, LEAD, SPONSOR, TRAINER
from crm_adoption.people.models import Person

KEEPERS = (LEAD, CHAMPION)
READERS = (*KEEPERS, SPONSOR, TRAINER, ANALYST)
MONEY = (LEAD, SPONSOR)
PROGRAMS = (LEAD, INTEGRATION)
FACTS = (*READERS, INTEGRATION)


def reader(request: HttpRequest) -> Person:
    """Who asks; the guard before a page has made sure that it is somebody."""
    assert isinstance(request.user, Person)
    return request.user
