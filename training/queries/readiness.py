"""Is a role ready for a release: trained, told, and whatever floors above ask besides (T3, issue of readiness)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm_adoption.people.models import JobRole, Person
from training import conditions
from training.conditions import Missing
from training.models import Completion, Course, GoLive, Impact, TrainingSetting


@dataclass(frozen=True)
class Readiness:
    """A role beside a release: ready when nothing is missing."""

    role: JobRole
    release: str
    people: int
    trained: int
    missing: Sequence[Missing]

    @property
    def is_ready(self) -> bool:
        return not self.missing


def readiness(role: JobRole, release: str = "", *, today: date) -> Readiness:
    """What a role still lacks, each thing named with where to mend it. Without a release: for what it works with now.

    `release` is the key of a GoLive or of an impact; it need not be known here.
    """
    courses = list(Course.objects.of_role(role).with_staleness())
    people = list(Person.objects.filter(job_role=role, left_on=None).values_list("pk", flat=True))
    trained = _trained(people, courses)
    go_live = GoLive.objects.filter(release=release).first() if release else None
    missing = [
        *_untaught(role, courses, go_live),
        *_untrained(role, len(people), trained),
        *_untold(role, release, go_live),
    ]
    for condition in conditions.registered():
        missing += condition(role, release, today)
    return Readiness(role, release, len(people), trained, missing)


def readiness_of(release: str, *, today: date) -> list[Readiness]:
    """Every role that a release reaches."""
    go_live = GoLive.objects.filter(release=release).first()
    reached = Q(pk__in=Impact.objects.filter(release=release).values("job_role"))
    if go_live is not None:
        reached |= Q(pk__in=go_live.job_roles.all())
    return [readiness(role, release, today=today) for role in JobRole.objects.filter(reached).order_by("name")]


def _trained(people: Sequence[int], courses: Sequence[Course]) -> int:
    """How many have done every course in its version of today."""
    if not courses:
        return 0
    version = {course.pk: course.version for course in courses}
    done: dict[int, set[int]] = {}
    rows = Completion.objects.done().filter(person__in=people, course__in=version)
    for person, course, taken in rows.values_list("person_id", "course_id", "course_version"):
        if taken >= version[course]:
            done.setdefault(person, set()).add(course)
    return sum(len(found) == len(version) for found in done.values())


def _untaught(role: JobRole, courses: Sequence[Course], go_live: GoLive | None) -> list[Missing]:
    url = reverse("training-role", args=[role.pk])
    if not courses:
        return [Missing("no_curriculum", _("%(role)s has no course yet.") % {"role": role}, url)]
    found = [
        Missing(
            "stale_course",
            _("“%(course)s” teaches a process that has changed; bring it up to date.") % {"course": course},
            course.get_absolute_url(),
        )
        for course in courses
        if course.is_stale  # type: ignore[attr-defined]
    ]
    if go_live is not None:
        for process in go_live.processes.exclude(taught_in__course__in=courses):
            sentence = _("No course of %(role)s teaches “%(process)s”.") % {"role": role, "process": process}
            found.append(Missing("untaught", sentence, process.get_absolute_url()))
    return found


def _untrained(role: JobRole, people: int, trained: int) -> list[Missing]:
    needed = ceil(TrainingSetting.now().ready_from * people - 1e-9)
    if trained >= needed:
        return []
    url = f"{reverse('training-still-to-take')}?role={role.pk}"
    facts = {"role": role, "n": trained, "people": people, "more": needed - trained}
    sentence = ngettext(
        "%(n)s of %(people)s people of %(role)s have taken their curriculum; %(more)s more is needed.",
        "%(n)s of %(people)s people of %(role)s have taken their curriculum; %(more)s more are needed.",
        needed - trained,
    )
    return [Missing("untrained", sentence % facts, url)]


def _untold(role: JobRole, release: str, go_live: GoLive | None) -> list[Missing]:
    about = Impact.objects.filter(job_role=role).select_related("process", "job_role")
    if release:
        of_release = Q(release=release)
        if go_live is not None:
            of_release |= Q(process__in=go_live.processes.all())
        about = about.filter(of_release)
    impacts = list(about)
    if release and not impacts:
        sentence = _("Nobody has said what “%(release)s” asks of %(role)s and what it gives.")
        url = f"{reverse('training-impact-new')}?job_role={role.pk}&release={release}"
        return [Missing("no_impact", sentence % {"release": release, "role": role}, url)]
    return [
        Missing("untold", _("%(role)s has not been told about “%(change)s”.")
                % {"role": role, "change": one.process or one.release}, one.get_absolute_url())
        for one in impacts if one.told_on is None
    ]  # fmt: skip
