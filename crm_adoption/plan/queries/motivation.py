"""What each role has to want it: a benefit told, and at least three of the others (P55-P57)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Prefetch

from crm_adoption.people.models import JobRole
from crm_adoption.plan.models import Motivator, Reading

OTHERS_WANTED = 3  # P57
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
    """A check before and after a motivator began: means over the same number of days on both sides."""

    before: float
    after: float
    readings: int

    @property
    def change(self) -> float:
        return self.after - self.before


def lift(motivator: Motivator, today: date, *, days: int = 28) -> Lift | None:
    """None without a check, a first day, or readings on both sides; what else changed then is not told apart."""
    if not motivator.check_slug or not motivator.told_on:
        return None
    start, end = motivator.told_on - timedelta(days=days), min(today, motivator.told_on + timedelta(days=days))
    rows = Reading.objects.filter(check_slug=motivator.check_slug, scope="", taken_on__gt=start, taken_on__lte=end)
    before = [row.value for row in rows if row.taken_on <= motivator.told_on]
    after = [row.value for row in rows if row.taken_on > motivator.told_on]
    if not before or not after:
        return None
    return Lift(sum(before) / len(before), sum(after) / len(after), len(before) + len(after))
