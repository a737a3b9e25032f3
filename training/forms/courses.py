"""Wishes about courses, made safe."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm_adoption.people.models import JobRole
from training.forms.fields import area
from training.models import Course, Process


class CourseForm(forms.ModelForm):  # type: ignore[type-arg]
    job_roles = forms.ModelMultipleChoiceField(
        JobRole.objects.all(), label=_("Job roles"), required=False, widget=forms.CheckboxSelectMultiple
    )
    processes = forms.ModelMultipleChoiceField(
        Process.objects.none(), label=_("Processes it teaches"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Course
        fields = (
            "title", "code", "summary", "kind", "job_roles", "processes", "minutes_process", "minutes_tool", "mastery",
            "move_on", "due_within_days", "position", "activity_id",
        )  # fmt: skip
        widgets = {"summary": area(2)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = self.instance.processes.all() if self.instance.pk else Process.objects.none()
        offered = Process.objects.filter(Q(retired_on=None) | Q(pk__in=known.values("pk")))
        self.fields["processes"].queryset = offered  # type: ignore[attr-defined]
        if self.instance.pk:
            self.initial["processes"] = list(known)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("minutes_process") and not data.get("minutes_tool") and not self.errors:
            self.add_error("minutes_process", _("A course takes time; say how many minutes go to what."))
        return data

    def validate_unique(self) -> None:
        """The service says what clashes, in a sentence."""

    def validate_constraints(self) -> None:
        """The same."""
