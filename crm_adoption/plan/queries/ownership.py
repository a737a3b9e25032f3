"""Who must answer for what: the programme by its IT model, and two for each process and each system (P17-P23)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from crm_adoption.people.asked import Asked
from crm_adoption.people.models import Seat, Team
from crm_adoption.people.queries import OWNERS, chosen, fill_url
from crm_adoption.plan.models import Programme
from dataquality.models import Source
from training.models import Process

Kind, Scope = Seat.Kind, Seat.Scope
ItModel = Programme.ItModel
Place = tuple[tuple[str, ...], str, str]  # kinds of which one suffices, scope, key


def required_seats(it_model: str, teams: list[str]) -> list[Place]:
    """The seats of the programme that must be filled (P17, P20-P23): four for everybody, the rest by the way IT is
    organised."""
    programme = Scope.PROGRAMME.value
    places: list[Place] = [
        ((kind.value,), programme, "")
        for kind in (Kind.EXECUTIVE_SPONSOR, Kind.ADOPTION_LEAD, Kind.BUSINESS_OWNER, Kind.TECHNOLOGY_OWNER)
    ]
    if it_model == ItModel.OUTSOURCED:
        places.append(((Kind.CHAMPION.value, Kind.PARTNER.value), programme, ""))
    elif it_model == ItModel.LARGE:
        places.append(((Kind.IT_BUSINESS_ANALYST.value,), programme, ""))
    else:
        places += [((Kind.CHAMPION.value,), Scope.TEAM.value, team) for team in teams]
    return places


def of_programme() -> list[Place]:
    """The same for this programme and its teams."""
    programme = Programme.objects.first() or Programme()
    return required_seats(programme.it_model, list(Team.objects.order_by("name").values_list("name", flat=True)))


def held_seats() -> set[tuple[str, str, str]]:
    """(kind, scope, key as it is compared) of every seat somebody who is here holds."""
    rows = Seat.objects.filter(holder__isnull=False, holder__left_on=None).values_list("kind", "scope", "scope_key")
    return {(kind, scope, key.strip().casefold()) for kind, scope, key in rows}


def is_held(place: Place, held: set[tuple[str, str, str]]) -> bool:
    kinds, scope, key = place
    return any((kind, scope, key.strip().casefold()) in held for kind in kinds)


def named(place: Place) -> str:
    """A required seat in words."""
    kinds, _scope, key = place
    said = str(Kind(kinds[0]).label)
    for kind in kinds[1:]:
        said = _("%(one)s or %(other)s") % {"one": said, "other": Kind(kind).label}
    return _("%(seat)s of %(of)s") % {"seat": said, "of": key} if key else said


@dataclass(frozen=True)
class Owned:
    """A process or a system, with the two who answer for it; for the CRM itself the programme's two stand in."""

    scope: str
    key: str
    url: str
    business: Seat | None
    technology: Seat | None
    by_programme: bool = False  # may the programme's owners answer for it?
    pk: int = 0

    @property
    def owners(self) -> list[tuple[str, Seat | None]]:
        return [(kind.value, seat) for kind, seat in zip(OWNERS, (self.business, self.technology), strict=True)]

    @property
    def vacant(self) -> list[str]:
        """The kinds of seat that nobody holds."""
        return [kind for kind, seat in self.owners if seat is None or seat.is_vacant]

    @property
    def has_both(self) -> bool:
        return not self.vacant

    @property
    def vacancies(self) -> list[str]:
        return [named(((kind,), self.scope, self.key)) for kind in self.vacant]

    def fill_url(self, kind: str) -> str:
        return fill_url(kind, self.scope, self.key)


def owned(*, processes: Iterable[int] | None = None, sources: Iterable[int] | None = None) -> list[Owned]:
    """Every live process and every system, or those named by their keys, each with its two owners; three queries."""
    described, systems = Process.objects.live(), Source.objects.all()
    if processes is not None:
        described = described.filter(pk__in=list(processes))
    if sources is not None:
        systems = systems.filter(pk__in=list(sources))
    seats: dict[tuple[str, str], list[Seat]] = {}
    wanted = (Scope.PROCESS, Scope.SOURCE, Scope.PROGRAMME)
    for seat in Seat.objects.filter(kind__in=OWNERS, scope__in=wanted).select_related("holder"):
        seats.setdefault((seat.scope, seat.scope_key.strip().casefold()), []).append(seat)

    def one(scope: str, row: Process | Source, by_programme: bool) -> Owned:
        mine = seats.get((scope, row.name.strip().casefold()), [])
        mine = mine + (seats.get((Scope.PROGRAMME, ""), []) if by_programme else [])
        business, technology = (chosen(mine, kind) for kind in OWNERS)
        return Owned(scope, row.name, row.get_absolute_url(), business, technology, by_programme, row.pk)

    return [
        *(one(Scope.PROCESS.value, row, False) for row in described),
        *(one(Scope.SOURCE.value, row, row.kind == Source.Kind.CRM) for row in systems),
    ]


def required_owners(of: Sequence[Owned] | None = None) -> list[Place]:
    """Both owners of each process and each connected system; the CRM itself is answered for by the programme's."""
    found = owned() if of is None else of
    return [((kind.value,), one.scope, one.key) for one in found if not one.by_programme for kind in OWNERS]


def asked_for() -> list[Asked]:
    """All seats that have to be filled, for the page of seats."""
    every = owned()
    urls = {(one.scope, one.key): one.url for one in every}
    return [
        Asked(kinds, scope, key, urls.get((scope, key), ""))
        for kinds, scope, key in [*of_programme(), *required_owners(every)]
    ]
