"""Quizzes: written, opened, answered; the exit score and the follow-up score come from here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from training.models import Attempt, Completion, Course, Question, Quiz, Via
from training.services.evidence import Evidence, record

Kind = Quiz.Kind


def make_quiz(course: Course, kind: str) -> Quiz:
    """The quiz of this kind of a course, made empty where there is none."""
    return Quiz.objects.get_or_create(course=course, kind=kind)[0]


@transaction.atomic
def add_question(quiz: Quiz, *, text: str, options: Sequence[str], right: int) -> Question:
    """Ask one question more, at the end."""
    quiz = _unanswered(quiz)
    if len(options) < 2:
        raise Refusal(_("Give at least two answers to choose from, one a line."))
    if not 1 <= right <= len(options):
        raise Refusal(_("There are %(n)s answers; say which of 1 to %(n)s is right.") % {"n": len(options)})
    if len(set(options)) < len(options):
        raise Refusal(_("Two answers read the same; nobody could tell which one is right."))
    return Question.objects.create(
        quiz=quiz, position=quiz.questions.count() + 1, text=text, options=list(options), right=right
    )


@transaction.atomic
def remove_question(question: Question) -> None:
    quiz = _unanswered(question.quiz)
    question.delete()
    Question.objects.filter(quiz=quiz, position__gt=question.position).update(position=F("position") - 1)


@transaction.atomic
def copy_questions(quiz: Quiz, *, source: Quiz) -> int:
    """Ask the same again weeks later, so that the two scores can be compared."""
    quiz = _unanswered(quiz)
    asked = quiz.questions.count()
    questions = list(source.questions.order_by("position"))
    if not questions:
        raise Refusal(_("“%(quiz)s” has no questions to copy yet.") % {"quiz": source})
    Question.objects.bulk_create(
        Question(quiz=quiz, position=asked + place, text=one.text, options=one.options, right=one.right)
        for place, one in enumerate(questions, 1)
    )
    return len(questions)


def open_quiz(quiz: Quiz, *, is_open: bool) -> Quiz:
    if is_open and not quiz.questions.exists():
        raise Refusal(_("A quiz without questions cannot be answered; add one first."))
    quiz.is_open = is_open
    quiz.save(update_fields=["is_open", "updated_at"])
    return quiz


@transaction.atomic
def answer_quiz(quiz: Quiz, person: Person, *, answers: Mapping[int, int], now: datetime) -> Attempt:
    """Answer every question (its key to the number of the answer). An exit quiz may be taken again, a follow-up not."""
    quiz = Quiz.objects.select_for_update(of=("self",)).select_related("course").get(pk=quiz.pk)
    if not quiz.is_open:
        raise Refusal(_("This quiz is not open; ask your trainer."))
    questions = list(quiz.questions.order_by("position"))
    open_ones = [one.position for one in questions if not 1 <= answers.get(one.pk, 0) <= len(one.options)]
    if open_ones:
        raise Refusal(_("Question %(n)s has no answer yet.") % {"n": open_ones[0]})
    right = sum(answers[one.pk] == one.right for one in questions)
    kept = {str(one.pk): answers[one.pk] for one in questions}
    return note_result(quiz, person, score=right / len(questions), at=now, now=now, answers=kept)


@transaction.atomic
def note_result(
    quiz: Quiz, person: Person, *, score: float, at: datetime, now: datetime, answers: Mapping[str, int] | None = None,
    via: str = Via.QUIZ,
) -> Attempt:  # fmt: skip
    """A result counts: the exit score decides by mastery, the follow-up score stands beside it for retention."""
    if quiz.kind == Kind.FOLLOW_UP:
        done = _done(quiz.course, person)
        if done is None:
            raise Refusal(_("%(person)s has not taken “%(course)s” yet; the follow-up comes weeks after it.")
                          % {"person": person, "course": quiz.course})  # fmt: skip
        earlier = Attempt.objects.filter(quiz=quiz, person=person).first()
        if earlier is not None and earlier.at != at:
            raise Refusal(_("%(person)s has answered the follow-up already; a second time would measure practice.")
                          % {"person": person})  # fmt: skip
        if earlier is None and done.follow_up_score is None:
            done.follow_up_score, done.follow_up_at = score, at
            done.save(update_fields=["follow_up_score", "follow_up_at", "updated_at"])
    else:
        what = "passed" if score >= quiz.course.mastery else "failed"
        record([Evidence(person.pk, quiz.course, what, at, via, score)], now=now)  # type: ignore[arg-type]
    said = {"score": score, "answers": dict(answers or {})}
    return Attempt.objects.get_or_create(quiz=quiz, person=person, at=at, defaults=said)[0]


def _done(course: Course, person: Person) -> Completion | None:
    done = Completion.objects.done().filter(course=course, person=person).select_for_update()
    return done.order_by("-course_version").first()


def _unanswered(quiz: Quiz) -> Quiz:
    """A quiz somebody has answered stays as it is, else its scores would not compare."""
    quiz = Quiz.objects.select_for_update().get(pk=quiz.pk)
    if quiz.attempts.exists():
        raise Refusal(_("Somebody has answered this quiz already; its questions stay as they are."))
    return quiz
