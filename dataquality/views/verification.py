"""What is attested true, what is due, and the file that goes out and comes back (P47)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, cast

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm_adoption.kit import exports, words
from crm_adoption.kit.access import ANALYST, LEAD, SPONSOR, STEWARD, belongs, for_groups
from crm_adoption.kit.pages import BulkAction, editing
from crm_adoption.people.models import Person
from dataquality import subjects
from dataquality.forms import AnswersForm, attest_form
from dataquality.models import AnswerFile, Method, VerificationTerm
from dataquality.queries import verification as truth
from dataquality.services import verifying
from dataquality.services.verifying.answers import HEADINGS
from dataquality.subjects import Subject
from dataquality.views.named import table_named

KEEPERS = (LEAD, STEWARD)
READERS = (LEAD, SPONSOR, STEWARD, ANALYST)
CHUNK = 5000  # records attested in one statement


@require_safe
@for_groups(*READERS)
def overview(request: HttpRequest) -> HttpResponse:
    """By table and field: how much is attested and fresh, how much of it is likely true still, and what is due."""
    today = timezone.localdate()
    tables = [(subject, truth.freshness(subject, today)) for subject in subjects.every()]
    context = {
        "tables": [(subject, rows) for subject, rows in tables if any(row.filled for row in rows)],
        "terms": VerificationTerm.objects.all(), "files": AnswerFile.objects.select_related("read_by")[:5],
        "may_keep": belongs(request.user, KEEPERS), "kinds": exports.KINDS.items(),
    }  # fmt: skip
    return render(request, "dataquality/verification.html", context)


@require_POST
@for_groups(*KEEPERS)
def verify(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One tap on the record's page: this field, or all of it, is still true."""
    subject = table_named(slug)
    record = get_object_or_404(subject.model._default_manager.live(), pk=pk)  # type: ignore[attr-defined]
    field, method = request.POST.get("field", ""), request.POST.get("method", Method.KNOWN)
    if method not in Method.values or (field and field not in subject.columns):
        raise Http404
    n = verifying.attest(
        subject, [pk], fields=[field] if field else (), method=method, by=_by(request), now=timezone.now()
    )
    messages.success(request, _said(n))
    return redirect(record.get_absolute_url())


def _said(n: int) -> str:
    return ngettext("%(n)s value is attested as true.", "%(n)s values are attested as true.", n) % {
        "n": words.number(n)
    }


def still_true(subject: Subject) -> BulkAction:
    """The action on a list of records, however it is filtered."""

    def run(request: HttpRequest, chosen: QuerySet[Any], **said: Any) -> str:
        keys, n = chosen.order_by().values_list("pk", flat=True).iterator(chunk_size=CHUNK), 0
        while some := list(islice(keys, CHUNK)):
            n += verifying.attest(
                subject, some, fields=said["fields_true"], method=said["method"], until=said["until"],
                by=_by(request), now=timezone.now(),
            )  # fmt: skip
        return _said(n)

    return BulkAction(
        "attest", _("Still true"), run, KEEPERS, icon="shield-check", asks=attest_form(subject),
        warning=_("You say that these values are true, and not only of the right form. It is kept with your name."),
    )  # fmt: skip


@require_safe
@for_groups(*KEEPERS)
def due(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The values that are due, as a file for a cleansing service or a survey; its last two columns are to be filled."""
    subject = table_named(slug)
    kind = request.GET.get("export", "csv")
    if kind not in exports.KINDS:
        raise Http404

    def rows() -> Iterator[list[Any]]:
        for _key, source, external_id, field, value in truth.due_cells(subject, timezone.localdate()):
            yield [subject.slug, source, external_id, field, value, "", ""]

    return exports.export(kind, f"verify-{subject.word.lower()}", HEADINGS, rows())


@require_http_methods(["GET", "HEAD", "POST"])
@for_groups(*KEEPERS)
def answers_new(request: HttpRequest) -> HttpResponse:
    return editing(
        request, AnswersForm(request.POST or None, request.FILES or None),
        save=lambda form: verifying.read_answers(
            form.cleaned_data["file"], name=form.cleaned_data["file"].name, method=form.cleaned_data["method"],
            by=_by(request), now=timezone.now(),
        ),
        success_url=lambda kept: kept.get_absolute_url(),
        context={
            "title": _("Read answers"), "back": reverse("verification"), "back_label": _("Truth"), "verb": _("Read it"),
            "lead": _("Say true or false in the column Answer of each row; rows without an answer say nothing."),
        },
    )  # fmt: skip


@require_safe
@for_groups(*KEEPERS)
def answers(request: HttpRequest, pk: int) -> HttpResponse:
    """What a file of answers said; what it found wrong is corrected by a steward, or not."""
    kept = get_object_or_404(AnswerFile.objects.select_related("read_by"), pk=pk)
    wrong = [
        {"table": subject.label, "url": reverse("record", args=[slug, key]), "id": external_id,
         "field": subject.columns[field].label, "value": value, "new": new,
         "correct": reverse("correct", args=[slug, key, field])}
        for slug, key, external_id, field, value, new in kept.wrong
        for subject in [subjects.get(slug)] if field in subject.columns
    ]  # fmt: skip
    return render(request, "dataquality/verification_answers.html", {"kept": kept, "wrong": wrong})


def _by(request: HttpRequest) -> Person:
    return cast(Person, request.user)
