"""The click ledger: seconds saved a week, by release and by role (3.10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from crm_adoption.people.models import JobRole, Person
from crm_adoption.usage.models import EffortEntry, EffortRelease, UsageSetting
from crm_adoption.usage.queries.use import people_by_role

WEEKS = 4  # in the 28 days that use cases are expected in


@dataclass(frozen=True)
class EntryBalance:
    """One use case in one release: seconds it gives back in a week; None where nobody can say how often it is done."""

    entry: EffortEntry
    times: float | None
    seconds_each: float

    @property
    def seconds(self) -> float | None:
        return None if self.times is None else self.times * self.seconds_each


@dataclass(frozen=True)
class RoleBalance:
    """What a release gives back to a role in a week, or takes from it."""

    role: JobRole
    seconds: float

    @property
    def hours(self) -> float:
        return self.seconds / 3600


@dataclass(frozen=True)
class ReleaseBalance:
    """A release: what it takes and gives, in seconds a week of everybody together."""

    release: EffortRelease
    entries: Sequence[EntryBalance]

    @property
    def given(self) -> float:
        return sum(one.seconds for one in self.entries if one.seconds and one.seconds > 0)

    @property
    def taken(self) -> float:
        return -sum(one.seconds for one in self.entries if one.seconds and one.seconds < 0)

    @property
    def seconds(self) -> float:
        return self.given - self.taken

    @property
    def hours(self) -> float:
        return self.seconds / 3600

    @property
    def roles(self) -> list[RoleBalance]:
        """The one it takes most from first."""
        sums: dict[JobRole, float] = {}
        for one in self.entries:
            role = one.entry.use_case.job_role
            sums[role] = sums.get(role, 0.0) + (one.seconds or 0.0)
        return sorted((RoleBalance(*pair) for pair in sums.items()), key=lambda one: (one.seconds, one.role.name))

    @property
    def owes(self) -> bool:
        """Takes more than it gives, from somebody."""
        return any(one.seconds < 0 for one in self.roles)

    @property
    def state(self) -> str:
        if self.release.settled_at:
            return "settled"
        if not self.owes:
            return "ready" if self.entries else "empty"
        return "answered" if self.release.why and self.release.answered_by_id else "owes"


def balances() -> list[ReleaseBalance]:
    """Every release in the books, the newest first."""
    return _balances(EffortRelease.objects.all())


def balance_of(release: EffortRelease) -> ReleaseBalance:
    return _balances(EffortRelease.objects.filter(pk=release.pk))[0]


def _balances(releases: QuerySet[EffortRelease]) -> list[ReleaseBalance]:
    setting = UsageSetting.now()
    entries = EffortEntry.objects.select_related("use_case__job_role").order_by("use_case__job_role__name", "pk")
    people = people_by_role()
    found = releases.select_related("answered_by").prefetch_related(Prefetch("entries", entries))
    return [ReleaseBalance(one, [_entry(entry, people, setting) for entry in one.entries.all()]) for one in found]


def _entry(entry: EffortEntry, people: dict[int, int], setting: UsageSetting) -> EntryBalance:
    """(clicks before - after) x s + (fields before - after) x f, by the keystroke-level priors of the constants."""
    times = entry.times_a_week
    if times is None:
        n = people.get(entry.use_case.job_role_id, 0)
        times = n * entry.use_case.per_28_days / WEEKS if n else None
    return EntryBalance(entry, times, entry.clicks * setting.seconds_a_click + entry.fields * setting.seconds_a_field)


@dataclass(frozen=True)
class Book:
    """All settled releases together, and what each role got back from them in a week."""

    releases: Sequence[ReleaseBalance]
    roles: Sequence[RoleBalance]

    @property
    def hours(self) -> float:
        return sum(one.hours for one in self.releases if one.release.settled_at)

    @property
    def owing(self) -> list[ReleaseBalance]:
        return [one for one in self.releases if one.state == "owes"]


def book() -> Book:
    releases = balances()
    sums: dict[JobRole, float] = {}
    for one in releases:
        if one.release.settled_at:
            for part in one.roles:
                sums[part.role] = sums.get(part.role, 0.0) + part.seconds
    roles = sorted((RoleBalance(*pair) for pair in sums.items()), key=lambda one: (-one.seconds, one.role.name))
    return Book(releases, roles)


def own_hours_saved(person: Person) -> float | None:
    """What settled releases give one person of this role back in a week; None where nothing was settled for it."""
    if person.job_role_id is None:
        return None
    n = Person.objects.filter(job_role=person.job_role_id, left_on=None).count()
    mine = [one.hours for one in book().roles if one.role.pk == person.job_role_id]
    return mine[0] / n if mine and n else None
