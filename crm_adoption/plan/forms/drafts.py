"""What a message is to be drafted of, made safe."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm_adoption.people.models import JobRole
from crm_adoption.plan.models import Message, Moment, Phase
from crm_adoption.plan.queries.drafts import ELEMENTS, Wish

Audience = Message.Audience
AUDIENCES = (Audience.USERS, Audience.ROLE, Audience.EXECUTIVES, Audience.EVERYBODY)
LABELS = {
    "timeline": _("timeline and its risks"),
    "roles": _("roles and responsibilities"),
    "deliverables": _("deliverables"),
    "vision": _("vision"),
}


class DraftForm(forms.Form):
    phase = forms.ModelChoiceField(label=_("About which phase?"), queryset=Phase.objects.exclude(state="closed"))
    audience = forms.ChoiceField(label=_("For whom?"), choices=[(one.value, one.label) for one in AUDIENCES])
    job_role = forms.ModelChoiceField(label=_("Job role"), queryset=JobRole.objects.all(), required=False)
    moment = forms.ChoiceField(label=_("At which moment?"), choices=Moment.choices)
    elements = forms.MultipleChoiceField(
        label=_("What should it hold?"), choices=[(one, LABELS[one]) for one in ELEMENTS],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    at_home = forms.BooleanField(
        label=_("As news of the program they work in"), required=False,
        help_text=_("Their mail program was upgraded; no other way to the CRM is named."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("In which language?"), choices=settings.LANGUAGES)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("audience") == Audience.ROLE and not data.get("job_role"):
            self.add_error("job_role", ValidationError(_("Choose the job role it is for.")))
        return data

    @property
    def wish(self) -> Wish:
        """Only of a valid form."""
        data = self.cleaned_data
        role = data["job_role"] if data["audience"] == Audience.ROLE else None
        return Wish(
            data["phase"], data["audience"], data["moment"], data["elements"], data["language"], role, data["at_home"]
        )
