"""Findings in the order in which mending them helps most (model.md 3.1)."""

from __future__ import annotations

from django.db.models import QuerySet

from dataquality.models import Finding

BY_PRIORITY = ("-priority", "-pk")  # the open ones first: whatever is settled, waived or corrected weighs nothing


def by_priority(findings: QuerySet[Finding]) -> QuerySet[Finding]:
    """The weightiest first, the newest of the same weight before the older; along an index."""
    return findings.order_by(*BY_PRIORITY)
