"""What a CRM is bought for, measured, and the customers nobody claims, over the API: read only."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Account
from crm_adoption.kit.access import ANALYST, INTEGRATION, LEAD, SPONSOR, STEWARD
from crm_adoption.plan.api.base import PlanViewSet
from crm_adoption.plan.filters import CustomerFilter
from crm_adoption.plan.queries import brought as queries
from crm_adoption.plan.queries import customers


class BroughtFacts(serializers.Serializer[Any]):
    slug = serializers.CharField(source="brought.slug")
    label = serializers.CharField(source="brought.label")  # type: ignore[assignment]
    formula = serializers.CharField(source="brought.formula")
    value = serializers.FloatField(allow_null=True, help_text="A share from 0 to 1; null before anything is known.")
    n = serializers.IntegerField(source="reading.n", default=None, allow_null=True, help_text="On how many things.")
    at = serializers.DateTimeField(
        source="reading.at", default=None, allow_null=True, help_text="When the records it stands on were taken."
    )
    taken_on = serializers.DateField(source="reading.taken_on", default=None, allow_null=True)
    detail = serializers.DictField(help_text="By table or by kind, as the figure has it.")


class BroughtView(APIView):
    """The seven things a CRM is bought for, each with its formula, sample and day (M7)."""

    readers = (LEAD, SPONSOR, STEWARD, ANALYST, INTEGRATION)

    @extend_schema(responses=BroughtFacts(many=True))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(BroughtFacts(queries.shown(timezone.now()), many=True).data)


class CustomerSerializer(serializers.ModelSerializer[Account]):
    owned = serializers.BooleanField(read_only=True, help_text="By somebody who is here.")
    seen = serializers.BooleanField(read_only=True, help_text="Within the days agreed.")
    unprofitable = serializers.BooleanField(
        read_only=True, help_text="Minutes in a year, nothing won in it, nothing open."
    )
    last_activity = serializers.DateTimeField(read_only=True, allow_null=True)
    minutes = serializers.FloatField(read_only=True, help_text="Of activities in a year.")

    class Meta:
        model = Account
        fields = (
            "id", "source", "external_id", "name", "owner", "owner_ref", "owned", "seen", "unprofitable",
            "last_activity", "minutes",
        )  # fmt: skip
        read_only_fields = fields


class UnclaimedViewSet(PlanViewSet[Account]):
    """Customers nobody claims, and those that cost time and bring nothing."""

    readers = (LEAD, STEWARD, ANALYST, INTEGRATION)
    serializer_class = CustomerSerializer
    filterset_class = CustomerFilter
    queryset = Account.objects.none()  # tells the schema the key; get_queryset answers

    def get_queryset(self) -> QuerySet[Account]:
        when = None if getattr(self, "swagger_fake_view", False) else customers.since(timezone.now())
        return customers.to_look_at(when).order_by("-pk")
