"""How likely it is to fail, what would lower that most, and what if."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from crm_adoption.kit.access import LEAD, SPONSOR, for_groups
from crm_adoption.plan import queries
from crm_adoption.plan.queries.actions import next_actions, usual_effort, what_if
from crm_adoption.plan.queries.home import standing_before
from crm_adoption.plan.queries.people_side import people_side
from crm_adoption.plan.queries.phases import priors


@require_safe
@for_groups(LEAD, SPONSOR)
def risk(request: HttpRequest) -> HttpResponse:
    """The risk with its formula and shares, the next best action, and ten sliders."""
    now = timezone.now()
    standing = queries.standing(now)
    wished: dict[str, float] = {}
    for state in standing.ingredients:
        given = request.GET.get(state.ingredient.slug, "")
        if given.isdigit():
            wished[state.ingredient.slug] = min(int(given), 100) / 100
    worst = {state.ingredient.slug: round(100 * state.dose.worst) for state in standing.ingredients}
    wished = {slug: score for slug, score in wished.items() if round(100 * score) != worst[slug]}
    context = {
        "standing": standing,
        "before": standing_before(now),
        "people": people_side(standing, priors().people_weight_least),
        "actions": (actions := next_actions(standing)),
        "usual": usual_effort(actions),
        "whatif": what_if(standing, wished),
        "wished": wished,
    }
    alone = request.headers.get("HX-Target") == "whatif"
    return render(request, "plan/_whatif.html" if alone else "plan/risk.html", context)
