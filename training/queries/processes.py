"""Processes with what is in force, and who was taught what is no longer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from crm_adoption.people.models import JobRole, Person
from training.models import Completion, Course, Impact, Process, ProcessVersion


@dataclass(frozen=True)
class ProcessState:
    """A process, what it says now, what it said before, and who still learns or works by an older version."""

    process: Process
    current: ProcessVersion
    history: Sequence[ProcessVersion]
    impacts: Sequence[Impact]
    courses: Sequence[Course]
    trained_on_old: Sequence[Person]

    @property
    def stale_courses(self) -> list[Course]:
        return [course for course in self.courses if course.is_stale]  # type: ignore[attr-defined]


def processes() -> QuerySet[Process]:
    """Live processes with since when they are in force: `since`."""
    newest = ProcessVersion.objects.filter(process=OuterRef("pk"), number=OuterRef("version")).values("from_on")
    return Process.objects.live().select_related("owner__holder").annotate(since=Subquery(newest))


def process_state(process: Process) -> ProcessState:
    versions = list(process.versions.select_related("made_by").order_by("-number"))
    courses = list(process.courses.live().with_staleness().order_by("title"))  # type: ignore[attr-defined]
    return ProcessState(
        process=process,
        current=versions[0],
        history=versions[1:],
        impacts=list(process.impacts.select_related("job_role", "process")),
        courses=courses,
        trained_on_old=list(trained_on_old(process)),
    )


def trained_on_old(process: Process) -> QuerySet[Person]:
    """People still here whose newest completion of a course on this process was of what it taught before.

    That is: the course has been brought up to date since, or it still teaches an older version.
    """
    old = old_completions().filter(course__teaches__process=process)
    found: QuerySet[Person] = Person.objects.filter(left_on=None, pk__in=old.values("person"))
    return found.order_by("name", "pk")


def old_completions() -> QuerySet[Completion]:
    """Done completions, the person's newest of that course, that taught something no longer in force."""
    newer = Completion.objects.filter(
        person=OuterRef("person"), course=OuterRef("course"), done_at__isnull=False
    ).order_by("-course_version")
    stale = Q(course__teaches__process__version__gt=F("course__teaches__process_version"))
    return (
        Completion.objects.done()
        .filter(pk=Subquery(newer.values("pk")[:1]), course__retired_on=None)
        .filter(Q(course_version__lt=F("course__version")) | stale)
        .distinct()
    )


def changes_for(role: JobRole | None) -> list[tuple[Impact, ProcessVersion | None]]:
    """What changes for a role: its impacts, latest first, each with what its process says now."""
    if role is None:
        return []
    impacts = list(Impact.objects.filter(job_role=role).select_related("process").order_by("-lands_on", "pk"))
    current = {
        version.process_id: version
        for version in ProcessVersion.objects.filter(
            process__in=[one.process_id for one in impacts], number=F("process__version")
        )
    }
    return [(one, current.get(one.process_id or 0)) for one in impacts]
