"""Set-based statements: composed with psycopg2's `sql`, run through Django's connection.

They are sent as text, because the audit writes who acts in front of a statement. Names of tables and columns come from
models and never from a file or a request.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl
from django.db import connection
from psycopg2 import sql


def execute(statement: sql.Composable | str, params: Sequence[Any] = ()) -> int:
    """Run one statement; returns how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(_text(statement, cursor), list(params))
        return int(cursor.rowcount)


def fetch(
    statement: sql.Composable | str, params: Sequence[Any] | Mapping[str, Any] = ()
) -> list[tuple[Any, ...]]:  # fmt: skip
    """All rows of one query."""
    with connection.cursor() as cursor:
        cursor.execute(_text(statement, cursor), params if isinstance(params, Mapping) else list(params))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def text_of(statement: sql.Composable) -> str:
    """A statement as it is sent, to be kept where it is asked again and again."""
    with connection.cursor() as cursor:
        return _text(statement, cursor)


def q(*names: str) -> sql.Composable:
    """Names of columns, listed."""
    return sql.SQL(", ").join(sql.Identifier(name) for name in names)


def array(ids: Iterable[int]) -> str:
    """Whole numbers as the value of a `%s::bigint[]`: a list would become an expression, parsed number by number."""
    return "{" + ",".join(map(str, ids.to_list() if isinstance(ids, pl.Series) else ids)) + "}"


def listed(ids: Iterable[int]) -> sql.Composable:
    """SQL: the same as a value that no plan looks into: weighing many numbers takes as long as finding them."""
    return sql.SQL("(SELECT {}::bigint[])::bigint[]").format(sql.Literal(array(ids)))


def _text(statement: sql.Composable | str, cursor: Any) -> str:
    """As text with placeholders: a per-cent sign in a literal value is none."""
    if isinstance(statement, str):
        return statement
    if isinstance(statement, sql.Composed):
        return "".join(_text(part, cursor) for part in statement.seq)
    text = str(statement.as_string(cursor.cursor))
    return text.replace("%", "%%") if isinstance(statement, sql.Literal) else text
