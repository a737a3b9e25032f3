"""The form every table of the plan uses: dates have a calendar, people and roles are those that are here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm_adoption.people.models import Person
from crm_adoption.plan.forms.labels import LABELS
from crm_adoption.plan.ingredients import TEN
from crm_adoption.plan.models import Ingredient


class CalendarInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


def checks() -> list[tuple[str, Any]]:
    """Every check, under its ingredient, for a choice."""
    names = {row.slug: str(row) for row in Ingredient.objects.all()}
    groups: dict[str, list[tuple[str, str]]] = {}
    for declared in TEN:
        groups[names.get(declared.slug, declared.label)] = [(check.slug, check.label) for check in declared.checks]
    return [("", "—"), *groups.items()]


class PlanForm(forms.ModelForm):  # type: ignore[type-arg]
    """A model form in the plan's manner."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if not isinstance(field.label, Promise):
                field.label = LABELS.get(name, field.label)
            if isinstance(field, forms.DateField):
                field.widget = CalendarInput()
            elif isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
                if field.queryset.model is Person:
                    field.queryset = Person.objects.active().order_by("name")
            elif name == "check_slug":
                self.fields[name] = forms.ChoiceField(
                    label=field.label, choices=checks, required=field.required, help_text=field.help_text
                )
            if isinstance(field, forms.CharField) and isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 3


class ReasonForm(forms.Form):
    """A reason and the last day on which it holds."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}))
    until = forms.DateField(label=_("Until"), widget=CalendarInput())


class LessonForm(forms.Form):
    text = forms.CharField(label=_("What was learned?"), widget=forms.Textarea(attrs={"rows": 3}))
    keep = forms.TypedChoiceField(
        label=_("Next time"), coerce=lambda word: word == "keep", choices=[("keep", _("do it again")),
                                                                           ("change", _("do it otherwise"))],
    )  # fmt: skip


class DatesForm(forms.Form):
    start = forms.DateField(label=_("Start"), widget=CalendarInput())
    end = forms.DateField(label=_("End"), widget=CalendarInput())
