"""Which records have changed since a moment: asked of the store itself, so that no way of writing is forgotten."""

from __future__ import annotations

import polars as pl
from psycopg2 import sql

from dataquality.services.matching import frames
from dataquality.statements import fetch
from dataquality.subjects import Subject


def changed_since(subject: Subject, snapshot: str) -> pl.Series:
    """Ids of the records, live or not, that were written by a transaction which `snapshot` does not show.

    Every version of a row carries the number of the transaction that wrote it, imports, corrections, merges, undo and
    raw SQL alike. A record also counts as changed when the record changed that a compared pointer leads to. Numbers
    are 32 bits wide; `age` tells them apart for the two thousand million transactions before now.
    """
    rows = [sql.Identifier("t"), *(sql.Identifier(alias) for alias in frames.followed(subject))]
    late = sql.SQL(" OR ").join(
        sql.SQL(
            "NOT pg_visible_in_snapshot((pg_current_xact_id()::text::bigint - age({0}.xmin))::text::xid8, {1})"
        ).format(row, sql.SQL("{}::pg_snapshot").format(sql.Literal(snapshot)))
        for row in rows
    )
    found = fetch(
        sql.SQL("SELECT t.id FROM {t} t{joins} WHERE {late} ORDER BY t.id").format(
            t=sql.Identifier(subject.db_table), joins=frames.joins(subject), late=late
        )
    )
    return pl.Series("record_id", [row[0] for row in found], dtype=pl.Int64)
