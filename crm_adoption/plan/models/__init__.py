"""What the adoption plan stores."""

from crm_adoption.plan.models.ingredients import CheckSetting, Claim, Ingredient, Reading, RiskConstant
from crm_adoption.plan.models.programme import Programme

__all__ = ["CheckSetting", "Claim", "Ingredient", "Programme", "Reading", "RiskConstant"]
