"""What the adoption plan stores."""

from crm_adoption.plan.models.access import AccessPath, Trial
from crm_adoption.plan.models.communication import Delivery, Escalation, Feedback, Message, Promise, Vote
from crm_adoption.plan.models.enforcement import StepRule
from crm_adoption.plan.models.gates import GateAct, GateCriterion, GateForecast, GateReplay
from crm_adoption.plan.models.handouts import CalendarLink, DigestSetting
from crm_adoption.plan.models.ingredients import CheckSetting, Claim, Ingredient, Reading, RiskConstant
from crm_adoption.plan.models.leadership import LeaderAct, Moment, Recognition
from crm_adoption.plan.models.motivation import Motivator
from crm_adoption.plan.models.phases import Lesson, Phase, PhaseStep, WorkItem
from crm_adoption.plan.models.programme import Objective, Programme
from crm_adoption.plan.models.pulse import Pulse, PulseAnswer, PulseItem, PulseTicket
from crm_adoption.plan.models.reviews import Decision, Review
from crm_adoption.plan.models.values import RoleValue

__all__ = [
    "AccessPath",
    "CalendarLink",
    "CheckSetting",
    "Claim",
    "Decision",
    "Delivery",
    "DigestSetting",
    "Escalation",
    "Feedback",
    "GateAct",
    "GateCriterion",
    "GateForecast",
    "GateReplay",
    "Ingredient",
    "LeaderAct",
    "Lesson",
    "Message",
    "Moment",
    "Motivator",
    "Objective",
    "Phase",
    "PhaseStep",
    "Programme",
    "Promise",
    "Pulse",
    "PulseAnswer",
    "PulseItem",
    "PulseTicket",
    "Reading",
    "Recognition",
    "Review",
    "RiskConstant",
    "RoleValue",
    "StepRule",
    "Trial",
    "Vote",
    "WorkItem",
]
