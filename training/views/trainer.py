"""The trainer's page, behaviour beside training, and readiness."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm_adoption.kit.access import belongs, for_groups
from crm_adoption.kit.looking import looked_at, shows_people
from crm_adoption.kit.pages import editing
from training import queries, services
from training.access import ASKING, KEEPERS, MORNING, READERS, reader
from training.forms import AnswerForm
from training.models import Enquiry, GoLive

SHOWN = 8


@require_safe
@for_groups(*KEEPERS)
@shows_people(*MORNING)
def trainer(request: HttpRequest) -> HttpResponse:
    """Who is due, whether more than half is about the process, what is kept, what to fill and to answer."""
    now = timezone.now()
    today = timezone.localdate(now)
    known, scores = queries.Known(), queries.both_scores()
    windows = queries.windows_since(today, known)
    done, asked, overdue = queries.completed(now)
    completed = queries.curricula_completed(now, (done, asked))
    context: dict[str, Any] = {
        "completed": completed,
        "figures": _figures([
            completed, queries.process_minutes(now, known), queries.still_known(now, scores),
            queries.reinforced_in_time(now, windows), queries.not_doing(now, known),
        ]),
        "overdue": overdue,
        "due": list(queries.still_to_take().order_by("due_on", "pk")[:SHOWN]),
        "windows": [(one, one.state_of(today)) for one in queries.open_windows(today, windows)],
        "sessions": list(queries.to_fill(now)[:SHOWN]),
        "enquiries": list(queries.open_enquiries()[:SHOWN]),
        "weakest": queries.weakest_questions(known=known),
        "retention": queries.retention_by_course(known, scores)[:SHOWN],
        "stale": queries.stale_courses(known)[:SHOWN],
        "warned": queries.one_sided(known),
        "today": today,
    }  # fmt: skip
    looked_at(request, [*context["due"], *context["enquiries"]])
    return render(request, "training/trainer.html", context)


def _figures(measured: Sequence[queries.Figure | None]) -> list[dict[str, Any]]:
    """The figures of ingredient 10, each with its sample and day; None where there is nothing to measure."""
    labels = [
        (_("Curricula completed"), _("courses")),
        (_("Minutes about the process"), _("minutes")),
        (_("Still known weeks later"), _("people")),
        (_("Reinforced in time"), _("people")),
        (_("Trained but not doing"), _("people")),
    ]
    return [
        {"label": label, "of": of, "value": one and one.value, "n": one and one.n, "at": one and one.at}
        for (label, of), one in zip(labels, measured, strict=True)
    ]


@require_safe
@for_groups(*READERS)
def doing(request: HttpRequest) -> HttpResponse:
    """Trained but not doing, by role and team, and how long it takes people to get there. Nobody by name."""
    context = {
        "found": queries.trained_not_doing(), "roles": queries.proficiency(), "setting": queries.setting(),
        "may_change": belongs(request.user, KEEPERS),
    }  # fmt: skip
    return render(request, "training/doing.html", context)


@require_safe
@for_groups(*READERS)
def readiness(request: HttpRequest) -> HttpResponse:
    """What each role still lacks for a release."""
    go_lives = list(GoLive.objects.order_by("-on", "pk"))
    release = request.GET.get("release", go_lives[0].release if go_lives else "").replace("\x00", "")[:80]
    found = queries.readiness_of(release, today=timezone.localdate()) if release else []
    context = {
        "go_lives": go_lives, "release": release, "roles": found, "ready": sum(one.is_ready for one in found),
        "chosen": next((one for one in go_lives if one.release == release), None),
        "may_change": belongs(request.user, KEEPERS),
    }  # fmt: skip
    return render(request, "training/readiness.html", context)


@require_http_methods(["GET", "POST"])
@for_groups(*KEEPERS)
@shows_people(*ASKING)
def enquiry(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a question somebody asked."""
    asked = get_object_or_404(Enquiry.objects.select_related("person", "course"), pk=pk)
    looked_at(request, [asked])
    return editing(
        request, AnswerForm(request.POST or None, initial={"answer": asked.answer}),
        save=lambda sent: services.answer(
            asked, text=sent.cleaned_data["answer"], by=reader(request), now=timezone.now()
        ),
        success_url=reverse("training"), done=_("Answered; it stands on the page of who asked."),
        context={
            "title": _("%(person)s asks") % {"person": asked.person}, "lead": asked.text, "back": reverse("training"),
            "verb": _("Answer"),
        },
    )  # fmt: skip
