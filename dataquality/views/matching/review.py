"""The queue of pairs, one pair side by side, clusters of many, and acceptance in bulk after a sample."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm_adoption.kit.access import ANALYST, LEAD, STEWARD, belongs, for_groups
from crm_adoption.kit.charts import Chart, Series
from crm_adoption.kit.errors import Refusal
from crm_adoption.kit.pages.keyset import page_of
from crm_adoption.people.models import Person
from dataquality import subjects
from dataquality.models import Acceptance, Judgement, MatchRun, Pair
from dataquality.queries import matching as queries
from dataquality.queries.matching_evidence import evidence_of, learned
from dataquality.reasons import label, reason
from dataquality.services import matching
from dataquality.tasks import count_again
from dataquality.views.shown import shown as told

KEEPERS, READERS = (LEAD, STEWARD), (LEAD, STEWARD, ANALYST)
PAGE = 40
PAIRS_SHOWN = 50
STATES = (
    (Pair.State.OPEN, gettext_lazy("To judge")),
    (Pair.State.LATER, gettext_lazy("Put aside")),
    (Pair.State.SAME, gettext_lazy("The same")),
    (Pair.State.DIFFERENT, gettext_lazy("Different")),
)
ORDERS = (
    ("probability", gettext_lazy("The surest first")),
    ("priority", gettext_lazy("What most hangs on")),
    ("learning", gettext_lazy("What teaches most")),
)


def _person(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user


class Queue:
    """Which pairs are looked at and in which order, as the address says it."""

    def __init__(self, request: HttpRequest) -> None:
        asked = request.GET
        known = [one.slug for one in subjects.every() if one.matched]
        first = MatchRun.objects.filter(finished_at__isnull=False).order_by("-pk").first()
        fallback = first.table if first and first.table in known else known[0]
        self.table = asked.get("table", "") if asked.get("table") in known else fallback
        beside = asked.get("beside", "")
        self.beside = beside if beside in subjects.get(self.table).beside else ""
        self.order = asked.get("order", "") if asked.get("order") in dict(ORDERS) else "probability"
        self.state = asked.get("state", "") if asked.get("state") in dict(STATES) else Pair.State.OPEN.value
        self.acceptance = asked.get("acceptance", "") if asked.get("acceptance", "").isdigit() else ""

    @property
    def pairs(self) -> Any:
        return queries.pairs_of(self.table, self.beside, state=self.state)

    @property
    def fields(self) -> list[str]:
        return [*queries.ORDERS[self.order], "-pk"]

    def query(self, **change: str) -> str:
        """The address's question with some of it changed; what is as it always is stays out."""
        said = {"table": self.table, "beside": self.beside, "order": self.order, "state": self.state,
                "acceptance": self.acceptance, **change}  # fmt: skip
        usual = {"beside": "", "order": "probability", "state": "open", "acceptance": ""}
        return urlencode({name: value for name, value in said.items() if value != usual.get(name)})

    def following(self, judged: Pair) -> Pair | None:
        """The pair to judge after this one."""
        if self.acceptance:
            drawn = Acceptance.objects.filter(pk=int(self.acceptance)).first()
            waiting = queries.sample_of(drawn) if drawn else []
            open_ = (Pair.State.OPEN, Pair.State.LATER)
            return next((one for one in waiting if one.pk != judged.pk and one.state in open_), None)
        open_pairs = queries.pairs_of(self.table, self.beside).exclude(pk=judged.pk)
        found: Pair | None = open_pairs.order_by(*self.fields).first()
        return found


@require_safe
@for_groups(*READERS)
def queue(request: HttpRequest) -> HttpResponse:
    """What is worth a look, both records of each pair beside each other."""
    asked = Queue(request)
    try:
        page = page_of(asked.pairs, asked.fields, PAGE, request.GET.get("cursor", ""))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect(f"{reverse('duplicates')}?{asked.query()}")
    sides = queries.sides(page.records)
    tables = [(one.slug, "", one.label) for one in subjects.every() if one.matched]
    tables += [(a.slug, b.slug, f"{a.label} – {b.label}") for a, b in subjects.standing_beside()]
    context = {
        "queue": asked,
        "rows": [(pair, *sides[pair.pk]) for pair in page.records],
        "tables": [
            (label, asked.query(table=slug, beside=beside), (slug, beside) == (asked.table, asked.beside))
            for slug, beside, label in tables
        ],
        "states": [(label, asked.query(state=value), value == asked.state) for value, label in STATES],
        "orders": [(label, asked.query(order=value), value == asked.order) for value, label in ORDERS],
        "newer": page.newer,
        "older": page.older,
        "run": queries.last_run(asked.table, asked.beside),
        "learned": learned(asked.table, asked.beside),
        "may_judge": belongs(request.user, KEEPERS),
    }
    return render(request, "dataquality/matching/queue.html", context)


def _pair_context(request: HttpRequest, pair: Pair, asked: Queue) -> dict[str, Any]:
    one, other = queries.sides([pair])[pair.pk]
    evidence, subject = evidence_of(pair), subjects.get(pair.table_a)
    waterfall = None
    if evidence:
        waterfall = Chart(
            "bar", [label(said, subject) or _("at the start") for said in evidence],
            [Series(_("Bits"), [round(said.bits, 2) for said in evidence])],
            horizontal=True, head=_("Column"),
        )  # fmt: skip
    return {
        "pair": pair,
        "queue": asked,
        "one": one,
        "other": other,
        "tables": (subjects.get(pair.table_a), subjects.get(pair.table_b)),
        "sides": queries.side_by_side(one, other, told) if one and other else [],
        "evidence": [(round(said.bits, 1) or 0.0, reason(said, subject)) for said in evidence],
        "waterfall": waterfall,
        "may_judge": belongs(request.user, KEEPERS),
        "is_judged": pair.state in (Pair.State.SAME, Pair.State.DIFFERENT),
    }


@require_safe
@for_groups(*READERS)
def pair(request: HttpRequest, pk: int) -> HttpResponse:
    """One pair: what differs, why it is as probable as it is, and three keys to answer."""
    shown = get_object_or_404(Pair.objects.select_related("judged_by"), pk=pk)
    return render(request, "dataquality/matching/pair.html", _pair_context(request, shown, Queue(request)))


@require_POST
@for_groups(*KEEPERS)
def pair_judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the answer and bring the next pair."""
    shown, asked, by, now = get_object_or_404(Pair, pk=pk), Queue(request), _person(request), timezone.now()
    answer = request.POST.get("answer", "")
    was = shown.state
    try:
        if answer in Judgement.Verdict.values:
            matching.judge(shown, answer, by=by, now=now, reason=request.POST.get("reason", ""))
        elif answer == "later":
            matching.postpone(shown, by=by, now=now)
        elif answer == "withdraw":
            matching.withdraw(shown, now=now)
        else:
            raise Refusal(_("Say same, different or later."))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        following: Pair | None = shown
    else:
        if Pair.State.SAME in (was, answer):
            count_again(shown.table_a, shown.table_b, by=by)
        following = shown if answer == "withdraw" else asked.following(shown)
    if following is None:
        to = reverse("duplicates-sample", args=[asked.acceptance]) if asked.acceptance else reverse("duplicates")
        if not asked.acceptance:
            messages.success(request, _("Nothing is left to judge here."))
            to = f"{to}?{asked.query()}"
        return _go(request, to)
    address = f"{reverse('pair', args=[following.pk])}?{asked.query()}"
    if not request.headers.get("HX-Request"):
        return redirect(address)
    following = Pair.objects.select_related("judged_by").get(pk=following.pk)
    answer_page = render(request, "dataquality/matching/_pair.html", _pair_context(request, following, asked))
    answer_page["HX-Push-Url"] = address
    return answer_page


def _go(request: HttpRequest, address: str) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return redirect(address)
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = address
    return answer


# --- clusters of many ---------------------------------------------------------------------------------------------
@require_safe
@for_groups(*READERS)
def clusters(request: HttpRequest) -> HttpResponse:
    """Groups of records that stand for one, the largest first."""
    asked = Queue(request)
    found = list(queries.clusters_of(asked.table)[:200])
    model = subjects.get(asked.table).model
    names = {record.pk: str(record) for record in model._default_manager.filter(
        pk__in=[one["cluster_id"] for one in found])}  # fmt: skip
    context = {
        "queue": asked,
        "clusters": [(one["cluster_id"], names.get(one["cluster_id"], "–"), one["size"]) for one in found],
        "tables": [
            (one.label, asked.query(table=one.slug, beside=""), one.slug == asked.table)
            for one in subjects.every() if one.matched
        ],
    }  # fmt: skip
    return render(request, "dataquality/matching/clusters.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_groups(*READERS)
def cluster(request: HttpRequest, table: str, pk: int) -> HttpResponse:
    """One group: all its records in columns, what speaks for each pair; split off those that are others."""
    subject = subjects.get(table)
    shown = queries.cluster(subject.slug, pk)
    if shown is None:
        raise Http404
    may_judge = belongs(request.user, KEEPERS)
    if request.method == "POST" and may_judge:
        members = {str(record.pk) for record in shown.records}
        chosen = [int(word) for word in request.POST.getlist("record") if word in members]
        try:
            matching.split_off(subject, chosen, by=_person(request), now=timezone.now())
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
            return redirect("duplicate-cluster", subject.slug, pk)
        count_again(subject.slug, by=_person(request))
        messages.success(request, _("They are another; that is remembered."))
        left = queries.cluster(subject.slug, pk)
        return redirect("duplicate-cluster", subject.slug, pk) if left else redirect("duplicate-clusters")
    fields = [
        (column.label, [queries.cell(record, subject, name) for record in shown.records])
        for name, column in subject.columns.items()
    ]
    context = {
        "subject": subject,
        "cluster": shown,
        "fields": [
            (column, list(zip(shown.records, map(told, values), strict=True)), len({str(one) for one in values}) > 1)
            for column, values in fields
            if any(values)
        ],
        "pairs": [(pair, *queries.titles(pair, shown.records)) for pair in shown.pairs[:PAIRS_SHOWN]],
        "ids": ",".join(str(record.pk) for record in shown.records),
        "may_judge": may_judge,
    }
    return render(request, "dataquality/matching/cluster.html", context)


# --- in bulk ------------------------------------------------------------------------------------------------------
class AboveForm(forms.Form):
    above = forms.DecimalField(
        label=gettext_lazy("All pairs from this probability on, in per cent"), min_value=50, max_value=100, initial=98
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_groups(*KEEPERS)
def accept(request: HttpRequest) -> HttpResponse:
    """Choose a probability; a sample from there on is judged first."""
    asked, form = Queue(request), AboveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        beside = subjects.get(asked.beside) if asked.beside else None
        try:
            drawn = matching.draw_sample(
                subjects.get(asked.table), above=float(form.cleaned_data["above"]) / 100, by=_person(request),
                now=timezone.now(), beside=beside,
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error("above", refusal.sentence)
        else:
            return redirect("duplicates-sample", drawn.pk)
    context = {"queue": asked, "form": form, "subject": subjects.get(asked.table)}
    return render(request, "dataquality/matching/accept.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_groups(*KEEPERS)
def sample(request: HttpRequest, pk: int) -> HttpResponse:
    """The sample with its estimate; once it is judged, all pairs above may be accepted at once."""
    drawn = get_object_or_404(Acceptance.objects.select_related("drawn_by", "accepted_by"), pk=pk)
    if request.method == "POST":
        try:
            done = matching.accept_above(drawn, by=_person(request), now=timezone.now())
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        else:
            count_again(drawn.table, drawn.beside, by=_person(request))
            messages.success(request, _("%(n)s pairs are the same from now on.") % {"n": done.accepted})
        return redirect("duplicates-sample", pk)
    pairs = queries.sample_of(drawn)
    sides = queries.sides(pairs)
    context = {
        "drawn": drawn,
        "subject": subjects.get(drawn.table),
        "estimate": queries.precision_of(drawn),
        "rows": [(one, *sides[one.pk]) for one in pairs],
        "query": urlencode({"table": drawn.table, "beside": drawn.beside, "acceptance": drawn.pk}),
    }
    return render(request, "dataquality/matching/sample.html", context)
