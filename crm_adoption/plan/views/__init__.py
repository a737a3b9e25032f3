"""Pages of the plan."""

from crm_adoption.plan.views.standing import home, ingredient, ingredients, measure

__all__ = ["home", "ingredient", "ingredients", "measure"]
