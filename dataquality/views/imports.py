"""Drop a file, see what it is, see what it would do, say yes."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm_adoption.jobs.services import start
from crm_adoption.kit.access import ANALYST, LEAD, STEWARD, for_groups
from crm_adoption.kit.pages import Column, SavedFilter, editing, listing
from dataquality import queries, subjects
from dataquality.filters import BatchFilter
from dataquality.forms import MappingForm, SourceForm, UploadForm
from dataquality.intake.reading import Reading
from dataquality.models import Batch, Source
from dataquality.services import intake, previewing
from dataquality.views.shown import changed_rows, new_rows

KEEPERS = (LEAD, STEWARD)
READERS = (LEAD, STEWARD, ANALYST)
COLUMNS = (
    Column("file_name", gettext_lazy("File"), template="dataquality/_batch.html"),
    Column("source", gettext_lazy("Source"), "source.name", on_page=False),
    Column("table", gettext_lazy("Table"), queries.label_of_table),
    Column("state", gettext_lazy("State"), kind="badge"),
    Column("new", gettext_lazy("New"), lambda batch: batch.counts.get("new"), kind="number"),
    Column("changed", gettext_lazy("Changed"), lambda batch: batch.counts.get("changed"), kind="number"),
    Column("faulty", gettext_lazy("Faulty"), lambda batch: batch.counts.get("faulty"), kind="number"),
    Column("taken_at", gettext_lazy("Taken"), kind="moment", wide_only=True),
)


@require_http_methods(["GET", "HEAD", "POST"])
@for_groups(*READERS)
def batch_list(request: HttpRequest) -> HttpResponseBase:
    """Every import, the newest first, and where to drop the next."""
    return listing(
        request, Batch.objects.select_related("source"), BatchFilter, "dataquality/batch_list.html", columns=COLUMNS,
        ordering={"taken_at": ("-taken_at",), "file_name": ("file_name",)}, export_name="imports",
        saved=[SavedFilter(_("Waiting for me"), "open=true"), SavedFilter(_("Applied"), "state=applied")],
        context={"title": _("Imports")},
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@for_groups(*KEEPERS)
def batch_new(request: HttpRequest) -> HttpResponse:
    """Take an upload and start reading it."""

    def save(form: UploadForm) -> Batch:
        data = form.cleaned_data
        with transaction.atomic():
            if data["source"].pk is None:
                data["source"].save()
            batch = intake.receive(
                data["file"], name=data["file"].name, source=data["source"], by=request.user,  # type: ignore[arg-type]
                now=timezone.now(), table=data["table"], full=data["full"],
            )  # fmt: skip
            start("stage_batch", scope=str(batch.pk), by=request.user)
        return batch

    last = Batch.objects.filter(received_by=request.user).order_by("-pk").first()  # type: ignore[misc]
    form = UploadForm(request.POST or None, request.FILES or None, initial={"source": last and last.source_id})
    return editing(
        request, form, "dataquality/batch_new.html", save=save, success_url=lambda batch: batch.get_absolute_url()
    )


def _batch(pk: int) -> Batch:
    return get_object_or_404(Batch.objects.select_related("source", "applied_by", "received_by"), pk=pk)


@require_safe
@for_groups(*READERS)
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """One import, at the step where it stands."""
    found = _batch(pk)
    job = queries.job_of(found)
    working = job is not None and not job.is_finished
    context: dict[str, Any] = {
        "batch": found,
        "job": job,
        "label": queries.label_of_table(found),
        "working": working,
        "may_keep": not working and bool(request.user.is_superuser or request.user.group_names & set(KEEPERS)),  # type: ignore[union-attr]
        "repeated": intake.applied_before(found),
    }
    if found.state in (Batch.State.STAGED, Batch.State.CHECKED):
        context |= {
            "columns": previewing.mapped_columns(found),
            "questions": intake.open_questions(found),
            "reading": Reading.from_json(found.reading),
        }
    if found.state == Batch.State.CHECKED and not working:
        preview = context["preview"] = previewing.preview(found)
        context["new_rows"] = new_rows(preview.new, preview.columns, preview.labels)
        context["changed_rows"] = changed_rows(preview.changed, subjects.get(found.table))
    if found.state == Batch.State.APPLIED:
        context["scores"] = [s for s in queries.scoreboard(found.source) if s.slug == found.table]
    return render(request, "dataquality/batch.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_groups(*KEEPERS)
def batch_mapping(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a column is taken for, and what tells rows apart."""
    found = queries.idle(_batch(pk))
    headings = Reading.from_json(found.reading).headings if found.reading else []
    if not found.is_open or not headings:
        raise Http404
    form = MappingForm(found, headings, request.POST or None, table=request.GET.get("table", ""))

    def save(form: MappingForm) -> Batch:
        data = form.cleaned_data
        changed = intake.set_mapping(
            found, table=data["table"], mapping=form.mapping(), key=data["key"], product=data["product"],
            full=data["full"],
        )  # fmt: skip
        start("check_batch", scope=str(changed.pk), by=request.user)
        return changed

    columns = list(
        zip(
            [form[f"column_{n}"] for n in range(len(headings))],
            form["key"],
            previewing.mapped_columns(found),
            strict=True,
        )
    )
    return editing(
        request, form, "dataquality/batch_mapping.html", save=save,
        success_url=found.get_absolute_url(), context={"batch": found, "columns": columns},
    )  # fmt: skip


@require_POST
@for_groups(*KEEPERS)
def batch_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer the questions that stand between this file and its preview."""
    found = queries.idle(_batch(pk))
    asked = {question.code for question in intake.open_questions(found)}
    said = {code: str(request.POST[code]) for code in asked if request.POST.get(code)}
    before = [one for one in found.choices.get("confirmed", []) if one.partition(":")[0] not in said]
    confirmed = sorted([*before, *(f"{code}:{answer}" for code, answer in said.items())])
    if not said:
        messages.error(request, _("Choose an answer for at least one question."))
        return redirect(found)
    only_dates = all(code.startswith("date_order.") for code in said)
    if only_dates:
        found.choices = {**found.choices, "confirmed": confirmed}
        found.save(update_fields=["choices", "updated_at"])
        start("check_batch", scope=str(found.pk), by=request.user)
    else:
        intake.answer(found, choices={"confirmed": confirmed})
        start("stage_batch", scope=str(found.pk), by=request.user)
    return redirect(found)


@require_POST
@for_groups(*KEEPERS)
def batch_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Check a staged batch, or check a checked one again."""
    found = _batch(pk)
    start("check_batch", scope=str(found.pk), by=request.user)
    return redirect(found)


@require_POST
@for_groups(*KEEPERS)
def batch_apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Say yes: put the checked rows into the mirror."""
    found = _batch(pk)
    if found.state != Batch.State.APPLIED:
        start("apply_batch", scope=str(intake.require_checked(found).pk), by=request.user)
    return redirect(found)


@require_POST
@for_groups(*KEEPERS)
def batch_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Say no: nothing of the file stays."""
    found = intake.discard(queries.idle(_batch(pk)))
    messages.success(request, _("%(file)s was discarded; nothing of it stays.") % {"file": found.file_name})
    return redirect("batches")


@require_safe
@for_groups(*READERS)
def batch_faulty(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The faulty rows as they were in the file, each with its reasons."""
    found = _batch(pk)
    path = intake.workspace(found) / "faulty.csv"
    if not path.exists():
        raise Http404
    name = f"faulty rows of {found.file_name}.csv"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")


class _Echo:
    def write(self, value: str) -> str:
        return value


@require_safe
@for_groups(*READERS)
def batch_set_apart(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The rows that could not become records, with place and reason."""
    found = _batch(pk)

    def lines() -> Iterator[str]:
        writer = csv.writer(_Echo())
        yield writer.writerow(["row", "column", "what is wrong", "as it stood in the file"])
        for row in found.quarantined.order_by("row", "pk").iterator(2_000):
            yield writer.writerow([row.row, row.column, row.sentence, row.raw])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rows-set-apart-{found.pk}.csv"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@for_groups(*READERS)
def source_list(request: HttpRequest) -> HttpResponseBase:
    """The systems whose exports are read."""
    return listing(
        request, Source.objects.select_related("owner"), None, "dataquality/source_list.html",
        columns=(
            Column("name", _("Name"), kind="link"),
            Column("product", _("CRM"), lambda source: source.get_product_display()),
            Column("kind", _("Kind"), lambda source: source.get_kind_display()),
            Column("owner", _("Owner"), "owner.name"),
        ),
        ordering={"name": "name"}, export_name="sources", context={"title": _("Sources")},
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@for_groups(*KEEPERS)
def source(request: HttpRequest, pk: int) -> HttpResponse:
    """One source: what it is, who owns it, how reliable its connection is."""
    found = get_object_or_404(Source, pk=pk)
    form = SourceForm(request.POST or None, instance=found)
    return editing(
        request, form, "dataquality/source.html", save=lambda form: form.save(), success_url=found.get_absolute_url(),
        done=_("Saved."), context={"source": found, "scores": queries.scoreboard(found)},
    )  # fmt: skip
