"""Is there such a record already? And entering one that is not: for every table whose records may be entered here."""

from __future__ import annotations

from typing import Any, ClassVar

from django.urls import URLPattern, path, reverse
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crm_adoption.jobs.api import JobSerializer
from crm_adoption.jobs.services import start
from crm_adoption.kit.api import ErrorsSerializer
from crm_adoption.people.models import Person
from dataquality import subjects
from dataquality.api.matching import KEEPERS, EvidenceSerializer
from dataquality.services import entering, matching
from dataquality.services.matching import Likely
from dataquality.subjects import Subject

LONGEST = 10_000  # characters of a field


class LikelySerializer(serializers.Serializer[Any]):
    """A record that the new one probably duplicates."""

    record_id = serializers.IntegerField()
    probability = serializers.FloatField(help_text="0 to 1, calibrated.")
    reasons = EvidenceSerializer(many=True)
    url = serializers.CharField(help_text="The record's page.")
    api = serializers.CharField(help_text="The record in this API.")


class CheckedSerializer(serializers.Serializer[Any]):
    """Empty where nothing like it is known; `checked` is false while no detection has run over the table."""

    checked = serializers.BooleanField()
    duplicates = LikelySerializer(many=True)


class WouldDuplicateSerializer(ErrorsSerializer):
    duplicates = LikelySerializer(many=True, required=False, help_text="Where that is why it was refused.")


class EnteredSerializer(serializers.Serializer[Any]):
    batch = serializers.IntegerField()
    external_id = serializers.CharField(help_text="Our own, until the CRM gives it one.")
    job = JobSerializer(help_text="When it is done, the record is there.")


def _fields(subject: Subject, *, entry: bool) -> type[serializers.Serializer[Any]]:
    """A field of text for every column of a table."""
    named: dict[str, Any] = {
        name: serializers.CharField(required=False, allow_blank=True, max_length=LONGEST, label=column.word)
        for name, column in subject.columns.items()
    }
    if entry:
        why = "Why there may be two, where the record probably stands here already."
        named["allow_duplicate"] = serializers.CharField(
            required=False, allow_blank=True, default="", max_length=1000, help_text=why
        )
    return type(f"{subject.model.__name__}{'Entry' if entry else 'Check'}Serializer", (serializers.Serializer,), named)


class CheckView(APIView):
    """Asked before a record is created: nothing is written."""

    readers, writers = (), KEEPERS
    scope = "read"
    subject: ClassVar[Subject]
    asked: ClassVar[type[serializers.Serializer[Any]]]

    def post(self, request: Request) -> Response:
        """The stored records that one of these values probably duplicates, the surest first, with the reasons."""
        asked = self.asked(data=request.data)
        asked.is_valid(raise_exception=True)
        found = matching.likely_duplicates(self.subject, asked.validated_data)
        return Response({"checked": found is not None, "duplicates": told(self.subject, found or [])})


class EnterView(APIView):
    """Enter a record here; it takes the way of an import of one row, and leaves for the CRM in a file."""

    readers, writers = (), KEEPERS
    subject: ClassVar[Subject]
    asked: ClassVar[type[serializers.Serializer[Any]]]

    def post(self, request: Request) -> Response:
        """Refused with the likely duplicates where there are any, unless `allow_duplicate` says why."""
        asked = self.asked(data=request.data)
        asked.is_valid(raise_exception=True)
        values = dict(asked.validated_data)
        allowed = values.pop("allow_duplicate")
        assert isinstance(request.user, Person)
        try:
            batch = entering.enter(self.subject, values, by=request.user, now=timezone.now(), allow_duplicate=allowed)
        except entering.WouldDuplicate as refusal:
            error = {"code": refusal.code, "detail": refusal.sentence, "attr": "allow_duplicate"}
            body = {"type": "client_error", "errors": [error], "duplicates": told(self.subject, refusal.likely)}
            return Response(body, status=status.HTTP_409_CONFLICT)
        job = start("apply_batch", scope=str(batch.pk), by=request.user)
        external_id = batch.file_name.removesuffix(".csv")
        entered = {"batch": batch.pk, "external_id": external_id, "job": JobSerializer(job).data}
        return Response(entered, status=status.HTTP_202_ACCEPTED)


def told(subject: Subject, likely: list[Likely]) -> list[dict[str, Any]]:
    """As the API shows them."""
    return [
        {
            "record_id": one.record_id, "probability": one.probability,
            "reasons": EvidenceSerializer(one.reasons, many=True).data,
            "url": reverse("record", args=[subject.slug, one.record_id]),
            "api": reverse("api-record", args=[subject.slug, one.record_id]),
        }
        for one in likely
    ]  # fmt: skip


def addresses() -> list[URLPattern]:
    """`<table>/` and `<table>/check/` for every table whose records may be entered here."""
    found = []
    for subject in subjects.every():
        if not subject.enter:
            continue
        name = subject.word.lower().replace(" ", "-")
        check, entry = _fields(subject, entry=False), _fields(subject, entry=True)
        refused = OpenApiResponse(WouldDuplicateSerializer, description="It probably stands here already.")
        checking = extend_schema_view(
            post=extend_schema(request=check, responses={200: CheckedSerializer}, operation_id=f"{name}_check")
        )
        making = extend_schema_view(
            post=extend_schema(
                request=entry, responses={202: EnteredSerializer, 409: refused}, operation_id=f"{name}_enter"
            )
        )
        known = {"subject": subject}
        checker: type[APIView] = checking(
            type(f"{subject.model.__name__}CheckView", (CheckView,), known | {"asked": check})
        )
        enterer: type[APIView] = making(
            type(f"{subject.model.__name__}EnterView", (EnterView,), known | {"asked": entry})
        )
        found.append(path(f"{name}/", enterer.as_view(), name=f"api-enter-{name}"))
        found.append(path(f"{name}/check/", checker.as_view(), name=f"api-check-{name}"))
    return found
