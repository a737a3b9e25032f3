"""Pages of the plan."""

from crm_adoption.plan.views.standing import home, ingredient, ingredients

__all__ = ["home", "ingredient", "ingredients"]
