"""One course as its trainer sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from crm_adoption.people.models import Person
from training.models import Course, CourseProcess, Quiz, Session
from training.queries.curricula import open_enrolments
from training.queries.processes import old_completions


@dataclass(frozen=True)
class CourseState:
    """What a course teaches, who has to take it, who has, and what is planned."""

    course: Course
    teaches: Sequence[CourseProcess]
    asked: int
    done: int
    trained_on_old: Sequence[Person]
    sessions: Sequence[Session]
    quizzes: Sequence[Quiz]

    @property
    def rate(self) -> float | None:
        return self.done / self.asked if self.asked else None


def course_state(course: Course, now: datetime) -> CourseState:
    asked = list(open_enrolments().filter(course=course).values_list("done_at", flat=True))
    return CourseState(
        course=course,
        teaches=list(course.teaches.select_related("process")),
        asked=len(asked),
        done=sum(at is not None for at in asked),
        trained_on_old=list(trained_on_old_course(course)),
        sessions=list(Session.objects.coming(now).filter(course=course).with_seats().select_related("trainer")),
        quizzes=list(course.quizzes.all()),
    )


def trained_on_old_course(course: Course) -> QuerySet[Person]:
    """People still here whose newest completion of the course was of what it taught before."""
    old = old_completions().filter(course=course)
    found: QuerySet[Person] = Person.objects.filter(left_on=None, pk__in=old.values("person"))
    return found.order_by("name", "pk")
