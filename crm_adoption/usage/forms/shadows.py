"""Wishes about shadow systems."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from crm_adoption.usage.forms.base import UsageForm, tables
from crm_adoption.usage.models import ShadowSystem
from training.forms.fields import area, day


class ShadowForm(UsageForm):
    table = forms.ChoiceField(
        label=_("Table it stands beside"), choices=lambda: [("", _("Find out from the sheet")), *tables()],
        required=False,
    )  # fmt: skip
    state = forms.ChoiceField(
        label=_("State"), choices=[one for one in ShadowSystem.State.choices if one[0] != ShadowSystem.State.RETIRED]
    )

    class Meta:
        model = ShadowSystem
        fields = ("name", "team", "owner", "table", "why", "found_on", "state")


class XRayForm(forms.Form):
    file = forms.FileField(
        label=_("The sheet"),
        help_text=_("CSV or XLSX. It is read once and not kept: only headings, counts and hashes."),
    )
    edited_on = day(label=_("Last edited on"), required=False, help_text=_("Empty: the newest day written in it."))


class RetireForm(forms.Form):
    because = forms.CharField(
        label=_("What shows that it is used no more"), required=False, max_length=1000, widget=area(2),
        help_text=_("Not needed where the last X-ray shows that the CRM knows all of it, and newer."),
    )  # fmt: skip
