"""Fields that several forms share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crm_adoption.people.models import Person

LONGEST_LINE = 300


def here() -> QuerySet[Person]:
    """Who may be chosen: everybody who has not left."""
    found: QuerySet[Person] = Person.objects.filter(left_on=None).order_by("name", "pk")
    return found


def day(**more: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def moment(**more: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(widget=widget, **more)


def area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class Lines(forms.CharField):
    """One entry a line; blank lines are left out."""

    def __init__(self, *, rows: int = 5, **more: Any) -> None:
        super().__init__(widget=area(rows), **more)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        return [line.strip() for line in (super().to_python(value) or "").splitlines() if line.strip()]

    def validate(self, value: list[str]) -> None:  # type: ignore[override]
        super().validate("\n".join(value))
        for number, line in enumerate(value, 1):
            if len(line) > LONGEST_LINE:
                sentence = _("Line %(n)s has %(long)s characters; write at most %(most)s.")
                raise forms.ValidationError(sentence % {"n": number, "long": len(line), "most": LONGEST_LINE})

    def run_validators(self, value: list[str]) -> None:  # type: ignore[override]
        super().run_validators("\n".join(value))
