"""How much change lands on whom, and when: the saturation of roles and teams (M8, M9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from crm_adoption.people.models import JobRole, Person, Team
from training import culture
from training.models import Impact, RoleProfile, TrainingSetting
from training.quarters import Quarter, quarters_from

QUARTERS = 4


@dataclass(frozen=True)
class Load:
    """The impact that lands in one quarter beside what can be borne in one."""

    quarter: Quarter
    load: float
    bears: float

    @property
    def is_over(self) -> bool:
        return self.load > self.bears

    @property
    def share(self) -> float | None:
        return self.load / self.bears if self.bears else None

    @property
    def resistance(self) -> culture.Resistance:
        return culture.resistance(self.load, self.bears)


@dataclass(frozen=True)
class RoleLoad:
    role: JobRole
    people: int
    loads: Sequence[Load]


@dataclass(frozen=True)
class TeamLoad:
    team: Team
    people: int
    loads: Sequence[Load]

    @property
    def pace(self) -> str:
        return str(culture.PACE[self.team.culture])


def impacts() -> QuerySet[Impact]:
    return Impact.objects.select_related("process", "job_role")


def cap_of(role: JobRole, setting: TrainingSetting) -> int:
    """What a role bears in a quarter: its own cap, or that of all roles."""
    profile = RoleProfile.objects.filter(job_role=role).first()
    return setting.saturation_cap if profile is None or profile.saturation_cap is None else profile.saturation_cap


def load_of(role: JobRole, quarter: Quarter, *, without: Impact | None = None) -> int:
    """The sizes of all impacts that land on a role in a quarter, summed; `without` leaves one out."""
    landing = Impact.objects.filter(job_role=role, lands_on__range=(quarter.begins, quarter.ends))
    if without is not None and without.pk:
        landing = landing.exclude(pk=without.pk)
    return sum(landing.values_list("size", flat=True))


def _landing(quarters: Sequence[Quarter]) -> dict[tuple[int, Quarter], int]:
    found: dict[tuple[int, Quarter], int] = {}
    rows = Impact.objects.filter(lands_on__range=(quarters[0].begins, quarters[-1].ends))
    for role, on, size in rows.values_list("job_role_id", "lands_on", "size"):
        key = role, Quarter.of(on)
        found[key] = found.get(key, 0) + size
    return found


def role_loads(today: date, *, count: int = QUARTERS) -> list[RoleLoad]:
    """Every role that has people or impacts, with what lands on it from this quarter on."""
    setting, quarters = TrainingSetting.now(), quarters_from(today, count)
    landing = _landing(quarters)
    own = dict(RoleProfile.objects.exclude(saturation_cap=None).values_list("job_role_id", "saturation_cap"))
    here = _headcount("job_role")
    return [
        RoleLoad(role, here.get(role.pk, 0), [
            Load(quarter, landing.get((role.pk, quarter), 0), own.get(role.pk) or setting.saturation_cap)
            for quarter in quarters
        ])
        for role in JobRole.objects.order_by("name")
        if role.pk in here or any(key[0] == role.pk for key in landing)
    ]  # fmt: skip


def team_loads(today: date, *, count: int = QUARTERS) -> list[TeamLoad]:
    """Every team with people: the mean of what lands on its people's roles, beside what its culture bears (M6)."""
    setting, quarters = TrainingSetting.now(), quarters_from(today, count)
    landing = _landing(quarters)
    roles: dict[int, list[int]] = {}
    for team, role in Person.objects.filter(left_on=None).exclude(team=None).values_list("team_id", "job_role_id"):
        roles.setdefault(team, []).append(role)
    found = []
    for team in Team.objects.filter(pk__in=roles).order_by("name"):
        bears = culture.bearable(setting.saturation_cap, culture=team.culture, discount=setting.culture_discount)
        members = roles[team.pk]
        loads = [
            Load(quarter, sum(landing.get((role, quarter), 0) for role in members) / len(members), bears)
            for quarter in quarters
        ]
        found.append(TeamLoad(team, len(members), loads))
    return found


def _headcount(field: str) -> dict[int, int]:
    here = Person.objects.filter(left_on=None).exclude(**{field: None})
    return dict(here.order_by().values_list(field).annotate(n=Count("pk")))
