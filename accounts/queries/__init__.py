"""What the pages and the reports want to know of companies and deals."""

from accounts.queries.agreement import FieldAgreement, SourceAgreement, agreement_of, labels, last_agreement, masters
from accounts.queries.certified import Condition, certified
from accounts.queries.changes import Change, ChangeMonth, changes_by_month, latest_changes, leaning
from accounts.queries.deals import Month, Share, live_deals, pipeline, won_by_month, won_without_a_day

__all__ = [
    "Change",
    "ChangeMonth",
    "Condition",
    "FieldAgreement",
    "Month",
    "Share",
    "SourceAgreement",
    "agreement_of",
    "certified",
    "changes_by_month",
    "labels",
    "last_agreement",
    "latest_changes",
    "leaning",
    "live_deals",
    "masters",
    "pipeline",
    "won_by_month",
    "won_without_a_day",
]
