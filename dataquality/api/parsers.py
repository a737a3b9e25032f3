"""Bodies that are too long to hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser


class WholeBody:
    """A stream of an announced length: a sender that breaks off is an error, not the end of the file."""

    def __init__(self, stream: IO[bytes], length: int) -> None:
        self.stream, self.length, self.read_so_far = stream, length, 0

    def read(self, size: int = -1) -> bytes:
        part = self.stream.read(size)
        self.read_so_far += len(part)
        if not part and self.read_so_far < self.length:
            raise ParseError(
                _("The upload broke off after %(read)s of %(all)s bytes, so nothing of it was kept; send it again.")
                % {"read": f"{self.read_so_far:,}", "all": f"{self.length:,}"}
            )
        return part


class NDJSONParser(BaseParser):
    """One JSON object a line; handed on as the open stream, so that a million rows are never held in memory."""

    media_type = "application/x-ndjson"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        length = parser_context["request"].META.get("CONTENT_LENGTH") if parser_context else None
        return {"file": WholeBody(stream, int(length or 0))}
