"""One cell put right by hand: old and new side by side, judged while it is typed."""

from __future__ import annotations

from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm_adoption.kit.access import LEAD, STEWARD, for_groups
from crm_adoption.kit.errors import Refusal
from crm_adoption.kit.pages import editing
from crm_adoption.people.models import Person
from dataquality import queries
from dataquality.forms import CorrectForm
from dataquality.models import Finding, Record
from dataquality.services import corrections, matching
from dataquality.services.trying import try_correction
from dataquality.subjects import Subject
from dataquality.views.entering import Alike, alike
from dataquality.views.named import table_named

KEEPERS = (LEAD, STEWARD)
LONGEST = 1000  # characters of a value that an address proposes


def _cell(slug: str, pk: int, field: str) -> tuple[Subject, Any]:
    subject = table_named(slug)
    if field not in subject.columns:
        raise Http404(_("%(table)s have no field “%(field)s”.") % {"table": subject.label, "field": field})
    return subject, get_object_or_404(subject.model._default_manager.select_related("source"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_groups(*KEEPERS)
def correct(request: HttpRequest, slug: str, pk: int, field: str) -> HttpResponse:
    """Correct one cell of one record; the CRM is told by the next file of corrections."""
    subject, record = _cell(slug, pk, field)
    told = [one for one in queries.findings_of(record)
            if one.finding.field == field and one.finding.state == Finding.State.OPEN]  # fmt: skip
    offered = dict.fromkeys(
        text for one in told for text in (one.finding.suggestion, *one.finding.candidates) if text
    )  # fmt: skip
    held = getattr(record, subject.stored_name(field))
    now = "" if held is None else str(held)
    wished = request.GET.get("new", "").replace("\x00", "")[:LONGEST]
    form = CorrectForm(request.POST or None, initial={"new": wished or next(iter(offered), now)}, offered=list(offered))
    form.judge_at(reverse("correct-check", args=[slug, pk, field]))

    def save(form: CorrectForm) -> Record:
        corrections.correct(
            record, field, form.cleaned_data["new"], by=cast(Person, request.user), now=timezone.now(),
            reason=form.cleaned_data["reason"],
        )  # fmt: skip
        return cast(Record, record)

    return editing(
        request, form, "dataquality/correct.html", save=save, success_url=record.get_absolute_url(),
        done=_("Corrected; it waits for its export to the CRM."),
        context={
            "subject": subject, "record": record, "label": subject.columns[field].label, "held": now,
            "findings": told, "crm_says": record.corrected.get(subject.stored_name(field)), "offered": list(offered),
        },
    )  # fmt: skip


@require_safe
@for_groups(*KEEPERS)
def correct_check(request: HttpRequest, slug: str, pk: int, field: str) -> HttpResponse:
    """What the rules say of a new value while it is typed, and which records it would make this one look like."""
    subject, record = _cell(slug, pk, field)
    new = request.GET.get("new", "").replace("\x00", "")
    context: dict[str, Any] = {"new": new, "refused": "", "subject": subject, "record": record}
    try:
        text = context["text"] = try_correction(record, field, new, now=timezone.now())
    except Refusal as refusal:
        context["refused"] = refusal.sentence
    else:
        context["alike"] = _alike(subject, record, field, text)
    return render(request, "dataquality/_verdict.html", context)


def _alike(subject: Subject, record: Any, field: str, text: str) -> list[Alike]:
    """The records that this one would probably duplicate with its new value; none where that tells nobody apart."""
    if field not in subject.matched:
        return []
    values = {name: str(held) for name in subject.columns if (held := getattr(record, subject.stored_name(name)))}
    likely = matching.likely_duplicates(subject, values | {field: text}, besides=record.pk)
    return alike(subject, likely or [], besides=record.pk)
