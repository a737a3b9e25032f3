"""Objectives, phases, work items, and the gate of each phase."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from crm_adoption.kit.access import EVERYBODY, LEAD, SPONSOR, belongs, for_groups
from crm_adoption.kit.errors import Refusal
from crm_adoption.kit.pages import BulkAction, Column, SavedFilter
from crm_adoption.people.models import Person
from crm_adoption.plan import services
from crm_adoption.plan.filters import ObjectiveFilter, WorkItemFilter
from crm_adoption.plan.forms import (
    CriterionForm,
    DatesForm,
    LessonForm,
    ObjectiveForm,
    PhaseForm,
    ReasonForm,
    WorkItemForm,
)
from crm_adoption.plan.models import GateCriterion, Lesson, Objective, Phase, PhaseStep, WorkItem
from crm_adoption.plan.queries import first_impression, forecasts, gates
from crm_adoption.plan.queries import phases as plan_queries
from crm_adoption.plan.queries.backslide import release_after
from crm_adoption.plan.queries.objectives import objective_tree
from crm_adoption.plan.queries.replays import replay_of
from crm_adoption.plan.queries.rhythm import rhythm
from crm_adoption.plan.views.registers import Register

PLANNERS = (LEAD, SPONSOR)
PACES = (0.5, 1.0, 1.5, 2.0, 3.0)


def reader(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user


def said(request: HttpRequest, act: Any, done: str) -> None:
    """Do something; say that it was done, or why it was not."""
    try:
        act()
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, done)


# --- objectives ---------------------------------------------------------------------------------------------------
def _objectives(request: HttpRequest) -> QuerySet[Objective]:
    return Objective.objects.select_related("parent", "owner")


objectives = Register(
    "objective", "objectives", Objective, ObjectiveForm,
    columns=[
        Column("statement", gettext_lazy("Objective"), kind="link"),
        Column("kind", gettext_lazy("Level"), accessor=lambda one: one.get_kind_display()),
        Column("parent", gettext_lazy("Serves")),
        Column("metric", gettext_lazy("Known by")),
        Column("target", gettext_lazy("Target"), kind="number"),
        Column("owner", gettext_lazy("Owner")),
        Column("due_on", gettext_lazy("Due"), kind="date"),
    ],
    ordering={"kind": ("-kind", "statement"), "statement": "statement", "due_on": "due_on"},
    title=gettext_lazy("Objectives"),
    lead=gettext_lazy("What the programme is for, from strategy over CRM to process; everything planned serves one."),
    new=gettext_lazy("New objective"),
    save=lambda request, form: services.save_objective(form.save(commit=False)),
    done=gettext_lazy("The objective is saved."),
    rows=_objectives,
    filterset=ObjectiveFilter,
    readers=PLANNERS,
    writers=PLANNERS,
    empty=gettext_lazy("Say first what is to be reached; phases, items and messages then name it."),
    template="plan/objectives.html",
    context=lambda request: {"tree": objective_tree(timezone.now())},
)  # fmt: skip


# --- work items ---------------------------------------------------------------------------------------------------
def _items(request: HttpRequest) -> QuerySet[WorkItem]:
    return WorkItem.objects.select_related("phase", "job_role", "objective", "owner", "ingredient")


def _finish(request: HttpRequest, rows: QuerySet[Any]) -> str:
    today = timezone.localdate()
    found = list(rows.exclude(state=WorkItem.State.DONE))
    for item in found:
        services.finish_item(item, today=today)
    return _("%(n)s items are done.") % {"n": len(found)}


def _save_item(request: HttpRequest, form: Any) -> WorkItem:
    item: WorkItem = form.save(commit=False)
    if item.requested_on is None and item.pk is None:
        item.requested_on = timezone.localdate()
    item.save()
    return item


items = Register(
    "work-item", "work-items", WorkItem, WorkItemForm,
    columns=[
        Column("title", gettext_lazy("What"), kind="link"),
        Column("kind", gettext_lazy("Kind"), accessor=lambda one: one.get_kind_display()),
        Column("track", gettext_lazy("Track"), accessor=lambda one: one.get_track_display()),
        Column("phase", gettext_lazy("Phase")),
        Column("job_role", gettext_lazy("For whom")),
        Column("objective", gettext_lazy("What for")),
        Column("owner", gettext_lazy("Owner")),
        Column("due_on", gettext_lazy("Due"), kind="date"),
        Column("effort_days", gettext_lazy("Days"), kind="number"),
        Column("state", gettext_lazy("State"), template="plan/_item_state.html"),
    ],
    ordering={"due_on": ("due_on", "pk"), "title": "title", "effort_days": ("-effort_days", "pk")},
    title=gettext_lazy("Work items"),
    lead=gettext_lazy("What is to be done: for whom, what for, by whom, until when."),
    new=gettext_lazy("New item"),
    save=_save_item,
    done=gettext_lazy("The item is saved."),
    rows=_items,
    filterset=WorkItemFilter,
    readers=PLANNERS,
    writers=PLANNERS,
    saved=[
        SavedFilter(gettext_lazy("To do"), "open=true"),
        SavedFilter(gettext_lazy("Must now"), "kind=must&open=true"),
        SavedFilter(gettext_lazy("Small changes"), "kind=small&open=true"),
        SavedFilter(gettext_lazy("Technology only"), "technology_only=true"),
    ],
    bulk=[BulkAction("done", gettext_lazy("Say that they are done"), run=_finish, groups=(LEAD,))],
    initial=("phase", "ingredient", "kind"),
    empty=gettext_lazy("Nothing is planned yet; write down what must be done first."),
)  # fmt: skip


# --- phases -------------------------------------------------------------------------------------------------------
@require_safe
@for_groups(*EVERYBODY)
def phases(request: HttpRequest) -> HttpResponse:
    """All phases and releases on one axis of time, and the same as a table."""
    today = timezone.localdate()
    states = plan_queries.phase_states(today)
    context = {
        "states": states,
        "timeline": plan_queries.timeline(states, today),
        "small": plan_queries.small_changes(today),
        "rhythm": rhythm(timezone.now()),
        "known": plan_queries.priors(),
        "may_write": belongs(request.user, (LEAD,)),
        "today": today,
    }
    return render(request, "plan/phases.html", context)


@require_safe
@for_groups(*EVERYBODY)
def phase(request: HttpRequest, pk: int) -> HttpResponse:
    """One phase: its gate first, then its load, steps, items and lessons."""
    shown = get_object_or_404(Phase, pk=pk)
    now, today = timezone.now(), timezone.localdate()
    states = plan_queries.phase_states(today)
    state = next(one for one in states if one.phase.pk == shown.pk)
    context = {
        "state": state,
        "phase": state.phase,
        "gate": gates.phase_gate(shown, now=now, today=today),
        "forecast": (ahead := forecasts.phase_forecast(shown, now=now, today=today, pace=_pace(request))),
        "holding_back": forecasts.holding_back(ahead),
        "replayed": replay_of(shown),
        "overall": forecasts.record(),
        "paces": PACES,
        "release": release_after(state.phase, now=now),
        "watch": first_impression.watch(state.phase, now=now),
        "known_least": state.known.people_share_least,
        "lessons": shown.lessons.select_related("said_by", "applied_in"),
        "earlier": plan_queries.lessons_for(shown)[:5],
        "criteria": shown.criteria.all(),
        "releases": [one for one in states if one.phase.parent_id == shown.pk],
        "acts": shown.gate_acts.select_related("by")[:10],
        "may_write": belongs(request.user, (LEAD,)),
        "may_override": belongs(request.user, (SPONSOR,)),
        "lesson_form": LessonForm(),
        "override_form": ReasonForm(),
        "criterion_form": CriterionForm(),
    }
    return render(request, "plan/phase.html", context)


def _pace(request: HttpRequest) -> float:
    try:
        pace = float(request.GET.get("pace", "1"))
    except ValueError:
        return 1.0
    return pace if pace in PACES else 1.0


@require_POST
@for_groups(LEAD, SPONSOR)
def phase_act(request: HttpRequest, pk: int, act: str) -> HttpResponseBase:
    """Approve, open, close, validate the design anew."""
    shown, now, today = get_object_or_404(Phase, pk=pk), timezone.now(), timezone.localdate()
    by = reader(request)
    if act == "approve":
        in_spite = "in_spite_of" in request.POST
        said(request, lambda: services.approve(shown, by=by, now=now, today=today, in_spite_of=in_spite),
             _("“%(phase)s” is approved.") % {"phase": shown})  # fmt: skip
    elif act == "open":
        try:
            services.open_phase(shown, by=by, now=now, today=today)
        except Refusal as refusal:
            stays = _("“%(phase)s” stays shut; what it lacks stands below, each with its way out.") % {"phase": shown}
            messages.error(request, stays if refusal.links else refusal.sentence)
            return redirect(f"{shown.get_absolute_url()}#gate")
        messages.success(request, _("“%(phase)s” is open to its users.") % {"phase": shown})
    elif act == "close":
        said(request, lambda: services.close_phase(shown, by=by, now=now, today=today),
             _("“%(phase)s” is closed.") % {"phase": shown})  # fmt: skip
    else:
        said(request, lambda: services.revalidate(shown, today=today), _("The design's clock starts anew."))
    return redirect(shown.get_absolute_url())


@require_POST
@for_groups(SPONSOR)
def phase_override(request: HttpRequest, pk: int) -> HttpResponse:
    """The sponsor answers for opening it in spite of what it lacks."""
    shown, form = get_object_or_404(Phase, pk=pk), ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why, and until which day."))
    else:
        wish = form.cleaned_data
        said(
            request,
            lambda: services.override_phase(
                shown, by=reader(request), reason=wish["reason"], until=wish["until"], now=timezone.now(),
                today=timezone.localdate(),
            ),
            _("The override is written down; the phase may be opened now."),
        )  # fmt: skip
    return redirect(f"{shown.get_absolute_url()}#gate")


@require_POST
@for_groups(LEAD)
def phase_move(request: HttpRequest, pk: int) -> HttpResponseBase:
    """New dates from the timeline, or from its table twin."""
    shown, form = get_object_or_404(Phase, pk=pk), DatesForm(request.POST)
    refused = "" if form.is_valid() else _("Give both days, as a year, a month and a day.")
    if not refused:
        try:
            services.reschedule(shown, start=form.cleaned_data["start"], end=form.cleaned_data["end"])
        except Refusal as refusal:
            refused = refusal.sentence
    if request.headers.get("X-Timeline"):
        return JsonResponse({"refused": refused}, status=409 if refused else 200)
    if refused:
        messages.error(request, refused)
    else:
        messages.success(request, _("“%(phase)s” has new dates.") % {"phase": shown})
    return redirect("phases")


@require_POST
@for_groups(LEAD)
def phase_step(request: HttpRequest, pk: int) -> HttpResponse:
    step = get_object_or_404(PhaseStep.objects.select_related("phase"), pk=pk)
    services.finish_step(step, today=timezone.localdate())
    return redirect(f"{step.phase.get_absolute_url()}#steps")


@require_POST
@for_groups(LEAD)
def phase_lesson(request: HttpRequest, pk: int) -> HttpResponse:
    shown, form = get_object_or_404(Phase, pk=pk), LessonForm(request.POST)
    if form.is_valid():
        services.note_lesson(shown, text=form.cleaned_data["text"], keep=form.cleaned_data["keep"], by=reader(request))
        messages.success(request, _("The lesson is written down."))
    else:
        messages.error(request, _("Say what was learned."))
    return redirect(f"{shown.get_absolute_url()}#lessons")


@require_POST
@for_groups(LEAD)
def lesson_apply(request: HttpRequest, pk: int, lesson: int) -> HttpResponse:
    """What an earlier phase taught changed the plan of this one (P9)."""
    shown, taught = get_object_or_404(Phase, pk=pk), get_object_or_404(Lesson, pk=lesson)
    said(request, lambda: services.apply_lesson(taught, phase=shown), _("The lesson stands as applied here."))
    return redirect(f"{shown.get_absolute_url()}#lessons")


@require_POST
@for_groups(LEAD)
def phase_criterion(request: HttpRequest, pk: int) -> HttpResponse:
    """Another check that must hold before the phase opens."""
    shown = get_object_or_404(Phase, pk=pk)
    known = GateCriterion.objects.filter(phase=shown, check_slug=request.POST.get("check_slug", "")).first()
    form = CriterionForm(request.POST, instance=known or GateCriterion(phase=shown))
    if form.is_valid():
        form.save()
        messages.success(request, _("The gate asks for it from now on."))
    else:
        messages.error(request, _("Choose a check and give the figure it must reach."))
    return redirect(f"{shown.get_absolute_url()}#gate")


@require_POST
@for_groups(LEAD)
def criterion_remove(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(GateCriterion.objects.select_related("phase"), pk=pk)
    found.delete()
    messages.success(request, _("The gate no longer asks for it."))
    return redirect(f"{found.phase.get_absolute_url()}#gate")


def _save_phase(request: HttpRequest, form: Any) -> Phase:
    wish = form.cleaned_data
    return services.save_phase(form.save(commit=False), objectives=wish["objectives"], job_roles=wish["job_roles"])


phase_register = Register(
    "phase", "phases", Phase, PhaseForm, columns=[], ordering={},
    title=gettext_lazy("Phases"), lead="", new=gettext_lazy("New phase"),
    save=_save_phase, done=gettext_lazy("The phase is saved."),
    rows=lambda request: Phase.objects.all(), has_page=True, initial=("parent",),
)  # fmt: skip
