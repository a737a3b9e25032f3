"""Processes, courses, sessions, enrolments and completions over the API."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from crm_adoption.kit.access import ANALYST, INTEGRATION
from crm_adoption.kit.looking import ShowsPeople, looked_at
from crm_adoption.people.models import JobRole, Person
from training import queries, services
from training.access import LEARNING, PROGRAMS, READERS
from training.filters import CompletionFilter, CourseFilter, EnrolmentFilter, ProcessFilter, SessionFilter
from training.models import Completion, Course, Enrolment, Process, Session

FACTS = (*READERS, ANALYST, INTEGRATION)


class VersionFacts(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    steps = serializers.ListField(child=serializers.CharField())
    before = serializers.CharField()
    after = serializers.CharField()
    why = serializers.CharField()
    from_on = serializers.DateField()


class ProcessSerializer(serializers.ModelSerializer[Process]):
    owner = serializers.CharField(source="holder", allow_null=True, read_only=True, help_text="Who answers for it.")
    versions = VersionFacts(many=True, read_only=True, help_text="The newest first.")

    class Meta:
        model = Process
        fields = ("id", "name", "owner", "version", "retired_on", "versions")
        read_only_fields = fields


class ProcessViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Process]):
    """How work is done, in versions."""

    readers = FACTS
    serializer_class, filterset_class = ProcessSerializer, ProcessFilter
    queryset = Process.objects.select_related("owner__holder").prefetch_related("versions")


class CourseSerializer(serializers.ModelSerializer[Course]):
    job_roles = serializers.SlugRelatedField(slug_field="name", many=True, read_only=True)  # type: ignore[var-annotated]
    kind = serializers.CharField(read_only=True, help_text="common or role.")
    process_share = serializers.FloatField(read_only=True, help_text="Minutes about process of all, 0 to 1.")
    is_stale = serializers.BooleanField(read_only=True, help_text="A process it teaches has changed since.")

    class Meta:
        model = Course
        fields = (
            "id", "code", "title", "summary", "kind", "job_roles", "minutes_process", "minutes_tool", "process_share",
            "mastery", "move_on", "activity_id", "version", "is_stale", "retired_on",
        )  # fmt: skip
        read_only_fields = fields


class CourseViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Course]):
    """What there is to learn, for whom, and whether it teaches what is in force."""

    readers = FACTS
    serializer_class, filterset_class = CourseSerializer, CourseFilter
    queryset = Course.objects.with_staleness().prefetch_related("job_roles")


class SessionSerializer(serializers.ModelSerializer[Session]):
    course = serializers.SlugRelatedField(slug_field="code", read_only=True)  # type: ignore[var-annotated]
    trainer = serializers.SlugRelatedField(slug_field="name", read_only=True, allow_null=True)  # type: ignore[var-annotated]
    state = serializers.CharField(read_only=True, help_text="planned or cancelled.")
    taken = serializers.IntegerField(read_only=True)
    waiting = serializers.IntegerField(read_only=True)

    class Meta:
        model = Session
        fields = (
            "id", "uid", "sequence", "course", "purpose", "starts_at", "ends_at", "place", "link", "trainer", "seats",
            "taken", "waiting", "state",
        )  # fmt: skip
        read_only_fields = fields


class SessionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Session]):
    """Who is taught when; nobody who comes is named."""

    readers = FACTS
    serializer_class, filterset_class = SessionSerializer, SessionFilter
    queryset = Session.objects.select_related("course", "trainer").with_seats()


class EnrolmentSerializer(serializers.ModelSerializer[Enrolment]):
    course = serializers.SlugRelatedField(slug_field="code", read_only=True)  # type: ignore[var-annotated]
    done_at = serializers.DateTimeField(read_only=True, allow_null=True)

    class Meta:
        model = Enrolment
        fields = ("id", "person", "course", "began_on", "due_on", "done_at")
        read_only_fields = fields


class EnrolmentViewSet(ShowsPeople, mixins.ListModelMixin, viewsets.GenericViewSet[Enrolment]):
    """What roles ask of people, and when it was done."""

    readers, shows = PROGRAMS, LEARNING
    serializer_class, filterset_class = EnrolmentSerializer, EnrolmentFilter
    queryset = Enrolment.objects.all()

    def get_queryset(self) -> QuerySet[Any]:
        return queries.open_enrolments()


class CompletionSerializer(serializers.ModelSerializer[Completion]):
    course = serializers.SlugRelatedField(slug_field="code", read_only=True)  # type: ignore[var-annotated]

    class Meta:
        model = Completion
        fields = (
            "id", "person", "course", "course_version", "completed_at", "passed_at", "failed_at", "done_at",
            "exit_score", "follow_up_score", "follow_up_at", "via",
        )  # fmt: skip
        read_only_fields = fields


class NoteSerializer(serializers.Serializer[Any]):
    """Somebody took a course."""

    person = serializers.EmailField(help_text="The person's address.")
    course = serializers.SlugRelatedField(slug_field="code", queryset=Course.objects.live())
    at = serializers.DateTimeField()
    score = serializers.FloatField(required=False, allow_null=True, default=None, min_value=0, max_value=1)

    def validate_person(self, value: str) -> Person:
        person: Person | None = Person.objects.filter(email=value.lower()).first()
        if person is None:
            raise serializers.ValidationError(f"Nobody here has the address {value}; invite the person, or correct it.")
        return person


class CompletionViewSet(
    ShowsPeople, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Completion]
):
    """Who has learned what, and what says so."""

    readers = writers = PROGRAMS
    shows = LEARNING
    serializer_class, filterset_class = CompletionSerializer, CompletionFilter
    queryset = Completion.objects.select_related("course")

    @extend_schema(request=NoteSerializer, responses={201: CompletionSerializer})
    def create(self, request: Request) -> Response:
        """Note that somebody took a course; with a score they passed or failed by its mastery. Safe to send twice."""
        asked = NoteSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        completion = services.note_completion(
            cast(Person, said["person"]), said["course"], at=said["at"], now=timezone.now(), score=said["score"]
        )
        looked_at(request, [completion])
        return Response(CompletionSerializer(completion).data, status=status.HTTP_201_CREATED)


def role_named(name: str) -> JobRole | None:
    """A job role by its name in any case, or by its key."""
    found = JobRole.objects.filter(name__iexact=name).first()
    if found is None and name.isascii() and name.isdigit() and len(name) < 19:
        found = JobRole.objects.filter(pk=int(name)).first()
    return found
