"""What may change about training."""

from training.services.completions import note_completion, withdraw_completion
from training.services.courses import bring_up_to_date, enrol, retire_course, save_course
from training.services.enquiries import answer, ask
from training.services.evidence import Evidence, record
from training.services.files import import_attendance, import_completions, import_results, import_statements
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
from training.services.quizzes import (
    add_question,
    answer_quiz,
    copy_questions,
    make_quiz,
    note_result,
    open_quiz,
    remove_question,
)
from training.services.reinforcing import remind
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
from training.services.statements import NothingStored, Outcome, RefusedStatement, store_statements

__all__ = [
    "DOOR_OPENS",
    "Evidence",
    "NothingStored",
    "Outcome",
    "RefusedStatement",
    "add_question",
    "announce_go_live",
    "answer",
    "answer_quiz",
    "ask",
    "book",
    "bring_up_to_date",
    "cancel_session",
    "change_process",
    "change_session",
    "check_in",
    "copy_questions",
    "describe_impact",
    "describe_role",
    "enrol",
    "import_attendance",
    "import_completions",
    "import_results",
    "import_statements",
    "key_of",
    "leave",
    "letter",
    "make_process",
    "make_quiz",
    "name_owner",
    "note_attendance",
    "note_completion",
    "note_result",
    "open_quiz",
    "plan_session",
    "rate_team",
    "record",
    "remind",
    "remove_question",
    "retire_course",
    "retire_process",
    "save_course",
    "say_stage",
    "seed",
    "session_of",
    "set_targets",
    "store_statements",
    "tell",
    "tell_impact",
    "withdraw_completion",
]
