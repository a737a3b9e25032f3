"""Rows as they were and as they became, and the fingerprint of a cluster.

A journal is {"rows": {table: {id: {"before": row or null, "after": row or null}}}, "children": [{table, column, key,
from, to, ids}], "labels": {...}}. Rows are in the store's own JSON, exact numbers as text, so that they come back as
they were.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any

from psycopg2 import sql

from dataquality.models import Correction
from dataquality.queries.children import relations
from dataquality.statements import execute, fetch
from dataquality.subjects import Subject

Row = dict[str, Any]
Rows = dict[int, Row]
CORRECTIONS = Correction._meta.db_table
GENERATED = ("priority", "learns")  # columns of pairs that the store fills itself


def rows_where(table: str, where: sql.Composable) -> Rows:
    """Rows of a table, by id."""
    found = fetch(
        sql.SQL("SELECT t.id, to_jsonb(t)::text FROM {} t WHERE {} ORDER BY t.id").format(sql.Identifier(table), where)
    )
    return {key: json.loads(text, parse_float=str) for key, text in found}


def rows_of(table: str, ids: Collection[int]) -> Rows:
    return rows_where(table, sql.SQL("t.id = ANY({}::bigint[])").format(sql.Literal(sorted(ids))))


def corrections_of(subject: Subject, ids: Collection[int]) -> Rows:
    return rows_where(
        CORRECTIONS,
        sql.SQL('t."table" = {} AND t.record_id = ANY({}::bigint[])').format(
            sql.Literal(subject.slug), sql.Literal(sorted(ids))
        ),
    )


def fingerprint(subject: Subject, ids: Collection[int]) -> str:
    """SHA-256 of the members with all their cells, of which rows point at which of them, and of what is proposed."""
    pointing = {
        f"{relation.db_table}.{relation.column}": fetch(
            sql.SQL("SELECT {k}, {c} FROM {t} WHERE {c} = ANY(%s) ORDER BY 1, 2").format(
                k=sql.Identifier(relation.key), c=sql.Identifier(relation.column), t=sql.Identifier(relation.db_table)
            ),
            [list(ids)],
        )
        for relation in relations(subject.model)
    }
    canonical = json.dumps(
        [rows_of(subject.db_table, ids), pointing, corrections_of(subject, ids)], sort_keys=True, default=str
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def differences(before: Mapping[int, Row], after: Mapping[int, Row]) -> dict[str, dict[str, Row | None]]:
    """The rows that changed, came or went, for the journal."""
    return {
        str(key): {"before": before.get(key), "after": after.get(key)}
        for key in sorted({*before, *after})
        if before.get(key) != after.get(key)
    }


def put_back(table: str, key: int, row: Row, columns: Collection[str]) -> None:
    """Give a row's columns the values they had."""
    names = sql.SQL(", ").join(sql.Identifier(name) for name in sorted(columns))
    execute(
        sql.SQL(
            "UPDATE {t} SET ({names}) = (SELECT {names} FROM jsonb_populate_record(NULL::{t}, %s::jsonb)) WHERE id = %s"
        ).format(t=sql.Identifier(table), names=names),
        [json.dumps(row), key],
    )


def insert_again(table: str, row: Row) -> None:
    """A row that is no longer there, as it was; generated columns follow by themselves."""
    from_model = [name for name in row if name not in GENERATED]
    names = sql.SQL(", ").join(sql.Identifier(name) for name in from_model)
    execute(
        sql.SQL("INSERT INTO {t} ({n}) SELECT {n} FROM jsonb_populate_record(NULL::{t}, %s::jsonb)").format(
            t=sql.Identifier(table), n=names
        ),
        [json.dumps(row)],
    )
