"""Records of the mirror as frames, as the engine reads them: a column a field, typed, with the record's id as `row`."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence

import polars as pl
from django.db import connection, models
from psycopg2 import sql

from dataquality.models import Source
from dataquality.subjects import Subject

CHUNK = 100_000  # records in memory at a time


def chunks(subject: Subject, source: Source, *, size: int = CHUNK) -> Iterator[pl.DataFrame]:
    """The live records of a source, in the order of their ids."""
    last = 0
    while True:
        frame = _read(
            subject,
            sql.SQL("source_id = {} AND state = 'live' AND id > {} ORDER BY id LIMIT {}").format(
                sql.Literal(source.pk), sql.Literal(last), sql.Literal(size)
            ),
        )
        if not frame.height:
            return
        yield frame
        last = int(frame.get_column("row")[-1])


def of_ids(subject: Subject, ids: Sequence[int], *, instead: Mapping[str, str] | None = None) -> pl.DataFrame:
    """Some records; `instead` puts another text into a column of all of them, to be read as if it stood there."""
    return _read(subject, sql.SQL("id = ANY({}::bigint[]) ORDER BY id").format(sql.Literal(list(ids))), instead or {})


def columns(subject: Subject) -> list[str]:
    """The stored columns that rules and derivations speak of."""
    return [*subject.stored, *(name for name in subject.derived if name not in subject.stored)]


def _read(subject: Subject, where: sql.Composable, instead: Mapping[str, str] | None = None) -> pl.DataFrame:
    names = columns(subject)
    statement = sql.SQL("COPY (SELECT id AS row, {} FROM {} WHERE {}) TO STDOUT WITH (FORMAT csv, HEADER)").format(
        sql.SQL(", ").join(map(sql.Identifier, names)), sql.Identifier(subject.db_table), where
    )
    text = io.BytesIO()
    with connection.cursor() as cursor:
        cursor.cursor.copy_expert(statement.as_string(cursor.cursor), text)
    text.seek(0)
    schema = {"row": pl.Int64, **dict.fromkeys(names, pl.String)}
    frame = pl.read_csv(text, schema=schema, infer_schema=False).with_columns(pl.col(names).fill_null(""))
    frame = frame.with_columns(pl.lit(value).alias(name) for name, value in (instead or {}).items())
    return frame.with_columns(_typed(subject, name) for name in names)


def _typed(subject: Subject, name: str) -> pl.Expr:
    cell = pl.col(name)
    given = pl.when(cell != "").then(cell)
    match subject.model._meta.get_field(name):
        case models.DateTimeField():
            return given.str.to_datetime("%Y-%m-%d %H:%M:%S%.f%#z", time_zone="UTC", strict=False)
        case models.DateField():
            return given.str.to_date("%Y-%m-%d", strict=False)
        case models.DecimalField() as exact:
            return given.cast(pl.Decimal(38, exact.decimal_places), strict=False)
        case models.IntegerField():
            return given.cast(pl.Int64, strict=False)
        case models.BooleanField():
            return given.replace_strict({"t": True, "f": False, "true": True, "false": False}, return_dtype=pl.Boolean)
        case _:
            return cell
