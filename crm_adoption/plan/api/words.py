"""Messages, promises, feedback and readings over the API."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from crm_adoption.kit.access import CHAMPION, GROUPS, LEAD, SPONSOR
from crm_adoption.people.models import JobRole
from crm_adoption.plan import services
from crm_adoption.plan.api.base import PLANNERS, PlanViewSet, person_of
from crm_adoption.plan.filters import FeedbackFilter, MessageFilter, PromiseFilter
from crm_adoption.plan.ingredients import CHECKS
from crm_adoption.plan.models import Feedback, Message, Moment, Phase, Promise, Reading
from crm_adoption.plan.queries import communication, drafts, launch, ranking
from crm_adoption.plan.queries.expectations import expectations


class MessageSerializer(serializers.ModelSerializer[Message]):
    class Meta:
        model = Message
        fields = (
            "id", "subject", "body", "language", "audience", "job_role", "team", "moment", "leader", "objective",
            "phase", "has_timeline", "has_roles", "has_deliverables", "has_vision", "due_on", "state", "sent_at",
            "reach",
        )  # fmt: skip
        read_only_fields = fields


class DraftWishSerializer(serializers.Serializer[Any]):
    phase = serializers.PrimaryKeyRelatedField(queryset=Phase.objects.all())
    audience = serializers.ChoiceField(
        choices=[(one.value, one.label) for one in Message.Audience if one != Message.Audience.TEAM]
    )
    job_role = serializers.PrimaryKeyRelatedField(queryset=JobRole.objects.all(), required=False)
    moment = serializers.ChoiceField(choices=Moment.choices)
    elements = serializers.MultipleChoiceField(choices=[(one, one) for one in drafts.ELEMENTS], required=False)
    language = serializers.ChoiceField(choices=settings.LANGUAGES, default="en")
    at_home = serializers.BooleanField(
        default=False, help_text="As news of the program its readers work in; no other way to the CRM is named."
    )


class GapSerializer(serializers.Serializer[Any]):
    sentence = serializers.CharField()
    url = serializers.CharField(help_text="Where the missing fact is written down.")


class DraftSerializer(serializers.Serializer[Any]):
    subject = serializers.CharField()
    body = serializers.CharField()
    gaps = GapSerializer(many=True)


class MessageViewSet(PlanViewSet[Message]):
    """What is said to whom."""

    readers = PLANNERS
    serializer_class = MessageSerializer
    filterset_class = MessageFilter
    queryset = Message.objects.order_by("-pk")

    @extend_schema(parameters=[DraftWishSerializer], responses=DraftSerializer, filters=False)
    @action(detail=False, methods=["get"], pagination_class=None)
    def draft(self, request: Request) -> Response:
        """A text made of the plan's facts alone; what they do not say is listed as gaps. Nothing is kept."""
        asked = DraftWishSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        known = asked.validated_data
        wish = drafts.Wish(
            known["phase"], known["audience"], known["moment"], sorted(known.get("elements") or drafts.ELEMENTS),
            known["language"], known.get("job_role"), known["at_home"],
        )  # fmt: skip
        made = launch.drafted(wish, now=timezone.now(), today=timezone.localdate())
        return Response(DraftSerializer(made).data)


class PromiseSerializer(serializers.ModelSerializer[Promise]):
    class Meta:
        model = Promise
        fields = (
            "id", "text", "message", "check_slug", "comparator", "threshold", "due_on", "state", "settled_on",
            "settled_value", "settled_note",
        )  # fmt: skip
        read_only_fields = fields


class PromiseViewSet(PlanViewSet[Promise]):
    """What people were promised, and whether it was kept."""

    readers = PLANNERS
    serializer_class = PromiseSerializer
    filterset_class = PromiseFilter
    queryset = Promise.objects.order_by("-pk")


class FeedbackSerializer(serializers.ModelSerializer[Feedback]):
    voices = serializers.IntegerField(read_only=True, help_text="People who said: me too.")

    class Meta:
        model = Feedback
        fields = (
            "id", "kind", "area", "text", "measure", "check_slug", "figure", "comparator", "threshold", "due_on",
            "agreed_on", "is_incident", "team", "job_role", "state", "answer", "answered_at", "resolved_at",
            "work_item", "voices", "created_at",
        )  # fmt: skip
        read_only_fields = (
            "check_slug", "figure", "comparator", "threshold", "due_on", "agreed_on",
            "id", "team", "job_role", "state", "answer", "answered_at", "resolved_at", "work_item", "voices",
            "created_at",
        )  # fmt: skip


class AgreeSerializer(serializers.Serializer[Any]):
    check_slug = serializers.ChoiceField(choices=[(slug, slug) for slug in CHECKS])
    figure = serializers.CharField(
        max_length=200, default="", allow_blank=True,
        help_text="A figure of the check's readings by its way, as rates/Accounts; empty: the value itself.",
    )  # fmt: skip
    comparator = serializers.ChoiceField(choices=Promise.Comparator.choices, default=Promise.Comparator.AT_LEAST)
    threshold = serializers.FloatField(help_text="In the unit of the check; a share is from 0 to 1.")
    due_on = serializers.DateField()


class ExpectationSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="feedback.pk")
    text = serializers.CharField(source="feedback.text")
    check_slug = serializers.CharField(source="feedback.check_slug", help_text="Empty while no measure is agreed.")
    figure = serializers.CharField(source="feedback.figure")
    comparator = serializers.CharField(source="feedback.comparator")
    threshold = serializers.FloatField(source="feedback.threshold", allow_null=True)
    due_on = serializers.DateField(source="feedback.due_on", allow_null=True)
    outcome = serializers.ChoiceField(choices=["unagreed", "unmeasurable", "met", "not_met"])
    is_open = serializers.BooleanField(help_text="Its day has not passed.")
    value = serializers.FloatField(allow_null=True, help_text="Of the reading that decides; null without a fresh one.")
    n = serializers.IntegerField(source="reading.n", default=None, allow_null=True)
    at = serializers.DateTimeField(source="reading.at", default=None, allow_null=True)


class RankedSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="feedback.pk")
    text = serializers.CharField(source="feedback.text")
    points = serializers.FloatField(help_text="Voices shared out, and a point for each further team and job role.")
    voices = serializers.IntegerField()
    spent = serializers.FloatField(help_text="Each voice divided by the open requests its giver wants.")
    teams = serializers.IntegerField()
    roles = serializers.IntegerField()


class AnswerSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=5000)
    resolved = serializers.BooleanField(default=False, help_text="It is mended with that.")


class FeedbackViewSet(mixins.CreateModelMixin, PlanViewSet[Feedback]):
    """What people say and what was answered; without the names of those who said it."""

    readers, writers = GROUPS, GROUPS
    serializer_class = FeedbackSerializer
    filterset_class = FeedbackFilter
    queryset = Feedback.objects.none()  # tells the schema the key; get_queryset answers

    def get_queryset(self) -> QuerySet[Feedback]:
        if getattr(self, "swagger_fake_view", False):
            return Feedback.objects.none()
        return communication.feedback_for(person_of(self.request))

    @extend_schema(request=FeedbackSerializer, responses={201: FeedbackSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say something in one's own name."""
        sent = self.get_serializer(data=request.data)
        sent.is_valid(raise_exception=True)
        made = services.give_feedback(by=person_of(request), now=timezone.now(), **sent.validated_data)
        return Response(self._told(made), status=status.HTTP_201_CREATED)

    @extend_schema(request=AnswerSerializer, responses={200: FeedbackSerializer})
    @action(detail=True, methods=["post"], writers=(LEAD, SPONSOR, CHAMPION))
    def answer(self, request: Request, pk: str | None = None) -> Response:
        """Answer it; whoever raised it or voted for it reads that."""
        sent = AnswerSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        found = services.answer_feedback(self.get_object(), by=person_of(request), now=timezone.now(),
                                         **sent.validated_data)  # fmt: skip
        return Response(self._told(found))

    @extend_schema(request=AgreeSerializer, responses={200: FeedbackSerializer})
    @action(detail=True, methods=["post"], writers=(LEAD, SPONSOR, CHAMPION))
    def agree(self, request: Request, pk: str | None = None) -> Response:
        """Agree on what will show an expectation met: a check or a figure of it, a target and a day."""
        sent = AgreeSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        found = services.agree_expectation(self.get_object(), by=person_of(request), today=timezone.localdate(),
                                           **sent.validated_data)  # fmt: skip
        return Response(self._told(found))

    @extend_schema(responses=ExpectationSerializer(many=True), filters=False)
    @action(detail=False, methods=["get"], pagination_class=None, readers=(LEAD, SPONSOR, CHAMPION))
    def expectations(self, request: Request) -> Response:
        """Every expectation, what was agreed of it, and whether the readings say that it is met."""
        return Response(ExpectationSerializer(expectations(timezone.localdate()), many=True).data)

    @extend_schema(responses=RankedSerializer(many=True), filters=False)
    @action(detail=False, methods=["get"], pagination_class=None, readers=(LEAD, SPONSOR, CHAMPION))
    def ranking(self, request: Request) -> Response:
        """Open requests by rule, not by loudness: everybody has one voice, shared out among what they want."""
        found, _asking = ranking.requests()
        return Response(RankedSerializer(found, many=True).data)

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
class ReadingViewSet(PlanViewSet[Reading]):
    """What the checks measured, day by day."""

    serializer_class = ReadingSerializer
    filterset_class = ReadingFilter
    queryset = Reading.objects.order_by("-pk")
