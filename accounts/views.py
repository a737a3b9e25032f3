"""Accounts across systems: do they agree, do they keep still, are they certified (T9)?"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import queries
from accounts.apps import READERS
from accounts.filters import DisagreementFilter
from accounts.forms import AgreementForm
from accounts.models import AgreementSetting, Disagreement
from accounts.services import set_agreement
from crm_adoption.jobs.models import Job
from crm_adoption.jobs.services import start
from crm_adoption.kit.access import LEAD, STEWARD, belongs, for_groups
from crm_adoption.kit.charts import Chart, Series
from crm_adoption.kit.errors import Refusal
from crm_adoption.kit.pages import Column, SavedFilter, editing, listing

KEEPERS = (LEAD, STEWARD)
KIND = "compare_sources"
SLUG = "accounts.account"


@require_safe
@for_groups(*READERS)
def agreement(request: HttpRequest) -> HttpResponse:
    setting, last = AgreementSetting.now(), queries.last_agreement()
    fields = queries.agreement_of(last) if last else []
    months = queries.changes_by_month(timezone.localdate())
    conditions = queries.certified()
    return render(request, "accounts/agreement.html", {
        "setting": setting, "last": last, "fields": fields, "by_field": _by_field(fields, setting),
        "conditions": conditions, "is_certified": all(one.holds for one in conditions),
        "months": [one for one in months if one.told], "changes": _changes(months, setting),
        "leaning": queries.leaning(months), "latest": queries.latest_changes(),
        "has_master": bool(queries.masters()), "may_change": belongs(request.user, KEEPERS),
        "jobs": Job.objects.visible_to(request.user).unfinished().filter(kind=KIND).select_related("lease"),
        "table": SLUG,
    })  # fmt: skip


def _by_field(fields: list[queries.FieldAgreement], setting: AgreementSetting) -> Chart | None:
    """One bar a field and system; each field leads to the cells that disagree."""
    if not fields:
        return None
    sources = sorted({one.source for field in fields for one in field.sources})
    rates = {(field.field, one.source): one.rate for field in fields for one in field.sources}
    return Chart(
        "bar", [field.label for field in fields],
        [Series(source, [rates.get((field.field, source)) for field in fields]) for source in sources],
        unit="%", limit=setting.target, limit_label=_("wanted"), maximum=1, horizontal=True, head=_("Field"),
        links=[f"{reverse('account-disagreements')}?field={field.field}" for field in fields],
    )  # fmt: skip


def _changes(months: list[queries.ChangeMonth], setting: AgreementSetting) -> Chart | None:
    """Accounts that changed in each month, by what changed; months without an export are gaps."""
    if not any(one.told for one in months):
        return None
    names = {"name": _("Name"), "parent": _("Parent account"), "owner": _("Owner")}
    shares = [
        Series(label, [one.changed[name] / one.known if one.told and one.known else None for one in months])
        for name, label in names.items()
    ]
    return Chart(
        "line", [date_format(one.month, "M Y") for one in months],
        [Series(_("Any of them"), [one.rate for one in months]), *shares], unit="%", limit=setting.most_changes,
        limit_label=_("tolerated"), head=_("Month"),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@for_groups(*READERS)
def disagreements(request: HttpRequest) -> HttpResponseBase:
    """Cell by cell: what one system says of an account, and what another does."""
    known = queries.labels()

    def against(row: Disagreement) -> str:
        return f"{row.against_source} ({_('master')})" if row.by_master else str(row.against_source)

    return listing(
        request, Disagreement.objects.select_related("source", "against_source"), DisagreementFilter,
        "accounts/disagreements.html",
        columns=(
            Column("account", _("Account"), kind="link"),
            Column("field", _("Field"), lambda row: known.get(row.field, row.field)),
            Column("source", _("System"), "source.name"),
            Column("external_id", _("Id"), kind="link", wide_only=True),
            Column("value", _("Says")),
            Column("against_source", _("Other system"), against),
            Column("against_external_id", _("Id there"), kind="link", wide_only=True,
                   url=lambda row: reverse("record", args=[SLUG, row.against_id])),
            Column("against_value", _("Says instead")),
        ),
        ordering={"account": ("pk",), "field": ("field", "pk")}, export_name="account-disagreements",
        saved=[SavedFilter(_("Against the declared master"), "by_master=true")],
        context={
            "title": _("Where systems disagree about accounts"),
            "empty_sentence": _("No cell that two systems fill says different things, as far as was compared."),
        },
    )  # fmt: skip


@require_POST
@for_groups(*KEEPERS)
def compare(request: HttpRequest) -> HttpResponse:
    """Ask for a comparison now."""
    try:
        start(KIND, by=request.user)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect("account-agreement")


@require_http_methods(["GET", "HEAD", "POST"])
@for_groups(*KEEPERS)
def settings(request: HttpRequest) -> HttpResponse:
    """What is wanted of accounts."""

    def save(form: Any) -> AgreementSetting:
        return set_agreement(form.save(commit=False))

    return editing(
        request, AgreementForm(request.POST or None, instance=AgreementSetting.now()), save=save,
        success_url=lambda _setting: reverse("account-agreement"), done=_("Saved; the next comparison counts so."),
        context={"title": _("What is wanted of accounts"), "cancel_url": reverse("account-agreement")},
    )  # fmt: skip
