"""COPY of frames into tables, at once or beside other work."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Any

import polars as pl
from django.db import connection
from psycopg2 import sql

from dataquality.statements import q

NULL = r"\N"
PART = 1 << 20  # bytes handed over at a time


def copy(table: str, columns: Sequence[str], frame: pl.DataFrame) -> None:
    """Append a frame by COPY, its columns in the order of the table's `columns`."""
    with connection.cursor() as cursor:
        _copy(cursor.cursor, table, columns, frame)


class Copying(AbstractContextManager["Copying"]):
    """Appends to tables by COPY in a thread of its own, while the caller prepares the next frames.

    The thread uses the caller's connection and so its transaction: between `start` and `wait` nothing else may speak
    to the database.
    """

    def __init__(self, tables: Mapping[str, Mapping[str, str]]) -> None:
        self.tables = tables  # to the columns of a frame and the names that they have in the table
        self._running: Future[None] | None = None

    def __enter__(self) -> Copying:
        self._thread = ThreadPoolExecutor(1)
        return self

    def start(self, *frames: pl.DataFrame) -> None:
        """Append one frame to each table, in their order."""
        self.wait()
        self._running = self._thread.submit(self._run, connection.cursor(), frames)

    def wait(self) -> None:
        """Until everything is in; an error of the thread is raised here."""
        running, self._running = self._running, None
        if running is not None:
            running.result()

    def __exit__(self, *error: object) -> None:
        with self._thread:
            if error[0] is None:
                self.wait()

    def _run(self, cursor: Any, frames: Sequence[pl.DataFrame]) -> None:
        with cursor:
            for (table, columns), frame in zip(self.tables.items(), frames, strict=True):
                _copy(cursor.cursor, table, list(columns.values()), frame.select(*columns))


def _copy(cursor: Any, table: str, columns: Sequence[str], frame: pl.DataFrame) -> None:
    """Text is quoted, so that null and the two characters backslash N stay apart."""
    if frame.height == 0:
        return
    text = io.BytesIO()
    frame.write_csv(
        text, include_header=False, null_value=NULL, quote_style="non_numeric", datetime_format="%Y-%m-%dT%H:%M:%S%.fZ"
    )
    text.seek(0)
    statement = sql.SQL("COPY {} ({}) FROM STDIN WITH (FORMAT csv, NULL {})").format(
        sql.Identifier(table), q(*columns), sql.Literal(NULL)
    )
    cursor.copy_expert(statement.as_string(cursor), text, PART)
