"""The tree of objectives (P12): what serves what, how far each is by its own check, and which phases serve it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crm_adoption.plan.ingredients import CHECKS
from crm_adoption.plan.models import Objective, Phase, Reading


@dataclass(frozen=True)
class Branch:
    """One objective and those that serve it; `now` and `target` as people say them, empty where nothing measures it."""

    objective: Objective
    phases: Sequence[Phase]
    now: str
    target: str
    is_reached: bool | None  # undefined without a reading or a target
    children: Sequence[Branch]


def objective_tree(now: datetime) -> list[Branch]:
    """From strategy down; whatever serves nothing stands at the top."""
    every = list(Objective.objects.select_related("owner").prefetch_related("phases"))
    slugs = {one.check_slug for one in every if one.check_slug}
    newest = {one.check_slug: one for one in Reading.objects.newest_of(sorted(slugs), now)}
    under: dict[int | None, list[Objective]] = {}
    for one in every:
        under.setdefault(one.parent_id, []).append(one)

    def branches(parent: int | None) -> list[Branch]:
        found = [_branch(one, newest.get(one.check_slug), branches(one.pk)) for one in under.get(parent, [])]
        return sorted(found, key=lambda one: (LEVELS.index(one.objective.kind), one.objective.statement))

    return branches(None)


LEVELS = Objective.Kind.values  # strategy, CRM, process


def _branch(objective: Objective, reading: Reading | None, children: Sequence[Branch]) -> Branch:
    check = CHECKS.get(objective.check_slug)
    target = objective.target
    if check is None:
        said = "" if target is None else f"{target:g}"
        return Branch(objective, list(objective.phases.all()), "", said, None, children)
    reached = None
    if reading is not None and target is not None:
        more_is_better = check.target > check.floor
        reached = reading.value >= target if more_is_better else reading.value <= target
    return Branch(
        objective, list(objective.phases.all()), check.said(reading.value) if reading else "",
        check.said(target) if target is not None else "", reached, children,
    )  # fmt: skip
