"""Names of tables for people."""

from __future__ import annotations

from typing import Any

from dataquality import subjects


def label_of_table(row: Any) -> str:
    """The label of the table that a batch, finding or correction speaks of; empty while it is not known."""
    return subjects.get(row.table).label if row.table else ""
