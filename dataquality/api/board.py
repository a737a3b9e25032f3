"""The scoreboard, gates and records, to read and to act on."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crm_adoption.kit.access import ANALYST, INTEGRATION, LEAD, SPONSOR, STEWARD, belongs
from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from dataquality import outlook, queries, reports, subjects
from dataquality.api.mending import FindingSerializer
from dataquality.filters import RecordFilter
from dataquality.models import Finding, Override, Source
from dataquality.services import gates

READERS = (LEAD, SPONSOR, STEWARD, ANALYST, INTEGRATION)


class FieldScoreSerializer(serializers.Serializer[Any]):
    field = serializers.CharField()  # type: ignore[assignment]
    label = serializers.CharField()  # type: ignore[assignment]
    rows = serializers.IntegerField()
    wrong = serializers.IntegerField()
    rate = serializers.FloatField(allow_null=True, help_text="0 to 1; null where it is undefined.")
    limit = serializers.FloatField()
    strict = serializers.BooleanField(help_text="Whether the rate must be below the limit, or may reach it.")
    passes = serializers.BooleanField(allow_null=True)
    to_fix = serializers.IntegerField()
    critical = serializers.BooleanField()
    pointer = serializers.BooleanField()
    checkable = serializers.BooleanField()


class FitnessSerializer(serializers.Serializer[Any]):
    use = serializers.ChoiceField(choices=[*queries.USES])
    rows = serializers.IntegerField(help_text="Live records.")
    fit = serializers.IntegerField(help_text="Those that hold what the use needs, and break no rule tagged with it.")


class TableScoreSerializer(serializers.Serializer[Any]):
    table = serializers.CharField(source="slug")
    label = serializers.CharField()  # type: ignore[assignment]
    rows = serializers.IntegerField()
    wrong = serializers.IntegerField()
    rate = serializers.FloatField(allow_null=True)
    limit = serializers.FloatField()
    strict = serializers.BooleanField()
    passes = serializers.BooleanField(allow_null=True)
    to_fix = serializers.IntegerField()
    taken_at = serializers.DateTimeField(allow_null=True)
    fitness = FitnessSerializer(many=True, help_text="For each use its columns are declared for.")
    fields = FieldScoreSerializer(many=True)  # type: ignore[assignment]


def _asked_source(request: Request) -> Source | None:
    unknown = set(request.query_params) - {"source", "format"}
    if unknown:
        raise serializers.ValidationError(dict.fromkeys(unknown, "Unknown parameter; this list knows source."))
    name = request.query_params.get("source", "")
    if not name:
        return None
    found = Source.objects.filter(name=name).first() if "\x00" not in name else None
    if found is None:
        raise serializers.ValidationError({"source": "There is no source of this name."})
    return found


_source_parameter = [OpenApiParameter("source", str, description="Name of a source; all together without it.")]


class ScoreboardView(APIView):
    """Every table against its limit."""

    readers, writers = READERS, ()

    @extend_schema(parameters=_source_parameter, responses={200: TableScoreSerializer(many=True)})
    def get(self, request: Request) -> Response:
        scores = queries.scoreboard(_asked_source(request))
        return Response([score.as_json() for score in scores])


class ReasonSerializer(serializers.Serializer[Any]):
    table = serializers.CharField()
    field = serializers.CharField(allow_null=True)  # type: ignore[assignment]
    rows = serializers.IntegerField()
    wrong = serializers.IntegerField()
    rate = serializers.FloatField(allow_null=True)
    limit = serializers.FloatField()
    to_fix = serializers.IntegerField()
    about = serializers.ChoiceField(choices=["data", "steward"], help_text="What would end it: mending, or a seat.")
    sentence = serializers.CharField()
    url = serializers.CharField()


class OutlookSerializer(serializers.Serializer[Any]):
    likely = serializers.DateField(allow_null=True, help_text="From that day on it is open as likely as not.")
    nearly_sure = serializers.DateField(allow_null=True, help_text="From that day on with 80 %.")
    last_day = serializers.DateField(help_text="How far was looked.")
    short = serializers.ListField(child=serializers.CharField(), help_text="What has too few readings for a trend.")
    sentence = serializers.CharField()


class GateSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField(source="report.slug")
    title = serializers.CharField(source="report.title")
    state = serializers.ChoiceField(choices=["open", "locked", "overridden", "analyst"])
    stamp = serializers.CharField(allow_blank=True)
    reasons = ReasonSerializer(many=True)
    outlook = serializers.SerializerMethodField(help_text="When it will open, as it goes; null while it is open.")

    @extend_schema_field(OutlookSerializer(allow_null=True))
    def get_outlook(self, state: gates.GateState) -> dict[str, Any] | None:
        told = outlook.of(state, now=self.context["now"])
        return None if told is None else dict(OutlookSerializer(told).data)


class OverrideSerializer(serializers.ModelSerializer[Override]):
    class Meta:
        model = Override
        fields = ("id", "gate", "by", "reason", "until", "created_at")
        read_only_fields = ("id", "gate", "by", "created_at")


class GateViewSet(viewsets.ViewSet):
    """Report gates: 200 while a report may be shown, 423 while it is locked, with the same facts."""

    readers, writers = READERS, (LEAD, SPONSOR)
    scope = "admin"
    lookup_field = "slug"
    lookup_value_regex = "[-a-z0-9_]+"

    @extend_schema(responses={200: GateSerializer(many=True)})
    def list(self, request: Request) -> Response:
        now, scores = timezone.now(), queries.scoreboard()
        states = [
            gates.gate(report, now=now, reader=_person(request), scores=scores)
            for report in reports.every()
            if belongs(request.user, (*report.groups, INTEGRATION))
        ]
        return Response(GateSerializer(states, many=True, context={"now": now}).data)

    @extend_schema(responses={200: GateSerializer, 423: GateSerializer})
    def retrieve(self, request: Request, slug: str) -> Response:
        now = timezone.now()
        state = gates.gate(_report(slug), now=now, reader=_person(request))
        code = status.HTTP_423_LOCKED if state.is_locked else status.HTTP_200_OK
        return Response(GateSerializer(state, context={"now": now}).data, status=code)

    @extend_schema(request=OverrideSerializer, responses={201: OverrideSerializer})
    @action(detail=True, methods=["post"])
    def override(self, request: Request, slug: str) -> Response:
        """Open a shut gate for at most 90 days, with a reason."""
        report = _report(slug)
        asked = OverrideSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        made = gates.override_gate(report, by=_person(request), now=timezone.now(), **asked.validated_data)
        return Response(OverrideSerializer(made).data, status=status.HTTP_201_CREATED)


def _report(slug: str) -> reports.Report:
    try:
        return reports.get(slug)
    except Refusal as refusal:
        raise NotFound(refusal.sentence) from None


def _person(request: Request) -> Person:
    assert isinstance(request.user, Person)
    return request.user


class RecordView(APIView):
    """One record with its open findings and its history."""

    readers, writers = READERS, ()

    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request, table: str, pk: int) -> Response:
        try:
            subject = subjects.get(table)
        except Refusal as refusal:
            raise NotFound(refusal.sentence) from None
        record = subject.model._default_manager.select_related("source").filter(pk=pk).first() if pk < 2**63 else None
        if record is None:
            raise NotFound
        said = {name: getattr(record, subject.stored_name(name)) for name in subject.columns}
        return Response(
            {
                "id": record.pk,
                "table": subject.slug,
                "source": record.source.name,
                "external_id": record.external_id,
                "state": record.state,
                "fields": said,
                "extra": record.extra,
                "corrected": record.corrected,
                "findings": FindingSerializer([told.finding for told in queries.findings_of(record)], many=True).data,
                "history": [
                    {"at": c.at, "batch": c.batch_id, "field": c.field, "old": c.old, "new": c.new}
                    for c in queries.history_of(record)
                ],
            }
        )


class RecordSerializer(serializers.Serializer[Any]):
    """A record as a row of its table."""

    def to_representation(self, record: Any) -> dict[str, Any]:
        subject = subjects.get(record._meta.label_lower)
        return {
            "id": record.pk, "external_id": record.external_id, "source": record.source.name, "state": record.state,
            **{name: getattr(record, subject.stored_name(name)) for name in subject.columns},
        }  # fmt: skip


class RecordListView(mixins.ListModelMixin, viewsets.GenericViewSet[Any]):
    """The records of one table, newest first."""

    serializer_class, filterset_class = RecordSerializer, RecordFilter
    readers, writers = READERS, ()

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return Finding.objects.none()
        try:
            subject = subjects.get(self.kwargs["table"])
        except Refusal as refusal:
            raise NotFound(refusal.sentence) from None
        return subject.model._default_manager.select_related("source")
