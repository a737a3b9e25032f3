"""Which records have changed since a moment: asked of the store itself, so that no way of writing is forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
from psycopg2 import sql

from dataquality.services.matching import frames
from dataquality.statements import array, fetch
from dataquality.subjects import Subject


def changed_since(subject: Subject, snapshot: str) -> pl.Series:
    """Ids of the records, live or not, that were written by a transaction which `snapshot` does not show.

    Every version of a row carries the number of the transaction that wrote it, imports, corrections, merges, undo and
    raw SQL alike. A record also counts as changed when the record changed that a compared pointer leads to. Numbers
    are 32 bits wide, which tells them apart for the two thousand million transactions before now.
    """
    return changed_and_live(subject, snapshot)[0]


def changed_and_live(subject: Subject, snapshot: str) -> tuple[pl.Series, int]:
    """The same, and how many records are live: both by one look through the table."""
    found, live = _written(subject, snapshot)
    for target, key in frames.followed(subject):
        moved, _live = _written(target, snapshot)
        if moved:
            through = sql.SQL("SELECT id FROM {} WHERE {} = ANY(%s::bigint[])")
            found += _ids(through.format(sql.Identifier(subject.db_table), sql.Identifier(key)), [array(moved)])
    return pl.Series("record_id", found, dtype=pl.Int64).unique().sort(), live


def _written(subject: Subject, snapshot: str) -> tuple[list[int], int]:
    """Ids of the rows written since, and how many are live; several processes may share the look."""
    current, first = fetch(
        "SELECT pg_current_xact_id()::text::bigint, pg_snapshot_xmin(%s::pg_snapshot)::text::bigint", [snapshot]
    )[0]
    ids, live = fetch(
        sql.SQL(WRITTEN).format(
            t=sql.Identifier(subject.db_table), then=sql.Literal(snapshot), oldest=sql.Literal(current - first),
            age=sql.SQL(AGE).format(sql.Literal(current)),
            current=sql.Literal(current),
        )
    )[0]  # fmt: skip
    return ids or [], live


# In transactions; below 0 where a later one has written the row meanwhile.
AGE = "((({} - xmin::text::bigint + 2147483648) & 4294967295) - 2147483648)"
# What is older than the oldest transaction that the snapshot may not show, it shows for certain.
WRITTEN = """
    SELECT array_agg(id) FILTER (
               WHERE {age} <= {oldest}
                 AND NOT pg_visible_in_snapshot(({current} - {age})::text::xid8, {then}::pg_snapshot)),
           count(*) FILTER (WHERE state = 'live')
      FROM {t}"""


def _ids(query: sql.Composable, values: Sequence[Any] = ()) -> list[int]:
    return [row[0] for row in fetch(query, values)]
