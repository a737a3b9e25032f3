"""What the plan's pages and API want to know."""

from crm_adoption.plan.queries.home import Home, home, wheel
from crm_adoption.plan.queries.standing import (
    CheckState,
    Contribution,
    IngredientState,
    Standing,
    constants,
    own_answers,
    own_claim,
    standing,
    trends,
)

__all__ = [
    "CheckState",
    "Contribution",
    "Home",
    "IngredientState",
    "Standing",
    "constants",
    "home",
    "own_answers",
    "own_claim",
    "standing",
    "trends",
    "wheel",
]
