"""What changes ask of roles and give to them, how much lands when, and go-lives."""

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
from training.access import KEEPERS, LEARNING, READERS
from training.filters import ImpactFilter
from training.forms import GoLiveForm, ImpactForm
from training.models import GoLive, Impact


@require_safe
@for_groups(*READERS)
def impact_list(request: HttpRequest) -> HttpResponseBase:
    may_change = belongs(request.user, KEEPERS)
    return listing(
        request, queries.impacts(), ImpactFilter, "training/impact_list.html",
        columns=[
            Column("change", _("Change"), lambda impact: impact.process or impact.release, kind="link"),
            Column("job_role", _("Job role"), accessor="job_role.name"),
            Column("size", _("Size"), kind="number"),
            Column("lands_on", _("Lands on"), kind="date"),
            Column("gives", _("Gives")),
            Column("gets", _("Gets")),
            Column("pay_off", _("Pay-off"), template="training/_pay_off.html"),
            Column("told_on", _("Told on"), kind="date"),
        ],
        ordering={"lands_on": ("lands_on", "pk"), "size": ("size", "pk"), "job_role": ("job_role__name", "pk")},
        export_name="impacts",
        saved=[SavedFilter(_("Not told yet"), "told=false")],
        context={
            "title": _("Gives and gets"), "may_change": may_change,
            "loads": queries.role_loads(timezone.localdate()),
            "empty_sentence": _("People do not let go until they believe that they get something better. Say for each "
                                "role what a change asks of it and what it gives."),
            "empty_url": reverse("training-impact-new") if may_change else "", "empty_action": _("Describe an impact"),
        },
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@for_groups(*KEEPERS)
def impact_new(request: HttpRequest) -> HttpResponse:
    known = {name: request.GET[name] for name in ("process", "job_role", "release") if name in request.GET}
    return _impact_form(request, Impact(), _("Describe an impact"), known)


@require_http_methods(["GET", "POST"])
@for_groups(*KEEPERS)
def impact(request: HttpRequest, pk: int) -> HttpResponse:
    changed = get_object_or_404(Impact.objects.select_related("process", "job_role"), pk=pk)
    return _impact_form(request, changed, str(changed), {})


def _impact_form(request: HttpRequest, changed: Impact, title: str, known: dict[str, str]) -> HttpResponse:
    form = ImpactForm(request.POST or None, instance=changed, initial=known)
    return editing(
        request, form, "training/impact.html",
        save=lambda sent: services.describe_impact(sent.save(commit=False)),
        success_url=reverse("training-impacts"), done=_("Kept."),
        context={"title": title, "back": reverse("training-impacts"), "impact": changed if changed.pk else None},
    )  # fmt: skip


@require_POST
@for_groups(*KEEPERS)
def impact_told(request: HttpRequest, pk: int) -> HttpResponse:
    told = services.tell_impact(get_object_or_404(Impact, pk=pk), on=timezone.localdate())
    messages.success(request, _("%(role)s has been told, it says now.") % {"role": told.job_role})
    return redirect("training-impacts")


@require_safe
@for_groups(*READERS)
def go_live_list(request: HttpRequest) -> HttpResponseBase:
    return listing(
        request, GoLive.objects.prefetch_related("job_roles"), None, "training/go_live_list.html",
        columns=[
            Column("name", _("Release"), kind="link"),
            Column("on", _("Goes live on"), kind="date"),
            Column("roles", _("Job roles"), lambda one: ", ".join(str(role) for role in one.job_roles.all())),
        ],
        ordering={"on": ("-on", "pk"), "name": ("name", "pk")},
        export_name="go-lives",
        context={
            "title": _("Go-lives"), "may_change": belongs(request.user, KEEPERS),
            "empty_sentence": _("Reinforcement is due three to four weeks after people go live. Say when they do."),
            "empty_url": reverse("training-go-live-new") if belongs(request.user, KEEPERS) else "",
            "empty_action": _("Name a go-live"),
        },
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@for_groups(*KEEPERS)
def go_live_new(request: HttpRequest) -> HttpResponse:
    form = GoLiveForm(request.POST or None)
    return editing(
        request, form,
        save=lambda sent: services.announce_go_live(**sent.cleaned_data),
        success_url=lambda made: made.get_absolute_url(), done=_("Kept."),
        context={"title": _("Name a go-live"), "back": reverse("training-go-lives")},
    )  # fmt: skip


@require_safe
@for_groups(*READERS)
@shows_people(*LEARNING)
def go_live(request: HttpRequest, pk: int) -> HttpResponse:
    """A release that reaches people: who has been reinforced; named to those who teach."""
    shown, today = get_object_or_404(GoLive, pk=pk), timezone.localdate()
    window, may_change = queries.window_of(shown), belongs(request.user, KEEPERS)
    looked_at(request, [one.person for one in window.people] if may_change else ())
    context = {
        "window": window, "state": window.state_of(today), "may_change": may_change,
        "shown_from": queries.setting().shown_from, "reminders": shown.reminders.count(),
    }  # fmt: skip
    return render(request, "training/go_live.html", context)
