"""Wishes about capabilities and files of use."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm_adoption.usage.forms.base import UsageForm, tables
from crm_adoption.usage.models import Capability
from training.forms.fields import Lines
from training.forms.learning import DATES


class CapabilityForm(UsageForm):
    tables = forms.MultipleChoiceField(
        label=_("Tables"), choices=tables, required=False, widget=forms.CheckboxSelectMultiple
    )
    fields_ = Lines(label=_("Fields"), rows=2, required=False, help_text=_("Table and field, such as "
                    "accounts.opportunity.stage, one a line; empty: any field of its tables."))  # fmt: skip
    aliases = Lines(label=_("What logs call it"), rows=2, required=False, help_text=_("One a line."))

    class Meta:
        model = Capability
        fields = ("name", "code", "kind", "value", "summary", "job_roles", "aliases", "tables", "derived")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fields_"].initial = self.instance.fields
        self.order_fields(["name", "code", "kind", "value", "summary", "job_roles", "aliases", "tables", "fields_"])

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        self.instance.fields = self.cleaned_data.get("fields_", [])


class UsageFileForm(forms.Form):
    """A log or an export of logins, and what it is about."""

    file = forms.FileField(
        label=_("File"), help_text=_("CSV or XLSX: who (address, user name or id), when, what, and how often.")
    )
    about = forms.ChoiceField(
        label=_("What was used"), choices=[("", _("The file says it")), ("logins", _("These are logins"))],
        required=False,
    )  # fmt: skip
    capability = forms.ModelChoiceField(
        Capability.objects.live(), label=_("Or all of it is about"), required=False,
        help_text=_("Leave it empty where the file names capabilities."),
    )  # fmt: skip
    dates = forms.ChoiceField(label=_("Days in the file"), choices=DATES, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("about") and data.get("capability"):
            self.add_error("capability", _("Logins are of no capability; choose one of the two."))
        return data
