"""Courses, and who has to take them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import JobRole, Person
from training.models import Course, CourseProcess, Enrolment, Process


@transaction.atomic
def save_course(
    course: Course, *, job_roles: Collection[JobRole], processes: Collection[Process], today: date
) -> Course:
    """Keep a course, the roles it is for and the processes it teaches, and enrol whom that concerns.

    A process that is new to it is taught in its version of today; one it taught before stays as it was taught.
    """
    if course.kind == Course.Kind.ROLE and not job_roles:
        raise Refusal(_("Say for which job roles this course is, or make it one for everybody."))
    if course.minutes_process + course.minutes_tool == 0:
        raise Refusal(_("A course takes time; say how many minutes go to the process and how many to the tool."))
    if Course.objects.filter(code__iexact=course.code).exclude(pk=course.pk).exists():
        raise Refusal(_("Another course has the code “%(code)s”; files could not tell them apart.")
                      % {"code": course.code})  # fmt: skip
    same = Course.objects.exclude(activity_id="").filter(activity_id=course.activity_id).exclude(pk=course.pk).first()
    if same is not None:
        raise Refusal(_("The course “%(course)s” has this activity id; statements could not tell them apart.")
                      % {"course": same})  # fmt: skip
    course.save()
    course.job_roles.set(job_roles if course.kind == Course.Kind.ROLE else [])
    course.teaches.exclude(process__in=processes).delete()
    taught = set(course.teaches.values_list("process_id", flat=True))
    CourseProcess.objects.bulk_create(
        CourseProcess(course=course, process=process, process_version=process.version)
        for process in processes
        if process.pk not in taught
    )
    enrol(today)
    return course


@transaction.atomic
def bring_up_to_date(course: Course, *, now: datetime) -> Course:
    """The course teaches its processes as they are now: a new version of it, which those trained before lack."""
    course = Course.objects.select_for_update().get(pk=course.pk)
    old = CourseProcess.objects.filter(course=course, process__version__gt=F("process_version"))
    if not old.exists():
        raise Refusal(_("“%(course)s” teaches its processes as they are; nothing has to be brought up to date.")
                      % {"course": course})  # fmt: skip
    for taught in old.select_related("process"):
        taught.process_version = taught.process.version
        taught.save(update_fields=["process_version"])
    course.version, course.version_since = course.version + 1, now
    course.save(update_fields=["version", "version_since", "updated_at"])
    return course


@transaction.atomic
def retire_course(course: Course, *, on: date) -> Course:
    """Nobody has to take it any more; who took it stays known."""
    course.retired_on = on
    course.save(update_fields=["retired_on", "updated_at"])
    enrol(on)
    return course


@transaction.atomic
def enrol(today: date, *, person: Person | None = None) -> dict[str, int]:
    """Make everybody's enrolments follow their role: what it asks begins, what it no longer asks ends.

    History stays: an ended enrolment and every completion are kept. Running it again changes nothing.
    """
    wanted: dict[tuple[int, int], tuple[int | None, int]] = {}
    here = Person.objects.filter(left_on=None).exclude(job_role=None)
    if person is not None:
        here = here.filter(pk=person.pk)
    by_role = _courses_by_role()
    for pk, role in here.values_list("pk", "job_role_id"):
        for course, days in by_role.get(role, ()):
            wanted[pk, course] = role, days
    open_now = Enrolment.objects.open().select_for_update()
    if person is not None:
        open_now = open_now.filter(person=person)
    known = {(one.person_id, one.course_id): one for one in open_now}
    ended = [one.pk for key, one in known.items() if key not in wanted]
    Enrolment.objects.filter(pk__in=ended).update(ended_on=today)
    begun = Enrolment.objects.bulk_create(
        [
            Enrolment(
                person_id=who, course_id=course, job_role_id=role, began_on=today, due_on=today + timedelta(days=days)
            )
            for (who, course), (role, days) in wanted.items()
            if (who, course) not in known
        ],
        ignore_conflicts=True,
    )
    return {"begun": len(begun), "ended": len(ended)}


def _courses_by_role() -> dict[int, list[tuple[int, int]]]:
    common = list(Course.objects.live().filter(kind=Course.Kind.COMMON).values_list("pk", "due_within_days"))
    found = {role: list(common) for role in JobRole.objects.values_list("pk", flat=True)}
    through = Course.job_roles.through.objects.filter(course__retired_on=None, course__kind=Course.Kind.ROLE)
    for role, course, days in through.values_list("jobrole_id", "course_id", "course__due_within_days"):
        found[role].append((course, days))
    return found
