"""How the API says no: one shape for every refusal, and a Refusal as a 409 with its sentence."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import SuspiciousOperation
from drf_spectacular.utils import OpenApiResponse
from drf_standardized_errors.handler import ExceptionHandler
from drf_standardized_errors.openapi import AutoSchema
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.permissions import SAFE_METHODS

from crm_adoption.kit.errors import Refusal


class Refused(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_code = "refused"


class Handler(ExceptionHandler):  # type: ignore[misc]
    """Puts every error into the standard shape; a Refusal keeps its sentence and its code."""

    def convert_known_exceptions(self, error: Exception) -> Exception:
        if isinstance(error, Refusal):
            return Refused(detail=error.sentence, code=error.code)
        if isinstance(error, SuspiciousOperation):  # Django's own limits of a form: fields, files, bytes
            return ParseError("This request has more fields, or is larger, than is read; send less at a time.")
        converted: Exception = super().convert_known_exceptions(error)
        return converted


class ErrorSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="A word for programs.")
    detail = serializers.CharField(help_text="A sentence for people.")
    attr = serializers.CharField(allow_null=True, help_text="The field or parameter it is about.")


class ErrorsSerializer(serializers.Serializer[Any]):
    """What every answer from 400 on looks like."""

    type = serializers.ChoiceField(choices=["validation_error", "client_error"])
    errors = ErrorSerializer(many=True)  # type: ignore[assignment]


REFUSED = OpenApiResponse(ErrorsSerializer, description="Refused, with the reason and the way out as one sentence.")


class Schema(AutoSchema):
    """Whatever changes something may be refused: its 409 need not be said; what reads and may be refused says it."""

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        if self.method not in SAFE_METHODS and "409" not in bodies:
            bodies["409"] = self._get_response_for_code(  # type: ignore[no-untyped-call]
                REFUSED, "409", direction=direction
            )
        return bodies
