"""Live records as the engine compares them: text columns, a row a record, in the order of their ids."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence

import polars as pl
from django.db import connection
from psycopg2 import sql

from dataquality import subjects
from dataquality.engine.columns import Kind
from dataquality.queries.pointers import foreign_keys
from dataquality.statements import fetch
from dataquality.subjects import Subject

ID, SOURCE = "record_id", "source_id"
EVERY = sql.SQL("true")


def now_in_store() -> str:
    """The store's moment, as text: which transactions are to be seen in it."""
    return str(fetch("SELECT pg_current_snapshot()::text")[0][0])


def kinds(subject: Subject, beside: Subject | None = None) -> dict[str, Kind]:
    """What is compared: the columns of one table, or those that two have in common.

    A company that one of two tables has as text and the other as a pointer's target is one column, `company`.
    """
    if beside is None:
        return dict(subject.matched)
    mine, theirs = (dict(_by_role(one)) for one in (subject, beside))
    return {name: kind for name, kind in mine.items() if theirs.get(name) is kind}


def read(
    subject: Subject, columns: Sequence[str], *, where: sql.Composable = EVERY, beside: bool = False
) -> pl.DataFrame:
    """`record_id` and the columns as text, null where blank, of the live records `t` that `where` allows.

    `beside` says that the columns are named as `kinds` names those of two tables.
    """
    names = {role: name for name, role in _roles(subject).items()} if beside else {}
    picks = sql.SQL("").join(
        sql.SQL(", nullif({}, '') AS {}").format(_text(subject, names.get(column, column)), sql.Identifier(column))
        for column in columns
    )
    return copied(
        sql.SQL("SELECT t.id AS {id}{picks} FROM {t} t{joins} WHERE t.state = 'live' AND {where} ORDER BY t.id").format(
            id=sql.Identifier(ID), picks=picks, t=sql.Identifier(subject.db_table), joins=joins(subject), where=where
        ),
        {ID: pl.Int64, **dict.fromkeys(columns, pl.String)},
    )


def copied(query: sql.Composable, schema: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    """What a query answers, by COPY: no row becomes a Python value."""
    text = io.BytesIO()
    statement = sql.SQL("COPY ({}) TO STDOUT WITH (FORMAT csv)").format(query)
    with connection.cursor() as cursor:
        cursor.cursor.copy_expert(statement.as_string(cursor.cursor), text, 1 << 20)
    text.seek(0)
    if not text.getbuffer().nbytes:
        return pl.DataFrame(schema=schema)
    return pl.read_csv(text, has_header=False, schema=schema, infer_schema=False)


def _text(subject: Subject, name: str) -> sql.Composable:
    column = sql.Identifier("t", subject.stored_name(name))
    if name not in subject.pointers:
        return sql.SQL("{}::text").format(column)
    target = _target(subject, name)
    return sql.SQL("coalesce({}, {})").format(sql.Identifier(f"to_{name}", target.stored_name(target.title)), column)


def joins(subject: Subject) -> sql.Composable:
    """SQL: the records that compared pointers lead to, as `to_<column>`."""
    found = [
        sql.SQL(" LEFT JOIN {} {alias} ON {alias}.id = t.{key}").format(
            sql.Identifier(target.db_table), alias=sql.Identifier(f"to_{name}"), key=sql.Identifier(key)
        )
        for name, target, key in _pointed(subject)
    ]
    return sql.SQL("").join(found)


def followed(subject: Subject) -> list[tuple[Subject, str]]:
    """The tables whose rows take part, each with the column that leads to them."""
    return [(target, key) for _name, target, key in _pointed(subject)]


def _pointed(subject: Subject) -> Iterator[tuple[str, Subject, str]]:
    for name in subject.matched:
        if name in subject.pointers:
            for key in foreign_keys(subject, name):
                yield name, _target(subject, name), key


def _target(subject: Subject, name: str) -> Subject:
    to = subject.pointers[name].to
    assert isinstance(to, str)  # `Subject.matched` follows no other pointer
    return subjects.get(to)


def _roles(subject: Subject) -> dict[str, str]:
    """Column to what it is called beside another table."""
    companies = [name for name, kind in subject.matched.items() if kind is Kind.COMPANY]
    return {name: "company" if companies == [name] else name for name in subject.matched}


def _by_role(subject: Subject) -> list[tuple[str, Kind]]:
    roles = _roles(subject)
    return [(roles[name], kind) for name, kind in subject.matched.items()]
