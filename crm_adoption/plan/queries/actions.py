"""The next best action: risk removed for each day of effort (model.md 3.2); and what the risk would be, if."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db.models import Count, Q, Sum

from crm_adoption.plan import risk
from crm_adoption.plan.models import WorkItem
from crm_adoption.plan.queries.standing import IngredientState, Standing

OPEN = (WorkItem.State.OPEN, WorkItem.State.DOING)


@dataclass(frozen=True)
class Action:
    """One ingredient: the risk that bringing it to *strong* would remove, the open work on it, and the two together.

    `removes` is in points of probability, counting what is not measured as missing. `per_day` is undefined while no
    open item of it has an effort.
    """

    state: IngredientState
    removes: float
    effort_days: float | None
    items: Sequence[WorkItem]
    without_effort: int

    @property
    def per_day(self) -> float | None:
        return self.removes / self.effort_days if self.effort_days else None

    @property
    def points(self) -> float:
        """What it removes, in points of the risk in per cent."""
        return 100 * self.removes

    @property
    def first(self) -> WorkItem | None:
        return self.items[0] if self.items else None

    @property
    def unmeasured(self) -> int:
        """Checks that have no fresh evidence; measuring them may remove as much as work does."""
        return len(self.state.checks) - self.state.measured


def next_actions(now: Standing) -> list[Action]:
    """By risk removed for each day of effort. What nobody has estimated stands where it would if it took as long as
    the others at the median, so that the largest risk is not last because nobody planned anything against it."""
    items = list(
        WorkItem.objects.filter(state__in=OPEN, ingredient__isnull=False)
        .select_related("owner", "phase")
        .order_by("due_on", "pk")
    )
    totals = {
        row["ingredient"]: row
        for row in WorkItem.objects.filter(state__in=OPEN, ingredient__isnull=False)
        .values("ingredient")
        .annotate(days=Sum("effort_days"), unknown=Count("pk", filter=Q(effort_days=None)))
        .order_by()
    }
    found = []
    for one in now.contributions:
        key = one.state.ingredient.pk
        row: dict[str, Any] = dict(totals.get(key) or {"days": None, "unknown": 0})
        mine = [item for item in items if item.ingredient_id == key]
        found.append(Action(one.state, one.removes, row["days"] or None, mine, row["unknown"]))
    usual = usual_effort(found)
    return sorted(found, key=lambda one: (-one.removes / (one.effort_days or usual), one.state.ingredient.order))


def usual_effort(actions: Sequence[Action]) -> float:
    """Days of open work of an ingredient at the median of those estimated; one day where nothing is."""
    return median([one.effort_days for one in actions if one.effort_days] or [1.0])


@dataclass(frozen=True)
class WhatIf:
    """The risk with some scores set by hand, beside the one of today counted the same way."""

    scores: Sequence[tuple[IngredientState, float, bool]]  # ingredient, score taken, set by hand
    risk: float
    today: float

    @property
    def change(self) -> float:
        return self.risk - self.today


def what_if(now: Standing, wished: Mapping[str, float]) -> WhatIf:
    """`wished` is ingredient slug to a score from 0 to 1; the others stay, unmeasured parts counted as missing."""
    taken = [
        (state, risk.clamp(wished.get(state.ingredient.slug, state.dose.worst)), state.ingredient.slug in wished)
        for state in now.ingredients
    ]
    then = risk.risk([(state.ingredient.weight, score) for state, score, _set in taken], now.constants)
    today = risk.risk([(state.ingredient.weight, state.dose.worst) for state in now.ingredients], now.constants)
    return WhatIf(taken, then, today)
