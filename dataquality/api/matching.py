"""Duplicates as integrations see them: pairs and what people say of them, clusters, detections, bulk acceptance."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crm_adoption.jobs.api import JobSerializer
from crm_adoption.jobs.services import start
from crm_adoption.kit.access import ANALYST, INTEGRATION, LEAD, STEWARD
from crm_adoption.kit.errors import Refusal
from crm_adoption.kit.paging import KeysetPagination
from crm_adoption.people.models import Person
from dataquality import subjects
from dataquality.filters import MatchRunFilter, PairFilter, tables
from dataquality.models import Acceptance, Judgement, MatchRun, Membership, Pair
from dataquality.queries import matching as queries
from dataquality.queries.matching_evidence import evidence_of
from dataquality.services import matching
from dataquality.subjects import Subject
from dataquality.tasks import count_again

KEEPERS = (LEAD, STEWARD, INTEGRATION)
READERS = (*KEEPERS, ANALYST)


class EvidenceSerializer(serializers.Serializer[Any]):
    column = serializers.CharField(help_text="Empty for the starting point.")
    bits = serializers.FloatField(help_text="For (above 0) or against; they sum to the pair's weight.")
    sentence = serializers.CharField()


class PairSerializer(serializers.ModelSerializer[Pair]):
    class Meta:
        model = Pair
        fields = (
            "id", "table_a", "a", "table_b", "b", "probability", "weight", "rule", "joined", "blast_radius", "priority",
            "state", "judged_by", "judged_at", "run",
        )  # fmt: skip
        read_only_fields = fields


class SideSerializer(serializers.Serializer[Any]):
    field = serializers.CharField()  # type: ignore[assignment]
    label = serializers.CharField()  # type: ignore[assignment]
    a = serializers.CharField()
    b = serializers.CharField()
    same = serializers.BooleanField(help_text="But for case, spaces and punctuation.")


class WholePairSerializer(PairSerializer):
    evidence = EvidenceSerializer(many=True, read_only=True)
    sides = SideSerializer(many=True, read_only=True)

    class Meta:
        model = Pair
        fields = (*PairSerializer.Meta.fields, "evidence", "sides")
        read_only_fields = fields

    def to_representation(self, pair: Pair) -> dict[str, Any]:
        one, other = queries.sides([pair])[pair.pk]
        pair.evidence = evidence_of(pair)  # type: ignore[attr-defined]
        pair.sides = queries.side_by_side(one, other) if one and other else []  # type: ignore[attr-defined]
        return super().to_representation(pair)


class JudgeSerializer(serializers.Serializer[Any]):
    verdict = serializers.ChoiceField(choices=Judgement.Verdict.choices)
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=1000)


class PairPages(KeysetPagination):
    """In the order that the question asks for; each order has its index."""

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: APIView) -> tuple[str, ...]:
        return (*queries.ORDERS.get(request.query_params.get("order", ""), queries.ORDERS["probability"]), "-pk")


class PairViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet[Pair]):
    """Records that may be one, by table, state and probability; `order` is probability, priority or learning."""

    queryset = Pair.objects.all()
    serializer_class, filterset_class, pagination_class = PairSerializer, PairFilter, PairPages
    readers, writers = READERS, KEEPERS

    @extend_schema(responses={200: WholePairSerializer})
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One pair with both records side by side and the evidence, column by column."""
        return Response(WholePairSerializer(self.get_object()).data)

    @extend_schema(request=JudgeSerializer, responses={200: PairSerializer})
    @action(detail=True, methods=["post"])
    def judge(self, request: Request, pk: str) -> Response:
        """Say that two records are the same or different; remembered through every re-import."""
        asked = JudgeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        pair = matching.judge(
            self.get_object(), said["verdict"], by=_person(request), now=timezone.now(), reason=said["reason"]
        )
        count_again(pair.table_a, pair.table_b, by=_person(request))
        return Response(PairSerializer(pair).data)

    @extend_schema(request=None, responses={200: PairSerializer})
    @action(detail=True, methods=["post"])
    def later(self, request: Request, pk: str) -> Response:
        """Put a pair aside: it leaves the queue, and nothing is said of its records."""
        return Response(
            PairSerializer(matching.postpone(self.get_object(), by=_person(request), now=timezone.now())).data
        )

    @extend_schema(request=None, responses={200: PairSerializer})
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take an answer back; the pair is open again."""
        pair = matching.withdraw(self.get_object(), now=timezone.now())
        count_again(pair.table_a, pair.table_b, by=_person(request))
        return Response(PairSerializer(pair).data)


class MatchRunSerializer(serializers.ModelSerializer[MatchRun]):
    stages = serializers.DictField(child=serializers.FloatField(), read_only=True, help_text="Seconds by stage.")
    log = serializers.ListField(child=serializers.CharField(), read_only=True)
    births = serializers.DictField(
        child=serializers.DictField(child=serializers.ListField(child=serializers.IntegerField())), read_only=True,
        help_text="By source and month: records created, and duplicates of older ones among them.",
    )  # fmt: skip

    class Meta:
        model = MatchRun
        fields = (
            "id", "table", "beside", "kind", "job", "started_at", "finished_at", "rows", "changed", "pairs", "clusters",
            "threshold", "stages", "log", "births",
        )  # fmt: skip
        read_only_fields = fields


class DetectSerializer(serializers.Serializer[Any]):
    table = serializers.ChoiceField(choices=[])
    beside = serializers.ChoiceField(choices=[], required=False, allow_blank=True, default="")
    kind = serializers.ChoiceField(choices=MatchRun.Kind.choices, required=False, default=MatchRun.Kind.FULL)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("table", "beside"):
            field = self.fields[name]
            assert isinstance(field, serializers.ChoiceField)
            field.choices = tables()


class MatchRunViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet[MatchRun]):
    """Detections that ended; post one to start it, and poll the job it answers with."""

    queryset = MatchRun.objects.defer("model")
    serializer_class, filterset_class = MatchRunSerializer, MatchRunFilter
    readers, writers = READERS, KEEPERS

    @extend_schema(request=DetectSerializer, responses={202: JobSerializer})
    def create(self, request: Request) -> Response:
        """Look for duplicates in a table, or between two of them, in full or among what changed."""
        asked = DetectSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        matching.sides_of(subjects.get(said["table"]), subjects.get(said["beside"]) if said["beside"] else None)
        job = start("detect_duplicates", scope=queries.detection_scope(**said), by=request.user)
        return Response(JobSerializer(job).data, status=status.HTTP_202_ACCEPTED)


class ClusterSerializer(serializers.Serializer[Any]):
    cluster_id = serializers.IntegerField()
    size = serializers.IntegerField()


class ClusterPages(KeysetPagination):
    ordering = "cluster_id"


class ClusterListView(mixins.ListModelMixin, viewsets.GenericViewSet[Any]):
    """The clusters of a table, by their ids."""

    serializer_class, pagination_class = ClusterSerializer, ClusterPages
    readers, writers = READERS, ()

    def get_queryset(self) -> QuerySet[Any, Any]:
        if getattr(self, "swagger_fake_view", False):
            return Membership.objects.none()
        return queries.clusters_of(_subject(self.kwargs["table"]).slug)


class WholeClusterSerializer(serializers.Serializer[Any]):
    cluster_id = serializers.IntegerField(source="id")
    table = serializers.CharField()
    records = serializers.SerializerMethodField()
    pairs = PairSerializer(many=True)

    def get_records(self, cluster: queries.Cluster) -> list[int]:
        return [record.pk for record in cluster.records]


class SplitSerializer(serializers.Serializer[Any]):
    records = serializers.ListField(child=serializers.IntegerField(min_value=1), min_length=1, max_length=500)
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=1000)


class SplitDoneSerializer(serializers.Serializer[Any]):
    judged = serializers.IntegerField(help_text="Pairs that are different now.")


class ClusterView(APIView):
    """One cluster: its records, the oldest first, and the pairs among them."""

    readers, writers = READERS, ()

    @extend_schema(responses={200: WholeClusterSerializer})
    def get(self, request: Request, table: str, cluster: int) -> Response:
        found = queries.cluster(_subject(table).slug, cluster) if cluster < 2**63 else None
        if found is None:
            raise NotFound
        return Response(WholeClusterSerializer(found).data)


class SplitView(APIView):
    """Say that some records of a cluster are others than the rest of it."""

    readers, writers = (), KEEPERS

    @extend_schema(request=SplitSerializer, responses={200: SplitDoneSerializer})
    def post(self, request: Request, table: str, cluster: int) -> Response:
        asked = SplitSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        judged = matching.split_off(
            _subject(table), said["records"], by=_person(request), now=timezone.now(), reason=said["reason"]
        )
        count_again(table, by=_person(request))
        return Response({"judged": judged})


class PrecisionSerializer(serializers.Serializer[Any]):
    n = serializers.IntegerField(help_text="Pairs drawn.")
    same = serializers.IntegerField()
    different = serializers.IntegerField()
    open = serializers.IntegerField(help_text="Pairs that have no answer yet.")
    share = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True, help_text="Lower end of the 95 % interval (Wilson).")
    high = serializers.FloatField(allow_null=True)


class AcceptanceSerializer(serializers.ModelSerializer[Acceptance]):
    sample = serializers.ListField(child=serializers.IntegerField(), read_only=True)
    precision = serializers.SerializerMethodField()

    class Meta:
        model = Acceptance
        fields = (
            "id", "table", "beside", "above", "reached", "sample", "precision", "drawn_by", "drawn_at", "accepted",
            "accepted_by", "accepted_at",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema(responses=PrecisionSerializer)
    def get_precision(self, acceptance: Acceptance) -> dict[str, Any]:
        return dict(PrecisionSerializer(queries.precision_of(acceptance)).data)


class DrawSerializer(DetectSerializer):
    above = serializers.FloatField(min_value=0, max_value=1, help_text="The probability from which pairs are accepted.")
    n = serializers.IntegerField(min_value=1, max_value=1000, required=False, default=60)
    kind = None  # type: ignore[assignment]


class AcceptAllSerializer(serializers.Serializer[Any]):
    least = serializers.FloatField(
        min_value=0, max_value=1, required=False, allow_null=True, default=None,
        help_text="Refuse where the lower bound of the precision is below this.",
    )  # fmt: skip


class AcceptanceViewSet(
    mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet[Acceptance]
):  # fmt: skip
    """Accept all pairs above a probability: draw a sample, judge its pairs, read the precision, then accept."""

    queryset, serializer_class = Acceptance.objects.all(), AcceptanceSerializer
    readers, writers = READERS, KEEPERS

    @extend_schema(request=DrawSerializer, responses={201: AcceptanceSerializer})
    def create(self, request: Request) -> Response:
        """Draw the sample that is judged first."""
        asked = DrawSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        drawn = matching.draw_sample(
            subjects.get(said["table"]), beside=subjects.get(said["beside"]) if said["beside"] else None,
            above=said["above"], n=said["n"], by=_person(request), now=timezone.now(),
        )  # fmt: skip
        return Response(AcceptanceSerializer(drawn).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=AcceptAllSerializer, responses={200: AcceptanceSerializer})
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """Call all of them the same, once every pair of the sample has its answer."""
        asked = AcceptAllSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        done = matching.accept_above(self.get_object(), by=_person(request), now=timezone.now(), **asked.validated_data)
        count_again(done.table, done.beside, by=_person(request))
        return Response(AcceptanceSerializer(done).data)


def _subject(slug: str) -> Subject:
    try:
        return subjects.get(slug)
    except Refusal as refusal:
        raise NotFound(refusal.sentence) from None


def _person(request: Request) -> Person:
    assert isinstance(request.user, Person)
    return request.user
