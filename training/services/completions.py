"""Completions noted by hand, and taken back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from training.models import Completion, Course, Statement, Via
from training.services.evidence import Evidence, record


@transaction.atomic
def note_completion(
    person: Person, course: Course, *, at: datetime, now: datetime, score: float | None = None
) -> Completion:
    """Somebody went through a course; with a score they also passed or failed its test, by the mastery score."""
    if at > now:
        raise Refusal(_("Nobody can have taken “%(course)s” on a day to come.") % {"course": course})
    if score is not None and not 0 <= score <= 1:
        raise Refusal(_("A score lies between 0 and 100 %."))
    found = [Evidence(person.pk, course, "completed", at, Via.MANUAL)]
    if score is not None:
        found.append(
            Evidence(person.pk, course, "passed" if score >= course.mastery else "failed", at, Via.MANUAL, score)
        )
    record(found, now=now)
    return Completion.objects.get(person=person, course=course, course_version=course.version_at(at))


@transaction.atomic
def withdraw_completion(completion: Completion) -> None:
    """It was noted by mistake: the row goes (the audit keeps it), and so do the statements it rests on."""
    Statement.objects.filter(person_id=completion.person_id, course_id=completion.course_id).delete()
    completion.delete()
