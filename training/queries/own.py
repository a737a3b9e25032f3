"""What one's own page needs beside the curriculum: open quizzes, and reinforcement that is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm_adoption.people.models import Person
from training.models import Attempt, Quiz
from training.queries.curricula import Item


@dataclass(frozen=True)
class OpenQuiz:
    quiz: Quiz
    is_answered: bool


def open_quizzes(person: Person, items: Sequence[Item]) -> list[OpenQuiz]:
    """Quizzes of one's own curriculum that may be answered now: the exit quiz of what is not done yet, and the
    follow-up of what is, once."""
    done = {item.course.pk: item.is_done for item in items}
    answered = set(Attempt.objects.filter(person=person).values_list("quiz_id", flat=True))
    found = []
    for quiz in Quiz.objects.filter(course__in=done, is_open=True).select_related("course").order_by("course", "kind"):
        if quiz.kind == Quiz.Kind.EXIT and not done[quiz.course_id]:
            found.append(OpenQuiz(quiz, quiz.pk in answered))
        elif quiz.kind == Quiz.Kind.FOLLOW_UP and done[quiz.course_id] and quiz.pk not in answered:
            found.append(OpenQuiz(quiz, False))
    return found
