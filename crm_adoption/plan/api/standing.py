"""Evidence, claim and risk over the API: read only."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crm_adoption.kit.access import ANALYST, INTEGRATION, LEAD, SPONSOR
from crm_adoption.plan import queries
from crm_adoption.plan.queries import Standing

READERS = (LEAD, SPONSOR, ANALYST, INTEGRATION)
FORMULA = (
    "R = 1 / (1 + exp(-(L - midpoint) / softness)), L = sum of weight x (1 - score)^2, weights scaled to total_weight"
)


class IngredientFacts(serializers.Serializer[Any]):
    slug = serializers.CharField(source="ingredient.slug")
    order = serializers.IntegerField(source="ingredient.order")
    name = serializers.CharField(source="ingredient.name")
    weight = serializers.FloatField(source="ingredient.weight")
    status = serializers.CharField(help_text="missing, insufficient, sufficient, strong or no evidence yet.")
    score = serializers.FloatField(allow_null=True, help_text="Evidence, 0 to 1; null without a fresh reading.")
    coverage = serializers.FloatField(help_text="Share of the checks' weight that has a fresh reading.")
    little_evidence = serializers.BooleanField(source="has_little_evidence")
    claim = serializers.FloatField(allow_null=True, help_text="0 to 1; null until enough people answered.")
    answers = serializers.IntegerField()
    gap = serializers.FloatField(allow_null=True, help_text="claim - score.")
    evidence_at = serializers.DateTimeField(allow_null=True, help_text="From when the oldest evidence counted is.")


class RiskFacts(serializers.Serializer[Standing]):
    low = serializers.FloatField(source="risk.low", help_text="If all that is not measured were perfect.")
    high = serializers.FloatField(source="risk.high", help_text="If all that is not measured were missing.")
    coverage = serializers.FloatField(source="risk.coverage", help_text="Share of the weight that is measured.")
    little_evidence = serializers.BooleanField(source="has_little_evidence")
    evidence_at = serializers.DateTimeField(allow_null=True)
    formula = serializers.SerializerMethodField()
    constants = serializers.SerializerMethodField()

    def get_formula(self, standing: Standing) -> str:
        return FORMULA

    def get_constants(self, standing: Standing) -> dict[str, float]:
        return dict(vars(standing.constants))


class IngredientsView(APIView):
    """The ten ingredients: what records say, and what people say beside it."""

    readers = READERS

    @extend_schema(responses=IngredientFacts(many=True))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(IngredientFacts(queries.standing(timezone.now()).ingredients, many=True).data)


class RiskView(APIView):
    """Between which bounds the risk of failure lies, and how it is computed."""

    readers = READERS

    @extend_schema(responses=RiskFacts)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(RiskFacts(queries.standing(timezone.now())).data)
