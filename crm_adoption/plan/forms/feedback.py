"""Wishes about feedback, pulses and reviews, made safe."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm_adoption.plan.forms.base import CalendarInput, PlanForm
from crm_adoption.plan.models import Feedback, Promise, Pulse, Review
from crm_adoption.plan.queries.expectations import BY, measures


class FeedbackForm(forms.Form):
    kind = forms.ChoiceField(label=_("What is it?"), choices=Feedback.Kind.choices)
    text = forms.CharField(label=_("Say it in your own words"), widget=forms.Textarea(attrs={"rows": 4}))
    area = forms.ChoiceField(
        label=_("Is it about how we work, or about the technology?"), choices=Feedback.Area.choices,
        initial=Feedback.Area.BUSINESS, widget=forms.RadioSelect,
    )  # fmt: skip
    is_incident = forms.BooleanField(label=_("It stopped my work"), required=False)
    measure = forms.CharField(
        label=_("By what would you know that it is met?"), max_length=200, required=False,
        help_text=_("For an expectation."),
    )  # fmt: skip


class AgreeForm(forms.Form):
    """By what, how far and until when an expectation is known to be met."""

    measured_by = forms.ChoiceField(label=_("Measured by"), choices=lambda: [("", "—"), *measures()])
    comparator = forms.ChoiceField(label=_("It is met with"), choices=Promise.Comparator.choices)
    threshold = forms.FloatField(
        label=_("Target"), help_text=_("In the unit of what measures it; a share is from 0 to 1.")
    )
    due_on = forms.DateField(label=_("Until"), widget=CalendarInput())

    @property
    def agreed(self) -> dict[str, Any]:
        """What the service asks for; only of a valid form."""
        data = dict(self.cleaned_data)
        check_slug, _by, figure = data.pop("measured_by").partition(BY)
        return data | {"check_slug": check_slug, "figure": figure}


class AnswerForm(forms.Form):
    text = forms.CharField(label=_("Answer"), widget=forms.Textarea(attrs={"rows": 3}))
    resolved = forms.BooleanField(label=_("It is mended with that"), required=False)


class SettleForm(forms.Form):
    kept = forms.TypedChoiceField(
        label=_("Was it kept?"), coerce=lambda word: word == "kept",
        choices=[("kept", _("kept")), ("broken", _("broken"))], widget=forms.RadioSelect,
    )  # fmt: skip
    note = forms.CharField(label=_("By what one knows it"), widget=forms.Textarea(attrs={"rows": 2}))


class ReviewForm(PlanForm):
    class Meta:
        model = Review
        fields = ("planned_on", "led_by")


class DecisionForm(forms.Form):
    text = forms.CharField(label=_("What was decided?"), widget=forms.Textarea(attrs={"rows": 2}))
    becomes_work = forms.BooleanField(label=_("It becomes a work item"), required=False, initial=True)
    due_on = forms.DateField(label=_("Until"), required=False, widget=CalendarInput())


class PulseForm(PlanForm):
    class Meta:
        model = Pulse
        fields = ("name", "opens_on", "closes_on")
