"""What each role has to want it: a benefit told, and at least three of the others (P55-P57)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean

from django.db.models import Prefetch

from crm_adoption.people.models import JobRole
from crm_adoption.plan import ingredients  # the ten files stand on queries, so they are asked, not imported
from crm_adoption.plan.ingredients.base import Check
from crm_adoption.plan.models import Motivator, Reading

OTHERS_WANTED = 3  # P57
LIFT_DAYS = 28  # on either side of the day a motivator began
Kind = Motivator.Kind


@dataclass(frozen=True)
class RoleMotivation:
    """One role: what is in it for them and told, and the kinds of other motivators that are in use and owned."""

    role: JobRole
    people: int
    benefits: Sequence[Motivator]
    others: Sequence[Motivator]
    unowned: int

    @property
    def told(self) -> bool:
        return any(one.told_on for one in self.benefits)

    @property
    def kinds(self) -> int:
        return len({one.kind for one in self.others if one.owner_id})

    @property
    def is_covered(self) -> bool:
        return self.told and self.kinds >= OTHERS_WANTED

    @property
    def missing(self) -> int:
        return max(0, OTHERS_WANTED - self.kinds)


def motivation() -> list[RoleMotivation]:
    """Every role that somebody works in."""
    roles = JobRole.objects.prefetch_related(
        "people", Prefetch("motivators", Motivator.objects.filter(active=True).select_related("owner"))
    )
    found = []
    for role in roles:
        people = sum(1 for person in role.people.all() if person.is_active)
        if not people:
            continue
        active = list(role.motivators.all())
        benefits = [one for one in active if one.kind == Kind.BENEFIT]
        others = [one for one in active if one.kind != Kind.BENEFIT]
        found.append(RoleMotivation(role, people, benefits, others, sum(1 for one in others if not one.owner_id)))
    return found


@dataclass(frozen=True)
class Lift:
    """A check before and after a motivator began: the means of its readings over as many days on both sides.

    What else changed in these days is not told apart. None stands for a side without any reading.
    """

    motivator: Motivator
    check: Check
    first: date
    last: date
    before: float | None
    before_n: int
    after: float | None
    after_n: int

    @property
    def change(self) -> float | None:
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def is_better(self) -> bool | None:
        """Did it move towards its target? Undefined without both sides, or where it stayed."""
        if not self.change:
            return None
        return (self.change > 0) == (self.check.target > self.check.floor)


def lifts(today: date, *, days: int = LIFT_DAYS) -> list[Lift]:
    """Of every motivator in use that names a check and the day it began, the latest begun first."""
    asked = list(
        Motivator.objects.filter(active=True, told_on__lte=today)
        .exclude(check_slug="")
        .select_related("job_role")
        .order_by("-told_on", "pk")
    )
    known = [one for one in asked if one.check_slug in ingredients.CHECKS]
    rows = Reading.objects.filter(check_slug__in={one.check_slug for one in known}, scope="")
    readings: dict[str, list[Reading]] = {}
    for row in rows:
        readings.setdefault(row.check_slug, []).append(row)
    return [_lift(one, readings.get(one.check_slug, []), today, timedelta(days=days)) for one in known]


def _lift(motivator: Motivator, readings: Sequence[Reading], today: date, span: timedelta) -> Lift:
    begun = motivator.told_on or today
    first, last = begun - span + timedelta(days=1), min(today, begun + span)
    before = [row.value for row in readings if first <= row.taken_on <= begun]
    after = [row.value for row in readings if begun < row.taken_on <= last]
    return Lift(
        motivator, ingredients.CHECKS[motivator.check_slug], first, last,
        fmean(before) if before else None, len(before), fmean(after) if after else None, len(after),
    )  # fmt: skip
