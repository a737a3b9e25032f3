"""Reports behind their gates: open, or sealed with its price tag."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm_adoption.kit.access import ANALYST, LEAD, SPONSOR, STEWARD, belongs, for_groups
from crm_adoption.kit.charts import Chart, Series
from crm_adoption.kit.pages import editing
from crm_adoption.people.models import Person
from dataquality import outlook, queries, reports
from dataquality.forms import MendForm, OverrideForm
from dataquality.services import gates
from dataquality.views.named import report_named

READERS = (LEAD, SPONSOR, STEWARD, ANALYST)
OPENERS = (LEAD, SPONSOR)


@require_safe
@for_groups(*READERS)
def report_list(request: HttpRequest) -> HttpResponse:
    """Every report this person may read, with the state of its gate."""
    now = timezone.now()
    mine = [report for report in reports.every() if belongs(request.user, report.groups)]
    scores = queries.scoreboard()
    states = [gates.gate(report, now=now, reader=_person(request), scores=scores) for report in mine]
    told = [(state, outlook.of(state, now=now)) for state in states]
    return render(request, "dataquality/report_list.html", {"gates": told})


@require_safe
@for_groups(*READERS)
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """One report with its figures, or, while its gate is shut, what locks it and what to fix."""
    found = report_named(slug)
    if not belongs(request.user, found.groups):
        return render(request, "403.html", status=403)
    now = timezone.now()
    state = gates.gate(found, now=now, reader=_person(request))
    context: dict[str, Any] = {
        "report": found, "gate": state, "may_override": belongs(request.user, OPENERS),
        "reasons": [(reason.sentence, reason.url) for reason in state.reasons],
    }  # fmt: skip
    if state.reasons:
        context |= _ahead(request, state, now)
    if state.shows_figures:
        figures = found.figures(reader=_person(request))
        context |= {"figures": figures, "charts": [(figure, _chart(figure)) for figure in figures.figures]}
    return render(request, "dataquality/report.html", context)


def _ahead(request: HttpRequest, state: gates.GateState, now: datetime) -> dict[str, Any]:
    """When it opens as it goes, and when it would if some of what is wrong were mended today."""
    told = outlook.of(state, now=now)
    can_mend = told is not None and not told.short
    about_data = [one for one in state.reasons if one.about == "data"]
    form = MendForm(about_data, request.GET if "mend" in request.GET else None) if can_mend else None
    then = outlook.of(state, now=now, mended=form.mended) if form is not None and form.is_valid() else None
    return {"outlook": told, "mend": form, "then": then}


def _person(request: HttpRequest) -> Person:
    """Who reads; these pages are only for people who are signed in."""
    assert isinstance(request.user, Person)
    return request.user


def _chart(figure: reports.Figure) -> Chart | None:
    if not figure.categories:
        return None
    kind: Any = "stacked" if len(figure.lines) > 1 else "bar"
    series = [Series(line.name, list(line.values)) for line in figure.lines]
    return Chart(kind, list(figure.categories), series, unit=figure.unit, head=figure.head)


@require_http_methods(["GET", "HEAD", "POST"])
@for_groups(*OPENERS)
def override(request: HttpRequest, slug: str) -> HttpResponse:
    """Open a shut gate for a while, with a name and a reason."""
    found = report_named(slug)
    now = timezone.now()
    return editing(
        request, OverrideForm(request.POST or None), "dataquality/override.html",
        save=lambda form: gates.override_gate(found, by=_person(request), now=now, **form.cleaned_data),
        success_url=f"/reports/{slug}/", done=_("Opened. Every page of it says so until then."),
        context={"report": found, "gate": gates.gate(found, now=now)},
    )  # fmt: skip


@require_POST
@for_groups(*OPENERS)
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Shut an overridden gate again."""
    now = timezone.now()
    override = gates.in_force(report_named(slug).slug, now=now)
    if override:
        gates.withdraw_override(override, now=now)
    return redirect("report", slug)
