"""How much is used, adoption by role, the click ledger and the return, as pages show them."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crm_adoption.usage import queries
from crm_adoption.usage.access import FACTS, MONEY


class PartFacts(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]
    u = serializers.FloatField(allow_null=True, help_text="0 to 1; null below the floor.")
    capabilities = serializers.IntegerField()


class CapabilityUseFacts(serializers.Serializer[Any]):
    code = serializers.CharField(source="capability.code")
    share = serializers.FloatField(allow_null=True, help_text="Users / eligible; null below the floor.")
    decay = serializers.SerializerMethodField(help_text="1 - last / best window; null below the floor or too new.")
    is_decayed = serializers.SerializerMethodField(help_text="Fell by more than half from its best.")

    def get_decay(self, row: queries.CapabilityUse) -> float | None:
        return row.decay.rate if row.share is not None and row.decay and row.decay.is_known else None

    def get_is_decayed(self, row: queries.CapabilityUse) -> bool:
        return row.share is not None and row.is_decayed


class UtilisationFacts(serializers.Serializer[Any]):
    until = serializers.DateField(allow_null=True, help_text="The newest day of use that is known.")
    u = serializers.FloatField(allow_null=True, help_text="Sum of value x users / eligible over the sum of values.")
    reference_line = serializers.FloatField(source="setting.reference_line")
    shown_from = serializers.IntegerField(source="setting.shown_from", help_text="Groups of fewer have no figure.")
    kinds = PartFacts(many=True)
    roles = PartFacts(many=True)
    capabilities = CapabilityUseFacts(source="rows", many=True)


class UtilisationView(APIView):
    """How much of what the CRM can do is used; never by name."""

    readers = FACTS

    @extend_schema(responses=UtilisationFacts)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(UtilisationFacts(queries.utilisation(timezone.localdate())).data)


class RoleAdoptionFacts(serializers.Serializer[Any]):
    role = serializers.CharField()
    median = serializers.FloatField(allow_null=True, help_text="0 to 100; null below the floor.")
    adopted = serializers.FloatField(allow_null=True)
    days_a_week = serializers.FloatField(allow_null=True)


class AdoptionFacts(serializers.Serializer[Any]):
    until = serializers.DateField(allow_null=True)
    median = serializers.FloatField(allow_null=True)
    roles = RoleAdoptionFacts(many=True)


class AdoptionView(APIView):
    """Adoption (access x process x quality) by role; never by name."""

    readers = FACTS

    @extend_schema(responses=AdoptionFacts)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(AdoptionFacts(queries.adoption(timezone.localdate())).data)


class LineFacts(serializers.Serializer[Any]):
    kind = serializers.CharField()
    line = serializers.CharField()
    name = serializers.CharField()
    amount = serializers.DecimalField(max_digits=14, decimal_places=2)
    state = serializers.CharField(help_text="evidenced, claimed, or not shown.")


class ReturnFacts(serializers.Serializer[Any]):
    currency = serializers.CharField()
    costs = serializers.DecimalField(max_digits=16, decimal_places=2)
    gains = serializers.DecimalField(max_digits=16, decimal_places=2, help_text="That readings show, in a year.")
    claimed = serializers.DecimalField(max_digits=16, decimal_places=2, help_text="That nothing shows.")
    roi = serializers.FloatField(allow_null=True, help_text="(gains - costs) / costs.")
    payback_months = serializers.FloatField(allow_null=True)
    lines = LineFacts(many=True)


class ReturnView(APIView):
    """What the programme costs and brings; only gains that two readings show count."""

    readers = MONEY

    @extend_schema(responses=ReturnFacts)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(ReturnFacts(queries.returns(timezone.localdate())).data)
