"""Time to proficiency: from the first day to the first record of everything a role is expected to do (U6, 3.10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Any

from django.db.models import Min
from django.utils import timezone

from crm_adoption.people.models import JobRole, Person
from dataquality import subjects
from training.models import RoleProfile, RoleTarget, TrainingSetting
from training.quarters import Quarter


@dataclass(frozen=True)
class Cohort:
    """People of a role who began in the same quarter. `days` is the median; None below five people, or while more
    than half are not there yet."""

    quarter: Quarter
    n: int
    there: int
    days: float | None


@dataclass(frozen=True)
class Proficiency:
    """A role's cohorts beside its baseline."""

    role: JobRole
    cohorts: Sequence[Cohort]
    baseline: float | None
    baseline_is_said: bool
    target: float
    manuals: int | None

    @property
    def latest(self) -> Cohort | None:
        """The newest cohort with a figure, other than the one that serves as the baseline."""
        known = [one for one in self.cohorts if one.days is not None]
        if not self.baseline_is_said:
            known = known[1:]
        return known[-1] if known else None

    @property
    def faster(self) -> float | None:
        """1 - after / before; the aim is 40 % (U6)."""
        if self.latest is None or self.latest.days is None or not self.baseline:
            return None
        return 1 - self.latest.days / self.baseline


def proficiency() -> list[Proficiency]:
    """Every role with targets. Who began before the CRM's first record counts from that one."""
    setting = TrainingSetting.now()
    profiles = {one.job_role_id: one for one in RoleProfile.objects.all()}
    targets: dict[int, list[str]] = {}
    for key, table in RoleTarget.objects.values_list("job_role_id", "table"):
        targets.setdefault(key, []).append(table)
    first, begun = _firsts({table for tables in targets.values() for table in tables})
    found = []
    for role in JobRole.objects.filter(pk__in=targets).order_by("name"):
        tables = [table for table in targets[role.pk] if table in begun]
        profile = profiles.get(role.pk)
        cohorts = _cohorts(role, tables, first, max((begun[one] for one in tables), default=None), setting.shown_from)
        said = profile.baseline_days if profile else None
        measured = next((one.days for one in cohorts if one.days is not None), None)
        found.append(Proficiency(
            role, cohorts, measured if said is None else said, said is not None, setting.faster_target,
            profile.manuals if profile else None,
        ))  # fmt: skip
    return found


def _firsts(tables: set[str]) -> tuple[dict[tuple[str, int], datetime], dict[str, date]]:
    """By table and owner the first record; and by table the day of the first of all."""
    first: dict[tuple[str, int], datetime] = {}
    begun: dict[str, date] = {}
    for table in tables:
        records: Any = subjects.get(table).model.objects.live().exclude(owner=None).exclude(created_at=None)
        for owner, at in records.order_by().values_list("owner").annotate(at=Min("created_at")):
            first[table, owner] = at
            day = timezone.localdate(at)
            begun[table] = min(day, begun.get(table, day))
    return first, begun


def _cohorts(
    role: JobRole, tables: Sequence[str], first: dict[tuple[str, int], datetime], crm_from: date | None, shown_from: int
) -> list[Cohort]:
    if not tables or crm_from is None:
        return []
    days: dict[Quarter, list[float]] = {}
    for pk, started in Person.objects.filter(job_role=role).exclude(started_on=None).values_list("pk", "started_on"):
        start = max(started, crm_from)
        moments = [first.get((table, pk)) for table in tables]
        if None in moments:
            took = float("inf")
        else:
            took = max(0, (timezone.localdate(max(at for at in moments if at)) - start).days)
        days.setdefault(Quarter.of(start), []).append(took)
    found = []
    for quarter, several in sorted(days.items()):
        middle = median(several) if len(several) >= shown_from else float("inf")
        there = sum(took != float("inf") for took in several)
        found.append(Cohort(quarter, len(several), there, None if middle == float("inf") else middle))
    return found
