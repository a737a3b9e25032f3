"""Statements that are asked at every turn, planned once a connection: a small question costs as much to plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model
from pghistory import runtime

EXECUTE = "EXECUTE "
M = TypeVar("M", bound=Model)
_known: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


def leave_out_of_the_audit() -> None:
    """The audit says who acts before each statement that may write, which here would take as long as the asking."""
    prefixes: tuple[str, ...] = runtime.IGNORED_SQL_PREFIXES
    runtime.IGNORED_SQL_PREFIXES = (*prefixes, EXECUTE.lower())  # type: ignore[assignment]


def fetch_prepared(name: str, statement: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows of a statement with $1, $2, … for its parameters.

    One name is one statement, for ever, and writes to no table that is audited. A connection keeps what it has planned
    until it ends, a transaction that is rolled back included; where a table was dropped and made anew meanwhile, the
    store plans again.
    """
    connection.ensure_connection()
    known = _known.setdefault(connection.connection, set())
    with connection.cursor() as cursor:
        if name not in known:
            cursor.execute(f'PREPARE "{name}" AS {statement}')
            known.add(name)
        places = ", ".join(["%s"] * len(params))
        cursor.execute(f'{EXECUTE}"{name}" ({places})', list(params))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def columns_of(model: type[Model], alias: str) -> str:
    """Every column of a model, as its table is called in a statement; `read_as` makes one of what comes."""
    return ", ".join(f'{alias}."{field.attname}"' for field in model._meta.concrete_fields)


def read_as(model: type[M], values: Sequence[Any]) -> M:
    """One of a model, as a query would give it, of the values of `columns_of`."""
    return model.from_db(DEFAULT_DB_ALIAS, [field.attname for field in model._meta.concrete_fields], values)
