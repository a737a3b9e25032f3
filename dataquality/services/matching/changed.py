"""Which records have changed since a moment: asked of the store itself, so that no way of writing is forgotten."""

from __future__ import annotations

import polars as pl
from psycopg2 import sql

from dataquality.services.matching import frames
from dataquality.statements import fetch
from dataquality.subjects import Subject


def _age_of(snapshot: str) -> int:
    """How many transactions ago the oldest began that a snapshot may not show: what is older, it shows for certain."""
    answer = fetch(
        "SELECT pg_current_xact_id()::text::bigint - pg_snapshot_xmin(%s::pg_snapshot)::text::bigint", [snapshot]
    )
    return int(answer[0][0])


def changed_since(subject: Subject, snapshot: str) -> pl.Series:
    """Ids of the records, live or not, that were written by a transaction which `snapshot` does not show.

    Every version of a row carries the number of the transaction that wrote it, imports, corrections, merges, undo and
    raw SQL alike. A record also counts as changed when the record changed that a compared pointer leads to. Numbers
    are 32 bits wide; `age` tells them apart for the two thousand million transactions before now.
    """
    rows = [sql.Identifier("t"), *(sql.Identifier(alias) for alias in frames.followed(subject))]
    then = sql.SQL("{}::pg_snapshot").format(sql.Literal(snapshot))
    late = sql.SQL(" OR ").join(
        sql.SQL(
            "age({0}.xmin) <= {1} AND"
            " NOT pg_visible_in_snapshot((pg_current_xact_id()::text::bigint - age({0}.xmin))::text::xid8, {2})"
        ).format(row, sql.Literal(_age_of(snapshot)), then)
        for row in rows
    )
    found = fetch(
        sql.SQL("SELECT t.id FROM {t} t{joins} WHERE {late} ORDER BY t.id").format(
            t=sql.Identifier(subject.db_table), joins=frames.joins(subject), late=late
        )
    )
    return pl.Series("record_id", [row[0] for row in found], dtype=pl.Int64)
