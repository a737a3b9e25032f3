"""What may change in the plan."""

from crm_adoption.plan.services.communication import (
    agree_expectation,
    answer_feedback,
    escalate,
    escalate_overdue,
    give_feedback,
    make_promise,
    make_work_of,
    resolve_feedback,
    settle_by_hand,
    settle_promises,
    vote,
)
from crm_adoption.plan.services.enforcement import save_step_rule
from crm_adoption.plan.services.engagement import recognise, save_access_path, save_trial
from crm_adoption.plan.services.gates import close_phase, note_forecasts, open_phase, override_phase
from crm_adoption.plan.services.handouts import (
    digest_readers,
    make_calendar_link,
    person_of_key,
    revoke_calendar_link,
    send_digests,
    set_digest,
    wants_digest,
)
from crm_adoption.plan.services.messages import Delivered, check_undelivered, deliver, send_message
from crm_adoption.plan.services.phases import (
    apply_lesson,
    approve,
    finish_item,
    finish_step,
    move_items,
    note_lesson,
    reschedule,
    revalidate,
    save_objective,
    save_phase,
)
from crm_adoption.plan.services.plan import make_claim, measure_brought, seed, take_readings, watch_releases
from crm_adoption.plan.services.pulse import answer_pulse, ask_pulse, why_over
from crm_adoption.plan.services.pulse_letters import send_pulses
from crm_adoption.plan.services.reviews import call_committee, decide, hold_review

__all__ = [
    "Delivered",
    "agree_expectation",
    "answer_feedback",
    "answer_pulse",
    "apply_lesson",
    "approve",
    "ask_pulse",
    "call_committee",
    "check_undelivered",
    "close_phase",
    "decide",
    "deliver",
    "digest_readers",
    "escalate",
    "escalate_overdue",
    "finish_item",
    "finish_step",
    "give_feedback",
    "hold_review",
    "make_calendar_link",
    "make_claim",
    "make_promise",
    "make_work_of",
    "measure_brought",
    "move_items",
    "note_forecasts",
    "note_lesson",
    "open_phase",
    "override_phase",
    "person_of_key",
    "recognise",
    "reschedule",
    "resolve_feedback",
    "revalidate",
    "revoke_calendar_link",
    "save_access_path",
    "save_objective",
    "save_phase",
    "save_step_rule",
    "save_trial",
    "seed",
    "send_digests",
    "send_message",
    "send_pulses",
    "set_digest",
    "settle_by_hand",
    "settle_promises",
    "take_readings",
    "vote",
    "wants_digest",
    "watch_releases",
    "why_over",
]
