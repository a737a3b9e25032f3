"""Adoption (3.4): access x process x quality, a geometric mean, so that signing in cannot pay for false data.

A person: a = active days / expected days, b = mean over the role's core use cases of done / expected, both at most 1,
q = 1 - wrong / all of the records they created or changed in the window. A = 100 (a b q)^(1/3); without such records
A = 100 (a b)^(1/2). Groups are shown from five people on; by name only to oneself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils import timezone

from crm_adoption.people.models import JobRole, Person
from crm_adoption.usage.models import UsageDay, UsageSetting, UseCase
from crm_adoption.usage.queries.use import known_until
from dataquality import subjects
from dataquality.models import Finding

DAYS = 28


@dataclass(frozen=True)
class Done:
    """One core use case of somebody: how often it was done beside how often it is expected."""

    use_case: UseCase
    done: int

    @property
    def share(self) -> float:
        return min(1.0, self.done / self.use_case.per_28_days)


@dataclass(frozen=True)
class Adoption:
    """Somebody's adoption in the window, with its three parts."""

    person: Person
    active_days: int
    expected_days: int
    done: Sequence[Done]
    records: int
    wrong: int

    @property
    def access(self) -> float:
        return min(1.0, self.active_days / self.expected_days)

    @property
    def process(self) -> float:
        return sum(one.share for one in self.done) / len(self.done)

    @property
    def quality(self) -> float | None:
        return 1 - self.wrong / self.records if self.records else None

    @property
    def score(self) -> float:
        if self.quality is None:
            return 100 * float((self.access * self.process) ** (1 / 2))
        return 100 * float((self.access * self.process * self.quality) ** (1 / 3))

    @property
    def days_a_week(self) -> float:
        """Stickiness."""
        return self.active_days / (DAYS / 7)


@dataclass(frozen=True)
class GroupAdoption:
    """A role: its median, and the share that has adopted; nothing of fewer than five."""

    role: JobRole
    n: int
    median: float | None
    adopted: float | None
    days_a_week: float | None


@dataclass(frozen=True)
class Standing:
    """Everybody's median and each role's, as of the newest day of use."""

    until: date | None
    n: int = 0
    median: float | None = None
    roles: Sequence[GroupAdoption] = field(default_factory=tuple)


def adoption(today: date) -> Standing:
    setting = UsageSetting.now()
    everybody, until = _adoptions(today)
    by_role: dict[JobRole, list[Adoption]] = {}
    for one in everybody:
        if one.person.job_role is not None:
            by_role.setdefault(one.person.job_role, []).append(one)
    roles = [_group(role, of, setting) for role, of in by_role.items()]
    middle = median(one.score for one in everybody) if len(everybody) >= setting.shown_from else None
    roles.sort(key=lambda one: (one.median is None, one.median or 0.0, one.role.name))
    return Standing(until, len(everybody), middle, roles)


def _group(role: JobRole, of: Sequence[Adoption], setting: UsageSetting) -> GroupAdoption:
    n = len(of)
    if n < setting.shown_from:
        return GroupAdoption(role, n, None, None, None)
    adopted = sum(one.score >= setting.adopted_from for one in of) / n
    return GroupAdoption(role, n, median(one.score for one in of), adopted, median(one.days_a_week for one in of))


def own_adoption(person: Person, today: date) -> Adoption | None:
    """One's own; None where one's role has no core use case that can be counted, or nothing is known of use."""
    return next(iter(_adoptions(today, only=person)[0]), None)


def _adoptions(today: date, *, only: Person | None = None) -> tuple[list[Adoption], date | None]:
    setting, until = UsageSetting.now(), known_until(today)
    cases: dict[int, list[UseCase]] = {}
    core = UseCase.objects.filter(is_core=True, retired_on=None, capability__isnull=False, capability__retired_on=None)
    for case in core.select_related("capability"):
        cases.setdefault(case.job_role_id, []).append(case)
    if until is None or not cases:
        return [], until
    here = Person.objects.filter(left_on=None, job_role__in=cases).select_related("job_role").order_by("pk")
    people = list(here if only is None else here.filter(pk=only.pk))
    keys, since = [one.pk for one in people], until - timedelta(days=DAYS)
    days, counts = _use(keys, since, until)
    tables = {table for of in cases.values() for case in of for table in case.capability.tables}  # type: ignore[union-attr]
    truth = _records(tables, keys, since, until)
    return [
        Adoption(
            one, days.get(one.pk, 0), setting.expected_days,
            [Done(case, counts.get((one.pk, case.capability_id), 0)) for case in cases[one.job_role_id or 0]],
            *truth.get(one.pk, (0, 0)),
        )
        for one in people
    ], until  # fmt: skip


def _use(
    people: Collection[int], since: date, until: date
) -> tuple[Mapping[int, int], Mapping[tuple[int, int | None], int]]:
    """Active days of each person, and how often each used which capability."""
    window = UsageDay.objects.filter(person__in=people, day__gt=since, day__lte=until).order_by()
    days = dict(window.values_list("person").annotate(n=Count("day", distinct=True)))
    return days, _counts(people, since, until)


def _counts(people: Collection[int], since: date, until: date) -> Mapping[tuple[int, int | None], int]:
    """By person and capability."""
    window = UsageDay.objects.filter(person__in=people, day__gt=since, day__lte=until).order_by()
    rows = window.values_list("person", "capability").annotate(n=Sum("count"))
    return {(person, capability): n for person, capability, n in rows}


def _records(tables: Collection[str], people: Collection[int], since: date, until: date) -> dict[int, tuple[int, int]]:
    """By owner: live records created or changed in the window, and those of them with an open error."""
    begin, end = (timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)) for day in (since, until))
    found: dict[int, tuple[int, int]] = {}
    for table in sorted(tables):
        errors = Finding.objects.filter(table=table, record_id=OuterRef("pk"), state="open", severity="error")
        touched = Q(created_at__gte=begin, created_at__lt=end) | Q(modified_at__gte=begin, modified_at__lt=end)
        records: Any = subjects.get(table).model.objects
        rows = records.live().filter(touched, owner__in=people).annotate(is_wrong=Exists(errors)).order_by()
        for owner, n, wrong in rows.values_list("owner").annotate(
            n=Count("pk"), wrong=Count("pk", filter=Q(is_wrong=True))
        ):
            before = found.get(owner, (0, 0))
            found[owner] = before[0] + n, before[1] + wrong
    return found


def use_cases_done(
    people: Collection[int], since: datetime, until: datetime
) -> dict[int, Sequence[tuple[float, float]]]:
    """What training counts as doing, besides new records: core use cases that only logs show, done and expected."""
    roles = dict(Person.objects.filter(pk__in=people, job_role__isnull=False).values_list("pk", "job_role"))
    cases: dict[int, list[UseCase]] = {}
    told = UseCase.objects.filter(
        is_core=True, retired_on=None, capability__derived="", capability__retired_on=None, capability__isnull=False
    )
    for case in told:
        cases.setdefault(case.job_role_id, []).append(case)
    if not cases:
        return {}
    first, last = timezone.localdate(since), timezone.localdate(until)
    counts = _counts(people, first, last)
    times = (last - first).days / DAYS
    return {
        person: [(counts.get((person, one.capability_id), 0), one.per_28_days * times) for one in cases[role or 0]]
        for person, role in roles.items()
        if role in cases
    }
