"""Success starts with people (M1): what their ingredients weigh, and how their side stands (M12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crm_adoption.plan.queries.standing import IngredientState, Standing

PEOPLE = (  # read from what people do, say, learn and answer for; the others from scope, system, data and process
    "executive-leadership", "ownership-support", "communication", "end-user-motivation", "training-reinforcement",
)  # fmt: skip
ROLLED_UP = ("executive-leadership", "communication", "end-user-motivation")  # M12: ingredients 2, 4 and 9


@dataclass(frozen=True)
class PeopleSide:
    """The people's part of all weight, and ingredients 2, 4 and 9 as one."""

    weight_share: float
    least: float
    states: Sequence[IngredientState]

    @property
    def is_light(self) -> bool:
        return self.weight_share < self.least

    @property
    def with_evidence(self) -> list[IngredientState]:
        return [state for state in self.states if state.score is not None]

    @property
    def score(self) -> float | None:
        """The mean of those with evidence, each by its weight; undefined without any."""
        known = [(state.ingredient.weight, state.score) for state in self.with_evidence if state.score is not None]
        total = sum(weight for weight, _score in known)
        return sum(weight * score for weight, score in known) / total if total else None

    @property
    def weakest(self) -> IngredientState | None:
        return min(self.with_evidence, key=lambda state: state.score or 0.0, default=None)


def people_share(weights: Mapping[str, float]) -> float:
    """What the people's ingredients weigh of all; nothing where nothing weighs anything."""
    total = sum(weights.values())
    return sum(weights.get(slug, 0.0) for slug in PEOPLE) / total if total else 0.0


def people_side(now: Standing, least: float) -> PeopleSide:
    weights = {state.ingredient.slug: state.ingredient.weight for state in now.ingredients}
    return PeopleSide(
        people_share(weights), least, [one for one in now.ingredients if one.ingredient.slug in ROLLED_UP]
    )
