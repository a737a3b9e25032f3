"""Names of tables for people, and which of their columns any export speaks of."""

from __future__ import annotations

from typing import Any

from dataquality import subjects
from dataquality.models import Batch
from dataquality.subjects import Subject

RECENT = 20


def label_of_table(row: Any) -> str:
    """The label of the table that a batch, finding or correction speaks of; empty while it is not known."""
    return subjects.get(row.table).label if row.table else ""


def exported_fields(subject: Subject) -> set[str]:
    """The fields that the last applied batches of a table filled."""
    mappings = Batch.objects.applied().filter(table=subject.slug).order_by("-pk").values_list("mapping", flat=True)
    return {name for mapping in mappings[:RECENT] for name in mapping.values()}
