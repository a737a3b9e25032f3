"""Merge with a preview, see what was merged and why, take it apart again."""

from __future__ import annotations

import io
import zipfile
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm_adoption.jobs.services import start
from crm_adoption.kit.access import ANALYST, LEAD, STEWARD, belongs, for_groups
from crm_adoption.kit.errors import Refusal
from crm_adoption.kit.pages import Column, SavedFilter, listing
from crm_adoption.people.models import Person
from dataquality import subjects
from dataquality.filters import MergeFilter
from dataquality.models import Merge
from dataquality.paper import dossier_pdf
from dataquality.queries import merging as known
from dataquality.queries.dossier import dossier_of, kit_of
from dataquality.services.merging import changed_since, merge, undo, undo_tower
from dataquality.subjects import Subject
from dataquality.views.named import table_named

READERS, KEEPERS = (LEAD, STEWARD, ANALYST), (LEAD, STEWARD)


@require_http_methods(["GET", "HEAD", "POST"])
@for_groups(*KEEPERS)
def merge_new(request: HttpRequest) -> HttpResponse:
    """What the merge would do, a radio button a field; then do it."""
    asked = request.POST if request.method == "POST" else request.GET
    subject = table_named(asked.get("table", ""))
    ids = sorted({int(each) for each in asked.get("ids", "").split(",") if each.isdigit()})
    survivor = int(asked["survivor"]) if asked.get("survivor", "").isdigit() else None
    chosen = _chosen(request, subject)
    fault = ""
    plan = known.plan(subject, ids, survivor=survivor, chosen=chosen)
    if request.method == "POST" and request.POST.get("act") == "merge":
        try:
            made = merge(
                subject, ids, survivor=survivor, chosen=chosen, by=cast(Person, request.user), now=timezone.now(),
                reason=request.POST.get("reason", ""),
            )  # fmt: skip
        except Refusal as refusal:
            fault = refusal.sentence
        else:
            check_again(request, subject, made)
            messages.success(request, _("Merged. The CRM hears of it with the next export of corrections."))
            return redirect(made)
    return render(request, "dataquality/matching/merge_new.html", {
        "subject": subject, "plan": plan, "fault": fault, "reason": request.POST.get("reason", ""),
        "rows": [_field_row(choice, plan) for choice in plan.choices if choice.is_filled or choice.is_typed],
        "moved": plan.moved.items(), "ids": ids,
    }, status=409 if fault else 200)  # fmt: skip


def _chosen(request: HttpRequest, subject: Subject) -> dict[str, known.Pick]:
    """Picks of the form: `field.<name>` is a record's number, or "hand" with the text in `hand.<name>`; a pick that is
    the rule's own, as `rule.<name>` says, is none."""
    chosen: dict[str, known.Pick] = {}
    for name in known.chosen_fields(subject):
        pick = request.POST.get(f"field.{name}", "")
        if pick == "hand":
            chosen[name] = request.POST.get(f"hand.{name}", "")
        elif pick.isdigit() and request.POST.get(f"rule.{name}") != pick:
            chosen[name] = int(pick)
    return chosen


def _field_row(choice: known.Choice, plan: known.Plan) -> dict[str, Any]:
    return {
        "choice": choice, "cells": [
            (record, choice.cells[record.pk], record.pk not in choice.barred
             and (bool(choice.cells[record.pk]) or not choice.pointer))
            for record in plan.members
        ],
        "open": choice.differs or choice.is_typed or len({*choice.cells.values()}) > 1,
        "rule": RULES.get(choice.kept.rule, choice.kept.rule),
    }  # fmt: skip


RULES = {
    "recent": gettext_lazy("the most recent"),
    "complete": gettext_lazy("of the fullest record"),
    "frequent": gettext_lazy("the most frequent"),
    "longest": gettext_lazy("the longest"),
    "source": gettext_lazy("of the most trusted source"),
    "hand": gettext_lazy("by hand"),
}


@require_safe
@for_groups(*READERS)
def merge_list(request: HttpRequest) -> HttpResponseBase:
    """Every merge, the last first, undone ones too."""
    return listing(
        request, known.merges_of(), MergeFilter, "dataquality/matching/merges.html",
        columns=[
            Column("what", _("Merge"), _called, kind="link"),
            Column("table", _("Table"), lambda made: subjects.get(made.table).label),
            Column("records", _("Records"), lambda made: len(made.losers) + 1, kind="number"),
            Column("merged_at", _("When"), kind="moment"),
            Column("merged_by", _("Who")),
            Column("state", _("State"), lambda made: "undone" if made.is_undone else "merged", kind="badge"),
            Column("reason", _("Reason"), kind="sentence", wide_only=True),
        ],
        ordering={"newest": ("-id",), "oldest": ("id",)}, export_name="merges",
        saved=[SavedFilter(_("Standing"), "undone=false"), SavedFilter(_("Undone"), "undone=true")],
        context={
            "title": _("Merges"), "empty_title": _("Nothing is merged yet"),
            "empty_sentence": _("Judge the likely duplicates; those that are the same are merged from there."),
            "empty_url": reverse("duplicates"), "empty_action": _("Likely duplicates"),
        },
    )  # fmt: skip


def _called(made: Merge) -> str:
    return _("Merge %(pk)s") % {"pk": made.pk}


@require_safe
@for_groups(*READERS)
def merge_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The dossier of one merge: every value kept and lost, what moved, why it matched, and the way back."""
    return _dossier(request, get_object_or_404(Merge, pk=pk))


def _dossier(request: HttpRequest, made: Merge, *, fault: Refusal | None = None) -> HttpResponse:
    dossier = dossier_of(made)
    return render(request, "dataquality/matching/merge.html", {
        "merge": made, "dossier": dossier, "fault": fault,
        "fields": [(field, list(zip(dossier.members, field.cells, strict=True))) for field in dossier.fields],
        "since": None if made.is_undone else changed_since(made),
        "later": [] if made.is_undone else known.later_merges(made),
        "may_undo": belongs(request.user, KEEPERS) and not made.is_undone, "rules": RULES,
    }, status=409 if fault else 200)  # fmt: skip


@require_POST
@for_groups(*KEEPERS)
def merge_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a merge apart; what changed since is shown first."""
    made = get_object_or_404(Merge, pk=pk)
    said = {"confirm": request.POST.get("confirm") == "1", "keep": request.POST.get("keep") == "1"}
    by, now = cast(Person, request.user), timezone.now()
    try:
        if request.POST.get("tower"):
            undone = undo_tower(made, by=by, now=now, **said)
        else:
            undone = [undo(made, by=by, now=now, **said)]
    except Refusal as refusal:
        return _dossier(request, made, fault=refusal)
    for one in undone:
        check_again(request, subjects.get(one.table), one)
    messages.success(request, _("Undone: every record stands as it did before."))
    return redirect(made)


def check_again(request: HttpRequest, subject: Subject, made: Merge) -> None:
    """Judge and score anew the tables of the sources concerned, by a job."""
    sources = subject.model._default_manager.filter(pk__in=made.members).values_list("source_id", flat=True).distinct()
    for source in sorted(set(sources)):
        start("check_table", scope=f"{subject.slug} {source}", by=request.user)


@require_safe
@for_groups(*READERS)
def merge_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The dossier on paper."""
    made = get_object_or_404(Merge, pk=pk)
    response = HttpResponse(dossier_pdf(dossier_of(made)), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="merge-{made.pk}.pdf"'
    return response


@require_safe
@for_groups(*READERS)
def merge_kit(request: HttpRequest, pk: int) -> HttpResponse:
    """What a CRM that cannot undo needs to take the records apart: files in a zip."""
    made = get_object_or_404(Merge, pk=pk)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in kit_of(made).items():
            archive.writestr(name, content)
    response = HttpResponse(packed.getvalue(), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="un-merge-{made.pk}.zip"'
    return response
