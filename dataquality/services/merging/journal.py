"""Rows as they were and as they became, and the fingerprint of a cluster.

A journal is {"rows": {table: {id: {"before": row or null, "after": row or null}}}, "children": [{table, column, key,
from, to, ids}], "labels": {...}}. Rows are in the store's own JSON, exact numbers as text, so that they come back as
they were.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from psycopg2 import sql

from dataquality.models import Correction, Finding, Pair
from dataquality.queries.children import relations
from dataquality.statements import execute, fetch, text_of
from dataquality.subjects import Subject

Row = dict[str, Any]
Rows = dict[int, Row]
CORRECTIONS, FINDINGS, PAIRS = (model._meta.db_table for model in (Correction, Finding, Pair))
SAID = (CORRECTIONS, FINDINGS, PAIRS)  # what is said of the members
OPEN_FINDINGS = "t.state IN ('open', 'corrected', 'waived')"
GENERATED = ("priority", "learns")  # columns of pairs that the store fills itself


@dataclass(frozen=True)
class State:
    """A cluster as it stands: its members, what is said of them, and which rows point at which of them."""

    rows: dict[str, Rows]  # by table
    pointing: dict[str, list[list[Any]]]  # "table.column" to [key, member], in order


def state_of(
    subject: Subject, members: Sequence[int], *, said: Mapping[str, Collection[int]] | None = None,
    first: str = "", with_first: Sequence[Any] = (),
) -> State:  # fmt: skip
    """The cluster of these records in one statement.

    Of findings those that still count, and of pairs all in which a member stands, or instead the rows that `said`
    names. `first`, which ends in a semicolon, is done in the same breath before anything is looked at.
    """
    known = said or {}
    ids, slug = list(members), subject.slug
    params: list[Any] = [*with_first, ids, slug, ids]
    params += [list(known[FINDINGS])] if FINDINGS in known else [slug, ids]
    params += [list(known[PAIRS])] if PAIRS in known else [slug, ids, slug, ids]
    params += [ids] * len(relations(subject.model))
    rows: dict[str, Rows] = {}
    pointing: dict[str, list[list[Any]]] = {}
    for part, text in fetch(first + _question(subject, frozenset(known)), params):
        found = json.loads(text, parse_float=str)
        if part in (subject.db_table, *SAID):
            rows[part] = {int(key): row for key, row in found.items()}
        else:
            pointing[part] = found
    return State(rows, pointing)


@cache
def _question(subject: Subject, known: frozenset[str]) -> str:
    by_id = "t.id = ANY(%s::bigint[])"
    of_record = 't."table" = %s AND t.record_id = ANY(%s::bigint[])'
    wheres = {
        subject.db_table: by_id,
        CORRECTIONS: of_record,
        FINDINGS: by_id if FINDINGS in known else f"{of_record} AND {OPEN_FINDINGS}",
        PAIRS: by_id
        if PAIRS in known
        else "(t.table_a = %s AND t.a = ANY(%s::bigint[]) OR t.table_b = %s AND t.b = ANY(%s::bigint[]))",
    }
    parts = [_rows_where(table, where) for table, where in wheres.items()] + [
        sql.SQL(
            "SELECT {name}, coalesce(jsonb_agg(jsonb_build_array({k}, {c}) ORDER BY {k}, {c}), '[]')::text"
            " FROM {t} WHERE {c} = ANY(%s)"
        ).format(
            name=sql.Literal(f"{one.db_table}.{one.column}"), k=sql.Identifier(one.key), c=sql.Identifier(one.column),
            t=sql.Identifier(one.db_table),
        )
        for one in relations(subject.model)
    ]  # fmt: skip
    return text_of(sql.SQL(" UNION ALL ").join(parts))


def _rows_where(table: str, where: str) -> sql.Composable:
    return sql.SQL("SELECT {}, coalesce(jsonb_object_agg(t.id, to_jsonb(t)), '{{}}')::text FROM {} t WHERE {}").format(
        sql.Literal(table), sql.Identifier(table), sql.SQL(where)
    )


def rows_of(wanted: Mapping[str, Collection[int]]) -> dict[str, Rows]:
    """Rows of several tables by their ids, as they stand; tables of which none is wanted are left out."""
    asked = {table: list(ids) for table, ids in wanted.items() if ids}
    if not asked:
        return {}
    question = sql.SQL(" UNION ALL ").join(_rows_where(table, "t.id = ANY(%s::bigint[])") for table in asked)
    return {
        table: {int(key): row for key, row in json.loads(text, parse_float=str).items()}
        for table, text in fetch(question, list(asked.values()))
    }


def fingerprint_of(subject: Subject, state: State) -> str:
    """SHA-256 of the members with all their cells, of which rows point at which of them, and of what is proposed."""
    parts = [state.rows[subject.db_table], state.pointing, state.rows[CORRECTIONS]]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def fingerprint(subject: Subject, ids: Collection[int]) -> str:
    """The fingerprint of these records as they stand."""
    return fingerprint_of(subject, state_of(subject, list(ids)))


def differences(before: Mapping[int, Row], after: Mapping[int, Row]) -> dict[str, dict[str, Row | None]]:
    """The rows that changed, came or went, for the journal."""
    return {
        str(key): {"before": before.get(key), "after": after.get(key)}
        for key in sorted({*before, *after})
        if before.get(key) != after.get(key)
    }


def put_back(table: str, rows: Iterable[Row], columns: Collection[str]) -> None:
    """Give these columns of rows, which are told by their id, the values they had."""
    names = sql.SQL(", ").join(sql.Identifier(name) for name in sorted(columns))
    execute(
        sql.SQL(
            "UPDATE {t} t SET ({names}) = (SELECT {names} FROM jsonb_populate_record(NULL::{t}, v.was))"
            " FROM (SELECT (was->>'id')::bigint AS id, was FROM jsonb_array_elements(%s::jsonb) was) v"
            " WHERE t.id = v.id"
        ).format(t=sql.Identifier(table), names=names),
        [json.dumps(list(rows))],
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
