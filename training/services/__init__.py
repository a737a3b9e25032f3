"""What may change about training."""

from training.services.courses import bring_up_to_date, enrol, retire_course, save_course
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

__all__ = [
    "announce_go_live",
    "bring_up_to_date",
    "change_process",
    "describe_impact",
    "describe_role",
    "enrol",
    "make_process",
    "name_owner",
    "rate_team",
    "retire_course",
    "retire_process",
    "save_course",
    "say_stage",
    "seed",
    "set_targets",
    "tell_impact",
]
