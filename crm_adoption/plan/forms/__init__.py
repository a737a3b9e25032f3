"""Wishes about the plan, made safe."""

from crm_adoption.plan.forms.base import DatesForm, LessonForm, PlanForm, ReasonForm
from crm_adoption.plan.forms.claims import ClaimForm
from crm_adoption.plan.forms.phases import CriterionForm, ObjectiveForm, PhaseForm, WorkItemForm

__all__ = [
    "ClaimForm",
    "CriterionForm",
    "DatesForm",
    "LessonForm",
    "ObjectiveForm",
    "PhaseForm",
    "PlanForm",
    "ReasonForm",
    "WorkItemForm",
]
