"""Wishes about sessions, made safe."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from training.forms.fields import area, here, moment
from training.models import Booking, Course, Session


class SessionForm(forms.ModelForm):  # type: ignore[type-arg]
    starts_at = moment(label=_("Starts"))
    ends_at = moment(label=_("Ends"))
    trainer = forms.ModelChoiceField(here(), label=_("Trainer"), required=False)
    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=1000, initial=10)
    link = forms.URLField(label=_("Link"), required=False, assume_scheme="https")

    class Meta:
        model = Session
        fields = ("course", "purpose", "starts_at", "ends_at", "place", "link", "trainer", "seats", "practice")
        widgets = {"practice": area(2)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = Course.objects.live()  # type: ignore[attr-defined]

    def validate_constraints(self) -> None:
        """The service says what clashes, in a sentence."""


class SeatForm(forms.Form):
    person = forms.ModelChoiceField(here(), label=_("Person"))


class AttendanceForm(forms.Form):
    """Who of those with a seat was there."""

    def __init__(self, bookings: list[Booking], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bookings = bookings
        self.fields["present"] = forms.TypedMultipleChoiceField(
            label=_("Who was there"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple,
            choices=[(one.person.pk, str(one.person)) for one in bookings],
            initial=[one.person.pk for one in bookings if one.was_there],
        )  # fmt: skip

    def parts(self) -> tuple[list[Any], list[Any]]:
        """People who were there, and those who were not."""
        came = set(self.cleaned_data["present"])
        people = [one.person for one in self.bookings]
        return [one for one in people if one.pk in came], [one for one in people if one.pk not in came]
