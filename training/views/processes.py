"""Processes: the list, one with its history, and changing it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm_adoption.kit.access import belongs, for_groups
from crm_adoption.kit.looking import looked_at, shows_people
from crm_adoption.kit.pages import Column, SavedFilter, editing, listing
from training import queries, services
from training.access import KEEPERS, LEARNING, READERS, reader
from training.filters import ProcessFilter
from training.forms import ChangeProcessForm, OwnerForm, ProcessForm
from training.models import Process


@require_safe
@for_groups(*READERS)
def process_list(request: HttpRequest) -> HttpResponseBase:
    return listing(
        request, queries.processes(), ProcessFilter, "training/process_list.html",
        columns=[
            Column("name", _("Process"), kind="link"),
            Column("holder", _("Who answers")),
            Column("version", _("Version"), kind="number"),
            Column("since", _("In force from"), kind="date"),
        ],
        ordering={"name": "name", "version": ("version", "name")},
        export_name="processes",
        saved=[SavedFilter(_("Nobody answers"), "ownerless=true")],
        context={
            "title": _("Processes"), "may_change": belongs(request.user, KEEPERS),
            "empty_sentence": _("A CRM cannot be laid over the processes there are. Describe how one is done before "
                                "and after, and why: courses teach it, and people hear it."),
            "empty_url": reverse("training-process-new") if belongs(request.user, KEEPERS) else "",
            "empty_action": _("Describe a process"),
        },
    )  # fmt: skip


@require_safe
@for_groups(*READERS)
@shows_people(*LEARNING)
def process(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(Process.objects.select_related("owner__holder"), pk=pk)
    state, may_change = queries.process_state(shown), belongs(request.user, KEEPERS)
    looked_at(request, state.trained_on_old if may_change else ())
    context = {"state": state, "may_change": may_change}
    return render(request, "training/process.html", context)


@require_http_methods(["GET", "POST"])
@for_groups(*KEEPERS)
def process_new(request: HttpRequest) -> HttpResponse:
    form = ProcessForm(request.POST or None, initial={"from_on": timezone.localdate()})
    return editing(
        request, form,
        save=lambda sent: services.make_process(**sent.cleaned_data, by=reader(request)),
        success_url=lambda made: made.get_absolute_url(),
        done=_("The process is described; say next what it asks of each role."),
        context={"title": _("Describe a process"), "back": reverse("training-processes")},
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@for_groups(*KEEPERS)
def process_change(request: HttpRequest, pk: int) -> HttpResponse:
    """A new version: what is taught by older ones is marked."""
    changed = get_object_or_404(Process, pk=pk)
    current = changed.versions.get(number=changed.version)
    known = {name: getattr(current, name) for name in ("steps", "before", "after", "why")}
    form = ChangeProcessForm(request.POST or None, initial=known | {"from_on": timezone.localdate()})
    return editing(
        request, form,
        save=lambda sent: services.change_process(changed, **sent.cleaned_data, by=reader(request)),
        success_url=changed.get_absolute_url(),
        done=lambda made: _("%(name)s is in its version %(n)s now.") % {"name": made.name, "n": made.version},
        context={
            "title": _("Change “%(name)s”") % {"name": changed.name}, "back": changed.get_absolute_url(),
            "lead": _("Courses that teach version %(n)s, and the people trained on it, will be marked.")
            % {"n": changed.version},
        },
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@for_groups(*KEEPERS)
def process_owner(request: HttpRequest, pk: int) -> HttpResponse:
    owned = get_object_or_404(Process.objects.select_related("owner__holder"), pk=pk)
    form = OwnerForm(request.POST or None, initial={"owner": owned.holder})
    return editing(
        request, form,
        save=lambda sent: services.name_owner(owned, **sent.cleaned_data, on=timezone.localdate()),
        success_url=owned.get_absolute_url(),
        done=_("Saved; the seat stands among the others too."),
        context={"title": _("Who answers for “%(name)s”?") % {"name": owned.name}, "back": owned.get_absolute_url()},
    )  # fmt: skip


@require_POST
@for_groups(*KEEPERS)
def process_retire(request: HttpRequest, pk: int) -> HttpResponse:
    gone = services.retire_process(get_object_or_404(Process, pk=pk), on=timezone.localdate())
    messages.success(request, _("Nobody is taught “%(name)s” any more.") % {"name": gone.name})
    return redirect("training-processes")
