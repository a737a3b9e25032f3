"""The first page, and the ten ingredients."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm_adoption.jobs.models import Job
from crm_adoption.jobs.services import start
from crm_adoption.kit.access import ANALYST, CHAMPION, EVERYBODY, LEAD, SPONSOR, STEWARD, TRAINER, belongs, for_groups
from crm_adoption.kit.errors import Refusal
from crm_adoption.kit.pages import editing
from crm_adoption.people.models import Person
from crm_adoption.plan import queries, services
from crm_adoption.plan.forms import ClaimForm
from crm_adoption.plan.models import Ingredient, Programme
from crm_adoption.plan.queries.actions import next_actions
from crm_adoption.plan.queries.backslide import alarms
from crm_adoption.plan.queries.first_impression import watches
from crm_adoption.plan.queries.gaps import gap_sentence
from crm_adoption.plan.queries.home import IMPORTERS, best_step, improving, next_step, standing_before
from crm_adoption.plan.queries.sponsor import silent_leaders
from crm_adoption.plan.queries.waiting import waiting_for

PLANNERS = (LEAD, SPONSOR, CHAMPION)
PAGES = {  # that checks send people to
    "scoreboard": (LEAD, SPONSOR, STEWARD, ANALYST),
    "work-items": (LEAD, SPONSOR),
    "duplicates": (LEAD, STEWARD, ANALYST),
    "verification": (LEAD, SPONSOR, STEWARD, ANALYST),
    "reviews": (LEAD, SPONSOR),
    "pulses": (LEAD, SPONSOR),
    **dict.fromkeys(("seats", "phases", "feedback", "access-paths", "trials"), EVERYBODY),
    **dict.fromkeys(("messages", "promises", "leader-acts", "recognitions", "motivators"), PLANNERS),
    **dict.fromkeys(("training-courses", "training-go-lives", "training-processes"), (*PLANNERS, TRAINER)),
    **dict.fromkeys(("usage", "use-cases", "shadow-systems"), (*PLANNERS, TRAINER, ANALYST)),
}
HOMES = (  # the first that fits
    ((LEAD, SPONSOR), "plan/home_lead.html"),
    ((STEWARD,), "plan/home_steward.html"),
    ((ANALYST,), "plan/home_analyst.html"),
)


def _reader(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user


@require_safe
@for_groups(*EVERYBODY)
def home(request: HttpRequest) -> HttpResponse:
    """What this person may do next, by the first of their groups that has a home of its own."""
    reader = _reader(request)
    template = next((page for groups, page in HOMES if belongs(reader, groups)), "plan/home_person.html")
    now = timezone.now()
    found = queries.home(reader, now=now)
    context: dict[str, Any] = {
        "home": found,
        "programme": Programme.objects.first(),
        "step": next_step(found, reader),
        "import_url": reverse("batch-new") if belongs(reader, IMPORTERS) else "",
    }
    if template in ("plan/home_lead.html", "plan/home_person.html"):
        context["standing"] = standing = queries.standing(now)
        context["own_answers"] = queries.own_answers(reader)
    if template == "plan/home_person.html":
        context["waiting"] = waiting_for(reader, now=now, today=timezone.localdate(now))
    if template == "plan/home_lead.html":
        context["best"] = best_step(standing)
        context["wheel"] = queries.wheel(standing)
        context["before"] = standing_before(now)
        context["is_sponsor"] = belongs(reader, (SPONSOR,))
        context["silent"] = silent_leaders(now)
        context["fallen"] = alarms(now)
        context["watches"] = watches(now)
    return render(request, template, context)


@require_safe
@for_groups(*EVERYBODY)
def ingredients(request: HttpRequest) -> HttpResponse:
    """All ten: evidence, claim, gap and what each adds to the risk."""
    now = timezone.now()
    standing = queries.standing(now)
    context = {
        "standing": standing, "improving": improving(standing, standing_before(now)),
        "wheel": queries.wheel(standing), "may_measure": belongs(request.user, (LEAD,)),
        "jobs": Job.objects.visible_to(_reader(request)).unfinished().filter(kind="take_readings"),
    }  # fmt: skip
    return render(request, "plan/ingredients.html", context)


@require_POST
@for_groups(LEAD)
def measure(request: HttpRequest) -> HttpResponse:
    """Take the readings now instead of tonight; twice on one day is once, with the newer figures."""
    try:
        start("take_readings", by=_reader(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect("ingredients")


@require_http_methods(["GET", "HEAD", "POST"])
@for_groups(*EVERYBODY)
def ingredient(request: HttpRequest, slug: str) -> HttpResponse:
    """One ingredient: claim beside evidence, its checks, what the sources say, and one's own answer."""
    shown = get_object_or_404(Ingredient, slug=slug)
    reader, now = _reader(request), timezone.now()
    standing = queries.standing(now)
    state = next(one for one in standing.ingredients if one.ingredient == shown)
    own = queries.own_claim(shown, reader)
    form = ClaimForm(request.POST or None, initial={"score": own.score} if own else None)
    history = queries.trends([one.check.slug for one in state.checks], now)
    context = {
        "state": state,
        "standing": standing,
        "checks": [(one, [reading.value for reading in history[one.check.slug]]) for one in state.checks],
        "contribution": next(one for one in standing.contributions if one.state is state),
        "gap": gap_sentence(state),
        "action": next(one for one in next_actions(standing) if one.state is state),
        "may_plan": belongs(reader, (LEAD, SPONSOR)),
        "own": own,
        "may_open": {name for name, groups in PAGES.items() if belongs(reader, groups)},
    }
    return editing(
        request,
        form,
        "plan/ingredient.html",
        save=lambda sent: services.make_claim(shown, by=reader, score=sent.cleaned_data["score"], at=now),
        success_url=shown.get_absolute_url(),
        done=_("Your answer counts from now on; you may change it at any time."),
        context=context,
    )
