"""What pages and the API want to know about people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from urllib.parse import urlencode

from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from crm_adoption.kit.access import GROUPS, LEAD
from crm_adoption.people import asked
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


@dataclass(frozen=True)
class Place:
    """Something to answer for, and the seat; without one it is asked for and nobody has opened it yet."""

    kinds: tuple[str, ...]
    scope: str
    key: str
    seat: Seat | None
    url: str = ""  # of what it is a seat of, where that has a page

    @property
    def is_vacant(self) -> bool:
        return self.seat is None or self.seat.is_vacant

    @property
    def label(self) -> str:
        """As a seat says it; of several kinds one suffices."""
        if self.seat is not None:
            return str(self.seat)
        said = [str(Seat(kind=kind, scope=self.scope, scope_key=self.key)) for kind in self.kinds]
        return reduce(lambda one, other: _("%(one)s, or %(other)s") % {"one": one, "other": other}, said)

    @property
    def ways(self) -> list[tuple[str, str]]:
        """(what it says, address) of each way to fill it."""
        if self.seat is not None:
            return [(_("Fill") if self.is_vacant else _("Change"), reverse("seat", args=[self.seat.pk]))]
        if len(self.kinds) == 1:
            return [(_("Fill"), fill_url(self.kinds[0], self.scope, self.key))]
        return [
            (_("Fill: %(kind)s") % {"kind": Seat.Kind(kind).label}, fill_url(kind, self.scope, self.key))
            for kind in self.kinds
        ]


def fill_url(kind: str, scope: str, key: str = "") -> str:
    """Where a seat is filled, opened at once where there is none."""
    said = {"kind": kind, "scope": scope} | ({"key": key} if key else {})
    return f"{reverse('fill_seat')}?{urlencode(said)}"


def places() -> list[Place]:
    """Every seat, and every one that is asked for and was never opened; what nobody answers for first."""
    of: dict[tuple[str, str], list[asked.Asked]] = defaultdict(list)
    for one in asked.every():
        of[one.scope, one.key.strip().casefold()].append(one)
    found, met = [], set()
    for seat in seats():
        meant = [one for one in of[seat.scope, seat.scope_key.strip().casefold()] if seat.kind in one.kinds]
        met.update(meant)
        found.append(Place((seat.kind,), seat.scope, seat.scope_key, seat, meant[0].url if meant else ""))
    missing = [one for wanted in of.values() for one in wanted if one not in met]
    found += [Place(one.kinds, one.scope, one.key, None, one.url) for one in missing]
    order = {scope: n for n, scope in enumerate(Seat.Scope.values)}
    return sorted(found, key=lambda one: (not one.is_vacant, order[one.scope], one.key.casefold(), one.kinds))


OWNERS = (Seat.Kind.BUSINESS_OWNER, Seat.Kind.TECHNOLOGY_OWNER)


def owners_of(scope: str, key: str, *, else_programme: bool = False) -> Sequence[tuple[str, Seat | None]]:
    """The two who must answer for a process or a system, business and technology (P17); the programme's own two where
    it names none itself and `else_programme` says that they stand for it."""
    of = Q(scope=scope, scope_key__iexact=key)
    if else_programme:
        of |= Q(scope=Seat.Scope.PROGRAMME)
    rows = list(Seat.objects.filter(of, kind__in=OWNERS).select_related("holder", "deputy"))
    return [(kind.value, chosen(rows, kind)) for kind in OWNERS]


def chosen(rows: Sequence[Seat], kind: str) -> Seat | None:
    """Of the seats of a kind, one that is held before one that is not, its own before the programme's."""
    mine = [seat for seat in rows if seat.kind == kind]
    return min(mine, key=lambda seat: (seat.is_vacant, seat.scope == Seat.Scope.PROGRAMME, seat.pk), default=None)


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
