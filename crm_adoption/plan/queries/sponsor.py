"""What a sponsor does visibly: the six acts, which of them are missing since when, and who is silent (P25, M13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm_adoption.kit.access import SPONSOR
from crm_adoption.people.models import Person, Seat
from crm_adoption.plan.models import LeaderAct, Phase, Programme
from crm_adoption.plan.queries.communication import LeaderRow, leader_grid
from crm_adoption.plan.queries.phases import priors

Kind = LeaderAct.Kind
SIX = (Kind.BUDGET, Kind.STAFF, Kind.PRIORITIES, Kind.TESTERS, Kind.TRAINING, Kind.REVIEWS)


@dataclass(frozen=True)
class Act:
    """One of the six acts: when a sponsor was last seen doing it, or since when it is missing."""

    kind: str
    label: str
    last: LeaderAct | None
    missing_since: date | None
    today: date

    @property
    def is_missing(self) -> bool:
        return self.last is None

    @property
    def missing_days(self) -> int | None:
        return (self.today - self.missing_since).days if self.missing_since else None

    @property
    def url(self) -> str:
        """Where it is written down once it was done."""
        return f"{reverse('leader-act-new')}?kind={self.kind}"


@dataclass(frozen=True)
class Silent:
    """A leader nobody has seen or heard for longer than they may be silent."""

    leader: Person
    days: int | None  # none where nothing was ever seen
    limit: int

    @property
    def sentence(self) -> str:
        if self.days is None:
            return _(
                "%(leader)s has not been seen or heard yet; passivity sets in where nothing comes from the top."
            ) % {"leader": self.leader}
        return _("%(leader)s has been silent for %(days)s days; after %(limit)s, passivity sets in.") % {
            "leader": self.leader, "days": self.days, "limit": self.limit,
        }  # fmt: skip


def begun_on(programme: Programme | None, today: date) -> date:
    """The first day anything was planned for, or the day the programme was written down."""
    first = Phase.objects.aggregate(day=Min("planned_start"))["day"]
    made = timezone.localdate(programme.created_at) if programme else today
    return min(day for day in (first, made, today) if day)


def six_acts(today: date) -> list[Act]:
    """What any sponsor did counts; an act nobody did is missing since the programme began."""
    begun = begun_on(Programme.objects.first(), today)
    sponsors = Person.objects.active().in_group(SPONSOR).values("pk")
    seated = Seat.objects.filter(kind=Seat.Kind.EXECUTIVE_SPONSOR, holder__isnull=False).values("holder")
    done = LeaderAct.objects.filter(kind__in=SIX, on__lte=today).select_related("leader").order_by("-on", "-pk")
    last: dict[str, LeaderAct] = {}
    for act in done.filter(leader__in=sponsors.union(seated)):
        last.setdefault(act.kind, act)
    return [
        Act(kind.value, str(kind.label), last.get(kind), None if kind in last else begun, today) for kind in SIX
    ]  # fmt: skip


def silent_leaders(now: datetime, grid: Sequence[LeaderRow] | None = None) -> list[Silent]:
    """Leaders without a visible act or message for longer than the plan's constant says, the longest silent first."""
    limit = int(priors().silent_after_days)
    rows = leader_grid(now) if grid is None else grid
    found = [
        Silent(row.leader, row.silent_days, limit) for row in rows if row.silent_days is None or row.silent_days > limit
    ]
    return sorted(found, key=lambda one: (one.days is not None, -(one.days or 0), one.leader.pk))
