"""Values of leads and contact roles that the CRMs offer as delivered; see `accounts/choices.py` for what that means."""

from __future__ import annotations

CONVERTED = (
    "Closed - Converted", "Converted", "Qualified - Converted", "Konvertiert", "Converti", "Convertido", "已转换",
)  # fmt: skip
STATUSES = (
    "Open - Not Contacted", "Working - Contacted", "Closed - Converted", "Closed - Not Converted",
    "New", "Contacted", "Nurturing", "Qualified", "Unqualified", "Converted", "Working",  # Salesforce
    "Open", "Lost", "Cannot Contact", "No Longer Interested", "Canceled", "Disqualified",  # Dynamics 365
    "In Progress", "Open Deal", "Attempted to Contact", "Connected", "Bad Timing",  # HubSpot
    "Assigned", "In Process", "Recycled", "Dead", "Nurture", "Junk", "Replied", "Opportunity", "Interested",
    "Neu", "Qualifiziert", "Konvertiert", "Nouveau", "Qualifié", "Converti", "Nuevo", "Cualificado", "Convertido",
    "新建", "已联系", "已转换",
)  # fmt: skip
RATINGS = (
    "Hot", "Warm", "Cold", "Heiß", "Kalt", "Chaud", "Tiède", "Froid", "Caliente", "Tibio", "Frío", "热", "温", "冷",
)  # fmt: skip
ROLES = (
    "Business User", "Decision Maker", "Economic Buyer", "Economic Decision Maker", "Evaluator", "Executive Sponsor",
    "Influencer", "Technical Buyer", "Other",  # Salesforce
    "Stakeholder", "Champion", "End User", "Delivery Professional", "Industry Expert", "Sales Professional",
    "Service Professional", "Territory Manager", "Account Manager", "Partner", "Vendor",  # Dynamics 365
    "Blocker", "Budget Holder", "Legal & Compliance", "Primary Contact", "Secondary Decision Maker",
    "Entscheider", "Beeinflusser", "Anwender", "Décideur", "Prescripteur", "Utilisateur", "Decisor", "Usuario",
    "决策者", "影响者", "使用者",
)  # fmt: skip
