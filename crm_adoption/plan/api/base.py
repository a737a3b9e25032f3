"""What the plan's tables share over the API."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model
from rest_framework import mixins, viewsets
from rest_framework.request import Request

from crm_adoption.kit.access import ANALYST, CHAMPION, INTEGRATION, LEAD, SPONSOR
from crm_adoption.kit.filtering import StrictFilterBackend
from crm_adoption.kit.paging import KeysetPagination
from crm_adoption.people.models import Person

READERS = (LEAD, SPONSOR, ANALYST, INTEGRATION)
PLANNERS = (LEAD, SPONSOR, CHAMPION, INTEGRATION)
Row = TypeVar("Row", bound=Model)


class PlanViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Row]):
    """Read only, page by page from the newest, with a filter that names what it does not know."""

    readers: tuple[str, ...] = READERS
    writers: tuple[str, ...] = ()
    pagination_class = KeysetPagination
    filter_backends = [StrictFilterBackend]


def person_of(request: Request) -> Person:
    assert isinstance(request.user, Person)
    return request.user
