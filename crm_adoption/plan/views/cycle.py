"""Pulses, reviews, and the sponsor's page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm_adoption.jobs.services import start
from crm_adoption.kit.access import EVERYBODY, LEAD, SPONSOR, belongs, for_groups
from crm_adoption.kit.errors import Refusal
from crm_adoption.kit.pages import Column
from crm_adoption.plan import services
from crm_adoption.plan.forms import ReasonForm
from crm_adoption.plan.forms.feedback import DecisionForm, PulseForm, ReviewForm
from crm_adoption.plan.models import Phase, Promise, Pulse, Review
from crm_adoption.plan.queries import communication, gates
from crm_adoption.plan.queries import pulse as pulse_queries
from crm_adoption.plan.queries import reviews as review_queries
from crm_adoption.plan.queries.sponsor import silent_leaders, six_acts
from crm_adoption.plan.queries.standing import standing
from crm_adoption.plan.services.pulse_letters import ticket_of
from crm_adoption.plan.views.phases import reader, said
from crm_adoption.plan.views.registers import Register


def _ask(request: HttpRequest, form: PulseForm) -> Pulse:
    """A pulse that is open today is sent at once, another on its day."""
    asked = services.ask_pulse(form.save(commit=False), by=reader(request))
    start("send_pulses", by=reader(request))
    return asked


pulses = Register(
    "pulse", "pulses", Pulse, PulseForm,
    columns=[
        Column("name", gettext_lazy("Pulse"), kind="link"),
        Column("opens_on", gettext_lazy("From"), kind="date"),
        Column("closes_on", gettext_lazy("To"), kind="date"),
        Column("reach", gettext_lazy("Answered"), accessor=lambda one: " / ".join(map(str, pulse_queries.reach(one)))),
    ],
    ordering={"opens_on": ("-opens_on", "-pk")},
    title=gettext_lazy("Pulses"),
    lead=gettext_lazy("Some sentences people agree with from 1 to 5; nobody sees who said what."),
    new=gettext_lazy("Ask a pulse"),
    save=_ask,
    done=gettext_lazy("The pulse is asked of everybody who may sign in; who has an address gets a letter with a link."),
    rows=lambda request: Pulse.objects.all(),
    readers=(LEAD, SPONSOR), writers=(LEAD,), has_page=True,
    empty=gettext_lazy("Nobody was asked yet; claims beside evidence begin with a pulse."),
)  # fmt: skip

reviews = Register(
    "review", "reviews", Review, ReviewForm,
    columns=[
        Column("planned_on", gettext_lazy("Planned"), kind="link"),
        Column("held_on", gettext_lazy("Held"), kind="date"),
        Column("led_by", gettext_lazy("Led by")),
    ],
    ordering={"planned_on": ("-planned_on", "-pk")},
    title=gettext_lazy("Reviews"),
    lead=gettext_lazy("A programme never ends: needs are looked at, and the system follows."),
    new=gettext_lazy("Plan a review"),
    save=lambda request, form: form.save(), done=gettext_lazy("The review is planned."),
    rows=lambda request: Review.objects.of_programme().select_related("led_by"),
    readers=(LEAD, SPONSOR), writers=(LEAD,), has_page=True, template="plan/reviews.html",
    context=lambda request: {"cycle": review_queries.cycle(timezone.localdate())},
    empty=gettext_lazy("No review is planned yet."),
)  # fmt: skip


@require_safe
@for_groups(LEAD, SPONSOR)
def pulse(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(Pulse, pk=pk)
    answered, asked = pulse_queries.reach(shown)
    context = {
        "pulse": shown,
        "answered": answered,
        "asked": asked,
        "results": pulse_queries.results(shown),
        "groups": [
            (_("Team"), pulse_queries.results_by_group(shown, "team")),
            (_("Job role"), pulse_queries.results_by_group(shown, "job_role")),
        ],
        "is_open": shown.opens_on <= timezone.localdate() <= shown.closes_on,
    }
    return render(request, "plan/pulse.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_groups(*EVERYBODY)
def pulse_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a pulse: one screen, one number a sentence."""
    shown = get_object_or_404(Pulse, pk=pk)
    status = 200
    if request.method == "POST":
        try:
            services.answer_pulse(shown, by=reader(request), scores=_scores(request, shown), today=timezone.localdate())
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
            status = 409
        else:
            messages.success(request, _("Thank you. Nobody can tell which answers are yours."))
            return redirect("for-me")
    return render(request, "plan/pulse_answer.html", {"pulse": shown, "items": shown.items.all()}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def pulse_by_link(request: HttpRequest, key: str) -> HttpResponse:
    """The same from a letter, without signing in: the link says who was asked, and works once while it is open."""
    ticket = ticket_of(key)
    if ticket is None:
        return render(request, "plan/pulse_over.html", {"sentence": ""}, status=404)
    today, status = timezone.localdate(), 200
    with translation.override(ticket.person.language):
        if (over := services.why_over(ticket.pulse, ticket, today)) is not None:
            return render(request, "plan/pulse_over.html", {"sentence": over})
        if request.method == "POST":
            try:
                scores = _scores(request, ticket.pulse)
                services.answer_pulse(ticket.pulse, by=ticket.person, scores=scores, today=today)
            except Refusal as refusal:
                messages.error(request, refusal.sentence)
                status = 409
            else:
                return render(request, "plan/pulse_over.html", {"sentence": "", "is_done": True})
        context = {"pulse": ticket.pulse, "items": ticket.pulse.items.all()}
        return render(request, "plan/pulse_by_link.html", context, status=status)


def _scores(request: HttpRequest, pulse: Pulse) -> dict[int, int]:
    """Item key to what was chosen; what was left out is not in it."""
    given = {item.pk: request.POST.get(f"item-{item.pk}", "") for item in pulse.items.all()}
    return {key: int(one) for key, one in given.items() if one.isdigit()}


@require_safe
@for_groups(LEAD, SPONSOR)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """One review: its agenda, as it is now or as it was, and what was decided."""
    shown = get_object_or_404(Review.objects.of_programme().select_related("led_by"), pk=pk)
    now, today = timezone.now(), timezone.localdate()
    topics: Any = shown.agenda if shown.held_on else review_queries.agenda(now=now, today=today)
    context = {
        "review": shown,
        "topics": topics,
        "decisions": shown.decisions.select_related("work_item"),
        "form": DecisionForm(),
    }
    return render(request, "plan/review.html", context)


@require_POST
@for_groups(LEAD)
def review_hold(request: HttpRequest, pk: int) -> HttpResponse:
    return held(
        request, get_object_or_404(Review.objects.of_programme(), pk=pk),
        _("The review is held; its agenda stays with it."),
    )  # fmt: skip


@require_POST
@for_groups(LEAD)
def review_decide(request: HttpRequest, pk: int) -> HttpResponse:
    return decided(request, get_object_or_404(Review.objects.of_programme(), pk=pk))


def held(request: HttpRequest, shown: Review, done: str) -> HttpResponse:
    """A review, or a meeting of the committee, has taken place."""
    now, today = timezone.now(), timezone.localdate()
    said(request, lambda: services.hold_review(shown, by=reader(request), now=now, today=today), done)
    return redirect(shown.get_absolute_url())


def decided(request: HttpRequest, shown: Review) -> HttpResponse:
    """Something was decided there."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say what was decided."))
    else:
        said(
            request,
            lambda: services.decide(shown, by=reader(request), today=timezone.localdate(), **form.cleaned_data),
            _("It is written down."),
        )
    return redirect(shown.get_absolute_url())


@require_safe
@for_groups(SPONSOR, LEAD)
def sponsor(request: HttpRequest) -> HttpResponse:
    """One page for the sponsor: what waits for them, gates, promises, thanks to give (two taps each)."""
    now, today = timezone.now(), timezone.localdate()
    me = reader(request)
    waiting = Phase.objects.filter(state=Phase.State.APPROVED).prefetch_related("job_roles", "steps", "criteria")
    grid = communication.leader_grid(now)
    context = {
        "standing": standing(now),
        "gates": [
            (gate, ReasonForm(auto_id=f"phase_{gate.phase.pk}_%s"))
            for gate in gates.phase_gates(waiting, now=now, today=today)
        ],
        "may_override": belongs(me, (SPONSOR,)),
        "promises": Promise.objects.filter(state=Promise.State.OPEN).select_related("message")[:5],
        "own": next((row for row in grid if row.leader.pk == me.pk), None),
        "acts": six_acts(today),
        "silent": silent_leaders(now, grid),
        "cycle": review_queries.cycle(today),
        "answering": communication.answering(now),
    }
    return render(request, "plan/sponsor.html", context)
