"""When the data of some tables was taken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max

from dataquality.models import Batch, Source


def taken_at(slugs: Sequence[str], source: Source | None = None) -> datetime | None:
    """The moment of the oldest among the newest exports of these tables; null where one of them never came."""
    batches = Batch.objects.applied().filter(table__in=slugs)
    if source is not None:
        batches = batches.filter(source=source)
    newest = dict(batches.order_by().values_list("table").annotate(at=Max("taken_at")))
    return min(newest.values()) if set(newest) == set(slugs) else None
