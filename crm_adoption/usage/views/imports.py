"""Files of use, and what became of each."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm_adoption.kit.access import for_groups
from crm_adoption.kit.exports import export
from crm_adoption.kit.pages import Column, editing, listing
from crm_adoption.usage import services
from crm_adoption.usage.access import KEEPERS, reader
from crm_adoption.usage.forms import UsageFileForm
from crm_adoption.usage.models import UsageImport


@require_safe
@for_groups(*KEEPERS)
def import_list(request: HttpRequest) -> HttpResponseBase:
    return listing(
        request, UsageImport.objects.select_related("read_by"), None, "usage/imports.html",
        columns=[
            Column("file_name", _("File"), kind="link"),
            Column("rows", _("Rows"), accessor=lambda one: one.counts.get("rows", 0), kind="number"),
            Column("used", _("Counted"), accessor=lambda one: one.counts.get("used", 0), kind="number"),
            Column("faulty", _("Faulty"), accessor=lambda one: one.counts.get("faulty", 0), kind="number"),
            Column("read_by", _("By")),
            Column("created_at", _("Read"), kind="moment"),
        ],
        ordering={"created_at": ("-created_at", "-pk")}, export_name="usage-imports",
        context={
            "title": _("Files of use"), "empty_url": reverse("usage-import-new"), "empty_action": _("Read a file"),
            "empty_sentence": _("Read an audit log or an export of logins; what records show needs no log."),
        },
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@for_groups(*KEEPERS)
def import_new(request: HttpRequest) -> HttpResponse:
    """Read a file at once: what counted and what did not stands on its page."""
    form = UsageFileForm(request.POST or None, request.FILES or None)

    def save(sent: UsageFileForm) -> UsageImport:
        said = sent.cleaned_data
        return services.import_use(
            said["file"], name=said["file"].name, by=reader(request), now=timezone.now(),
            zone=ZoneInfo(timezone.get_current_timezone_name()), dates=said["dates"], capability=said["capability"],
            logins=said["about"] == "logins",
        )  # fmt: skip

    return editing(
        request, form, save=save, success_url=lambda made: made.get_absolute_url(),
        context={
            "title": _("Read a file of use"), "back": reverse("usage-imports"), "verb": _("Read it"),
            "lead": _("People are found by address, user name or id. Read twice, nothing counts twice."),
        },
    )  # fmt: skip


@require_safe
@for_groups(*KEEPERS)
def import_result(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(UsageImport.objects.select_related("read_by"), pk=pk)
    said = {"rows": _("Rows"), "used": _("Counted"), "changed": _("Days of use that are new or larger"),
            "unknown": _("Of no capability we know"), "faulty": _("Faulty")}  # fmt: skip
    words = [(label, shown.counts[name]) for name, label in said.items() if name in shown.counts]
    return render(request, "usage/import.html", {"shown": shown, "words": words})


@require_safe
@for_groups(*KEEPERS)
def import_faults(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The rows that did not count, with the reason, as a file."""
    shown = get_object_or_404(UsageImport, pk=pk)
    return export("csv", f"faults-{pk}", [_("Row"), _("Value"), _("Reason")], iter(shown.faults))
