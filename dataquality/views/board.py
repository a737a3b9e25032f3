"""How wrong the tables are, what to fix first, and one click to fix what is plain."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm_adoption.kit.access import ANALYST, LEAD, SPONSOR, STEWARD, for_groups
from crm_adoption.kit.charts import Chart, Series
from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from dataquality import queries, reports
from dataquality.forms import AcceptForm, WaiveForm
from dataquality.models import Finding, Source
from dataquality.services import corrections, gates, waivers
from dataquality.views.named import table_named

KEEPERS = (LEAD, STEWARD)
READERS = (LEAD, SPONSOR, STEWARD, ANALYST)
FIRST_PROBLEMS = 12


def _source(request: HttpRequest) -> Source | None:
    """The source the page is about, or none for all of them together."""
    asked = request.GET.get("source", "")
    return get_object_or_404(Source, pk=int(asked)) if asked.isdecimal() else None


@require_safe
@for_groups(*READERS)
def scoreboard(request: HttpRequest) -> HttpResponse:
    """Every table against its limit, and what that locks."""
    source, now = _source(request), timezone.now()
    scores = queries.scoreboard(source)
    return render(
        request,
        "dataquality/scoreboard.html",
        {
            "source": source,
            "sources": Source.objects.all(),
            "scores": [score for score in scores if score.rows],
            "empty": [score for score in scores if not score.rows],
            "health": queries.data_health(scores),
            "worst": max((s for s in scores if s.rows and not s.passes), key=lambda s: s.to_fix, default=None),
            "gates": [gates.gate(report, source=source, now=now, scores=scores) for report in reports.every()],
        },
    )


@require_safe
@for_groups(*READERS)
def table(request: HttpRequest, slug: str) -> HttpResponse:
    """One table: its fields against their limits, and its faults, the largest first."""
    subject, source = table_named(slug), _source(request)
    score = next(score for score in queries.scoreboard(source) if score.slug == subject.slug)
    field = request.GET.get("field", "")
    field = field if field in subject.columns else ""
    problems = queries.problems(subject, source, field=field)
    trend = queries.trend_of(subject, source=source)
    chart = None
    if len(trend) > 1:
        days = [f"{at:%Y-%m-%d %H:%M}" for at, _rate in trend]
        chart = Chart(
            "line", days, [Series(_("wrong"), [rate for _at, rate in trend])], unit="%", limit=score.limit,
            limit_label=_("limit"), head=_("Scored"),
        )  # fmt: skip
    return render(
        request,
        "dataquality/table.html",
        {
            "subject": subject,
            "source": source,
            "score": score,
            "chart": chart,
            "field": subject.columns.get(field),
            "problems": problems if request.GET.get("all") else problems[:FIRST_PROBLEMS],
            "more": 0 if request.GET.get("all") else max(0, len(problems) - FIRST_PROBLEMS),
            "kinds": queries.fault_kinds(subject, problems, source, field=field),
            "sources": Source.objects.all(),
            "may_keep": bool(request.user.is_superuser or request.user.group_names & set(KEEPERS)),  # type: ignore[union-attr]
        },
    )


@require_POST
@for_groups(*KEEPERS)
def accept(request: HttpRequest, slug: str) -> HttpResponse:
    """Accept one suggestion for all rows that share it."""
    subject = table_named(slug)
    form = AcceptForm(request.POST)
    back = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = subject.get_absolute_url()
    if not form.is_valid():
        messages.error(request, _("That suggestion is not complete; open the table again."))
        return redirect(back)
    data = form.cleaned_data
    found = Finding.objects.open().filter(table=subject.slug, field=data["field"], value=data["value"])
    chosen = [data["source"]] if data["source"] else list(Source.objects.filter(findings__in=found).distinct())
    if not chosen:
        raise Refusal(_("No open finding of %(table)s says “%(value)s” any more; it may be corrected already.")
                      % {"table": subject.label, "value": data["value"]})  # fmt: skip
    with transaction.atomic():
        n = 0
        for source in chosen:
            n += corrections.accept_suggestion(
                subject, field=data["field"], value=data["value"], new=data["new"], source=source,
                by=cast(Person, request.user), now=timezone.now(),
            )  # fmt: skip
    messages.success(
        request,
        ngettext(
            "%(n)s record corrected: “%(old)s” is now “%(new)s”. It waits for its export to the CRM.",
            "%(n)s records corrected: “%(old)s” is now “%(new)s”. They wait for their export to the CRM.",
            n,
        )
        % {"n": f"{n:,}", "old": data["value"], "new": data["new"]},
    )
    return redirect(back)


@require_safe
@for_groups(*READERS)
def noise(request: HttpRequest, slug: str, field: str) -> HttpResponse:
    """Every value of one column with its count, share and near neighbour (T25)."""
    subject, source = table_named(slug), _source(request)
    if field not in subject.columns:
        return redirect(subject.get_absolute_url())
    rows = queries.noise(subject, field, source)
    top = rows[:20]
    chart = None
    if top:
        chart = Chart(
            "bar", [row.value or _("(blank)") for row in top], [Series(_("records"), [row.n for row in top])],
            horizontal=True, head=subject.columns[field].label,
        )  # fmt: skip
    return render(
        request,
        "dataquality/noise.html",
        {"subject": subject, "field": field, "label": subject.columns[field].label, "rows": rows, "chart": chart},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_groups(*KEEPERS)
def waive(request: HttpRequest, slug: str) -> HttpResponse:
    """Waive all findings of one kind for a while, with a reason."""
    subject = table_named(slug)
    picked = {name: request.GET.get(name, "").replace("\x00", "") for name in ("field", "code", "value")}
    found = Finding.objects.open().filter(table=subject.slug, **{k: v for k, v in picked.items() if v or k == "value"})
    form = WaiveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        n = waivers.waive(
            found, by=cast(Person, request.user), reason=form.cleaned_data["reason"], until=form.cleaned_data["until"],
            now=timezone.now(),
        )  # fmt: skip
        messages.success(request, _("%(n)s findings waived.") % {"n": n})
        return redirect(subject)
    return render(
        request, "dataquality/waive.html",
        {"subject": subject, "form": form, "n": found.count(), **picked}, status=422 if form.errors else 200,
    )  # fmt: skip
