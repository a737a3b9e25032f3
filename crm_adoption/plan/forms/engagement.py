"""Wishes about messages, promises, leaders, access and motivation, made safe."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm_adoption.plan.forms.base import PlanForm
from crm_adoption.plan.forms.labels import LABELS
from crm_adoption.plan.models import AccessPath, LeaderAct, Message, Motivator, Promise, Recognition, Trial


class MessageForm(PlanForm):
    language = forms.ChoiceField(label=LABELS["language"], choices=settings.LANGUAGES)

    class Meta:
        model = Message
        fields = (
            "subject", "audience", "job_role", "team", "moment", "leader", "objective", "phase", "language", "body",
            "has_timeline", "has_roles", "has_deliverables", "has_vision", "due_on",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("audience") == Message.Audience.ROLE and not data.get("job_role"):
            self.add_error("job_role", ValidationError(_("Choose the job role it is for.")))
        if data.get("audience") == Message.Audience.TEAM and not data.get("team"):
            self.add_error("team", ValidationError(_("Choose the team it is for.")))
        return data


class PromiseForm(PlanForm):
    class Meta:
        model = Promise
        fields = ("text", "message", "check_slug", "comparator", "threshold", "due_on")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("check_slug") and data.get("threshold") is None:
            self.add_error("threshold", ValidationError(_("Give the figure from which the promise is kept.")))
        return data


class LeaderActForm(PlanForm):
    class Meta:
        model = LeaderAct
        fields = ("kind", "leader", "moment", "on", "evidence")


class RecognitionForm(PlanForm):
    class Meta:
        model = Recognition
        fields = ("to", "contributed_to", "objective")


class AccessPathForm(PlanForm):
    class Meta:
        model = AccessPath
        fields = (
            "job_role", "client", "logged_as", "device", "network", "offline", "embedded", "needs_vpn", "steps",
            "state", "reason", "communicated_on",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("state") == AccessPath.State.PROHIBITED and not data.get("reason"):
            self.add_error("reason", ValidationError(_("Say why it is prohibited; its users are told.")))
        return data


class TrialForm(PlanForm):
    class Meta:
        model = Trial
        fields = ("phase", "use_case", "job_role", "like_production", "as_end_user", "passed", "seconds", "on", "note")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("passed") is not None and not data.get("on"):
            self.add_error("on", ValidationError(_("Give the day on which it was tried.")))
        return data


class MotivatorForm(PlanForm):
    class Meta:
        model = Motivator
        fields = ("job_role", "kind", "tactic", "owner", "check_slug", "told_on", "active")
