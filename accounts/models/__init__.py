"""What is stored of companies, deals, service and activities, and of how far systems agree about companies."""

from accounts.models.agreement import Agreement, AgreementSetting, Disagreement
from accounts.models.records import Account, Activity, Case, CrmUser, Opportunity, Product, audited

__all__ = [
    "Account",
    "Activity",
    "Agreement",
    "AgreementSetting",
    "Case",
    "CrmUser",
    "Disagreement",
    "Opportunity",
    "Product",
    "audited",
]
