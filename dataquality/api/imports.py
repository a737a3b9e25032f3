"""Post an export, follow it, look at its preview, apply or discard it."""

from __future__ import annotations

from typing import Any, cast

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import APIException
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from crm_adoption.jobs.api import JobSerializer
from crm_adoption.jobs.services import start
from crm_adoption.kit.access import ANALYST, INTEGRATION, LEAD, STEWARD
from crm_adoption.kit.api import REFUSED, ErrorsSerializer
from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from dataquality import queries, subjects
from dataquality.api.parsers import NDJSONParser
from dataquality.filters import BatchFilter
from dataquality.models import Batch, Source
from dataquality.models.sources import Product
from dataquality.services import intake, previewing
from dataquality.services.intake.receiving import has_content, received_before

KEEPERS = (LEAD, STEWARD, INTEGRATION)
READERS = (*KEEPERS, ANALYST)


class SourceSerializer(serializers.ModelSerializer[Source]):
    class Meta:
        model = Source
        fields = (
            "id", "name", "kind", "product", "label_language", "default_country", "owner", "transaction_workflow",
            "handles_timeouts", "two_phase", "compensates",
        )  # fmt: skip


class SourceViewSet(
    mixins.CreateModelMixin, mixins.RetrieveModelMixin, mixins.UpdateModelMixin, mixins.ListModelMixin,
    viewsets.GenericViewSet[Source],
):  # fmt: skip
    """The systems whose exports are read."""

    queryset, serializer_class = Source.objects.order_by("pk"), SourceSerializer
    readers, writers = READERS, KEEPERS
    http_method_names = ["get", "post", "patch", "head", "options"]


class QuestionSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    sentence = serializers.CharField()
    options = serializers.ListField(child=serializers.CharField())
    suggestion = serializers.CharField(allow_null=True)


class BatchSerializer(serializers.ModelSerializer[Batch]):
    source = serializers.SlugRelatedField[Source](slug_field="name", read_only=True)  # type: ignore[assignment]
    counts = serializers.DictField(child=serializers.IntegerField(), read_only=True)
    mapping = serializers.DictField(child=serializers.CharField(), read_only=True, help_text="Heading to field.")
    key = serializers.ListField(child=serializers.CharField(), read_only=True)
    confidence = serializers.SerializerMethodField(help_text="How sure the table is, 0 to 1.")
    questions = serializers.SerializerMethodField()
    product = serializers.CharField(read_only=True, help_text="Empty until the file is read, where nobody said it.")
    job = serializers.SerializerMethodField()

    class Meta:
        model = Batch
        fields = (
            "id", "source", "table", "product", "file_name", "sha256", "size", "taken_at", "is_full", "state", "counts",
            "mapping", "key", "confidence", "questions", "refusal", "applied_at", "job",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.FloatField(allow_null=True))
    def get_confidence(self, batch: Batch) -> float | None:
        sure: float | None = batch.recognised.get("confidence")
        return sure

    @extend_schema_field(QuestionSerializer(many=True))
    def get_questions(self, batch: Batch) -> list[dict[str, Any]]:
        return [vars(question) for question in intake.open_questions(batch)] if batch.is_open else []

    @extend_schema_field(JobSerializer(allow_null=True))
    def get_job(self, batch: Batch) -> dict[str, Any] | None:
        if self.context.get("view") and self.context["view"].action == "list":
            return None
        job = queries.job_of(batch)
        return dict(JobSerializer(job).data) if job else None


class UploadSerializer(serializers.Serializer[Any]):
    """What a sender says of a file."""

    file = serializers.FileField(help_text="CSV or XLSX.")
    source = serializers.CharField(  # type: ignore[assignment]
        max_length=120, help_text="The system it comes from, by name; made when new."
    )
    table = serializers.CharField(required=False, default="", allow_blank=True)
    product = serializers.ChoiceField(choices=Product.choices, required=False, default="")
    full = serializers.BooleanField(required=False, default=False)
    taken_at = serializers.DateTimeField(required=False, default=None, allow_null=True)

    def validate_table(self, value: str) -> str:
        return subjects.resolve(value).slug if value else ""

    def validate_source(self, value: str) -> str:
        if not value.strip() or "\x00" in value:
            raise serializers.ValidationError("Name the system that this file comes from.")
        return value.strip()


class LinesSerializer(UploadSerializer):
    """The same for an NDJSON body, given as query parameters."""

    file = None  # type: ignore[assignment]


class MappingSerializer(serializers.Serializer[Any]):
    table = serializers.CharField()
    mapping = serializers.DictField(child=serializers.CharField(allow_blank=True))
    key = serializers.ListField(child=serializers.CharField(), allow_empty=False)
    full = serializers.BooleanField(required=False, default=None, allow_null=True)


class AnswersSerializer(serializers.Serializer[Any]):
    answers = serializers.DictField(
        child=serializers.CharField(), allow_empty=False, help_text="Code of a question to the chosen option."
    )


class AnotherRequest(APIException):
    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "another_request"
    default_detail = "This Idempotency-Key was sent before with another file or source; use a new key."


ANOTHER_REQUEST = OpenApiResponse(ErrorsSerializer, description="The Idempotency-Key belongs to another request.")
LONGEST_KEY = 100


def _idempotency_key(request: Request) -> str:
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > LONGEST_KEY or not key.isascii() or "\x00" in key:
        raise serializers.ValidationError({"Idempotency-Key": f"Use at most {LONGEST_KEY} ASCII characters."})
    return key


_line_parameters = [
    OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, description="Makes a retry safe."),
    OpenApiParameter("source", str, required=True, description="For an NDJSON body: the system it comes from."),
    OpenApiParameter("table", str, description="For an NDJSON body: the table."),
    OpenApiParameter("full", bool, description="For an NDJSON body: the whole table."),
]


class BatchViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet[Batch]):
    """Imports. Post a file, poll until it is `checked`, look at the preview, then apply or discard."""

    serializer_class, filterset_class = BatchSerializer, BatchFilter
    queryset = Batch.objects.select_related("source")
    readers, writers = READERS, KEEPERS
    parser_classes = [MultiPartParser, JSONParser, NDJSONParser]

    @extend_schema(
        request={"multipart/form-data": UploadSerializer, "application/x-ndjson": OpenApiTypes.BINARY},
        parameters=_line_parameters,
        responses={201: BatchSerializer, 422: ANOTHER_REQUEST},
    )
    def create(self, request: Request) -> Response:
        """Take a CSV or XLSX file (multipart) or NDJSON lines, streamed; reading starts at once.

        Sent again with the same `Idempotency-Key`, it answers the batch of the first time; with another body 422.
        """
        lines = (request.content_type or "").split(";")[0] == NDJSONParser.media_type
        said = LinesSerializer(data=request.query_params) if lines else UploadSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        data = said.validated_data
        file = cast(Any, request.data)["file"]
        key = _idempotency_key(request)
        earlier = received_before(key, by=cast(Person, request.user))
        if earlier is not None:
            if earlier.source.name != data["source"] or not has_content(earlier, file):
                raise AnotherRequest
            return Response(self.get_serializer(earlier).data, status=status.HTTP_201_CREATED)
        try:
            batch = self._received(request, file, data, lines=lines, key=key)
        except IntegrityError as error:
            if "once_a_request" not in str(error):
                raise
            raise Refusal(_("The same request is being received just now; ask again in a moment.")) from None
        return Response(self.get_serializer(batch).data, status=status.HTTP_201_CREATED)

    @transaction.atomic
    def _received(self, request: Request, file: Any, data: dict[str, Any], *, lines: bool, key: str) -> Batch:
        source, _ = Source.objects.get_or_create(
            name=data["source"], defaults={"product": data["product"] or "generic"}
        )
        batch = intake.receive(
            file, name="upload.ndjson" if lines else file.name, source=source, by=request.user,  # type: ignore[arg-type]
            now=timezone.now(), table=data["table"], product=data["product"], full=data["full"],
            taken_at=data["taken_at"], idempotency_key=key,
        )  # fmt: skip
        start("stage_batch", scope=str(batch.pk), by=request.user)
        return batch

    @extend_schema(responses={200: OpenApiTypes.OBJECT, 409: REFUSED})
    @action(detail=True, methods=["get"])
    def preview(self, request: Request, pk: str) -> Response:
        """New, changed, unchanged and faulty, with a sample of each; for a checked batch."""
        batch = self.get_object()
        intake.require_checked(batch)
        return Response(previewing.preview(batch).as_json())

    @extend_schema(request=MappingSerializer, responses={200: BatchSerializer})
    @action(detail=True, methods=["post"], parser_classes=[JSONParser])
    def mapping(self, request: Request, pk: str) -> Response:
        """Say what each column is and what tells rows apart, then check again."""
        asked = MappingSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        batch = intake.set_mapping(
            queries.idle(self.get_object()),
            table=data["table"],
            mapping=data["mapping"],
            key=data["key"],
            full=data["full"],
        )
        return self._working(batch, "check_batch")

    @extend_schema(request=AnswersSerializer, responses={200: BatchSerializer})
    @action(detail=True, methods=["post"], parser_classes=[JSONParser])
    def answers(self, request: Request, pk: str) -> Response:
        """Answer the questions of a batch; the file is read and checked again with them."""
        asked = AnswersSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        batch = queries.idle(self.get_object())
        said = asked.validated_data["answers"]
        earlier = [one for one in batch.choices.get("confirmed", []) if str(one).partition(":")[0] not in said]
        confirmed = sorted({*earlier, *(f"{code}:{option}" for code, option in said.items())})
        return self._working(intake.answer(batch, choices={"confirmed": confirmed}), "stage_batch")

    @extend_schema(request=None, responses={200: BatchSerializer})
    @action(detail=True, methods=["post"])
    def check(self, request: Request, pk: str) -> Response:
        """Check every row of a staged batch."""
        return self._working(intake.require_open(self.get_object()), "check_batch")

    @extend_schema(request=None, responses={200: BatchSerializer})
    @action(detail=True, methods=["post"])
    def apply(self, request: Request, pk: str) -> Response:
        """Put a checked batch into the mirror; poll its job."""
        return self._working(intake.require_checked(self.get_object()), "apply_batch")

    @extend_schema(request=None, responses={200: BatchSerializer})
    @action(detail=True, methods=["post"])
    def discard(self, request: Request, pk: str) -> Response:
        """Drop everything this file staged."""
        return Response(self.get_serializer(intake.discard(queries.idle(self.get_object()))).data)

    def _working(self, batch: Batch, kind: str) -> Response:
        start(kind, scope=str(batch.pk), by=self.request.user)
        return Response(self.get_serializer(batch).data)
