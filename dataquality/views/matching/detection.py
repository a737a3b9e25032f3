"""Looking for duplicates: start a run, see it work, see what the last ones found and where duplicates are born."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from crm_adoption.jobs.models import Job
from crm_adoption.jobs.services import start
from crm_adoption.kit.access import ANALYST, LEAD, STEWARD, belongs, for_groups
from crm_adoption.kit.charts import Chart, Series
from crm_adoption.kit.errors import Refusal
from dataquality import subjects
from dataquality.models import MatchRun
from dataquality.queries import matching
from dataquality.queries.matching_evidence import births_in

KIND = "detect_duplicates"
RUNS_SHOWN = 10
MONTHS_SHOWN = 24
Choices = list[tuple[str, str]]


def _scopes() -> Choices:
    """What may be compared: each table alone, and every two that may hold the same people or companies."""
    alone = [(matching.detection_scope(one.slug), one.label) for one in subjects.every() if one.matched]
    pairs = [
        (matching.detection_scope(a.slug, b.slug), f"{a.label} – {b.label}") for a, b in subjects.standing_beside()
    ]
    return [*alone, *pairs]


class DetectionForm(forms.Form):
    scope = forms.ChoiceField(label=gettext_lazy("Where"), choices=_scopes)
    changes = forms.BooleanField(
        label=gettext_lazy("Only what changed since the last run"), required=False, initial=True
    )


def births_chart(run: MatchRun) -> Chart | None:
    """Duplicates among the records created each month, by source; a month without new records is a gap."""
    rates = {(each.source, each.month): each.rate for each in births_in(run)}
    months = sorted({month for _source, month in rates})[-MONTHS_SHOWN:]
    if not months:
        return None
    return Chart(
        "line", months,
        [Series(source, [rates.get((source, month)) for month in months])
         for source in sorted({source for source, _month in rates})],
        unit="%", limit=0.05, limit_label=_("people complain"), head=_("Month"),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@for_groups(LEAD, STEWARD, ANALYST)
def runs(request: HttpRequest) -> HttpResponse:
    """What was looked for, with what result; and the way to look again."""
    may_start = belongs(request.user, (LEAD, STEWARD))
    form = DetectionForm(request.POST or None)
    if request.method == "POST" and may_start and form.is_valid():
        table, beside, _kind = form.cleaned_data["scope"].split()
        kind = MatchRun.Kind.CHANGES if form.cleaned_data["changes"] else MatchRun.Kind.FULL
        try:
            start(KIND, scope=matching.detection_scope(table, "" if beside == "-" else beside, kind), by=request.user)
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        return redirect("duplicate-runs")
    known = list(matching.runs_of()[:RUNS_SHOWN])
    ended = [run for run in known if run.finished_at]
    chosen = next((run for run in ended if str(run.pk) == request.GET.get("run")), ended[0] if ended else None)
    context = {
        "form": form,
        "may_start": may_start,
        "jobs": Job.objects.visible_to(request.user).unfinished().filter(kind=KIND).select_related("lease"),
        "runs": [(run, " – ".join(subjects.get(one).label for one in (run.table, run.beside) if one)) for run in known],
        "run": chosen,
        "births": births_chart(chosen) if chosen else None,
        "stages": sorted(chosen.stages.items(), key=lambda one: -one[1]) if chosen else [],
    }
    return render(request, "dataquality/matching/runs.html", context)
