"""What pages and the API want to know about people."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet

from crm_adoption.kit.access import GROUPS, LEAD
from crm_adoption.people.models import ApiToken, Invitation, Person, SavedFilter, Seat


def people() -> QuerySet[Person]:
    """Everybody with what a row shows, by name."""
    found: QuerySet[Person] = Person.objects.select_related("team", "job_role").prefetch_related("groups")
    return found.order_by("name", "pk")


def page_of_people(found: QuerySet[Person], *, after: tuple[str, int] | None, size: int) -> tuple[list[Person], bool]:
    """The people after this name and key, and whether there are more."""
    if after is not None:
        name, pk = after
        found = found.filter(Q(name__gt=name) | Q(name=name, pk__gt=pk))
    rows = list(found[: size + 1])
    return rows[:size], len(rows) > size


def open_invitations() -> QuerySet[Invitation]:
    return Invitation.objects.open().select_related("person", "invited_by").order_by("expires_at")


def seats() -> QuerySet[Seat]:
    """Who answers for what, what nobody answers for first."""
    return Seat.objects.vacancies_first().select_related("holder", "deputy")


def seats_of(person: Person) -> QuerySet[Seat]:
    return Seat.objects.filter(Q(holder=person) | Q(deputy=person)).select_related("holder", "deputy")


def tokens_of(person: Person) -> QuerySet[ApiToken]:
    found: QuerySet[ApiToken] = ApiToken.objects.filter(user=person)
    return found


def filters_of(person: Person, page: str) -> QuerySet[SavedFilter]:
    """The questions a person keeps for the list at this address, in the order of saving."""
    return SavedFilter.objects.filter(person=person, page=page)


def other_leads(person: Person) -> QuerySet[Person]:
    """Who else could invite people and hand out groups, were this person not to."""
    leads = Q(groups__name=LEAD) | Q(is_superuser=True)
    found: QuerySet[Person] = Person.objects.active().filter(leads)
    return found.exclude(pk=person.pk).distinct()


def our_groups() -> QuerySet[Group]:
    """The eight groups."""
    return Group.objects.filter(name__in=GROUPS).order_by("name")
