"""What the schema of the REST API says of every address beyond what its view says."""

from __future__ import annotations

from typing import Any

from drf_standardized_errors.openapi import AutoSchema
from rest_framework.permissions import SAFE_METHODS

from crm_adoption.kit.api import REFUSED


class Schema(AutoSchema):
    """Whatever changes something may be refused: a sentence of ours is a 409 wherever it is said."""

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        if self.method not in SAFE_METHODS and "409" not in bodies:
            bodies["409"] = self._get_response_for_code(  # type: ignore[no-untyped-call]
                REFUSED, "409", direction=direction
            )
        return bodies
