"""The programme's own words, made safe."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from crm_adoption.plan.forms.base import PlanForm
from crm_adoption.plan.models import Programme


class ProgrammeForm(PlanForm):
    class Meta:
        model = Programme
        fields = ("name", "purpose", "vision", "it_model", "cadence")
        labels = {
            "name": _("Name"), "purpose": _("Purpose"), "vision": _("Vision"), "it_model": _("IT model"),
            "cadence": _("Reviewed"),
        }  # fmt: skip
        widgets = {"purpose": forms.Textarea({"rows": 2}), "vision": forms.Textarea({"rows": 4})}
