"""Clusters of two records or many: choose who belongs together, split the others off, merge the rest."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm_adoption.kit.access import ANALYST, LEAD, STEWARD, belongs, for_groups
from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from dataquality.engine.folding import fold
from dataquality.queries import matching as known
from dataquality.queries.merging import text_of
from dataquality.services import matching
from dataquality.subjects import Subject
from dataquality.views.matching.queue import places
from dataquality.views.named import table_named

READERS, KEEPERS = (LEAD, STEWARD, ANALYST), (LEAD, STEWARD)
MOST = 100  # clusters on a page, the largest first


@require_safe
@for_groups(*READERS)
def cluster_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The clusters of a table, the largest first."""
    subject = table_named(slug)
    found = list(known.clusters_of(slug)[: MOST + 1])
    titles = subject.model._default_manager.in_bulk([each["cluster_id"] for each in found])
    return render(request, "dataquality/matching/clusters.html", {
        "subject": subject, "places": [place for place in places() if not place[1]], "more": len(found) > MOST,
        "rows": [{**each, "title": titles.get(each["cluster_id"])} for each in found[:MOST]],
    })  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@for_groups(*READERS)
def cluster(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The members of one cluster side by side; those ticked are merged or split off."""
    subject = table_named(slug)
    found = known.cluster(slug, pk)
    if found is None:
        raise Http404(_("There is no such cluster any more: its records were merged, split off or found to differ."))
    may_judge = belongs(request.user, KEEPERS)
    fault = ""
    if request.method == "POST":
        if not may_judge:
            return HttpResponse(status=403)
        ids = sorted({int(each) for each in request.POST.getlist("id") if each.isdigit()})
        try:
            if request.POST.get("act") == "split":
                n = matching.split_off(subject, ids, by=cast(Person, request.user), now=timezone.now())
                messages.success(request, _("Split off; %(n)s pairs are now known to be different.") % {"n": n})
                return redirect("clusters", slug)
            if len(ids) < 2:
                raise Refusal(_("Tick two records or more to merge them."))
            return redirect(f"{reverse('merge-new', args=[slug])}?{'&'.join(f'id={each}' for each in ids)}")
        except Refusal as refusal:
            fault = refusal.sentence
    return render(request, "dataquality/matching/cluster.html", {
        "subject": subject, "cluster": found, "rows": _rows(subject, found.records), "may_judge": may_judge,
        "fault": fault,
    }, status=409 if fault else 200)  # fmt: skip


def _rows(subject: Subject, records: list[object]) -> list[tuple[str, bool, list[str]]]:
    """Each filled column: its label, whether all that say something say the same, and every member's text."""
    rows = []
    for name, column in subject.columns.items():
        texts = [text_of(getattr(record, subject.stored_name(name))) for record in records]
        if any(texts):
            same = len({fold(" ".join(text.split())) for text in texts if text}) < 2
            rows.append((str(column.label), same, texts))
    return rows
