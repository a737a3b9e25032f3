"""Rules, findings, corrections, limits and scores in the admin site."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.forms import ActionForm
from unfold.widgets import UnfoldAdminTextInputWidget

from crm_adoption.jobs.services import start
from crm_adoption.kit import words
from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from dataquality import subjects
from dataquality.admin.shapes import ReadOnly, Uncounted
from dataquality.models import (
    Correction,
    FieldSetting,
    Finding,
    Override,
    RuleRow,
    Score,
    Source,
    TableSetting,
    VerificationTerm,
)
from dataquality.queries import sample_for
from dataquality.services import close_list, corrections, waivers

WAIVED_FOR = timedelta(days=30)


def _by(request: HttpRequest) -> Person:
    return cast(Person, request.user)


def _try(page: ModelAdmin, request: HttpRequest, act: Callable[[], int], said: str) -> None:
    """Do it and say how many, or say why not."""
    try:
        page.message_user(request, said % {"n": act()}, messages.SUCCESS)
    except Refusal as refusal:
        page.message_user(request, refusal.sentence, messages.ERROR)


def _judge_anew(page: ModelAdmin, request: HttpRequest, table: str) -> None:
    """Start the jobs that judge a table by what a steward just changed."""
    model = subjects.get(table).model
    sources = Source.objects.filter(pk__in=model._default_manager.order_by().values("source").distinct())
    for source in sources:
        start("check_table", scope=f"{table} {source.pk}", by=request.user)
    if sources:
        page.message_user(request, _("The table is judged anew by what was changed; see Jobs."), messages.INFO)


@admin.register(RuleRow)
class RuleRowAdmin(ModelAdmin):  # type: ignore[misc]
    """Rules come from the code; a steward may soften, switch off or give one an owner. Its table is judged anew."""

    list_display = ("slug", "table", "field", "kind", "severity", "active", "owner")
    list_filter = ("active", "severity", "table", "kind")
    list_select_related = ("owner",)
    search_fields = ("slug",)
    fields = ("slug", "kind", "table", "field", "severity", "active", "params", "owner", "uses")
    readonly_fields = ("slug", "kind", "table", "field", "uses")
    autocomplete_fields = ("owner",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, rule: RuleRow | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, rule: RuleRow, form: Any, change: bool) -> None:
        before = RuleRow.objects.get(pk=rule.pk)
        super().save_model(request, rule, form, change)
        if all(getattr(before, name) == getattr(rule, name) for name in ("severity", "active", "params")):
            return
        _judge_anew(self, request, rule.table)


class WaiveForm(ActionForm):  # type: ignore[misc]
    """Why the chosen findings are borne; beside the choice of the action."""

    reason = forms.CharField(label=gettext_lazy("Why"), required=False, widget=UnfoldAdminTextInputWidget)


@admin.register(Finding)
class FindingAdmin(ReadOnly, Uncounted):
    """Single faults. Many of one kind are waived on the page of their table."""

    list_display = ("code", "table", "field", "record_id", "value", "severity", "state", "opened_at", "waived_until")
    list_filter = ("state", "severity", "table", "source")
    search_fields = ("record_id__exact", "field__exact", "code__exact")
    raw_id_fields = ("rule",)
    action_form = WaiveForm
    actions = ("waive",)

    def has_waive_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("dataquality.change_finding")

    @admin.action(description=gettext_lazy("Waive for 30 days"), permissions=["waive"])
    def waive(self, request: HttpRequest, findings: QuerySet[Finding]) -> None:
        now, chosen = timezone.now(), Finding.objects.filter(pk__in=list(findings.values_list("pk", flat=True)))
        until, reason = now.date() + WAIVED_FOR, request.POST.get("reason", "")
        _try(
            self, request, lambda: waivers.waive(chosen, by=_by(request), reason=reason, until=until, now=now),
            _("%(n)s findings waived."),
        )  # fmt: skip


@admin.register(Correction)
class CorrectionAdmin(ReadOnly, Uncounted):
    """What was proposed to the CRM, and what became of it."""

    list_display = ("table", "record_id", "field", "old", "new", "origin", "made_by", "fate", "created_at")
    list_filter = ("fate", "origin", "table", "source")
    list_select_related = ("made_by",)
    search_fields = ("record_id__exact", "external_id__startswith", "field__exact")
    actions = ("withdraw",)

    def has_withdraw_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("dataquality.change_correction")

    @admin.action(description=gettext_lazy("Withdraw"), permissions=["withdraw"])
    def withdraw(self, request: HttpRequest, chosen: QuerySet[Correction]) -> None:
        now, picked = timezone.now(), Correction.objects.filter(pk__in=list(chosen.values_list("pk", flat=True)))
        _try(
            self, request, lambda: corrections.withdraw_corrections(picked, by=_by(request), now=now),
            _("%(n)s corrections withdrawn; the cells show again what the CRM says."),
        )  # fmt: skip


def _tables() -> list[tuple[str, str]]:
    return [(subject.slug, subject.label) for subject in subjects.every()]


class OfATable(forms.ModelForm):  # type: ignore[type-arg]
    """A setting names a table that exists and, where it has one, a field of it."""

    table = forms.ChoiceField(choices=_tables)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        subject, field = subjects.get(said["table"]) if said.get("table") else None, said.get("field")
        if subject and field and field not in subject.columns:
            known = ", ".join(subject.columns)
            self.add_error("field", _("%(table)s have no field “%(field)s”; there are %(known)s.")
                           % {"table": subject.label, "field": field, "known": known})  # fmt: skip
        return said


@admin.register(TableSetting)
class TableSettingAdmin(ModelAdmin):  # type: ignore[misc]
    form = OfATable
    list_display = ("table", "limit", "weight", "cutoff_months", "needs_steward", "updated_at")


@admin.register(VerificationTerm)
class VerificationTermAdmin(ModelAdmin):  # type: ignore[misc]
    """For how long each way of finding out is believed; what was attested before keeps its day."""

    list_display = ("method", "days", "half_life_days", "updated_at")
    readonly_fields = ("method",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, term: VerificationTerm | None = None) -> bool:
        return False


@admin.register(FieldSetting)
class FieldSettingAdmin(ModelAdmin):  # type: ignore[misc]
    form = OfATable
    list_display = ("table", "field", "critical", "limit", "verdict", "signed_by", "next_review_on")
    list_filter = ("table", "verdict", "critical")
    list_select_related = ("signed_by",)
    search_fields = ("field",)
    autocomplete_fields = ("signed_by",)
    readonly_fields = ("sample",)
    actions = ("list_what_is_in_use",)

    @admin.display(description=gettext_lazy("Sample to check by hand"))
    def sample(self, setting: FieldSetting) -> str:
        """How many records prove the limit of the field, so that a review ends with a figure."""
        if not setting.pk:
            return _("Save the review to see how many records prove its limit.")
        subject = subjects.get(setting.table)
        limit, clean = sample_for(subject, setting.field)
        _limit, with_one = sample_for(subject, setting.field, wrong=1)
        if clean is None:
            return _("No sample can prove a limit of %(limit)s.") % {"limit": words.percent(float(limit))}
        return _("%(n)s records without a fault, or %(more)s with one, prove that less than %(limit)s are wrong.") % {
            "n": words.number(clean), "more": words.number(with_one), "limit": words.percent(float(limit)),
        }  # fmt: skip

    def save_model(self, request: HttpRequest, setting: FieldSetting, form: Any, change: bool) -> None:
        super().save_model(request, setting, form, change)
        if "choices" in form.changed_data:
            _judge_anew(self, request, setting.table)

    @admin.action(description=gettext_lazy("Close the list with the values in use"), permissions=["change"])
    def list_what_is_in_use(self, request: HttpRequest, settings: QuerySet[FieldSetting]) -> None:
        for setting in settings:
            _try(self, request, partial(close_list, setting), _("The list is closed; it has %(n)s values."))
            _judge_anew(self, request, setting.table)


@admin.register(Score)
class ScoreAdmin(ReadOnly, Uncounted):
    list_display = ("taken_at", "table", "field", "source", "rows", "wrong", "rate", "limit", "passes", "to_fix")
    list_filter = ("table", "passes", "source")
    list_select_related = ("source",)
    search_fields = ("field__exact",)


@admin.register(Override)
class OverrideAdmin(ReadOnly, Uncounted):
    list_display = ("gate", "by", "until", "withdrawn_at", "reason")
    list_filter = ("gate",)
    list_select_related = ("by",)
