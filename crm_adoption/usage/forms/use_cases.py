"""Wishes about use cases, and how people find them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from crm_adoption.usage.forms.base import UsageForm
from crm_adoption.usage.models import Dimension, Opinion, UseCase
from training.forms.fields import Lines

THERE = "*"


class UseCaseForm(UsageForm):
    dimensions = forms.MultipleChoiceField(
        label=_("What it heeds of the person"), choices=Dimension, required=False, widget=forms.CheckboxSelectMultiple
    )
    elements = Lines(
        label=_("What people look for on its screen"), rows=4, required=False,
        help_text=_("One a line: how much it matters from 1 to 5, what it is, and * where it is on the screen; "
                    "such as “5 last visit *”."),
    )  # fmt: skip

    class Meta:
        model = UseCase
        fields = (
            "job_role", "name", "goal", "learned_from", "learned_on", "capability", "is_core", "priority",
            "per_28_days", "ideal_clicks", "actual_clicks", "inputs", "prefilled", "seconds_target", "minutes",
            "serves", "dimensions",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["elements"].initial = [
                f"{one.importance} {one.name}{f' {THERE}' if one.on_screen else ''}"
                for one in self.instance.elements.all()
            ]

    def clean_elements(self) -> list[tuple[str, int, bool]]:
        found: dict[str, tuple[str, int, bool]] = {}
        for number, line in enumerate(self.cleaned_data["elements"], 1):
            weight, _space, name = line.partition(" ")
            there, name = name.endswith(THERE), name.removesuffix(THERE).strip()[:200]
            if weight not in ("1", "2", "3", "4", "5") or not name:
                sentence = _now("Line %(n)s: begin with how much it matters, from 1 to 5, then say what it is.")
                raise forms.ValidationError(sentence % {"n": number})
            found[name.casefold()] = name, int(weight), there
        return list(found.values())


class OpinionForm(UsageForm):
    class Meta:
        model = Opinion
        fields = ("feels", "predictable", "convenient", "timely")
