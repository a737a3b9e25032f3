"""Shadow systems, and their spreadsheets held against the CRM."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm_adoption.kit.access import belongs, for_groups
from crm_adoption.kit.pages import Column, SavedFilter, editing
from crm_adoption.kit.pages.registers import Register
from crm_adoption.usage import queries, services
from crm_adoption.usage.access import KEEPERS, READERS, reader
from crm_adoption.usage.filters import ShadowSystemFilter
from crm_adoption.usage.forms import RetireForm, ShadowForm, XRayForm
from crm_adoption.usage.models import ShadowSystem, XRay
from dataquality import subjects


def _save(request: HttpRequest, form: Any) -> ShadowSystem:
    return services.save_shadow(form.save(commit=False))


shadow_systems = Register(
    "shadow-system", "shadow-systems", ShadowSystem, ShadowForm, folder="usage/",
    columns=[
        Column("name", _("Shadow system"), kind="link"),
        Column("team", _("Team")),
        Column("state", _("State"), kind="badge"),
        Column("why", _("Why it exists"), kind="sentence"),
        Column("seen_rows", _("Rows"), kind="number"),
        Column("seen_unknown", _("Unknown to the CRM"), kind="number"),
        Column("found_on", _("Found"), kind="date"),
        Column("retired_on", _("Retired"), kind="date", on_page=False),
    ],
    ordering={"found_on": ("-found_on", "pk"), "name": ("name", "pk"), "state": ("state", "name", "pk")},
    title=_("Shadow systems"),
    lead=_("Where people keep what belongs in the CRM, and why. Whoever shows one helps; nobody is to blame for it."),
    new=_("Add what you were shown"), save=_save, done=_("Written down; hold its sheet against the CRM next."),
    rows=lambda request: queries.shadows(), filterset=ShadowSystemFilter, readers=READERS, writers=KEEPERS,
    has_page=True, saved=[SavedFilter(_("Alive"), "alive=true"), SavedFilter(_("Retired"), "state=retired")],
    empty=_("Nobody has shown one yet. Ask what people still keep in a spreadsheet, and what it does better."),
)  # fmt: skip


@require_safe
@for_groups(*READERS)
def shadow_system(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(ShadowSystem.objects.select_related("team", "owner"), pk=pk)
    x_rays = list(shown.x_rays.select_related("taken_by").defer("keys"))
    return render(request, "usage/shadow_system.html", {
        "shadow": shown, "x_rays": x_rays, "last": x_rays[0] if x_rays else None,
        "table": subjects.get(shown.table).label if shown.table else "", "retire": RetireForm(),
        "compared": _compared(x_rays[0]) if x_rays else [], "may_change": belongs(request.user, KEEPERS),
    })  # fmt: skip


def _compared(x_ray: XRay) -> list[tuple[str, int, int, float]]:
    """(column, rows compared, otherwise, share), the one that differs most first."""
    rows = [(column, both, otherwise, otherwise / both) for column, (both, otherwise) in x_ray.compared.items()]
    return sorted(rows, key=lambda one: -one[3])


@require_http_methods(["GET", "POST"])
@for_groups(*KEEPERS)
def x_ray_new(request: HttpRequest, pk: int) -> HttpResponse:
    shadow = get_object_or_404(ShadowSystem, pk=pk)
    form = XRayForm(request.POST or None, request.FILES or None)

    def save(sent: XRayForm) -> XRay:
        said = sent.cleaned_data
        return services.take_x_ray(
            shadow, said["file"], name=said["file"].name, by=reader(request), now=timezone.now(),
            edited_on=said["edited_on"],
        )  # fmt: skip

    return editing(
        request, form, save=save, success_url=shadow.get_absolute_url(), done=_now("Held against the CRM."),
        context={
            "title": _now("X-ray of “%(name)s”") % {"name": shadow}, "back": shadow.get_absolute_url(),
            "verb": _now("Hold it against the CRM"),
            "lead": _now("Which of its rows and columns the CRM knows, and what it says otherwise."),
        },
    )  # fmt: skip


@require_POST
@for_groups(*KEEPERS)
def x_ray_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Look for the rows of the last sheet in the CRM as it is now."""
    shadow = get_object_or_404(ShadowSystem, pk=pk)
    last = shadow.x_rays.first()
    if last is None or not last.key_columns:
        messages.warning(request, _now("There is nothing to look for any more; hold the sheet against the CRM again."))
    else:
        services.look_again(last, now=timezone.now())
        messages.success(request, _now("Looked again: the CRM knows %(found)s of %(rows)s rows.")
                         % {"found": last.found, "rows": last.rows})  # fmt: skip
    return redirect(shadow)


@require_http_methods(["GET", "POST"])
@for_groups(*KEEPERS)
def shadow_retire(request: HttpRequest, pk: int) -> HttpResponse:
    shadow = get_object_or_404(ShadowSystem, pk=pk)
    return editing(
        request, RetireForm(request.POST or None),
        save=lambda sent: services.retire_shadow(
            shadow, because=sent.cleaned_data["because"], on=timezone.localdate()
        ),
        success_url=reverse("shadow-systems"), done=_now("Retired. Thank whoever showed it."),
        context={"title": _now("Retire “%(name)s”") % {"name": shadow}, "back": shadow.get_absolute_url(),
                 "verb": _now("Retire it")},
    )  # fmt: skip
