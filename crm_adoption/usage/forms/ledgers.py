"""Wishes about the click ledger and the return."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm_adoption.usage import evidence
from crm_adoption.usage.forms.base import UsageForm
from crm_adoption.usage.models import EffortEntry, EffortRelease, LedgerLine, UseCase


class ReleaseForm(UsageForm):
    class Meta:
        model = EffortRelease
        fields = ("release", "name", "on", "why", "answered_by")


class EntryForm(UsageForm):
    class Meta:
        model = EffortEntry
        fields = (
            "use_case", "clicks_added", "clicks_removed", "fields_added", "fields_removed", "times_a_week", "note",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        live = UseCase.objects.filter(retired_on=None).select_related("job_role")
        self.fields["use_case"].queryset = live.order_by("job_role__name", "name")  # type: ignore[attr-defined]
        self.fields["use_case"].label_from_instance = lambda one: f"{one.job_role}: {one}"  # type: ignore[attr-defined]


class LedgerLineForm(UsageForm):
    check_slug = forms.ChoiceField(
        label=_("Shown by"), choices=evidence.checks, required=False,
        help_text=_("The check whose readings show the gain; without one it is a claim and does not count."),
    )  # fmt: skip

    class Meta:
        model = LedgerLine
        fields = ("kind", "line", "name", "amount", "check_slug", "baseline_on", "after_on", "note")
