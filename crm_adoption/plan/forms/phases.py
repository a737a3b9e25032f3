"""Wishes about objectives, phases and work items, made safe."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm_adoption.plan.forms.base import PlanForm
from crm_adoption.plan.models import GateCriterion, Objective, Phase, WorkItem
from dataquality import subjects


def tables() -> list[tuple[str, str]]:
    return [(subject.slug, subject.label) for subject in subjects.every()]


class ObjectiveForm(PlanForm):
    class Meta:
        model = Objective
        fields = ("statement", "kind", "parent", "metric", "check_slug", "baseline", "target", "owner", "due_on")


class PhaseForm(PlanForm):
    tables = forms.MultipleChoiceField(
        label=_("CRM tables it builds on"), choices=tables, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Their data gates must hold before it opens."),
    )  # fmt: skip

    class Meta:
        model = Phase
        fields = (
            "name", "parent", "position", "goal", "objectives", "job_roles", "tables", "planned_start", "planned_end",
            "design_frozen_on", "capacity_days", "process_changes", "integrations",
        )  # fmt: skip
        widgets = {"objectives": forms.CheckboxSelectMultiple, "job_roles": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parents = Phase.objects.filter(parent=None).exclude(pk=self.instance.pk)
        self.fields["parent"].queryset = parents  # type: ignore[attr-defined]
        self.fields["parent"].label = _("Release of")


class WorkItemForm(PlanForm):
    class Meta:
        model = WorkItem
        fields = (
            "title", "kind", "track", "approach", "phase", "job_role", "objective", "ingredient", "reason", "owner",
            "requested_by", "requested_on", "due_on", "effort_days",
        )  # fmt: skip


class CriterionForm(PlanForm):
    class Meta:
        model = GateCriterion
        fields = ("check_slug", "comparator", "threshold")
