"""Quizzes: written and opened by trainers, answered by people."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm_adoption.kit.access import EVERYBODY, for_groups
from crm_adoption.kit.pages import editing
from training import queries, services
from training.access import KEEPERS, reader
from training.forms import AnswersForm, QuestionForm
from training.models import Attempt, Course, Question, Quiz


@require_POST
@for_groups(*KEEPERS)
def quiz_new(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The quiz of this kind of a course; made where there is none."""
    if kind not in Quiz.Kind.values:
        raise Http404
    return redirect(services.make_quiz(get_object_or_404(Course, pk=pk), kind))


@require_http_methods(["GET", "POST"])
@for_groups(*KEEPERS)
def quiz(request: HttpRequest, pk: int) -> HttpResponse:
    """Its questions, and one more."""
    written = get_object_or_404(Quiz.objects.select_related("course"), pk=pk)
    other = written.course.quizzes.exclude(pk=pk).first()
    context = {
        "quiz": written, "questions": list(written.questions.order_by("position")),
        "attempts": written.attempts.count(), "other": other if other and other.questions.exists() else None,
        "weakest": queries.weakest_questions(course=written.course),
    }  # fmt: skip
    return editing(
        request, QuestionForm(request.POST or None), "training/quiz.html",
        save=lambda sent: services.add_question(written, **sent.cleaned_data),
        success_url=written.get_absolute_url(), done=_("Added."), context=context,
    )  # fmt: skip


@require_POST
@for_groups(*KEEPERS)
def quiz_open(request: HttpRequest, pk: int) -> HttpResponse:
    changed = services.open_quiz(get_object_or_404(Quiz, pk=pk), is_open="open" in request.POST)
    messages.success(request, _("It may be answered.") if changed.is_open else _("It can no longer be answered."))
    return redirect(changed)


@require_POST
@for_groups(*KEEPERS)
def quiz_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask here what the course's other quiz asks."""
    changed = get_object_or_404(Quiz, pk=pk)
    source = get_object_or_404(Quiz.objects.exclude(pk=pk), course=changed.course)
    services.copy_questions(changed, source=source)
    return redirect(changed)


@require_POST
@for_groups(*KEEPERS)
def question_remove(request: HttpRequest, pk: int) -> HttpResponse:
    question = get_object_or_404(Question.objects.select_related("quiz"), pk=pk)
    services.remove_question(question)
    return redirect(question.quiz)


@require_http_methods(["GET", "POST"])
@for_groups(*EVERYBODY)
def answer_quiz(request: HttpRequest, pk: int) -> HttpResponse:
    """A quiz as people answer it, on a phone too."""
    asked = get_object_or_404(Quiz.objects.select_related("course"), pk=pk)
    if not asked.is_open:
        return render(request, "training/quiz_closed.html", {"quiz": asked})
    questions = list(asked.questions.order_by("position"))
    form = AnswersForm(questions, request.POST if request.method == "POST" else None)

    def done(attempt: Attempt) -> str:
        facts = {"right": round(attempt.score * len(questions)), "of": len(questions)}
        if asked.kind == Quiz.Kind.EXIT and attempt.score < asked.course.mastery:
            return _("%(right)s of %(of)s right. Look at it once more, and try again.") % facts
        return _("%(right)s of %(of)s right. Well done.") % facts

    return editing(
        request, form, "training/quiz_answer.html",
        save=lambda sent: services.answer_quiz(asked, reader(request), answers=sent.answers(), now=timezone.now()),
        success_url=reverse("my-training"), done=done, context={"quiz": asked, "questions": questions},
    )  # fmt: skip
