"""The tables in which kept keys stand: those made as a whole, which are never written again, and those added since.

Keys are hashes, so that a thousand of them lie on a thousand pages of a large index: adding to it would write most of
its pages. What is added goes into a small table of its own, and the large one stays as it was packed.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
import polars as pl
from django.db import connection
from numpy.typing import NDArray
from psycopg2 import sql

from dataquality.models import KeyIndex
from dataquality.statements import execute, fetch, listed

KEPT = {"key": pl.Int64, "record_id": pl.Int64}
ASKED = "dataquality_asked"  # those that a transaction looks for, in a table of its own
ROWS_A_PART = 50_000  # rows that are handed over at a time
MANY = 5_000  # keys that are sooner looked for side by side
ROW = np.dtype([("n", ">i2"), ("a", ">i4"), ("key", ">i8"), ("b", ">i4"), ("id", ">i8")])  # of a binary COPY
OPENING, CLOSING = b"PGCOPY\n\xff\r\n\x00" + bytes(8), b"\xff\xff"
Ints = NDArray[np.int64]


def every_key(index: KeyIndex) -> sql.Composable:
    """SQL: (key, record_id) of all that stand, to be named by the one who asks."""
    parts = (sql.SQL("SELECT key, record_id FROM {}").format(sql.Identifier(name)) for name in key_tables(index))
    return sql.SQL("({})").format(sql.SQL(" UNION ALL ").join(parts))


def key_tables(index: KeyIndex) -> tuple[str, str]:
    return index.key_table, index.added_table


def create_tables(index: KeyIndex) -> None:
    """Empty tables, those of the same number dropped first."""
    for name in (*key_tables(index), index.line_table):
        execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(name)))
    execute(
        sql.SQL(
            "CREATE UNLOGGED TABLE {} (key bigint NOT NULL, record_id bigint NOT NULL);"
            "CREATE UNLOGGED TABLE {} (key bigint NOT NULL, record_id bigint NOT NULL);"
            "CREATE UNLOGGED TABLE {} (record_id bigint NOT NULL, line text NOT NULL,"
            " compared boolean NOT NULL DEFAULT true) WITH (fillfactor = 90)"
        ).format(*map(sql.Identifier, (*key_tables(index), index.line_table)))
    )


def finish_tables(index: KeyIndex) -> None:
    """Indexes after the rows, and fresh statistics.

    None of the additions: a table that is known to be empty is planned to be read as a whole, and the plan of the check
    outlives the emptiness.
    """
    keys, added, lines = map(sql.Identifier, (*key_tables(index), index.line_table))
    execute(
        sql.SQL(
            "CREATE INDEX ON {} (key, record_id); CREATE INDEX ON {} (key, record_id);"
            "ALTER TABLE {} ADD PRIMARY KEY (record_id)"
        ).format(keys, added, lines)
    )
    execute(sql.SQL("ANALYZE {}, {}").format(keys, lines))


def warm_tables(index: KeyIndex) -> None:
    """Have the store read what it has just written, as far as its cache holds it: new indexes go past it to the disk.

    Two seconds for a million records, once; without it each of the next thousand questions waits for the disk.
    """
    execute("SET LOCAL enable_seqscan = off")
    fetch(sql.SQL("SELECT count(*) FROM {} WHERE key IS NOT NULL").format(sql.Identifier(index.key_table)))
    fetch(sql.SQL("SELECT count(*) FROM {} WHERE record_id IS NOT NULL").format(sql.Identifier(index.line_table)))
    execute("SET LOCAL enable_seqscan TO DEFAULT")
    fetch(sql.SQL("SELECT count(line) FROM {}").format(sql.Identifier(index.line_table)))


def drop_unused() -> None:
    """The tables of keys and shards that no index names any more: replaced now, or left when their run was deleted."""
    used = {index.number for index in KeyIndex.objects.all()}
    stored = fetch(
        "SELECT tablename, split_part(tablename, '_', 3)::bigint FROM pg_tables"
        r" WHERE tablename ~ '^dataquality_((keys|added|lines)_\d+|shard_\d+_\d+_\d+)$'"
    )
    for name, number in stored:
        if number not in used:
            execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(name)))


def standing(index: KeyIndex, keys: pl.Series) -> pl.DataFrame:
    """(key, record_id) that are kept of these distinct keys, whoever the record is; in the caller's transaction.

    Many are joined as a table, in their order, so that the index is walked along and not about; an ordinary one, as the
    processes that share the work of a question cannot see a temporary one.
    """
    if len(keys) <= MANY:
        of_few = sql.SQL("SELECT key, record_id FROM {kept} k WHERE key = ANY({keys})")
        return _copied(of_few.format(kept=every_key(index), keys=listed(keys)))
    connection.ensure_connection()
    name = f"{ASKED}_{index.number}_{connection.connection.info.backend_pid}"
    asked = sql.Identifier(name)
    execute(sql.SQL("CREATE UNLOGGED TABLE {} (key bigint, record_id bigint)").format(asked))
    copy_keys(name, keys.sort().to_numpy(), np.zeros(len(keys), np.int64), new=True)
    execute(sql.SQL("ANALYZE {}").format(asked))
    execute("SET LOCAL parallel_setup_cost = 0; SET LOCAL parallel_tuple_cost = 0; SET LOCAL enable_mergejoin = off")
    of_asked = sql.SQL("SELECT k.key, k.record_id FROM {} JOIN {} k USING (key)")
    found = pl.concat([_copied(of_asked.format(asked, sql.Identifier(name))) for name in key_tables(index)])
    execute(
        "SET LOCAL parallel_setup_cost TO DEFAULT; SET LOCAL parallel_tuple_cost TO DEFAULT;"
        "SET LOCAL enable_mergejoin TO DEFAULT"
    )
    execute(sql.SQL("DROP TABLE {}").format(asked))
    return found


def _copied(query: sql.Composable) -> pl.DataFrame:
    """What a query for (key, record_id) answers, by binary COPY."""
    text = io.BytesIO()
    with connection.cursor() as cursor:
        statement = sql.SQL("COPY ({}) TO STDOUT WITH (FORMAT binary)").format(query)
        cursor.cursor.copy_expert(statement.as_string(cursor.cursor), text, 1 << 20)
    rows = np.frombuffer(text.getbuffer()[len(OPENING) : -len(CLOSING)], ROW)
    return pl.DataFrame({"key": rows["key"].astype(np.int64), "record_id": rows["id"].astype(np.int64)}, schema=KEPT)


def copy_keys(table: str, keys: Ints, ids: Ints, *, new: bool = False) -> None:
    """By binary COPY: no figure becomes text. What goes into a `new` table need not be marked as visible later."""
    statement = sql.SQL("COPY {} (key, record_id) FROM STDIN WITH (FORMAT binary" + ", FREEZE" * new + ")")
    with connection.cursor() as cursor:
        statement_text = statement.format(sql.Identifier(table)).as_string(cursor.cursor)
        cursor.cursor.copy_expert(statement_text, _Rows(keys, ids), ROWS_A_PART * ROW.itemsize)


class _Rows:
    """Rows as a file for COPY, some at a time: all at once would take more memory than what they are made of."""

    def __init__(self, keys: Ints, ids: Ints) -> None:
        self.parts = self._parts(keys, ids)

    def read(self, _size: int = -1) -> bytes:
        """The next rows, no more bytes than COPY is told to ask for; none at the end."""
        return next(self.parts, b"")

    @staticmethod
    def _parts(keys: Ints, ids: Ints) -> Iterator[bytes]:
        yield OPENING
        for start in range(0, len(keys), ROWS_A_PART):
            part = slice(start, start + ROWS_A_PART)
            rows = np.empty(len(keys[part]), ROW)
            rows["n"], rows["a"], rows["b"] = 2, 8, 8
            rows["key"], rows["id"] = keys[part], ids[part]
            yield rows.tobytes()
        yield CLOSING
