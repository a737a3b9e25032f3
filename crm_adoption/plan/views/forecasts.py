"""How good the forecasts of the gates were, and would have been."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm_adoption.jobs.models import Job
from crm_adoption.jobs.services import start
from crm_adoption.kit.access import EVERYBODY, LEAD, belongs, for_groups
from crm_adoption.kit.charts import Chart, Series
from crm_adoption.kit.errors import Refusal
from crm_adoption.plan.models import GateForecast
from crm_adoption.plan.queries import forecasts as queries
from crm_adoption.plan.queries.replays import Kept, kept, said_figure
from crm_adoption.plan.views.phases import reader

NEWEST = 20  # judged forecasts shown


@require_safe
@for_groups(*EVERYBODY)
def forecasts(request: HttpRequest) -> HttpResponse:
    """What came of past forecasts; and the same method replayed over the history there is, figure by figure."""
    replayed = kept()
    judged = GateForecast.objects.filter(opened__isnull=False).order_by("-about", "-made_on", "gate")
    context = {
        "overall": queries.record(),
        "judged": [(queries.gate_name(one.gate), one) for one in judged[:NEWEST]],
        "replayed": replayed,
        "figures": [(said_figure(one.figure), one) for one in replayed.figures],
        "honesty": _honesty(replayed),
        "jobs": Job.objects.visible_to(reader(request)).unfinished().filter(kind="replay_forecasts"),
        "may_replay": belongs(request.user, (LEAD,)),
    }
    return render(request, "plan/forecasts.html", context)


def _honesty(replayed: Kept) -> Chart | None:
    """What was said beside what came, tenth by tenth; the two are alike where forecasts are honest."""
    tenths = replayed.bins
    if not tenths:
        return None
    names = [f"{round(100 * one.low)}–{round(100 * one.low) + 10} %" for one in tenths]
    series = [
        Series(_("It came"), [one.came for one in tenths]),
        Series(_("It was said"), [one.said for one in tenths], line=True, dashed=True),
    ]
    return Chart("bar", names, series, unit="%", maximum=1, head=_("Probability said"))


@require_POST
@for_groups(LEAD)
def forecasts_replay(request: HttpRequest) -> HttpResponse:
    """Now instead of tonight."""
    try:
        start("replay_forecasts", by=reader(request))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect("forecasts")
