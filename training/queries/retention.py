"""What is still known: follow-up beside exit scores, and the questions people get wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from training.models import Attempt, Completion, Course, Question
from training.queries.known import Known


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


class Scores(NamedTuple):
    """Somebody's exit and follow-up scores of a course."""

    course: int
    exit: float
    follow_up: float
    at: datetime | None  # when the follow-up was answered


def both_scores() -> list[Scores]:
    """Of everybody with both, of every course."""
    both = Completion.objects.filter(exit_score__gt=0).exclude(follow_up_score=None).order_by()
    rows: Any = both.values_list("course_id", "exit_score", "follow_up_score", "follow_up_at")
    return [Scores(*row) for row in rows]


def retention(
    *, until: datetime | None = None, scores: Sequence[Scores] | None = None
) -> tuple[float | None, int, datetime | None]:
    """The sum of follow-up scores / the sum of exit scores, over everybody with both; n, and the newest follow-up."""
    rows = both_scores() if scores is None else scores
    if until is not None:
        rows = [row for row in rows if row.at is not None and row.at <= until]
    if not rows:
        return None, 0, None
    newest = max((row.at for row in rows if row.at is not None), default=None)
    return sum(row.follow_up for row in rows) / sum(row.exit for row in rows), len(rows), newest


def retention_by_course(known: Known | None = None, scores: Sequence[Scores] | None = None) -> list[Retention]:
    """Every live course with a follow-up answered, the least kept first; too few people show no figure."""
    known = known or Known()
    shown_from, courses = known.setting.shown_from, {one.pk: one for one in known.courses}
    rows: dict[int, list[tuple[float, float]]] = {}
    for one in both_scores() if scores is None else scores:
        if one.course in courses:
            rows.setdefault(one.course, []).append((one.exit, one.follow_up))
    found = []
    for course, pairs in rows.items():
        n, enough = len(pairs), len(pairs) >= shown_from
        before, after = (sum(side) / n for side in zip(*pairs, strict=True))
        found.append(Retention(courses[course], n, before if enough else None, after if enough else None))
    return sorted(found, key=lambda one: (one.share is None, one.share or 0, str(one.course)))


def weakest_questions(*, limit: int = 5, course: Course | None = None, known: Known | None = None) -> list[Weak]:
    """The questions answered wrong most often, among those that enough people have answered."""
    attempts = Attempt.objects.exclude(answers={}).filter(quiz__course__retired_on=None)
    if course is not None:
        attempts = attempts.filter(quiz__course=course)
    newest = attempts.order_by("quiz_id", "person_id", "-at", "-pk").distinct("quiz_id", "person_id")
    given = [
        (int(key), chosen) for answers in newest.values_list("answers", flat=True) for key, chosen in answers.items()
    ]
    questions = Question.objects.select_related("quiz__course").in_bulk({key for key, _chosen in given})
    asked: Counter[int] = Counter()
    right: Counter[int] = Counter()
    for question, chosen in given:
        if question in questions:
            asked[question] += 1
            right[question] += chosen == questions[question].right
    shown_from = (known or Known()).setting.shown_from
    wrong = [(right[one] / n, one, n) for one, n in asked.items() if n >= shown_from and right[one] < n]
    worst = sorted(wrong)[:limit]
    return [Weak(questions[one], n, share) for share, one, n in worst]
