"""The committee of champions: its members and gaps, what it owns, its meetings and what they decided."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm_adoption.kit.access import CHAMPION, LEAD, SPONSOR, belongs, for_groups
from crm_adoption.kit.pages import editing
from crm_adoption.plan import services
from crm_adoption.plan.forms.feedback import DecisionForm, ReviewForm
from crm_adoption.plan.models import Review
from crm_adoption.plan.queries import committee as queries
from crm_adoption.plan.views.cycle import decided, held
from crm_adoption.plan.views.phases import reader

READERS = (LEAD, SPONSOR, CHAMPION)
KEEPERS = (LEAD, CHAMPION)
MEETINGS = 12


@require_safe
@for_groups(*READERS)
def committee(request: HttpRequest) -> HttpResponse:
    """Who sits in it, what it owns, what it would speak about today."""
    today = timezone.localdate()
    found = queries.committee(today)
    context = {
        "committee": found,
        "topics": queries.committee_agenda(now=timezone.now(), today=today) if found.is_asked_for else [],
        "meetings": queries.meetings()[:MEETINGS],
        "may_call": belongs(request.user, KEEPERS) and found.planned is None and found.is_asked_for,
        "may_fill": belongs(request.user, (LEAD,)),
    }
    return render(request, "plan/committee.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_groups(*KEEPERS)
def committee_call(request: HttpRequest) -> HttpResponse:
    """Plan its next meeting."""
    return _planned(request, None, _("Call the committee"))


@require_http_methods(["GET", "HEAD", "POST"])
@for_groups(*KEEPERS)
def committee_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a meeting that was not held yet."""
    meeting = get_object_or_404(Review.objects.of_committee().filter(held_on=None), pk=pk)
    return _planned(request, meeting, _("Move the meeting"))


def _planned(request: HttpRequest, meeting: Review | None, title: str) -> HttpResponse:
    today = timezone.localdate()
    due = queries.committee(today).due_on
    initial = {"planned_on": max(due, today) if due else today, "led_by": reader(request)}
    form = ReviewForm(request.POST or None, instance=meeting, initial=None if meeting else initial)
    return editing(
        request, form, "plan/edit.html",
        save=lambda sent: services.call_committee(sent.save(commit=False), today=today),
        success_url=lambda made: made.get_absolute_url(), done=_("The meeting is planned; its agenda is computed."),
        context={
            "title": title, "back": reverse("committee"), "back_label": _("Committee of champions"), "verb": _("Save"),
        },
    )  # fmt: skip


@require_safe
@for_groups(*READERS)
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """One meeting: its agenda, as it is now or as it was, and what was decided."""
    shown = get_object_or_404(Review.objects.of_committee().select_related("led_by"), pk=pk)
    topics = shown.agenda if shown.held_on else queries.committee_agenda(now=timezone.now(), today=timezone.localdate())
    context = {
        "review": shown,
        "topics": topics,
        "decisions": shown.decisions.select_related("work_item"),
        "form": DecisionForm(),
        "may_keep": belongs(request.user, KEEPERS),
    }
    return render(request, "plan/committee_meeting.html", context)


@require_POST
@for_groups(*KEEPERS)
def meeting_hold(request: HttpRequest, pk: int) -> HttpResponse:
    return held(
        request, get_object_or_404(Review.objects.of_committee(), pk=pk),
        _("The meeting is held; its agenda stays with it."),
    )  # fmt: skip


@require_POST
@for_groups(*KEEPERS)
def meeting_decide(request: HttpRequest, pk: int) -> HttpResponse:
    return decided(request, get_object_or_404(Review.objects.of_committee(), pk=pk))
