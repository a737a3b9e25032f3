"""The audit of one record: who changed what, and through which request, job or correction.

Triggers keep the old row of every update and delete, bulk statements and raw SQL included; what stands beside it was
said by the request or job that sent the statement.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dataquality.models import Record

OURS = frozenset(("id", "row_number", "first_batch", "last_batch"))  # bookkeeping of imports, not what the CRM says


@dataclass(frozen=True)
class Touch:
    """One statement that changed the record: when, what from and to, and what is known of who sent it."""

    at: datetime
    changes: tuple[tuple[str, Any, Any], ...]  # field, old, new
    by: int | None  # the person's number
    url: str
    job: int | None
    correction: str
    command: str  # of `manage.py`, and who typed it


def audit_of(record: Record, *, limit: int = 50) -> list[Touch]:
    """The last changes of a record, the newest first."""
    events = record.events.select_related("pgh_context").order_by("-pgh_id")[:limit]  # type: ignore[attr-defined]
    return list(_touches(record, events))


def _touches(record: Record, events: Any) -> Iterator[Touch]:
    """An event holds the row as it was before; what it became is the next newer event, or the record itself."""
    fields = [field.attname for field in record._meta.concrete_fields if field.name not in OURS]
    newer: Any = record
    for event in events:
        said = event.pgh_context.metadata if event.pgh_context else {}
        yield Touch(
            at=event.pgh_created_at,
            changes=tuple(
                (name, getattr(event, name), getattr(newer, name))
                for name in fields
                if getattr(event, name) != getattr(newer, name)
            ),
            by=said.get("user") or said.get("by"),
            url=said.get("url", ""),
            job=said.get("job"),
            correction=said.get("correction", ""),
            command=said.get("command", ""),
        )
        newer = event
