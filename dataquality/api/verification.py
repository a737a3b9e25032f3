"""What is attested true, over the API: to read by field, and to say of one record."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crm_adoption.kit.access import ANALYST, INTEGRATION, LEAD, SPONSOR, STEWARD
from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from dataquality import subjects
from dataquality.models import Method
from dataquality.queries import verification as truth
from dataquality.services import verifying
from dataquality.subjects import Subject

READERS = (LEAD, SPONSOR, STEWARD, ANALYST, INTEGRATION)


class FreshnessFacts(serializers.Serializer[Any]):
    table = serializers.CharField()
    field = serializers.CharField()  # type: ignore[assignment]
    critical = serializers.BooleanField()
    filled = serializers.IntegerField(help_text="Live records that hold anything.")
    in_force = serializers.IntegerField(help_text="Attested, not expired, and the same value still.")
    expired = serializers.IntegerField()
    changed = serializers.IntegerField(help_text="Attested once, and another value since.")
    wrong = serializers.IntegerField(help_text="Found wrong, and still so.")
    due = serializers.IntegerField(help_text="Filled and not in force.")
    share = serializers.FloatField(allow_null=True, help_text="In force of filled, 0 to 1.")
    still_true = serializers.FloatField(allow_null=True, help_text="Of those in force, expected by their half-life.")


class FreshnessView(APIView):
    """How much of what money or trust is spent on is attested true, by field."""

    readers, writers = READERS, ()

    @extend_schema(
        parameters=[OpenApiParameter("table", str, description="Slug of a table; all of them without it.")],
        responses=FreshnessFacts(many=True),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        slug, today = request.query_params.get("table", ""), timezone.localdate()
        asked = [_table(slug)] if slug else subjects.every()
        return Response(FreshnessFacts([row for one in asked for row in truth.freshness(one, today)], many=True).data)


class VerifyFacts(serializers.Serializer[Any]):
    fields_true = serializers.ListField(
        child=serializers.CharField(), required=False, default=list, help_text="Fields; empty: all that are asked for."
    )
    method = serializers.ChoiceField(choices=Method.choices)
    until = serializers.DateField(required=False, allow_null=True, default=None)


class Attested(serializers.Serializer[Any]):
    attested = serializers.IntegerField(help_text="Values attested; blank ones attest nothing.")


class VerifyView(APIView):
    """Say that values of a record are true."""

    readers, writers = (), (LEAD, STEWARD, INTEGRATION)

    @extend_schema(request=VerifyFacts, responses={201: Attested})
    def post(self, request: Request, table: str, pk: int, *args: Any, **kwargs: Any) -> Response:
        subject = _table(table)
        if not (pk < 2**63 and subject.model.objects.live().filter(pk=pk).exists()):
            raise NotFound
        asked = VerifyFacts(data=request.data)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        assert isinstance(request.user, Person)
        n = verifying.attest(
            subject, [pk], fields=said["fields_true"], method=said["method"], until=said["until"], by=request.user,
            now=timezone.now(),
        )  # fmt: skip
        return Response({"attested": n}, status=status.HTTP_201_CREATED)


def _table(slug: str) -> Subject:
    try:
        return subjects.get(slug)
    except Refusal as refusal:
        raise NotFound(refusal.sentence) from None
