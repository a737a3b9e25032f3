"""A steward's own matching rules: written, tried, published and withdrawn."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from crm_adoption.kit.api import REFUSED
from dataquality import subjects
from dataquality.api.matching import KEEPERS, READERS
from dataquality.engine.rule_match import HOWS
from dataquality.filters import MatchRuleFilter, tables
from dataquality.models import MatchRule
from dataquality.services.matching import rules


class CriterionSerializer(serializers.Serializer[Any]):
    column = serializers.CharField(max_length=80, help_text="A field of the table.")
    how = serializers.ChoiceField(choices=HOWS)
    length = serializers.IntegerField(min_value=0, max_value=200, required=False, default=0)
    ignore_blank = serializers.BooleanField(required=False, default=True)


class MatchRuleSerializer(serializers.ModelSerializer[MatchRule]):
    table = serializers.ChoiceField(choices=[])
    criteria = CriterionSerializer(many=True, allow_empty=False, help_text="All of them must hold.")

    class Meta:
        model = MatchRule
        fields = ("id", "table", "name", "criteria", "published", "created_at", "updated_at")
        read_only_fields = ("id", "published", "created_at", "updated_at")
        validators: list[Any] = []  # a name that is taken is refused with a sentence

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["table"]
        assert isinstance(field, serializers.ChoiceField)
        field.choices = tables()


class RuleTriedSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    pairs = serializers.IntegerField(help_text="Pairs it would give: what it would cost.")
    adds = serializers.IntegerField(help_text="Of them, those that no other rule and no detection has given.")
    largest = serializers.IntegerField(help_text="Records in its largest group.")


class PublishedSerializer(serializers.Serializer[Any]):
    pairs = serializers.IntegerField(help_text="Pairs of rules in the queue, or those that left it.")


class MatchRuleViewSet(
    mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet[MatchRule]
):  # fmt: skip
    """Rules whose every criterion must hold; the pairs of published ones stand in the queue beside the engine's."""

    queryset, serializer_class, filterset_class = MatchRule.objects.all(), MatchRuleSerializer, MatchRuleFilter
    readers, writers = READERS, KEEPERS

    @extend_schema(request=MatchRuleSerializer, responses={201: MatchRuleSerializer})
    def create(self, request: Request) -> Response:
        """Keep a rule; it counts for nothing before it is published."""
        asked = MatchRuleSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        made = rules.save_rule(MatchRule(**{**said, "criteria": [dict(one) for one in said["criteria"]]}))
        return Response(MatchRuleSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={200: RuleTriedSerializer, 409: REFUSED}, methods=["GET"])
    @action(detail=True, methods=["get"], url_path="try")
    def try_out(self, request: Request, pk: str) -> Response:
        """What it would give, what it would add, and what it would cost; nothing is kept."""
        rule = self.get_object()
        subject = subjects.get(rule.table)
        figures = rules.try_rule(subject, rules.as_rule(rule.name, rule.criteria, subject))
        return Response(RuleTriedSerializer(figures).data)

    @extend_schema(request=None, responses={200: PublishedSerializer})
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        """From now on its pairs stand in the queue."""
        return Response({"pairs": rules.publish(self.get_object())})

    @extend_schema(request=None, responses={200: PublishedSerializer})
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take its open pairs out of the queue again; what people judged stays."""
        return Response({"pairs": rules.withdraw_rule(self.get_object())})
