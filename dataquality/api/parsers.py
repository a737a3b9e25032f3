"""Bodies that are too long to hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.parsers import BaseParser


class NDJSONParser(BaseParser):
    """One JSON object a line; handed on as the open stream, so that a million rows are never held in memory."""

    media_type = "application/x-ndjson"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        return {"file": stream}
