"""Findings and corrections: to read, to accept, to waive, to put right and to take back."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from crm_adoption.kit.access import ANALYST, INTEGRATION, LEAD, SPONSOR, STEWARD
from crm_adoption.people.models import Person
from dataquality import subjects
from dataquality.filters import CorrectionFilter, FindingFilter
from dataquality.models import Correction, Finding, Record, Source
from dataquality.services import accepting, corrections, waivers
from dataquality.services.trying import try_correction

READERS = (LEAD, SPONSOR, STEWARD, ANALYST, INTEGRATION)
KEEPERS = (LEAD, STEWARD, INTEGRATION)
MOST = 1000  # rows named in one request


def _person(request: Request) -> Person:
    return cast(Person, request.user)


class FindingSerializer(serializers.ModelSerializer[Finding]):
    rule = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True)
    source = serializers.SlugRelatedField[Any](slug_field="name", read_only=True)  # type: ignore[assignment]
    candidates = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Finding
        fields = (
            "id", "rule", "table", "record_id", "source", "field", "code", "value", "suggestion", "candidates",
            "severity", "state", "opened_at", "closed_at", "waiver_reason", "waived_until",
        )  # fmt: skip
        read_only_fields = fields


class ChosenSerializer(serializers.Serializer[Any]):
    """Rows by their ids; every one must exist."""

    ids = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), min_length=1,
                                max_length=MOST)  # fmt: skip

    def chosen(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        ids = set(self.validated_data["ids"])
        found = queryset.filter(pk__in=ids)
        missing = ids - set(found.values_list("pk", flat=True))
        if missing:
            raise serializers.ValidationError({"ids": f"There is no row {min(missing)}; read the list again."})
        return found


class WaiveSerializer(ChosenSerializer):
    reason = serializers.CharField()
    until = serializers.DateField(help_text="The last day on which they do not count.")


class WaivedSerializer(serializers.Serializer[Any]):
    waived = serializers.IntegerField()


class OpenedSerializer(serializers.Serializer[Any]):
    opened = serializers.IntegerField(help_text="Findings that count again.")


class AcceptedSerializer(serializers.Serializer[Any]):
    corrected = serializers.IntegerField(help_text="Records corrected, pending their export.")


class FindingViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet[Finding]):
    """Findings, each with its record's id, its field and its value."""

    queryset = Finding.objects.select_related("rule", "source")
    serializer_class, filterset_class = FindingSerializer, FindingFilter
    readers, writers = READERS, KEEPERS

    @extend_schema(request=ChosenSerializer, responses={200: AcceptedSerializer})
    @action(detail=False, methods=["post"], filterset_class=None, pagination_class=None)
    def accept(self, request: Request) -> Response:
        """Write what each of these findings suggests into its own record alone."""
        asked = ChosenSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        chosen = asked.chosen(Finding.objects.all())
        n = accepting.accept_suggestions(chosen, by=_person(request), now=timezone.now())
        return Response({"corrected": n})

    @extend_schema(request=WaiveSerializer, responses={200: WaivedSerializer})
    @action(detail=False, methods=["post"], filterset_class=None, pagination_class=None)
    def waive(self, request: Request) -> Response:
        """Bear these findings until the end of a day, for a reason."""
        asked = WaiveSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        n = waivers.waive(
            asked.chosen(Finding.objects.all()), by=_person(request), reason=data["reason"], until=data["until"],
            now=timezone.now(),
        )  # fmt: skip
        return Response({"waived": n})

    @extend_schema(request=ChosenSerializer, responses={200: OpenedSerializer})
    @action(detail=False, methods=["post"], url_path="end-waivers", filterset_class=None, pagination_class=None)
    def end_waivers(self, request: Request) -> Response:
        """Open waived findings again before their day."""
        asked = ChosenSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return Response({"opened": waivers.end_waivers(asked.chosen(Finding.objects.all()), now=timezone.now())})


class AcceptSerializer(serializers.Serializer[Any]):
    table = serializers.CharField()
    field = serializers.CharField()  # type: ignore[assignment]
    value = serializers.CharField(allow_blank=True, trim_whitespace=False)
    new = serializers.CharField()
    source = serializers.SlugRelatedField[Source](slug_field="name", queryset=Source.objects.all())  # type: ignore[assignment]


class CorrectionSerializer(serializers.ModelSerializer[Correction]):
    source = serializers.SlugRelatedField[Any](slug_field="name", read_only=True)  # type: ignore[assignment]

    class Meta:
        model = Correction
        fields = (
            "id", "kind", "table", "record_id", "external_id", "source", "field", "old", "new", "origin", "made_by",
            "reason", "fate", "created_at",
        )  # fmt: skip
        read_only_fields = fields


class CellSerializer(serializers.Serializer[Any]):
    """One cell, and what it should be."""

    table = serializers.CharField()
    record_id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    field = serializers.CharField()  # type: ignore[assignment]
    new = serializers.CharField(allow_blank=True, max_length=10_000)
    reason = serializers.CharField(allow_blank=True, default="", max_length=500)

    def record(self) -> Record:
        """The record named; subjects that do not exist are refused by name."""
        subject = subjects.get(self.validated_data["table"])
        pk = self.validated_data["record_id"]
        found: Record | None = subject.model._default_manager.select_related("source").filter(pk=pk).first()
        if found is None:
            raise serializers.ValidationError({"record_id": f"{subject.label} have no record {pk}."})
        return found


class TriedSerializer(serializers.Serializer[Any]):
    new = serializers.CharField(help_text="The value as the field would hold it; no rule objects.")


class WithdrawnSerializer(serializers.Serializer[Any]):
    withdrawn = serializers.IntegerField()


class CorrectionViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet[Correction]):
    """What we propose; `accept` takes one suggestion for all records that share a wrong value."""

    queryset = Correction.objects.select_related("source")
    serializer_class, filterset_class = CorrectionSerializer, CorrectionFilter
    readers, writers = READERS, KEEPERS

    @extend_schema(request=AcceptSerializer, responses={200: AcceptedSerializer})
    @action(detail=False, methods=["post"])
    def accept(self, request: Request) -> Response:
        """Put one wrong value right in all records of a source that share it."""
        asked = AcceptSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        data = dict(asked.validated_data)
        subject = subjects.get(data.pop("table"))
        n = corrections.accept_suggestion(subject, by=_person(request), now=timezone.now(), **data)
        return Response({"corrected": n})

    @extend_schema(request=CellSerializer, responses={201: CorrectionSerializer})
    def create(self, request: Request) -> Response:
        """Put one cell of one record right; 409 says which rule objects."""
        asked = CellSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        made = corrections.correct(
            asked.record(), data["field"], data["new"], by=_person(request), now=timezone.now(), reason=data["reason"]
        )
        return Response(CorrectionSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=CellSerializer, responses={200: TriedSerializer})
    @action(detail=False, methods=["post"], filterset_class=None, pagination_class=None)
    def check(self, request: Request) -> Response:
        """What a correction would be refused for, without making it."""
        asked = CellSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        return Response({"new": try_correction(asked.record(), data["field"], data["new"], now=timezone.now())})

    @extend_schema(request=ChosenSerializer, responses={200: WithdrawnSerializer})
    @action(detail=False, methods=["post"], filterset_class=None, pagination_class=None)
    def withdraw(self, request: Request) -> Response:
        """Take pending corrections back; the cells show again what the CRM says."""
        asked = ChosenSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        chosen = asked.chosen(Correction.objects.all())
        n = corrections.withdraw_corrections(chosen, by=_person(request), now=timezone.now())
        return Response({"withdrawn": n})
