"""Phases with their gates and forecasts, objectives, work, words and readings over the API."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from crm_adoption.kit.access import ANALYST, CHAMPION, GROUPS, INTEGRATION, LEAD, SPONSOR
from crm_adoption.kit.api import REFUSED
from crm_adoption.kit.filtering import StrictFilterBackend
from crm_adoption.kit.paging import KeysetPagination
from crm_adoption.people.models import Person
from crm_adoption.plan import services
from crm_adoption.plan.filters import FeedbackFilter, MessageFilter, ObjectiveFilter, PromiseFilter, WorkItemFilter
from crm_adoption.plan.models import Feedback, Message, Objective, Phase, Promise, Reading, WorkItem
from crm_adoption.plan.queries import communication, forecasts
from crm_adoption.plan.queries.gates import phase_gate
from crm_adoption.plan.queries.phases import phase_state

READERS = (LEAD, SPONSOR, ANALYST, INTEGRATION)
PLANNERS = (LEAD, SPONSOR, CHAMPION, INTEGRATION)


def _person(request: Request) -> Person:
    assert isinstance(request.user, Person)
    return request.user


class PhaseSerializer(serializers.ModelSerializer[Phase]):
    class Meta:
        model = Phase
        fields = (
            "id", "parent", "position", "name", "goal", "objectives", "job_roles", "tables", "planned_start",
            "planned_end", "design_frozen_on", "revalidated_on", "capacity_days", "process_changes", "integrations",
            "state", "approved_at", "opened_at", "closed_at",
        )  # fmt: skip
        read_only_fields = fields


class MissingSerializer(serializers.Serializer[Any]):
    about = serializers.CharField(help_text="approval, step, data, check, seat, trial, told or access.")
    sentence = serializers.CharField()
    url = serializers.CharField()


class PhaseGateSerializer(serializers.Serializer[Any]):
    phase = serializers.IntegerField(source="phase.pk")
    holds = serializers.BooleanField(help_text="Nothing is missing.")
    may_open = serializers.BooleanField(help_text="It holds, or an override is in force.")
    missing = MissingSerializer(many=True)


class LoadSerializer(serializers.Serializer[Any]):
    effort_days = serializers.FloatField()
    capacity_days = serializers.FloatField(allow_null=True)
    ratio = serializers.FloatField(allow_null=True, help_text="Effort / capacity; null while either is unknown.")
    product = serializers.IntegerField(help_text="Roles x process changes x capabilities x integrations.")
    people_share = serializers.FloatField(allow_null=True)
    design_age_days = serializers.IntegerField(allow_null=True)
    technology_only = serializers.IntegerField(help_text="Items that serve nobody who is named.")


class ForecastSerializer(serializers.Serializer[Any]):
    is_open = serializers.BooleanField(help_text="What it measures holds today.")
    likely = serializers.DateField(allow_null=True, help_text="From then on with 50 %; null within the days looked at.")
    nearly_sure = serializers.DateField(allow_null=True, help_text="From then on with 80 %.")
    days = serializers.IntegerField(help_text="Days looked ahead.")
    short = serializers.ListField(child=serializers.CharField(), help_text="What has too few readings for a trend.")
    probabilities = serializers.SerializerMethodField(help_text="By day from today on; null without a trend.")

    @extend_schema_field(serializers.ListField(child=serializers.FloatField(), allow_null=True))
    def get_probabilities(self, forecast: forecasts.Forecast) -> list[float] | None:
        return list(forecast.crossing.probabilities) if forecast.crossing else None


class PhaseViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Phase]):
    """Phases and releases of the programme."""

    readers, writers = READERS, ()
    serializer_class = PhaseSerializer
    pagination_class = KeysetPagination
    queryset = Phase.objects.prefetch_related("objectives", "job_roles").order_by("-pk")

    @extend_schema(responses={200: PhaseGateSerializer, 423: PhaseGateSerializer})
    @action(detail=True, methods=["get"])
    def gate(self, request: Request, pk: str | None = None) -> Response:
        """200 if the phase may open to its users, 423 with everything it lacks if not."""
        gate = phase_gate(self.get_object(), now=timezone.now(), today=timezone.localdate())
        code = status.HTTP_200_OK if gate.may_open else status.HTTP_423_LOCKED
        return Response(PhaseGateSerializer(gate).data, status=code)

    @extend_schema(responses=LoadSerializer)
    @action(detail=True, methods=["get"])
    def load(self, request: Request, pk: str | None = None) -> Response:
        """What it takes on beside its capacity, how its effort is split, and how old its design is."""
        state = phase_state(self.get_object(), timezone.localdate())
        facts = {
            "effort_days": state.load.effort_days,
            "capacity_days": state.load.capacity_days,
            "ratio": state.load.ratio,
            "product": state.load.product,
            "people_share": state.balance.people_share,
            "design_age_days": state.design_age,
            "technology_only": len(state.technology_only),
        }
        return Response(LoadSerializer(facts).data)

    @extend_schema(responses=ForecastSerializer)
    @action(detail=True, methods=["get"])
    def forecast(self, request: Request, pk: str | None = None) -> Response:
        """The days from which its figures let it open with 50 and with 80 %."""
        found = forecasts.phase_forecast(self.get_object(), now=timezone.now(), today=timezone.localdate())
        return Response(ForecastSerializer(found).data)


class ObjectiveSerializer(serializers.ModelSerializer[Objective]):
    class Meta:
        model = Objective
        fields = (
            "id", "statement", "kind", "parent", "metric", "check_slug", "baseline", "target", "owner", "due_on",
        )  # fmt: skip
        read_only_fields = fields


class ObjectiveViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Objective]):
    """What the programme is to reach."""

    readers, writers = READERS, ()
    serializer_class = ObjectiveSerializer
    pagination_class = KeysetPagination
    filter_backends = [StrictFilterBackend]
    filterset_class = ObjectiveFilter
    queryset = Objective.objects.order_by("-pk")


class WorkItemSerializer(serializers.ModelSerializer[WorkItem]):
    technology_only = serializers.BooleanField(source="is_technology_only", read_only=True)

    class Meta:
        model = WorkItem
        fields = (
            "id", "title", "kind", "track", "approach", "phase", "job_role", "objective", "ingredient", "reason",
            "owner", "requested_on", "due_on", "effort_days", "state", "done_on", "technology_only",
        )  # fmt: skip
        read_only_fields = fields


class WorkItemViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[WorkItem]):
    """What is to be done, for whom and what for."""

    readers, writers = READERS, ()
    serializer_class = WorkItemSerializer
    pagination_class = KeysetPagination
    filter_backends = [StrictFilterBackend]
    filterset_class = WorkItemFilter
    queryset = WorkItem.objects.order_by("-pk")


class MessageSerializer(serializers.ModelSerializer[Message]):
    class Meta:
        model = Message
        fields = (
            "id", "subject", "body", "language", "audience", "job_role", "team", "moment", "leader", "objective",
            "phase", "has_timeline", "has_roles", "has_deliverables", "has_vision", "due_on", "state", "sent_at",
            "reach",
        )  # fmt: skip
        read_only_fields = fields


class MessageViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Message]):
    """What is said to whom."""

    readers, writers = PLANNERS, ()
    serializer_class = MessageSerializer
    pagination_class = KeysetPagination
    filter_backends = [StrictFilterBackend]
    filterset_class = MessageFilter
    queryset = Message.objects.order_by("-pk")


class PromiseSerializer(serializers.ModelSerializer[Promise]):
    class Meta:
        model = Promise
        fields = (
            "id", "text", "message", "check_slug", "comparator", "threshold", "due_on", "state", "settled_on",
            "settled_value", "settled_note",
        )  # fmt: skip
        read_only_fields = fields


class PromiseViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Promise]):
    """What people were promised, and whether it was kept."""

    readers, writers = PLANNERS, ()
    serializer_class = PromiseSerializer
    pagination_class = KeysetPagination
    filter_backends = [StrictFilterBackend]
    filterset_class = PromiseFilter
    queryset = Promise.objects.order_by("-pk")


class FeedbackSerializer(serializers.ModelSerializer[Feedback]):
    voices = serializers.IntegerField(read_only=True, help_text="People who said: me too.")

    class Meta:
        model = Feedback
        fields = (
            "id", "kind", "area", "text", "measure", "is_incident", "team", "job_role", "state", "answer",
            "answered_at", "resolved_at", "work_item", "voices", "created_at",
        )  # fmt: skip
        read_only_fields = (
            "id", "team", "job_role", "state", "answer", "answered_at", "resolved_at", "work_item", "voices",
            "created_at",
        )  # fmt: skip


class AnswerSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=5000)
    resolved = serializers.BooleanField(default=False, help_text="It is mended with that.")


class FeedbackViewSet(
    mixins.CreateModelMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Feedback]
):
    """What people say and what was answered; without the names of those who said it."""

    readers, writers = GROUPS, GROUPS
    serializer_class = FeedbackSerializer
    pagination_class = KeysetPagination
    filter_backends = [StrictFilterBackend]
    filterset_class = FeedbackFilter
    queryset = Feedback.objects.none()  # tells the schema the key; get_queryset answers

    def get_queryset(self) -> QuerySet[Feedback]:
        if getattr(self, "swagger_fake_view", False):
            return Feedback.objects.none()
        return communication.feedback_for(_person(self.request))

    @extend_schema(request=FeedbackSerializer, responses={201: FeedbackSerializer, 409: REFUSED})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say something in one's own name."""
        sent = self.get_serializer(data=request.data)
        sent.is_valid(raise_exception=True)
        made = services.give_feedback(by=_person(request), now=timezone.now(), **sent.validated_data)
        return Response(self._told(made), status=status.HTTP_201_CREATED)

    @extend_schema(request=AnswerSerializer, responses={200: FeedbackSerializer, 409: REFUSED})
    @action(detail=True, methods=["post"], writers=(LEAD, SPONSOR, CHAMPION))
    def answer(self, request: Request, pk: str | None = None) -> Response:
        """Answer it; whoever raised it or voted for it reads that."""
        sent = AnswerSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        found = services.answer_feedback(self.get_object(), by=_person(request), now=timezone.now(),
                                         **sent.validated_data)  # fmt: skip
        return Response(self._told(found))

    def _told(self, feedback: Feedback) -> Any:
        return self.get_serializer(self.get_queryset().get(pk=feedback.pk)).data


class ReadingFilter(filters.FilterSet):  # type: ignore[misc]
    """Readings by check, scope and day."""

    check = filters.CharFilter(field_name="check_slug", label="Check")
    scope = filters.CharFilter(field_name="scope", label="Scope")
    since = filters.DateFilter(field_name="taken_on", lookup_expr="gte", label="Since")

    class Meta:
        model = Reading
        fields: list[str] = []


class ReadingSerializer(serializers.ModelSerializer[Reading]):
    class Meta:
        model = Reading
        fields = ("id", "check_slug", "scope", "value", "n", "at", "taken_on")
        read_only_fields = fields


@extend_schema(parameters=[OpenApiParameter("check", OpenApiTypes.STR, description="The slug of a check.")])
class ReadingViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Reading]):
    """What the checks measured, day by day."""

    readers, writers = READERS, ()
    serializer_class = ReadingSerializer
    pagination_class = KeysetPagination
    filter_backends = [StrictFilterBackend]
    filterset_class = ReadingFilter
    queryset = Reading.objects.order_by("-pk")
