"""What an import says of merged records: the CRM has merged them, or kept the other one, or still has both."""

from __future__ import annotations

from datetime import datetime

from psycopg2 import sql

from dataquality.models import Batch
from dataquality.statements import execute
from dataquality.subjects import Subject


def settle_merges(batch: Batch, subject: Subject, *, is_whole: bool, now: datetime) -> dict[str, int]:
    """Proposed merges of this source: *landed* where a whole export no longer holds the loser, *changed* where it holds
    the loser and no longer the survivor; all others wait. Call it before what is missing is marked gone.
    """
    if not is_whole:
        return {"landed": 0, "changed": 0}
    fates = {}
    for fate, column in (("landed", "old"), ("changed", "new")):
        fates[fate] = execute(
            sql.SQL(
                "UPDATE dataquality_correction c SET fate = %s, settled_in_id = %s, updated_at = %s"
                " WHERE c.kind = 'merge' AND c.\"table\" = %s AND c.source_id = %s AND c.fate = 'pending'"
                " AND NOT EXISTS (SELECT 1 FROM {s} s WHERE s.external_id = c.{id})"
            ).format(s=sql.Identifier(batch.staging_table), id=sql.Identifier(column)),
            [fate, batch.pk, now, subject.slug, batch.source_id],
        )
    return fates
