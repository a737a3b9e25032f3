"""How the API says no."""

from __future__ import annotations

from typing import Any

from drf_standardized_errors.handler import exception_handler
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.response import Response

from crm_adoption.kit.errors import Refusal


class Refused(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_code = "refused"


def answer_refusals(error: Exception, context: dict[str, Any]) -> Response | None:
    """A Refusal is a 409 with its sentence; everything else in the standard shape."""
    if isinstance(error, Refusal):
        error = Refused(detail=error.sentence, code=error.code)
    return exception_handler(error, context)
