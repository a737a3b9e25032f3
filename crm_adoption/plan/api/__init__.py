"""The plan over the API."""

from crm_adoption.plan.api.standing import IngredientsView, RiskView

__all__ = ["IngredientsView", "RiskView"]
