"""How much of what the CRM can do is used (3.5): U = sum of v_c x users_c / eligible_c over the sum of v_c.

Users are people still here who used a capability in the last 90 days of what is known; eligible are the people of the
job roles that need it. Use is counted in days of persons, so that a bulk change in one evening is one. Nothing is said
of a group of fewer than five.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Max

from crm_adoption.people.models import JobRole, Person
from crm_adoption.usage.models import Capability, UsageDay, UsageSetting
from crm_adoption.usage.queries.decay import Decay, decays


@dataclass(frozen=True)
class CapabilityUse:
    """One capability: who of those who need it used it; the share is None where fewer than five need it."""

    capability: Capability
    users: int
    eligible: int
    shown: bool
    decay: Decay | None

    @property
    def share(self) -> float | None:
        return self.users / self.eligible if self.eligible and self.shown else None

    @property
    def is_decayed(self) -> bool:
        return self.decay is not None and self.decay.is_decayed


@dataclass(frozen=True)
class Part:
    """U of some capabilities, or of a role; None where none of them is needed by anybody, or by too few to show."""

    label: str
    u: float | None
    capabilities: int
    people: int
    key: str = ""


@dataclass(frozen=True)
class Utilisation:
    """U and its parts, as of the newest day of use that is known."""

    until: date | None
    setting: UsageSetting
    u: float | None = None
    people: int = 0
    rows: Sequence[CapabilityUse] = field(default_factory=tuple)
    kinds: Sequence[Part] = field(default_factory=tuple)
    roles: Sequence[Part] = field(default_factory=tuple)

    @property
    def shelfware(self) -> Decimal | None:
        """Licence cost x (1 - U), a year."""
        if self.u is None or self.setting.licence_cost is None:
            return None
        return (self.setting.licence_cost * Decimal(1 - self.u)).quantize(Decimal(1))

    @property
    def is_minimal(self) -> bool | None:
        """Below the line that most companies stay under (U9)?"""
        return None if self.u is None else self.u < self.setting.reference_line

    @property
    def decayed(self) -> list[CapabilityUse]:
        return [row for row in self.rows if row.is_decayed]


def known_until(today: date) -> date | None:
    """The newest day of use that is known, up to today."""
    newest: date | None = UsageDay.objects.filter(day__lte=today).aggregate(day=Max("day"))["day"]
    return newest


def utilisation(today: date) -> Utilisation:
    """U as of the newest day of use known; without any day of use, or any capability, there is nothing to say."""
    setting, until = UsageSetting.now(), known_until(today)
    capabilities = list(Capability.objects.live().prefetch_related("job_roles").order_by("kind", "-value", "name"))
    if until is None or not capabilities:
        return Utilisation(until, setting)
    people = people_by_role()
    users = _users(until, setting.window_days)
    needed = {one.pk: {role.pk for role in one.job_roles.all()} or set(people) for one in capabilities}
    known = decays(until)
    rows = [
        CapabilityUse(
            one,
            sum(users.get((one.pk, role), 0) for role in needed[one.pk]),
            eligible := sum(people.get(role, 0) for role in needed[one.pk]),
            eligible >= setting.shown_from,
            known.get(one.pk) if eligible >= setting.shown_from else None,
        )
        for one in capabilities
    ]
    concerned = [
        _part(kind, str(label), of, needed, people, setting.shown_from)
        for kind, label in Capability.Kind.choices
        if (of := [row for row in rows if row.capability.kind == kind])
    ]
    whole = _part("", "", rows, needed, people, setting.shown_from)
    return Utilisation(until, setting, whole.u, whole.people, rows, concerned,
                       _by_role(rows, users, needed, people, setting.shown_from))  # fmt: skip


def _part(
    key: str, label: str, rows: Sequence[CapabilityUse], needed: Mapping[int, set[int]], people: Mapping[int, int],
    shown_from: int,
) -> Part:  # fmt: skip
    """U of some capabilities, said only where enough people need any of them."""
    roles: set[int] = set().union(*(needed[row.capability.pk] for row in rows))
    n = sum(people.get(role, 0) for role in roles)
    return Part(label, _u(rows) if n >= shown_from else None, len(rows), n, key)


def _u(rows: Sequence[CapabilityUse]) -> float | None:
    counted = [row for row in rows if row.eligible]
    worth = sum(row.capability.value for row in counted)
    return sum(row.capability.value * row.users / row.eligible for row in counted) / worth if worth else None


def _by_role(
    rows: Sequence[CapabilityUse], users: Mapping[tuple[int, int], int], needed: Mapping[int, set[int]],
    people: Mapping[int, int], shown_from: int,
) -> list[Part]:  # fmt: skip
    """U of each role over what it needs; roles of too few people have none, and come last."""
    found = []
    for role in JobRole.objects.filter(pk__in=people):
        n = people[role.pk]
        of = [row.capability for row in rows if role.pk in needed[row.capability.pk]]
        worth = sum(one.value for one in of)
        u = sum(one.value * users.get((one.pk, role.pk), 0) / n for one in of) / worth if worth else None
        found.append(Part(role.name, u if n >= shown_from else None, len(of), n, str(role.pk)))
    return sorted(found, key=lambda one: (one.u is None, one.u or 0.0, one.label))


def people_by_role() -> dict[int, int]:
    """How many people are here, by the key of their job role."""
    rows = Person.objects.filter(left_on=None).exclude(job_role=None).order_by().values_list("job_role")
    return {role: n for role, n in rows.annotate(n=Count("pk")) if role is not None}


def _users(until: date, days: int) -> dict[tuple[int, int], int]:
    """(capability, job role) to how many people here used it in the window."""
    window = UsageDay.objects.filter(
        day__gt=until - timedelta(days=days), day__lte=until, capability__isnull=False, person__left_on=None,
        person__job_role__isnull=False,
    )  # fmt: skip
    rows = window.order_by().values_list("capability", "person__job_role").annotate(n=Count("person", distinct=True))
    return {(capability, role): n for capability, role, n in rows if capability is not None and role is not None}


def user_days(since: date, until: date) -> int:
    """Days on which somebody was in the CRM, each person and day once."""
    rows = UsageDay.objects.filter(day__gt=since, day__lte=until).order_by().values("person", "day").distinct()
    return rows.count()
