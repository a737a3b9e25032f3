"""What may change about training."""

from training.services.courses import bring_up_to_date, enrol, retire_course, save_course
from training.services.evidence import Evidence, record
from training.services.letters import letter, tell
from training.services.processes import (
    announce_go_live,
    change_process,
    describe_impact,
    make_process,
    name_owner,
    retire_process,
    tell_impact,
)
from training.services.roles import describe_role, rate_team, say_stage, seed, set_targets
from training.services.sessions import (
    DOOR_OPENS,
    book,
    cancel_session,
    change_session,
    check_in,
    key_of,
    leave,
    note_attendance,
    plan_session,
    session_of,
)

__all__ = [
    "DOOR_OPENS",
    "Evidence",
    "announce_go_live",
    "book",
    "bring_up_to_date",
    "cancel_session",
    "change_process",
    "change_session",
    "check_in",
    "describe_impact",
    "describe_role",
    "enrol",
    "key_of",
    "leave",
    "letter",
    "make_process",
    "name_owner",
    "note_attendance",
    "plan_session",
    "rate_team",
    "record",
    "retire_course",
    "retire_process",
    "save_course",
    "say_stage",
    "seed",
    "session_of",
    "set_targets",
    "tell",
    "tell_impact",
]
