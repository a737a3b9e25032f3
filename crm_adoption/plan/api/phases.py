"""Phases with their gates and forecasts, objectives and work items over the API."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from crm_adoption.plan.api.base import PlanViewSet
from crm_adoption.plan.filters import ObjectiveFilter, WorkItemFilter
from crm_adoption.plan.models import GateReplay, Objective, Phase, WorkItem
from crm_adoption.plan.queries import first_impression, forecasts
from crm_adoption.plan.queries.backslide import release_after
from crm_adoption.plan.queries.gates import phase_gate
from crm_adoption.plan.queries.phases import phase_state
from crm_adoption.plan.queries.replays import replay_of


class PhaseSerializer(serializers.ModelSerializer[Phase]):
    class Meta:
        model = Phase
        fields = (
            "id", "parent", "position", "name", "goal", "objectives", "job_roles", "tables", "planned_start",
            "planned_end", "design_frozen_on", "revalidated_on", "capacity_days", "process_changes", "integrations",
            "state", "approved_at", "opened_at", "closed_at",
        )  # fmt: skip
        read_only_fields = fields


class MissingSerializer(serializers.Serializer[Any]):
    about = serializers.CharField(help_text="approval, step, data, check, seat, owner, trial, told or access.")
    sentence = serializers.CharField()
    url = serializers.CharField()


class PhaseGateSerializer(serializers.Serializer[Any]):
    phase = serializers.IntegerField(source="phase.pk")
    holds = serializers.BooleanField(help_text="Nothing is missing.")
    may_open = serializers.BooleanField(help_text="It holds, or an override is in force.")
    missing = MissingSerializer(many=True)


class LoadSerializer(serializers.Serializer[Any]):
    effort_days = serializers.FloatField()
    capacity_days = serializers.FloatField(allow_null=True)
    ratio = serializers.FloatField(allow_null=True, help_text="Effort / capacity; null while either is unknown.")
    product = serializers.IntegerField(help_text="Roles x process changes x capabilities x integrations.")
    people_share = serializers.FloatField(allow_null=True)
    customised_share = serializers.FloatField(allow_null=True)
    design_age_days = serializers.IntegerField(allow_null=True)
    technology_only = serializers.IntegerField(help_text="Items that serve nobody who is named.")


class ForecastSerializer(serializers.Serializer[Any]):
    is_open = serializers.BooleanField(help_text="What it measures holds today.")
    likely = serializers.DateField(allow_null=True, help_text="From then on with 50 %; null within the days looked at.")
    nearly_sure = serializers.DateField(allow_null=True, help_text="From then on with 80 %.")
    days = serializers.IntegerField(help_text="Days looked ahead.")
    short = serializers.ListField(child=serializers.CharField(), help_text="What has too few readings for a trend.")
    probabilities = serializers.SerializerMethodField(help_text="By day from today on; null without a trend.")

    @extend_schema_field(serializers.ListField(child=serializers.FloatField(), allow_null=True))
    def get_probabilities(self, forecast: forecasts.Forecast) -> list[float] | None:
        return list(forecast.crossing.probabilities) if forecast.crossing else None


class HoldsBackSerializer(serializers.Serializer[Any]):
    figure = serializers.CharField(source="condition.key", help_text="<table>, <table>:<field> or check:<slug>.")
    name = serializers.CharField(source="condition.name")
    value = serializers.FloatField(source="newest", allow_null=True, help_text="Its newest reading.")
    limit = serializers.FloatField(source="condition.limit")
    likely = serializers.DateField(source="alone.likely", allow_null=True, help_text="By its own trend, with 50 %.")
    nearly_sure = serializers.DateField(source="alone.nearly_sure", allow_null=True, help_text="With 80 %.")


class ForecastRecordSerializer(serializers.Serializer[Any]):
    n = serializers.IntegerField(help_text="Forecasts whose day has come.")
    ours = serializers.FloatField(allow_null=True, help_text="Their Brier score; 0 is perfect, 0.25 a coin.")
    planned = serializers.FloatField(allow_null=True, help_text="That of saying 'from the planned date on'.")


class ReplaySerializer(serializers.ModelSerializer[GateReplay]):
    class Meta:
        model = GateReplay
        fields = ("n", "came", "ours", "planned", "first_on", "last_on", "taken_at")
        read_only_fields = fields


class PhaseForecastSerializer(ForecastSerializer):
    holding_back = HoldsBackSerializer(many=True, help_text="Figures that do not hold today, the longest first.")
    record = ForecastRecordSerializer(help_text="Of all forecasts of gates so far.")
    replayed = ReplaySerializer(allow_null=True, help_text="Of this gate over its history; null before the first.")

    def to_representation(self, instance: forecasts.Forecast) -> dict[str, Any]:
        said: dict[str, Any] = ForecastSerializer(instance).data
        replayed = replay_of(self.context["phase"])
        return said | {
            "holding_back": HoldsBackSerializer(forecasts.holding_back(instance), many=True).data,
            "record": ForecastRecordSerializer(forecasts.record()).data,
            "replayed": ReplaySerializer(replayed).data if replayed else None,
        }


class WeekSerializer(serializers.Serializer[Any]):
    start = serializers.DateTimeField()
    value = serializers.FloatField(allow_null=True, help_text="null where there was nothing to measure.")
    n = serializers.IntegerField(help_text="On how many things.")


class VerdictSerializer(serializers.Serializer[Any]):
    before = serializers.FloatField(help_text="Median of the weeks before.")
    after = serializers.FloatField()
    shift = serializers.FloatField(help_text="Median of all differences between a week after and a week before.")
    probability = serializers.FloatField(help_text="How often noise alone looks as bad (exact rank-sum test).")
    is_alarm = serializers.BooleanField()


class MeasureSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField()
    more_is_better = serializers.BooleanField(source="kind.more_is_better")
    sentence = serializers.CharField()
    weeks = WeekSerializer(many=True)
    verdict = VerdictSerializer(allow_null=True, help_text="null while a side has fewer than three weeks.")


class ReleaseSerializer(serializers.Serializer[Any]):
    live_at = serializers.DateTimeField(allow_null=True)
    people = serializers.IntegerField(help_text="Who own new records in these weeks; no figures below five.")
    measures = MeasureSerializer(many=True)


class LineSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(source="label")
    value = serializers.FloatField(allow_null=True)
    limit = serializers.FloatField()
    unit = serializers.CharField()
    n = serializers.IntegerField()
    is_breached = serializers.BooleanField()
    to_do = serializers.CharField()


class WatchSerializer(serializers.Serializer[Any]):
    day = serializers.IntegerField(allow_null=True, help_text="From the go-live, 1 first; null outside those days.")
    days = serializers.IntegerField(allow_null=True)
    lines = LineSerializer(many=True)


class PhaseViewSet(PlanViewSet[Phase]):
    """Phases and releases of the programme."""

    serializer_class = PhaseSerializer
    queryset = Phase.objects.prefetch_related("objectives", "job_roles").order_by("-pk")

    @extend_schema(responses={200: PhaseGateSerializer, 423: PhaseGateSerializer})
    @action(detail=True, methods=["get"])
    def gate(self, request: Request, pk: str | None = None) -> Response:
        """200 if the phase may open to its users, 423 with everything it lacks if not."""
        gate = phase_gate(self.get_object(), now=timezone.now(), today=timezone.localdate())
        code = status.HTTP_200_OK if gate.may_open else status.HTTP_423_LOCKED
        return Response(PhaseGateSerializer(gate).data, status=code)

    @extend_schema(responses=LoadSerializer)
    @action(detail=True, methods=["get"])
    def load(self, request: Request, pk: str | None = None) -> Response:
        """What it takes on beside its capacity, how its effort is split, and how old its design is."""
        state = phase_state(self.get_object(), timezone.localdate())
        facts = {
            "effort_days": state.load.effort_days,
            "capacity_days": state.load.capacity_days,
            "ratio": state.load.ratio,
            "product": state.load.product,
            "people_share": state.balance.people_share,
            "customised_share": state.customised_share,
            "design_age_days": state.design_age,
            "technology_only": len(state.technology_only),
        }
        return Response(LoadSerializer(facts).data)

    @extend_schema(responses=PhaseForecastSerializer)
    @action(detail=True, methods=["get"])
    def forecast(self, request: Request, pk: str | None = None) -> Response:
        """The days from which its figures let it open with 50 and with 80 %, and how good such forecasts were."""
        phase = self.get_object()
        found = forecasts.phase_forecast(phase, now=timezone.now(), today=timezone.localdate())
        return Response(PhaseForecastSerializer(found, context={"phase": phase}).data)

    @extend_schema(responses=ReleaseSerializer)
    @action(detail=True, methods=["get"])
    def after(self, request: Request, pk: str | None = None) -> Response:
        """Four figures by week, four weeks before and after it went live, and what fell beyond noise."""
        found = release_after(self.get_object(), now=timezone.now())
        return Response(ReleaseSerializer(found or {"live_at": None, "people": 0, "measures": []}).data)

    @extend_schema(responses=WatchSerializer)
    @action(detail=True, methods=["get"], url_path="first-impression")
    def first_impression(self, request: Request, pk: str | None = None) -> Response:
        """The tighter limits of the first days after the go-live, and which of them are breached."""
        found = first_impression.watch(self.get_object(), now=timezone.now())
        return Response(WatchSerializer(found or {"day": None, "days": None, "lines": []}).data)


class ObjectiveSerializer(serializers.ModelSerializer[Objective]):
    class Meta:
        model = Objective
        fields = (
            "id", "statement", "kind", "parent", "metric", "check_slug", "baseline", "target", "owner", "due_on",
        )  # fmt: skip
        read_only_fields = fields


class ObjectiveViewSet(PlanViewSet[Objective]):
    """What the programme is to reach."""

    serializer_class = ObjectiveSerializer
    filterset_class = ObjectiveFilter
    queryset = Objective.objects.order_by("-pk")


class WorkItemSerializer(serializers.ModelSerializer[WorkItem]):
    technology_only = serializers.BooleanField(source="is_technology_only", read_only=True)

    class Meta:
        model = WorkItem
        fields = (
            "id", "title", "kind", "track", "approach", "phase", "job_role", "objective", "ingredient", "reason",
            "owner", "requested_on", "due_on", "effort_days", "state", "done_on", "technology_only",
        )  # fmt: skip
        read_only_fields = fields


class WorkItemViewSet(PlanViewSet[WorkItem]):
    """What is to be done, for whom and what for."""

    serializer_class = WorkItemSerializer
    filterset_class = WorkItemFilter
    queryset = WorkItem.objects.order_by("-pk")
