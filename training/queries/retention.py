"""What is still known: follow-up beside exit scores, and the questions people get wrong."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max

from training.models import Attempt, Completion, Course, Question, TrainingSetting


@dataclass(frozen=True)
class Retention:
    """Follow-up / exit, over people with both. Below the number from which figures are shown, None."""

    course: Course | None
    n: int
    exit: float | None
    follow_up: float | None

    @property
    def share(self) -> float | None:
        return None if self.follow_up is None or not self.exit else self.follow_up / self.exit


@dataclass(frozen=True)
class Weak:
    """A question with the share of right answers among the newest attempt of each person."""

    question: Question
    n: int
    right: float


def retention(*, until: datetime | None = None) -> tuple[float | None, int, datetime | None]:
    """The sum of follow-up scores / the sum of exit scores, over everybody with both; n, and the newest follow-up."""
    both = Completion.objects.filter(exit_score__gt=0).exclude(follow_up_score=None)
    if until is not None:
        both = both.filter(follow_up_at__lte=until)
    rows: list[tuple[Any, Any]] = list(both.values_list("exit_score", "follow_up_score"))
    if not rows:
        return None, 0, None
    newest = both.aggregate(at=Max("follow_up_at"))["at"]
    return sum(after for _before, after in rows) / sum(before for before, _after in rows), len(rows), newest


def retention_by_course() -> list[Retention]:
    """Every live course with a follow-up answered, the least kept first; too few people show no figure."""
    shown_from = TrainingSetting.now().shown_from
    rows: dict[int, list[tuple[Any, Any]]] = {}
    both = Completion.objects.filter(exit_score__gt=0, course__retired_on=None).exclude(follow_up_score=None)
    for course, before, after in both.values_list("course_id", "exit_score", "follow_up_score"):
        rows.setdefault(course, []).append((before, after))
    courses = Course.objects.in_bulk(rows)
    found = []
    for course, scores in rows.items():
        n, enough = len(scores), len(scores) >= shown_from
        before, after = (sum(side) / n for side in zip(*scores, strict=True))
        found.append(Retention(courses[course], n, before if enough else None, after if enough else None))
    return sorted(found, key=lambda one: (one.share is None, one.share or 0, str(one.course)))


def weakest_questions(*, limit: int = 5, course: Course | None = None) -> list[Weak]:
    """The questions answered wrong most often, among those that enough people have answered."""
    attempts = Attempt.objects.exclude(answers={}).filter(quiz__course__retired_on=None)
    if course is not None:
        attempts = attempts.filter(quiz__course=course)
    newest = attempts.order_by("quiz_id", "person_id", "-at", "-pk").distinct("quiz_id", "person_id")
    rights = dict(Question.objects.values_list("pk", "right"))
    asked: Counter[int] = Counter()
    right: Counter[int] = Counter()
    for answers in newest.values_list("answers", flat=True):
        for key, chosen in answers.items():
            question = int(key)
            if question in rights:
                asked[question] += 1
                right[question] += chosen == rights[question]
    shown_from = TrainingSetting.now().shown_from
    known = [(right[one] / n, one, n) for one, n in asked.items() if n >= shown_from and right[one] < n]
    worst = sorted(known)[:limit]
    questions = Question.objects.select_related("quiz__course").in_bulk([one for _share, one, _n in worst])
    return [Weak(questions[one], n, share) for share, one, n in worst]
