"""xAPI statements in, by POST (one or many) and PUT (one)."""

from __future__ import annotations

from typing import Any, cast

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crm_adoption.kit.api import ErrorsSerializer
from crm_adoption.people.models import Person
from training import services, xapi
from training.access import PROGRAMS

MOST_STATEMENTS, MOST_BYTES = 10_000, 20_000_000
HEADER = "X-Experience-API-Version"
LENIENT = "handling=lenient"
IDS = {"type": "array", "items": {"type": "string", "format": "uuid"}}
COUNTED = {
    "type": "object",
    "required": ["ids", "stored", "repeated", "ignored", "refused"],
    "properties": {
        "ids": IDS,
        **{name: {"type": "integer"} for name in ("stored", "repeated", "ignored")},
        "refused": {"type": "array", "items": {
            "type": "object", "required": ["place", "id", "code", "detail"],
            "properties": {"place": {"type": "integer"}, "id": {"type": "string"}, "code": {"type": "string"},
                           "detail": {"type": "string"}},
        }},
    },
}  # fmt: skip
ONE = {"type": "object", "required": ["actor", "verb", "object"], "properties": {
    name: {"type": "object"} for name in ("actor", "verb", "object", "result", "context")
} | {"id": {"type": "string", "format": "uuid"}, "timestamp": {"type": "string", "format": "date-time"}}}  # fmt: skip
CONFLICT = OpenApiResponse(ErrorsSerializer, description="Another statement is known under this id.")
TOO_MUCH = OpenApiResponse(ErrorsSerializer, description="Too many statements, or too many bytes, at once.")


class Conflict(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"


class TooMuch(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"
    default_detail = f"Send at most {MOST_STATEMENTS:,} statements, and {MOST_BYTES // 1_000_000} MB, at once."


_version = OpenApiParameter(HEADER, str, OpenApiParameter.HEADER, required=True, description="1.0 to 1.0.3.")
_prefer = OpenApiParameter(
    "Prefer", str, OpenApiParameter.HEADER,
    description=f"`{LENIENT}`: store what can be stored and name the rest, instead of refusing all for one.",
)  # fmt: skip


class StatementsView(APIView):
    """Learning evidence of another system. `completed`, `passed` and `failed` count; other verbs are let pass."""

    writers = PROGRAMS
    scope = "import"
    parser_classes = [JSONParser]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method not in ("POST", "PUT"):
            return
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
            raise TooMuch
        version = request.headers.get(HEADER, "")
        if version.split(".")[:2] != ["1", "0"]:
            raise ValidationError({HEADER: f"Say {HEADER}: {xapi.VERSION}; {version[:20] or 'nothing'} was said."})

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer[HEADER] = xapi.VERSION
        return answer

    @extend_schema(
        parameters=[_version, _prefer],
        request={"application/json": {"oneOf": [ONE, {"type": "array", "items": ONE}]}},
        responses={
            200: OpenApiResponse({"oneOf": [IDS, COUNTED]}, description="The ids; leniently, what became of each."),
            409: CONFLICT, 413: TOO_MUCH,
        },
    )  # fmt: skip
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Store one statement, or a list of them. Sent again, they change nothing."""
        sent = request.data if isinstance(request.data, list) else [request.data]
        if len(sent) > MOST_STATEMENTS:
            raise TooMuch
        lenient = LENIENT in request.headers.get("Prefer", "").replace(" ", "").lower()
        outcome = _stored(request, sent, lenient=lenient)
        if not lenient:
            return Response(outcome.ids)
        refused = [
            {"place": one.place, "id": one.id, "code": one.code, "detail": one.sentence} for one in outcome.refused
        ]
        said = {"ids": outcome.ids, **outcome.counts, "refused": refused}
        return Response(said, headers={"Preference-Applied": LENIENT})

    @extend_schema(
        parameters=[
            _version,
            OpenApiParameter("statementId", OpenApiTypes.UUID, required=True, description="The statement's own id."),
        ],
        request={"application/json": ONE},
        responses={204: OpenApiResponse(description="Stored, or known before."), 409: CONFLICT, 413: TOO_MUCH},
    )
    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Store one statement under the id in the address."""
        asked = _StatementId(data=request.query_params)
        asked.is_valid(raise_exception=True)
        number = str(asked.validated_data["statementId"])
        inside = request.data.get("id", number) if isinstance(request.data, dict) else number
        if str(inside).lower() != number:
            raise ValidationError({"statementId": "The statement has another id than the address."})
        _stored(request, [request.data], given_id=number)
        return Response(status=status.HTTP_204_NO_CONTENT)


class _StatementId(serializers.Serializer[Any]):
    statementId = serializers.UUIDField()


def _stored(request: Request, sent: list[Any], *, lenient: bool = False, given_id: str = "") -> services.Outcome:
    by = cast(Person, request.user)
    try:
        return services.store_statements(sent, by=by, now=timezone.now(), lenient=lenient, given_id=given_id)
    except services.NothingStored as nothing:
        refused = nothing.outcome.refused
        if all(one.code == "conflict" for one in refused):
            raise Conflict(refused[0].sentence) from None
        raise ValidationError({
            f"statements.{one.place}": [serializers.ErrorDetail(one.sentence, code=one.code)] for one in refused
        }) from None  # fmt: skip
