"""The queue of likely duplicates, one pair after the other by keyboard, and what was said of each."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from crm_adoption.kit import words
from crm_adoption.kit.access import ANALYST, LEAD, STEWARD, belongs, for_groups
from crm_adoption.kit.charts import Chart, Series
from crm_adoption.kit.errors import Refusal
from crm_adoption.kit.pages.keyset import Page, page_of
from crm_adoption.people.models import Person
from dataquality import subjects
from dataquality.models import MatchRun, Pair
from dataquality.queries import matching as known
from dataquality.queries.matching_evidence import evidence_of
from dataquality.services import matching

READERS, KEEPERS = (LEAD, STEWARD, ANALYST), (LEAD, STEWARD)
PAGE = 30
ORDERS = {
    "priority": gettext_lazy("What helps most"),
    "probability": gettext_lazy("The surest"),
    "learning": gettext_lazy("Where an answer teaches most"),
}
STATES = {
    "open": gettext_lazy("Open"), "later": gettext_lazy("For later"), "same": gettext_lazy("Same, to be merged"),
    "different": gettext_lazy("Different"), "merged": gettext_lazy("Merged"),
}  # fmt: skip


def _asked(request: HttpRequest) -> tuple[str, str, str, str]:
    """Table, the other table, order and state; the first place in which something was found where none is named."""
    asked = request.GET if request.method != "POST" else request.POST
    table, beside = asked.get("table", ""), asked.get("beside", "")
    if not table:
        newest = MatchRun.objects.filter(finished_at__isnull=False).order_by("-pairs", "-pk").first()
        table, beside = (newest.table, newest.beside) if newest else ("contacts.contact", "")
    subjects.get(table)
    if beside:
        subjects.get(beside)
    order, state = asked.get("order", "priority"), asked.get("state", "open")
    if order not in ORDERS:
        raise Refusal(_("The queue has no order “%(order)s”; there are %(known)s.")
                      % {"order": order, "known": ", ".join(ORDERS)})  # fmt: skip
    if state not in STATES:
        raise Refusal(_("A pair is never “%(state)s”; it is one of %(known)s.")
                      % {"state": state, "known": ", ".join(STATES)})  # fmt: skip
    return table, beside, order, state


def places() -> list[tuple[str, str, str]]:
    """Where duplicates were looked for: table, other table, and how the two are called."""
    runs = MatchRun.objects.filter(finished_at__isnull=False).order_by().values_list("table", "beside").distinct()
    found = [(table, beside, label_of(table, beside)) for table, beside in runs]
    return sorted(found, key=lambda each: (-subjects.get(each[0]).weight, each[1] != "", each[2]))


def label_of(table: str, beside: str = "") -> str:
    """How a table, or two side by side, are called."""
    if not beside:
        return subjects.get(table).label
    return _("%(table)s beside %(other)s") % {
        "table": subjects.get(table).label, "other": subjects.get(beside).label.lower()
    }  # fmt: skip


@require_safe
@for_groups(*READERS)
def duplicates(request: HttpRequest) -> HttpResponse:
    """The queue: what may be one and the same, in an order, with what differs."""
    fault, page = "", Page([], "", "")
    try:
        table, beside, order, state = _asked(request)
        page = page_of(
            known.pairs_of(table, beside, state=state), (*known.ORDERS[order], "-pk"), PAGE, request.GET.get("cursor", "")
        )
    except Refusal as refusal:
        fault, (table, beside, order, state) = refusal.sentence, ("contacts.contact", "", "priority", "open")
    pairs = cast("list[Pair]", list(page.rows))
    sides = known.sides(pairs)
    asked = {"table": table, "beside": beside, "order": order, "state": state}
    return render(request, "dataquality/matching/duplicates.html", {
        "rows": [_row(pair, *sides[pair.pk]) for pair in pairs],
        "asked": asked, "query": urlencode({k: v for k, v in asked.items() if v}), "fault": fault,
        "newer": page.newer, "older": page.older, "label": label_of(table, beside),
        "places": places(), "orders": ORDERS.items(), "states": STATES.items(), "run": known.last_run(table, beside),
        "may_judge": belongs(request.user, KEEPERS), "first": pairs[0] if pairs and state == "open" else None,
    }, status=400 if fault else 200)  # fmt: skip


def _row(pair: Pair, a: Any, b: Any) -> dict[str, Any]:
    sides = known.side_by_side(a, b) if a and b else []
    return {"pair": pair, "a": a, "b": b, "different": [s for s in sides if not s.same and s.a and s.b][:3],
            "alike": [s.label for s in sides if s.same][:4]}  # fmt: skip


@require_safe
@for_groups(*READERS)
def pair(request: HttpRequest, pk: int) -> HttpResponse:
    """Two records side by side, and why they may be one."""
    found = get_object_or_404(Pair.objects.select_related("run", "judged_by").defer("run__model"), pk=pk)
    return _pair_page(request, found)


def _pair_page(request: HttpRequest, found: Pair, *, said: Pair | None = None, status: int = 200, fault: str = "") -> Any:
    order = request.POST.get("order") or request.GET.get("order") or "priority"
    order = order if order in ORDERS else "priority"
    a, b = known.sides([found])[found.pk]
    one_table = found.table_a == found.table_b
    evidence = evidence_of(found)
    cluster = known.cluster_of(a) if a is not None and one_table and found.joined else None
    context = {
        "pair": found, "a": a, "b": b, "sides": known.side_by_side(a, b) if a and b else [],
        "evidence": evidence, "chart": _waterfall(evidence, found), "order": order, "said": said, "fault": fault,
        "next": _beside(found, order, forward=True), "previous": _beside(found, order, forward=False),
        "may_judge": belongs(request.user, KEEPERS) and a is not None and b is not None,
        "one_table": one_table, "label": label_of(found.table_a, "" if one_table else found.table_b),
        "cluster": cluster if cluster and len(cluster.records) > 2 else None,
        "back": f"{reverse('duplicates')}?{_query(found, order)}",
    }  # fmt: skip
    partial = request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"
    template = "dataquality/matching/_pair.html" if partial else "dataquality/matching/pair.html"
    response = render(request, template, context, status=status)
    if partial and status == 200:
        response["HX-Push-Url"] = f"{reverse('pair', args=[found.pk])}?order={order}"
    return response


def _query(found: Pair, order: str) -> str:
    beside = found.table_b if found.table_b != found.table_a else ""
    return urlencode({"table": found.table_a, **({"beside": beside} if beside else {}), "order": order})


def _waterfall(evidence: list[Any], found: Pair) -> Chart | None:
    """Bits for (right) and against (left), column after column, and their sum."""
    if not evidence:
        return None
    names = [_column(found, each.column) for each in evidence]
    return Chart(
        "bar", [*names, _("Together")],
        [Series(_("bits"), [*(round(each.bits, 1) for each in evidence), round(found.weight, 1)])],
        unit=_("bits"), horizontal=True, head=_("Evidence"),
    )  # fmt: skip


def _column(found: Pair, name: str) -> str:
    columns = subjects.get(found.table_a).columns
    return str(columns[name].label) if name in columns else name.replace("_", " ").capitalize() or _("Starting point")


def _queue_of(found: Pair) -> QuerySet[Pair]:
    return known.pairs_of(found.table_a, found.table_b)


def _beside(found: Pair, order: str, *, forward: bool) -> Pair | None:
    """The open pair after or before this one, in the order of the queue."""
    field = known.ORDERS[order][0].lstrip("-")
    at, way = getattr(found, field), "lt" if forward else "gt"
    signs = ("-", "-") if forward else ("", "")
    here = Q(**{f"{field}__{way}": at}) | Q(**{field: at, f"pk__{way}": found.pk})
    return _queue_of(found).filter(here).order_by(f"{signs[0]}{field}", f"{signs[1]}pk").first()


@require_POST
@for_groups(*KEEPERS)
def pair_judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Same, different, later, or taken back; the next pair comes in its place."""
    found = get_object_or_404(Pair, pk=pk)
    verdict, by, now = request.POST.get("verdict", ""), cast(Person, request.user), timezone.now()
    htmx = request.headers.get("HX-Request") == "true"
    try:
        if verdict == "later":
            matching.postpone(found, by=by, now=now)
        elif verdict == "withdraw":
            matching.withdraw(found, now=now)
        else:
            matching.judge(found, verdict, by=by, now=now, reason=request.POST.get("reason", ""))
    except Refusal as refusal:
        if not htmx:
            raise
        found.refresh_from_db()
        return cast(HttpResponse, _pair_page(request, found, status=409, fault=refusal.sentence))
    found.refresh_from_db()
    if verdict == "withdraw":
        return cast(HttpResponse, _pair_page(request, found)) if htmx else redirect("pair", pk)
    order = request.POST.get("order", "priority")
    order = order if order in ORDERS else "priority"
    following = _beside(found, order, forward=True) or _queue_of(found).order_by(*known.ORDERS[order], "-pk").first()
    if following is not None:
        if htmx:
            return cast(HttpResponse, _pair_page(request, following, said=found))
        messages.success(request, _("Noted: %(state)s.") % {"state": found.get_state_display()})
        return redirect(f"{reverse('pair', args=[following.pk])}?order={order}")
    if htmx:
        beside = found.table_b if found.table_b != found.table_a else ""
        return render(request, "dataquality/matching/_done.html", {
            "pair": found, "label": label_of(found.table_a, beside), "table": found.table_a, "beside": beside,
            "order": order, "same": known.pairs_of(found.table_a, beside, state="same").exists(),
        })  # fmt: skip
    messages.success(request, _("That was the last open pair of this queue."))
    return redirect(f"{reverse('duplicates')}?{_query(found, order)}")


def percent(value: float | None) -> str:
    return words.percent(value)
