"""When a workshop is to be held."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm_adoption.plan.forms.base import CalendarInput


class WorkshopForm(forms.Form):
    on = forms.DateField(label=_("Day"), widget=CalendarInput())
    at = forms.TimeField(label=_("Begins at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))

    @property
    def starts_at(self) -> datetime:
        """In the reader's time zone; only of a valid form."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["on"], self.cleaned_data["at"]))
