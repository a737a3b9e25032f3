"""Capabilities: the list, each with its weeks and how many go on using it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from crm_adoption.kit.access import belongs, for_groups
from crm_adoption.kit.charts import Chart, Series
from crm_adoption.kit.pages import Column, SavedFilter
from crm_adoption.kit.pages.registers import Register
from crm_adoption.usage import queries, services
from crm_adoption.usage.access import KEEPERS, READERS
from crm_adoption.usage.filters import CapabilityFilter
from crm_adoption.usage.forms import CapabilityForm
from crm_adoption.usage.models import Capability


def _save(request: HttpRequest, form: Any) -> Capability:
    return services.save_capability(form.save(commit=False), job_roles=list(form.cleaned_data["job_roles"]))


capabilities = Register(
    "capability", "capabilities", Capability, CapabilityForm, folder="usage/",
    columns=[
        Column("name", _("Capability"), kind="link"),
        Column("kind", _("Kind"), accessor=lambda one: one.get_kind_display()),
        Column("value", _("Value"), kind="number"),
        Column("job_roles", _("Needed by"), accessor=lambda one: ", ".join(map(str, one.job_roles.all())) or _("all")),
        Column("derived", _("Read from the records"), accessor=lambda one: one.get_derived_display()),
        Column("code", _("Code"), on_page=False),
        Column("retired_on", _("Retired"), kind="date"),
    ],
    ordering={"name": ("name", "pk"), "kind": ("kind", "name", "pk"), "value": ("-value", "name", "pk")},
    title=_("Capabilities"),
    lead=_("What the CRM can do, what each is worth, and who needs it; use is counted against this."),
    new=_("Add a capability"), save=_save, done=_("The capability is saved."),
    rows=lambda request: Capability.objects.prefetch_related("job_roles"),
    filterset=CapabilityFilter, readers=READERS, writers=KEEPERS, has_page=True,
    saved=[SavedFilter(_("Input"), "kind=input"), SavedFilter(_("Automation"), "kind=automation"),
           SavedFilter(_("Information"), "kind=information")],
    empty=_("Write down what the CRM can do for whom; begin with what it was bought for."),
)  # fmt: skip


@require_safe
@for_groups(*READERS)
def capability(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(Capability.objects.prefetch_related("job_roles", "use_cases__job_role"), pk=pk)
    use = queries.utilisation(timezone.localdate())
    row = next((one for one in use.rows if one.capability.pk == pk), None)
    return render(request, "usage/capability.html", {
        "capability": shown, "use": use, "row": row, "weeks": _weeks(shown, row, use), "curve": _curve(shown, use),
        "may_change": belongs(request.user, KEEPERS),
    })  # fmt: skip


@require_POST
@for_groups(*KEEPERS)
def capability_retire(request: HttpRequest, pk: int) -> HttpResponse:
    shown = services.retire_capability(get_object_or_404(Capability, pk=pk), on=timezone.localdate())
    messages.success(request, _now("Retired; what it was used for stays in the history."))
    return redirect(shown)


def _weeks(capability: Capability, row: queries.CapabilityUse | None, use: queries.Utilisation) -> Chart | None:
    """The share of those who need it that used it in each week; only where enough people need it."""
    if use.until is None or row is None or row.share is None:
        return None
    mondays, known = queries.weeks(use.until), queries.use_by_week(use.until).get(capability.pk, {})
    return Chart(
        "line", [monday.isoformat() for monday in mondays],
        [Series(_now("Used it"), [known.get(monday, 0) / row.eligible for monday in mondays])],
        unit="%", maximum=1, head=_now("Week of"),
    )  # fmt: skip


def _curve(capability: Capability, use: queries.Utilisation) -> Chart | None:
    if use.until is None:
        return None
    curve = queries.abandonment(capability, use.until)
    if not any(one.share is not None for one in curve):
        return None
    days = use.setting.decay_days
    return Chart(
        "line", [_now("day %(n)s") % {"n": one.period * days} for one in curve],
        [Series(_now("Still use it"), [one.share for one in curve])], unit="%", maximum=1,
        head=_now("After their first"),
    )  # fmt: skip
