"""What enforces a step of a process, made safe."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm_adoption.plan.forms.base import PlanForm
from crm_adoption.plan.models import StepRule
from crm_adoption.plan.queries.brought import steps
from dataquality import subjects
from dataquality.models import RuleRow


def step_choices() -> list[tuple[str, Any]]:
    """Every step of the processes in force, under its process."""
    found: dict[str, list[tuple[str, str]]] = {}
    for step in steps():
        found.setdefault(str(step.process), []).append((f"{step.process.pk}:{step.text}", step.text))
    return [("", "—"), *found.items()]


def rule_choices() -> list[tuple[str, Any]]:
    """Every active rule on records, under its table."""
    found: dict[str, list[tuple[str, str]]] = {}
    known = {subject.slug: subject for subject in subjects.every()}
    for row in RuleRow.objects.filter(active=True).order_by("table", "field", "kind"):
        subject = known.get(row.table)
        if subject is not None:
            column = subject.columns.get(row.field)
            found.setdefault(str(subject.label), []).append(
                (row.slug, f"{column.label if column else row.field} · {row.kind}")
            )
    return [("", "—"), *found.items()]


class StepRuleForm(PlanForm):
    of_step = forms.ChoiceField(label=_("Step"), choices=step_choices)
    rule_slug = forms.ChoiceField(label=_("Rule"), choices=rule_choices, required=False)

    class Meta:
        model = StepRule
        fields = ("by", "rule_slug", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(("of_step", "by", "rule_slug", "note"))
        if self.instance.pk:
            self.initial["of_step"] = f"{self.instance.process_id}:{self.instance.step}"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("by") == StepRule.By.RULE and not data.get("rule_slug"):
            self.add_error("rule_slug", ValidationError(_("Choose the rule that finds whoever left the step out.")))
        if data.get("by") == StepRule.By.CRM:
            data["rule_slug"] = ""
            if not data.get("note"):
                self.add_error(
                    "note", ValidationError(_("Say where in the CRM it is seen that it cannot be left out."))
                )
        process, _colon, step = data.get("of_step", "").partition(":")
        if process:
            self.instance.process_id, self.instance.step = int(process), step
        return data
