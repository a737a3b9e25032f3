"""Values that Salesforce, Dynamics 365, HubSpot, EspoCRM, SuiteCRM and Frappe CRM offer as delivered.

Owners of a CRM add to such lists and translate them; what is in common use in a source is therefore right there as
well (`dataquality/engine/lists.py`), and a steward may close a list for good.
"""

from __future__ import annotations

WON = ("won", "closed won", "closedwon", "gewonnen", "gagné", "ganado", "赢单")
LOST = ("lost", "closed lost", "closedlost", "verloren", "perdu", "perdido", "输单")
STAGES = (
    "Prospecting", "Qualification", "Needs Analysis", "Value Proposition", "Id. Decision Makers",
    "Perception Analysis", "Proposal/Price Quote", "Negotiation/Review", "Closed Won", "Closed Lost",  # Salesforce
    "Qualify", "Develop", "Propose", "Close", "Open", "Won", "Lost", "Canceled", "Out-Sold",  # Dynamics 365
    "1-Qualify", "2-Develop", "3-Propose", "4-Close",
    "Appointment Scheduled", "Qualified To Buy", "Presentation Scheduled", "Decision Maker Bought-In",
    "Contract Sent",  # HubSpot
    "Proposal", "Negotiation", "Demo/Making", "Proposal/Quotation", "Ready to Close",  # EspoCRM, Frappe CRM
    "Gewonnen", "Verloren", "Gagné", "Perdu", "Ganado", "Perdido", "赢单", "输单",
)  # fmt: skip
FORECASTS = (
    "Omitted", "Pipeline", "Best Case", "Most Likely", "Commit", "Closed",  # Salesforce
    "Committed", "Won", "Lost", "Not forecasted", "Closed won",  # Dynamics 365, HubSpot
)  # fmt: skip
CASE_OPEN = (
    "New", "Working", "Escalated", "On Hold", "In Progress", "Waiting for Details", "Waiting for Customer",
    "Researching", "Active", "Open", "Assigned", "Pending", "Waiting on contact", "Waiting on us", "Reopened",
    "Neu", "In Bearbeitung", "Offen", "Nouveau", "En cours", "Nuevo", "En curso", "新建", "处理中",
)  # fmt: skip
CASE_CLOSED = (
    "Closed", "Resolved", "Problem Solved", "Information Provided", "Solved", "Rejected", "Duplicate", "Canceled",
    "Cancelled", "Merged", "Geschlossen", "Gelöst", "Fermé", "Résolu", "Cerrado", "Resuelto", "已关闭", "已解决",
)  # fmt: skip
PRIORITIES = (
    "Low", "Medium", "Normal", "High", "Critical", "Urgent", "P1", "P2", "P3",
    "Niedrig", "Mittel", "Hoch", "Basse", "Moyenne", "Haute", "Baja", "Media", "Alta", "低", "中", "高",
)  # fmt: skip
KINDS = (
    "Call", "Phone Call", "Email", "E-mail", "Mail", "Meeting", "Appointment", "Event", "Visit", "Task", "To-do",
    "Note",
    "Letter", "Fax", "Demo", "Lunch", "SMS", "Other", "List Email", "Cadence", "Service Activity", "Campaign Response",
    "Anruf", "Besuch", "Termin", "Aufgabe", "Besprechung", "Appel", "Visite", "Réunion", "Tâche",
    "Llamada", "Visita", "Reunión", "Tarea", "电话", "拜访", "会议", "任务", "邮件",
)  # fmt: skip
