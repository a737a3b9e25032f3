"""A quiz with questions, and somebody who answers so many of them rightly."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from training import services
from training.models import Attempt, Course, Quiz

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


def quiz_of(course: Course, kind: str = "exit", questions: int = 4) -> Quiz:
    quiz = services.make_quiz(course, kind)
    for n in range(questions):
        services.add_question(quiz, text=f"Question {n}?", options=["yes", "no", "perhaps"], right=1)
    return services.open_quiz(quiz, is_open=True)


def take(quiz: Quiz, person: Any, right: int, *, now: datetime = NOW) -> Attempt:
    questions = list(quiz.questions.all())
    answers = {one.pk: one.right if place < right else 2 for place, one in enumerate(questions)}
    return services.answer_quiz(quiz, person, answers=answers, now=now)
