"""Capabilities, use cases, shadow systems, the click ledger and lines of the return: to read and to write."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from crm_adoption.people.models import JobRole
from crm_adoption.usage import queries, services
from crm_adoption.usage.access import FACTS, KEEPERS, MONEY
from crm_adoption.usage.filters import (
    CapabilityFilter,
    EffortReleaseFilter,
    LedgerLineFilter,
    ShadowSystemFilter,
    UseCaseFilter,
)
from crm_adoption.usage.models import (
    Capability,
    Dimension,
    EffortEntry,
    EffortRelease,
    LedgerLine,
    ShadowSystem,
    UseCase,
    XRay,
)


class Kept(
    mixins.CreateModelMixin, mixins.RetrieveModelMixin, mixins.UpdateModelMixin, mixins.ListModelMixin,
    viewsets.GenericViewSet[Any],
):  # fmt: skip
    """Rows that are read, made and changed, never deleted; PUT is left out, PATCH says what changes."""

    http_method_names = ["get", "post", "patch", "head", "options"]
    readers: tuple[str, ...] = FACTS
    writers: tuple[str, ...] = KEEPERS
    scope = "admin"


def roles(**more: Any) -> Any:
    return serializers.SlugRelatedField(slug_field="name", queryset=JobRole.objects.all(), **more)


class CapabilitySerializer(serializers.ModelSerializer[Capability]):
    job_roles = roles(many=True, required=False)

    class Meta:
        model = Capability
        fields = (
            "id", "code", "name", "kind", "value", "summary", "job_roles", "aliases", "tables", "fields", "derived",
            "retired_on",
        )  # fmt: skip

    def create(self, validated_data: dict[str, Any]) -> Capability:
        needed = validated_data.pop("job_roles", [])
        return services.save_capability(Capability(**validated_data), job_roles=needed)

    def update(self, instance: Capability, validated_data: dict[str, Any]) -> Capability:
        needed = validated_data.pop("job_roles", None)
        for name, value in validated_data.items():
            setattr(instance, name, value)
        return services.save_capability(instance, job_roles=needed)


class CapabilityViewSet(Kept):
    """What the CRM can do, what it is worth, and who needs it."""

    serializer_class, filterset_class = CapabilitySerializer, CapabilityFilter
    queryset = Capability.objects.prefetch_related("job_roles")


class ElementSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=200)
    importance = serializers.IntegerField(min_value=1, max_value=5)
    on_screen = serializers.BooleanField(default=False)


class UseCaseSerializer(serializers.ModelSerializer[UseCase]):
    job_role = roles()
    serves = roles(many=True, required=False)
    capability = serializers.SlugRelatedField(  # type: ignore[var-annotated]
        slug_field="code", queryset=Capability.objects.all(), allow_null=True, required=False
    )
    dimensions = serializers.ListField(child=serializers.ChoiceField(choices=Dimension.choices), required=False)
    elements = ElementSerializer(many=True, required=False, help_text="What people look for on its screen.")
    personalization = serializers.FloatField(read_only=True, help_text="Honoured of the seven dimensions, 0 to 1.")
    context = serializers.FloatField(read_only=True, allow_null=True)  # type: ignore[assignment]

    class Meta:
        model = UseCase
        fields = (
            "id", "job_role", "name", "goal", "learned_from", "learned_on", "capability", "is_core", "priority",
            "per_28_days", "ideal_clicks", "actual_clicks", "inputs", "prefilled", "seconds_target", "minutes",
            "serves", "dimensions", "elements", "personalization", "context", "retired_on",
        )  # fmt: skip
        validators: list[Any] = []

    def create(self, validated_data: dict[str, Any]) -> UseCase:
        return self._keep(UseCase(), validated_data)

    def update(self, instance: UseCase, validated_data: dict[str, Any]) -> UseCase:
        return self._keep(instance, validated_data)

    def _keep(self, case: UseCase, said: dict[str, Any]) -> UseCase:
        serves, elements = said.pop("serves", None), said.pop("elements", None)
        for name, value in said.items():
            setattr(case, name, value)
        told = None if elements is None else [(one["name"], one["importance"], one["on_screen"]) for one in elements]
        return services.save_use_case(case, serves=serves, elements=told)


class UseCaseViewSet(Kept):
    """What people of each role want to get done, how often, and what it costs them."""

    serializer_class, filterset_class = UseCaseSerializer, UseCaseFilter
    queryset = UseCase.objects.select_related("job_role", "capability").prefetch_related("serves", "elements")


class XRayFacts(serializers.ModelSerializer[XRay]):
    overlap = serializers.FloatField(allow_null=True, read_only=True)
    unknown = serializers.IntegerField(read_only=True, help_text="Rows the CRM does not know.")

    class Meta:
        model = XRay
        fields = (
            "taken_at", "rows", "found", "unknown", "overlap", "header", "missing_in_crm", "compared", "edited_on",
            "crm_edited_on", "looked_again_at",
        )  # fmt: skip
        read_only_fields = fields


class ShadowSystemSerializer(serializers.ModelSerializer[ShadowSystem]):
    state = serializers.ChoiceField(
        choices=[one for one in ShadowSystem.State.choices if one[0] != ShadowSystem.State.RETIRED], required=False
    )
    team = serializers.SlugRelatedField(slug_field="name", read_only=True, allow_null=True)  # type: ignore[var-annotated]
    x_ray = serializers.SerializerMethodField(help_text="What its newest sheet showed; null before one was seen.")

    class Meta:
        model = ShadowSystem
        fields = ("id", "name", "team", "table", "why", "found_on", "state", "retired_on", "x_ray")
        read_only_fields = ("retired_on",)

    @extend_schema_field(XRayFacts(allow_null=True))
    def get_x_ray(self, shadow: ShadowSystem) -> dict[str, Any] | None:
        newest = shadow.x_rays.defer("keys").first()
        return None if newest is None else XRayFacts(newest).data

    def create(self, validated_data: dict[str, Any]) -> ShadowSystem:
        return services.save_shadow(ShadowSystem(**validated_data))

    def update(self, instance: ShadowSystem, validated_data: dict[str, Any]) -> ShadowSystem:
        for name, value in validated_data.items():
            setattr(instance, name, value)
        return services.save_shadow(instance)


class ShadowSystemViewSet(Kept):
    """Where people keep what belongs in the CRM, and what its sheet showed; retired ones say `retired` when read."""

    serializer_class, filterset_class = ShadowSystemSerializer, ShadowSystemFilter
    queryset = ShadowSystem.objects.select_related("team")


class EntrySerializer(serializers.ModelSerializer[EffortEntry]):
    class Meta:
        model = EffortEntry
        fields = (
            "use_case", "clicks_added", "clicks_removed", "fields_added", "fields_removed", "times_a_week", "note",
        )  # fmt: skip


class RoleFacts(serializers.Serializer[Any]):
    role = serializers.CharField()
    seconds = serializers.FloatField(help_text="A week, given back; negative where taken.")


class BalanceFacts(serializers.Serializer[Any]):
    given = serializers.FloatField(help_text="Seconds a week.")
    taken = serializers.FloatField()
    seconds = serializers.FloatField()
    state = serializers.CharField(help_text="empty, ready, owes, answered or settled.")
    roles = RoleFacts(many=True)


class EffortReleaseSerializer(serializers.ModelSerializer[EffortRelease]):
    entries = EntrySerializer(many=True, read_only=True)
    balance = serializers.SerializerMethodField()

    class Meta:
        model = EffortRelease
        fields = ("id", "release", "name", "on", "why", "settled_at", "entries", "balance")
        read_only_fields = ("settled_at",)

    @extend_schema_field(BalanceFacts)
    def get_balance(self, release: EffortRelease) -> dict[str, Any]:
        return dict(BalanceFacts(queries.balance_of(release)).data)

    def create(self, validated_data: dict[str, Any]) -> EffortRelease:
        return services.save_release(EffortRelease(**validated_data))

    def update(self, instance: EffortRelease, validated_data: dict[str, Any]) -> EffortRelease:
        for name, value in validated_data.items():
            setattr(instance, name, value)
        return services.save_release(instance)


class EffortReleaseViewSet(Kept):
    """The click ledger: what each release takes from people and gives back to them."""

    serializer_class, filterset_class = EffortReleaseSerializer, EffortReleaseFilter
    queryset = EffortRelease.objects.prefetch_related("entries")

    @extend_schema(request=EntrySerializer, responses={200: EffortReleaseSerializer})
    @action(detail=True, methods=["post"])
    def entries(self, request: Request, pk: str) -> Response:
        """Write down what the release adds to a use case and takes out of it."""
        release = self.get_object()
        asked = EntrySerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        services.save_entry(EffortEntry(release=release, **asked.validated_data))
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=None, responses={200: EffortReleaseSerializer})
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, pk: str) -> Response:
        """Close the book; refused while it takes more than it gives and nobody answers for that."""
        return Response(self.get_serializer(services.settle_release(self.get_object(), now=timezone.now())).data)


class LedgerLineSerializer(serializers.ModelSerializer[LedgerLine]):
    class Meta:
        model = LedgerLine
        fields = ("id", "kind", "line", "name", "amount", "check_slug", "baseline_on", "after_on", "note")

    def create(self, validated_data: dict[str, Any]) -> LedgerLine:
        return services.save_line(LedgerLine(**validated_data))

    def update(self, instance: LedgerLine, validated_data: dict[str, Any]) -> LedgerLine:
        for name, value in validated_data.items():
            setattr(instance, name, value)
        return services.save_line(instance)


class LedgerLineViewSet(Kept):
    """Lines of cost and gain; their sum is `return/`."""

    readers = writers = MONEY
    serializer_class, filterset_class = LedgerLineSerializer, LedgerLineFilter
    queryset: QuerySet[LedgerLine] = LedgerLine.objects.all()
