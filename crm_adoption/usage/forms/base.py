"""The form every table of use takes: days have a calendar, people are those who are here."""

from __future__ import annotations

from typing import Any

from django import forms

from crm_adoption.people.models import Person
from dataquality import subjects
from training.forms.fields import here


def tables() -> list[tuple[str, str]]:
    return [(one.slug, str(one.label)) for one in subjects.every()]


class UsageForm(forms.ModelForm):  # type: ignore[type-arg]
    """A model form in the manner of this app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.DateField):
                field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            elif isinstance(field, forms.ModelMultipleChoiceField):
                field.widget = forms.CheckboxSelectMultiple()
                field.widget.choices = field.choices  # type: ignore[assignment]
            elif isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
                if field.queryset.model is Person:
                    field.queryset = here()
            elif isinstance(field, forms.CharField) and isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 3
