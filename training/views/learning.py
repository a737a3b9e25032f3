"""Completions, files about learning, and what became of each."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm_adoption.kit.access import for_groups
from crm_adoption.kit.exports import export
from crm_adoption.kit.looking import looked_at, shows_people
from crm_adoption.kit.pages import Column, editing, listing
from training import queries, services
from training.access import KEEPERS, LEARNING, reader
from training.filters import CompletionFilter
from training.forms import CompletionForm, LearningFileForm
from training.models import Completion, LearningImport


@require_safe
@for_groups(*KEEPERS)
@shows_people(*LEARNING)
def completion_list(request: HttpRequest) -> HttpResponseBase:
    return listing(
        request, queries.completions(), CompletionFilter, "training/completion_list.html",
        columns=[
            Column("person", _("Person"), accessor="person.name"),
            Column("course", _("Course"), kind="link", url=lambda one: one.course.get_absolute_url()),
            Column("course_version", _("Version"), kind="number"),
            Column("state", _("State"), kind="badge"),
            Column("done_at", _("Done"), kind="moment"),
            Column("exit_score", _("Exit score"), kind="percent"),
            Column("follow_up_score", _("Follow-up"), kind="percent"),
            Column("via", _("From"), lambda one: one.get_via_display()),
            Column("withdraw", _("Withdraw"), "pk", template="training/_withdraw.html", exported=False),
        ],
        ordering={"pk": "-pk", "person": ("person__name", "pk"), "done_at": ("done_at", "pk")},
        export_name="completions", names="person",
        context={
            "title": _("Completions"), "empty_url": reverse("training-import-new"), "empty_action": _("Read a file"),
            "empty_sentence": _("Note them by hand, read the report of your LMS, or let it send xAPI statements."),
        },
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@for_groups(*KEEPERS)
def completion_new(request: HttpRequest) -> HttpResponse:
    form = CompletionForm(request.POST or None, initial={"on": timezone.localdate()})

    def save(sent: CompletionForm) -> Completion:
        said, now = sent.cleaned_data, timezone.now()
        noon = timezone.make_aware(datetime.combine(said["on"], time(12)))
        score = None if said["score"] is None else said["score"] / 100
        at = min(noon, now) if said["on"] == timezone.localdate(now) else noon
        return services.note_completion(said["person"], said["course"], at=at, now=now, score=score)

    return editing(
        request, form, save=save, success_url=reverse("training-completions"), done=_("Noted."),
        context={"title": _("Note a completion"), "back": reverse("training-completions")},
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@for_groups(*KEEPERS)
@shows_people(*LEARNING)
def completion_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first; then it goes."""
    completion = get_object_or_404(Completion.objects.select_related("person", "course"), pk=pk)
    if request.method == "POST":
        services.withdraw_completion(completion)
        messages.success(request, _("Taken back, with the statements it rested on."))
        return redirect("training-completions")
    looked_at(request, [completion])
    return render(request, "training/withdraw.html", {"completion": completion})


@require_http_methods(["GET", "POST"])
@for_groups(*KEEPERS)
def import_new(request: HttpRequest) -> HttpResponse:
    """Read a file at once: these are small; what counted and what did not stands on its page."""
    form = LearningFileForm(request.POST or None, request.FILES or None)

    def save(sent: LearningFileForm) -> LearningImport:
        said = sent.cleaned_data
        return _read(said, by=reader(request))

    return editing(
        request, form, "training/import_new.html", save=save, success_url=lambda made: made.get_absolute_url(),
        context={
            "title": _("Read a file"), "back": reverse("training-completions"),
            "verb": _("Read it"), "lead": _("People are found by their address. Read twice, nothing counts twice."),
        },
    )  # fmt: skip


def _read(said: dict[str, Any], *, by: Any) -> LearningImport:
    file, now, Kind = said["file"], timezone.now(), LearningImport.Kind
    known: dict[str, Any] = {"name": file.name, "by": by, "now": now}
    dated = {"zone": ZoneInfo(timezone.get_current_timezone_name()), "dates": said["dates"]}
    if said["kind"] == Kind.COMPLETIONS:
        return services.import_completions(file, course=said["course"], **known, **dated)
    if said["kind"] == Kind.ATTENDANCE:
        return services.import_attendance(file, session=said["session"], **known)
    if said["kind"] == Kind.RESULTS:
        quiz = services.make_quiz(said["course"], said["quiz"])
        return services.import_results(file, quiz=quiz, **known, **dated)
    return services.import_statements(file, **known)


@require_safe
@for_groups(*KEEPERS)
def import_result(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(LearningImport.objects.select_related("course", "session", "read_by"), pk=pk)
    return render(request, "training/import.html", {"shown": shown, "words": _words(shown)})


@require_safe
@for_groups(*KEEPERS)
def import_faults(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The rows that did not count, with the reason, as a file."""
    shown = get_object_or_404(LearningImport, pk=pk)
    return export("csv", f"faults-{pk}", [_("Row"), _("Value"), _("Reason")], iter(shown.faults))


def _words(shown: LearningImport) -> list[tuple[str, int]]:
    said = {
        "rows": _("Rows"), "used": _("Counted"), "changed": _("Changed something"), "open": _("Not completed yet"),
        "present": _("Were there"), "absent": _("Were not there"), "stored": _("Stored"),
        "repeated": _("Known before"), "ignored": _("Of no weight"), "refused": _("Refused"), "faulty": _("Faulty"),
    }  # fmt: skip
    return [(label, shown.counts[name]) for name, label in said.items() if name in shown.counts]
