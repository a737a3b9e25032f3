"""How a question about training is made safe."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm_adoption.people.models import JobRole, Person, Team
from training.models import Completion, Course, CourseProcess, Enrolment, Impact, Process, Session, Via


class ProcessFilter(filters.FilterSet):  # type: ignore[misc]
    """Processes by a word of their name, and those that nobody answers for."""

    q = filters.CharFilter(field_name="name", lookup_expr="icontains", label=_("Name"))
    ownerless = filters.BooleanFilter(method="nobody", label=_("Nobody answers for it"))

    class Meta:
        model = Process
        fields: list[str] = []

    def nobody(self, found: QuerySet[Process], name: str, value: Any) -> QuerySet[Process]:
        vacant = Q(owner=None) | Q(owner__holder=None) | Q(owner__holder__left_on__isnull=False)
        return found.filter(vacant) if value else found.exclude(vacant)


class ImpactFilter(filters.FilterSet):  # type: ignore[misc]
    """Impacts by role, process, and whether the role has been told."""

    role = filters.ModelChoiceFilter(field_name="job_role", queryset=JobRole.objects.all(), label=_("Job role"))
    process = filters.ModelChoiceFilter(queryset=Process.objects.all(), label=_("Process"))
    release = filters.CharFilter(label=_("Release"))
    told = filters.BooleanFilter(field_name="told_on", lookup_expr="isnull", exclude=True, label=_("Told"))

    class Meta:
        model = Impact
        fields: list[str] = []


class CourseFilter(filters.FilterSet):  # type: ignore[misc]
    """Courses by title, kind, role, and whether they teach what has changed."""

    q = filters.CharFilter(field_name="title", lookup_expr="icontains", label=_("Title"))
    kind = filters.ChoiceFilter(choices=Course.Kind.choices, label=_("For"))
    role = filters.ModelChoiceFilter(field_name="job_roles", queryset=JobRole.objects.all(), label=_("Job role"))
    stale = filters.BooleanFilter(method="teaching_old", label=_("Teaches what has changed"))

    class Meta:
        model = Course
        fields: list[str] = []

    def teaching_old(self, found: QuerySet[Course], name: str, value: Any) -> QuerySet[Course]:
        old = Exists(CourseProcess.objects.filter(course=OuterRef("pk"), process__version__gt=F("process_version")))
        return found.filter(old) if value else found.exclude(old)


class OfPersonFilter(filters.FilterSet):  # type: ignore[misc]
    """Base of lists about people: by a word of their name, their team and role."""

    q = filters.CharFilter(field_name="person__name", lookup_expr="icontains", label=_("Name"))
    team = filters.ModelChoiceFilter(field_name="person__team", queryset=Team.objects.all(), label=_("Team"))
    role = filters.ModelChoiceFilter(field_name="person__job_role", queryset=JobRole.objects.all(), label=_("Job role"))
    course = filters.ModelChoiceFilter(queryset=Course.objects.all(), label=_("Course"))


class EnrolmentFilter(OfPersonFilter):
    """What people have to take, by course and by when."""

    due_before = filters.DateFilter(field_name="due_on", lookup_expr="lt", label=_("Due before"))

    class Meta:
        model = Enrolment
        fields: list[str] = []


class CompletionFilter(OfPersonFilter):
    """Completions by course, origin, and whether the course counts as done."""

    via = filters.ChoiceFilter(choices=Via.choices, label=_("From"))
    done = filters.BooleanFilter(field_name="done_at", lookup_expr="isnull", exclude=True, label=_("Done"))

    class Meta:
        model = Completion
        fields: list[str] = []


class SessionFilter(filters.FilterSet):  # type: ignore[misc]
    """Sessions by course, trainer and time, and those with a seat to give."""

    course = filters.ModelChoiceFilter(queryset=Course.objects.all(), label=_("Course"))
    trainer = filters.ModelChoiceFilter(queryset=Person.objects.filter(sessions_given__isnull=False).distinct(),
                                        label=_("Trainer"))  # fmt: skip
    purpose = filters.ChoiceFilter(choices=Session.Purpose.choices, label=_("Purpose"))
    state = filters.ChoiceFilter(choices=Session.State.choices, label=_("State"))
    coming = filters.BooleanFilter(method="still_to_come", label=_("To come"))
    free = filters.BooleanFilter(method="with_a_seat", label=_("Seats free"))

    class Meta:
        model = Session
        fields: list[str] = []

    def still_to_come(self, found: QuerySet[Session], name: str, value: Any) -> QuerySet[Session]:
        now = timezone.now()
        return found.filter(ends_at__gt=now) if value else found.filter(ends_at__lte=now)

    def with_a_seat(self, found: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        coming = found.filter(ends_at__gt=timezone.now(), state=Session.State.PLANNED)
        return coming.filter(taken__lt=F("seats")) if value else coming.filter(taken__gte=F("seats"))
