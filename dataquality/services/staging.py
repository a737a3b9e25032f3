"""The staging tables of one batch: rows as columns of their table, their faults, and which record each row is.

They live from check to apply or discard. Names of tables and columns come from models and from a batch's number,
never from a file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl
from django.db import connection, models
from psycopg2 import sql

from dataquality.models import Batch
from dataquality.services.copying import Copying
from dataquality.statements import execute, fetch
from dataquality.subjects import Subject

FAULT_COLUMNS = ("row_number", "rule", "field", "severity", "code", "value", "suggestion")


def faults_table(batch: Batch) -> str:
    return f"{batch.staging_table}_faults"


def ids_table(batch: Batch) -> str:
    """Which record each row of the batch is: row_number, record_id, and its fate: new, changed, same, or merged for a
    record that was merged into another and of which the CRM says something else.

    A new row already has the id that its record will get.
    """
    return f"{batch.staging_table}_ids"


def drop(batch: Batch) -> None:
    execute(
        sql.SQL("DROP TABLE IF EXISTS {}, {}, {}").format(
            *(sql.Identifier(name) for name in (batch.staging_table, faults_table(batch), ids_table(batch)))
        )
    )


def exists(batch: Batch) -> bool:
    """Are its staged rows here? A crash leaves the tables but empties them."""
    return bool(fetch("SELECT to_regclass(%s)", [batch.staging_table])[0][0]) and bool(
        fetch(sql.SQL("SELECT EXISTS (SELECT 1 FROM {})").format(sql.Identifier(batch.staging_table)))[0][0]
    )


def column_types(subject: Subject, stored: Iterable[str]) -> dict[str, str]:
    """Database type of each stored column, as its model says."""
    types = {}
    for name in stored:
        model_field = subject.model._meta.get_field(name)
        assert isinstance(model_field, models.Field)
        types[name] = str(model_field.db_type(connection))
    return types


def create(batch: Batch, subject: Subject, stored: Sequence[str]) -> None:
    """Empty staging tables, unlogged: a crash may lose them, the batch is then checked again."""
    drop(batch)
    columns = [sql.SQL("{} {}").format(sql.Identifier(n), sql.SQL(t)) for n, t in column_types(subject, stored).items()]
    execute(
        sql.SQL("CREATE UNLOGGED TABLE {} (row_number bigint, external_id text, {}, extra jsonb)").format(
            sql.Identifier(batch.staging_table), sql.SQL(", ").join(columns)
        )
    )
    execute(
        sql.SQL(
            "CREATE UNLOGGED TABLE {} (row_number bigint, rule text, field text, severity text, code text,"
            " value text, suggestion text)"
        ).format(sql.Identifier(faults_table(batch)))
    )


def copying(batch: Batch, stored: Sequence[str]) -> Copying:
    """Appends frames of rows and of faults to the staging tables while the next ones are prepared."""
    rows = {"row": "row_number", **{name: name for name in ("external_id", *stored, "extra")}}
    faults = dict(zip(("row", *FAULT_COLUMNS[1:]), FAULT_COLUMNS, strict=True))
    return Copying({batch.staging_table: rows, faults_table(batch): faults})


class Keys:
    """Notes the keys of every chunk, to tell at the end whether any of them may stand twice; 8 bytes a key."""

    def __init__(self) -> None:
        self._hashes: list[pl.Series] = []

    def add(self, keys: pl.Series) -> None:
        self._hashes.append(keys.hash())

    def may_repeat(self) -> bool:
        """False is certain: keys of different hashes differ."""
        hashes = pl.concat(self._hashes) if self._hashes else pl.Series(dtype=pl.UInt64)
        return hashes.n_unique() < hashes.len()


def analyze(batch: Batch) -> None:
    """Fresh statistics, so that what follows is planned for the rows that are there."""
    execute(sql.SQL("ANALYZE {}, {}").format(sql.Identifier(batch.staging_table), sql.Identifier(faults_table(batch))))


def set_apart_repeats(batch: Batch, stored: Sequence[str]) -> tuple[int, list[tuple[Any, ...]]]:
    """Keep the first row of every id; returns how many repeats said the same, and the rows that said otherwise.

    A contradicting row is returned as (row, first row, external id, names of the columns that differ).
    """
    table = sql.Identifier(batch.staging_table)
    differs = sql.SQL(" || ").join(
        sql.SQL("CASE WHEN s.{0} IS DISTINCT FROM f.{0} THEN ARRAY[{1}] ELSE ARRAY[]::text[] END").format(
            sql.Identifier(name), sql.Literal(name)
        )
        for name in (*stored, "extra")
    )
    repeats = fetch(
        sql.SQL(
            "WITH first AS (SELECT external_id, min(row_number) AS row_number FROM {t} GROUP BY 1 HAVING count(*) > 1)"
            " SELECT s.row_number, f.row_number, s.external_id, {differs} FROM first"
            " JOIN {t} s USING (external_id) JOIN {t} f ON f.external_id = first.external_id"
            " AND f.row_number = first.row_number WHERE s.row_number <> first.row_number ORDER BY 1"
        ).format(t=table, differs=differs)
    )
    if repeats:
        numbers = [row[0] for row in repeats]
        for name in (batch.staging_table, faults_table(batch)):
            execute(sql.SQL("DELETE FROM {} WHERE row_number = ANY(%s)").format(sql.Identifier(name)), [numbers])
    same = sum(1 for row in repeats if not row[3])
    return same, [row for row in repeats if row[3]]


def find_records(batch: Batch, subject: Subject, stored: Sequence[str]) -> dict[str, int]:
    """Write which record each row is, or will be, and whether it changes it; counts new, changed, same and merged.

    A row is compared with what the CRM said last: where a correction waits for its export, that is the text kept in
    `corrected`, not the corrected value.
    """
    table, ids = sql.Identifier(batch.staging_table), sql.Identifier(ids_table(batch))
    execute(sql.SQL("DROP TABLE IF EXISTS {}").format(ids))
    said = sql.SQL(" AND ").join(_same(name) for name in stored) if stored else sql.SQL("true")
    execute(
        sql.SQL(
            "CREATE UNLOGGED TABLE {ids} AS SELECT s.row_number, coalesce(t.id, nextval({sequence})) AS record_id,"
            " CASE WHEN t.id IS NULL THEN 'new'"
            " WHEN t.state IN ('live', 'merged') AND {said} AND t.extra @> jsonb_strip_nulls(s.extra) THEN 'same'"
            " WHEN t.state = 'merged' THEN 'merged' ELSE 'changed' END AS fate"
            " FROM {s} s LEFT JOIN {t} t ON t.source_id = %s AND t.external_id = s.external_id"
        ).format(
            ids=ids, s=table, t=sql.Identifier(subject.db_table), said=said,
            sequence=sql.Literal(_sequence(subject)),
        ),
        [batch.source_id],
    )  # fmt: skip
    execute(sql.SQL("CREATE UNIQUE INDEX ON {} (row_number)").format(ids))
    execute(sql.SQL("ANALYZE {}").format(ids))
    counts = dict(fetch(sql.SQL("SELECT fate, count(*) FROM {} GROUP BY 1").format(ids)))
    return {fate: counts.get(fate, 0) for fate in ("new", "changed", "same", "merged")}


def _sequence(subject: Subject) -> str:
    """The name of the sequence that numbers the records of a table."""
    return str(fetch("SELECT pg_get_serial_sequence(%s, 'id')", [subject.db_table])[0][0])


def _same(name: str) -> sql.Composable:
    return sql.SQL(
        "(s.{0} IS NOT DISTINCT FROM t.{0} AND NOT t.corrected ? {1}"
        " OR t.corrected ? {1} AND coalesce(s.{0}::text, '') = t.corrected->>{1})"
    ).format(sql.Identifier(name), sql.Literal(name))


def sample(batch: Batch, fate: str, columns: Sequence[str], limit: int = 5) -> list[dict[str, Any]]:
    """Some rows of one fate, for the preview."""
    rows = fetch(
        sql.SQL(
            "SELECT s.row_number, s.external_id, {} FROM {} s JOIN {} USING (row_number) WHERE fate = %s"
            " ORDER BY 1 LIMIT %s"
        ).format(
            sql.SQL(", ").join(sql.SQL("s.{}").format(sql.Identifier(name)) for name in columns),
            sql.Identifier(batch.staging_table),
            sql.Identifier(ids_table(batch)),
        ),
        [fate, limit],
    )
    return [dict(zip(("row_number", "external_id", *columns), row, strict=True)) for row in rows]


def changed_sample(batch: Batch, subject: Subject, stored: Sequence[str], limit: int = 5) -> list[dict[str, Any]]:
    """Some changed rows with field to [what the CRM said last, what it says now]."""
    rows = fetch(
        sql.SQL(
            "SELECT s.row_number, s.external_id, t.id, {changes} FROM {s} s JOIN {ids} i USING (row_number)"
            " JOIN {t} t ON t.id = i.record_id WHERE i.fate = 'changed' ORDER BY 1 LIMIT %s"
        ).format(
            changes=changes(stored),
            s=sql.Identifier(batch.staging_table),
            ids=sql.Identifier(ids_table(batch)),
            t=sql.Identifier(subject.db_table),
        ),
        [limit],
    )
    return [
        {"row_number": n, "external_id": e, "record_id": r, "changes": c if isinstance(c, dict) else json.loads(c)}
        for n, e, r, c in rows
    ]


def changes(stored: Sequence[str]) -> sql.Composable:
    """SQL for jsonb {column: [old, new]} of what row s changes in record t."""
    pairs = sql.SQL(", ").join(
        sql.SQL(
            "{1}, CASE WHEN NOT {2} THEN jsonb_build_array(coalesce(t.corrected->{1}, to_jsonb(t.{0})), s.{0}) END"
        ).format(sql.Identifier(name), sql.Literal(name), _same(name))
        for name in stored
    )
    state = sql.SQL("'state', CASE WHEN t.state NOT IN ('live', 'merged') THEN jsonb_build_array(t.state, 'live') END")
    listed = sql.SQL(", ").join([pairs, state]) if stored else state
    return sql.SQL("jsonb_strip_nulls(jsonb_build_object({}))").format(listed)


def written(batch: Batch, *, limit: int) -> list[int]:
    """The records that applying writes, at most so many of them."""
    rows = fetch(
        sql.SQL("SELECT record_id FROM {} WHERE fate <> 'same' LIMIT %s").format(sql.Identifier(ids_table(batch))),
        [limit],
    )
    return [row[0] for row in rows]


def fault_counts(batch: Batch) -> Mapping[str, int]:
    rows = fetch(
        sql.SQL(
            "SELECT count(DISTINCT row_number) FILTER (WHERE severity = 'error'), count(DISTINCT row_number) FROM {}"
        ).format(sql.Identifier(faults_table(batch)))
    )
    return {"faulty": rows[0][0], "with_warnings": rows[0][1]}


def faults_by_kind(batch: Batch, limit: int = 12) -> list[dict[str, Any]]:
    """Faults grouped by field and code, most first, each with a sample row and value."""
    rows = fetch(
        sql.SQL(
            "SELECT rule, field, code, severity, count(*), min(row_number),"
            " (array_agg(value ORDER BY row_number))[1], (array_agg(suggestion ORDER BY row_number))[1]"
            " FROM {} GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC LIMIT %s"
        ).format(sql.Identifier(faults_table(batch))),
        [limit],
    )
    names = ("rule", "field", "code", "severity", "n", "row_number", "value", "suggestion")
    return [dict(zip(names, row, strict=True)) for row in rows]
