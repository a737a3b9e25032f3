"""Roles and teams: who works how, and what they can bear."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm_adoption.kit.access import belongs, for_groups
from crm_adoption.kit.pages import editing
from crm_adoption.people.models import JobRole, Team
from training import queries, services
from training.access import KEEPERS, READERS, reader
from training.forms import RoleForm, TeamForm


@require_safe
@for_groups(*READERS)
def roles(request: HttpRequest) -> HttpResponseBase:
    """Every role: how much of its profile is known, its curriculum, and what lands on it."""
    today = timezone.localdate()
    context = {
        "roles": queries.role_states(today), "teams": queries.team_states(today),
        "may_change": belongs(request.user, KEEPERS), "setting": queries.setting(),
    }  # fmt: skip
    return render(request, "training/roles.html", context)


@require_safe
@for_groups(*READERS)
def role(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(JobRole.objects.select_related("profile"), pk=pk)
    context: dict[str, Any] = {
        "role": shown, "state": queries.role_state(shown, timezone.localdate()), "changes": queries.changes_for(shown),
        "setting": queries.setting(), "may_change": belongs(request.user, KEEPERS),
    }  # fmt: skip
    return render(request, "training/role.html", context)


@require_http_methods(["GET", "POST"])
@for_groups(*KEEPERS)
def role_change(request: HttpRequest, pk: int) -> HttpResponse:
    changed = get_object_or_404(JobRole, pk=pk)
    form = RoleForm(request.POST or None, instance=changed)

    def save(sent: RoleForm) -> JobRole:
        own, profile, targets = sent.parts()
        services.set_targets(changed, targets=targets)
        return services.describe_role(changed, fields=own, profile=profile)

    return editing(
        request, form, save=save, success_url=reverse("training-role", args=[pk]), done=_("Kept."),
        context={
            "title": _("Who is “%(role)s”?") % {"role": changed}, "back": reverse("training-role", args=[pk]),
            "lead": _("The plan begins with knowing the user."),
        },
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@for_groups(*KEEPERS)
def team(request: HttpRequest, pk: int) -> HttpResponse:
    rated = get_object_or_404(Team, pk=pk)
    form = TeamForm(request.POST or None, team=rated)
    return editing(
        request, form,
        save=lambda sent: services.rate_team(
            rated, **sent.cleaned_data, on=timezone.localdate(), by=reader(request)
        ),
        success_url=reverse("training-roles"), done=_("Kept."),
        context={
            "title": _("How does “%(team)s” work?") % {"team": rated}, "back": reverse("training-roles"),
            "lead": _("The free-form teams need smaller steps; the structured ones need the procedure first."),
        },
    )  # fmt: skip
