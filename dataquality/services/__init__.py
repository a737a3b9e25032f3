"""What may change about data quality, under which rule, in one transaction."""

from dataquality.services.corrections import (
    accept_suggestion,
    correct,
    settle_corrections,
    withdraw_correction,
    withdraw_corrections,
)
from dataquality.services.duplicates import confirmed_so_far, count_confirmed, has_confirmed
from dataquality.services.findings import settle_findings
from dataquality.services.gates import (
    GateState,
    Reason,
    gate,
    override_gate,
    withdraw_override,
)
from dataquality.services.listing import close_list
from dataquality.services.rechecking import recheck
from dataquality.services.relations import settle_neighbours, settle_relations
from dataquality.services.scores import take_scores
from dataquality.services.waivers import end_waivers, expire_waivers, waive

__all__ = [
    "GateState",
    "Reason",
    "accept_suggestion",
    "close_list",
    "confirmed_so_far",
    "correct",
    "count_confirmed",
    "end_waivers",
    "expire_waivers",
    "gate",
    "has_confirmed",
    "override_gate",
    "recheck",
    "settle_corrections",
    "settle_findings",
    "settle_neighbours",
    "settle_relations",
    "take_scores",
    "waive",
    "withdraw_correction",
    "withdraw_corrections",
    "withdraw_override",
]
