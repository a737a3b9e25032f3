"""The keys of every record, kept so that a new one finds those it shares a key with in a millisecond."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from psycopg2 import sql

from dataquality.engine.block import Keys
from dataquality.engine.matching import Model
from dataquality.engine.records import FEW_ROWS, Records
from dataquality.engine.standardise import Standard, standardise
from dataquality.engine.weigh.scoring import records_of
from dataquality.models import KeyIndex, MatchRun
from dataquality.services import applying
from dataquality.services.copying import copy
from dataquality.services.matching import frames
from dataquality.services.matching.changed import changed_since
from dataquality.services.matching.lines import layout_of, lines_of
from dataquality.services.matching.models import kinds_in, model_of
from dataquality.services.matching.stored_keys import (
    copy_keys,
    create_tables,
    drop_unused,
    finish_tables,
    standing,
    warm_tables,
)
from dataquality.services.matching.timing import Effects, Report, silent
from dataquality.statements import array, execute, fetch, listed
from dataquality.subjects import Subject

FEW = 500  # records that are read without compiled code, as a request must
AT_ONCE = 5_000  # records that a request or an import keys itself; more are left to a job
COMMON = 0  # in the place of a record: more share this key than its pass allows, so that it is none
KEYS = dict.fromkeys(("key", "record_id", "cap"), pl.Int64)
LINES = {"record_id": pl.Int64, "line": pl.String}
THERE = """
    SELECT *, xmin::text AS version FROM dataquality_keyindex
     WHERE "table" = %s AND to_regclass('dataquality_added_' || number) IS NOT NULL"""
Ints = NDArray[np.int64]


def index_of(subject: Subject) -> KeyIndex | None:
    """The keys of a table, where they are kept; a crash of the store may have emptied them."""
    return next(iter(KeyIndex.objects.raw(THERE, [subject.slug])), None)


def held_index(subject: Subject) -> KeyIndex | None:
    """The keys of a table, which nobody takes away until the transaction ends."""
    for _time in range(2):  # those that were just being replaced are gone when they are asked for
        index = next(iter(KeyIndex.objects.raw(f"{THERE} FOR KEY SHARE", [subject.slug])), None)
        if index is not None:
            return index
    return None


def make_keys(
    subject: Subject, run: MatchRun, *, now: datetime, report: Report = silent, effects: Effects = transaction.atomic
) -> int:
    """Make the keys of all live records anew, with the model of a run; returns how many.

    A value that more records share than its pass allows is no key, as in the run itself.
    """
    model = model_of(run.pk)
    snapshot = frames.now_in_store()
    report(0, 3, _("Reading the records"))
    frame = frames.read(subject, list(kinds_in(model, frames.kinds(subject))))
    report(1, 3, _("Bringing names and addresses into one spelling"))
    ids = frame.get_column(frames.ID)
    standard = _standard(subject, model, frame)
    del frame  # each of these is as large as the table
    layout = layout_of(standard, model)
    lines = pl.DataFrame({"record_id": ids, "line": lines_of(standard, layout)})
    records = records_of(standard, model)
    del standard
    keys, rows, common = _kept(records, model)
    del records
    report(2, 3, _("Writing the keys"))
    with effects():
        applying.as_long_work()
        number = int(fetch("SELECT nextval(pg_get_serial_sequence('dataquality_matchrun', 'id'))")[0][0])
        index = KeyIndex(
            table=subject.slug, run=run, number=number, layout=layout, keys=len(keys), made_at=now, snapshot=snapshot
        )
        create_tables(index)
        copy_keys(index.key_table, keys, ids.to_numpy()[rows], new=True)
        copy_keys(index.key_table, common, np.full(len(common), COMMON), new=True)
        copy(index.line_table, lines.columns, lines)
        finish_tables(index)
        call_uncompared(index, changed_since(subject, run.snapshot) if run.snapshot else ids)
        KeyIndex.objects.filter(table=subject.slug).delete()
        index.save()
        drop_unused()
        warm_tables(index)
    return len(keys)


@dataclass(frozen=True)
class Keyed:
    """Some records in one spelling: (key, record_id, cap) and (record_id, line)."""

    keys: pl.DataFrame
    lines: pl.DataFrame


@dataclass(frozen=True)
class Spelt:
    """Some records in one spelling, as the engine has them and as they are kept: (record_id, line), in one order."""

    standard: Standard
    lines: pl.DataFrame

    def without(self, ids: pl.Series) -> Spelt:
        """Some of them left out."""
        rest = (~self.lines.get_column("record_id").is_in(ids.implode())).arg_true()
        return Spelt(self.standard.taken(rest), self.lines[rest])


def rows_of(subject: Subject, model: Model, ids: Collection[int]) -> pl.DataFrame:
    """The live ones among these records, as they are stored now and as a model compares them."""
    columns = list(kinds_in(model, frames.kinds(subject)))
    return frames.read(subject, columns, where=sql.SQL("t.id = ANY({})").format(listed(ids)))


def spelt(subject: Subject, index: KeyIndex, model: Model, rows: pl.DataFrame) -> Spelt:
    """Records in one spelling; asks the store nothing."""
    if not rows.height:
        return Spelt(Standard(0, ()), pl.DataFrame(schema=LINES))
    standard = _standard(subject, model, rows)
    lines = {"record_id": rows.get_column(frames.ID), "line": lines_of(standard, index.layout)}
    return Spelt(standard, pl.DataFrame(lines, schema=LINES))


def keyed(fresh: Spelt, model: Model) -> Keyed:
    """The keys of records beside their lines; asks the store nothing."""
    if not fresh.lines.height:
        return Keyed(pl.DataFrame(schema=KEYS), fresh.lines)
    keys = capped(records_of(fresh.standard, model, fast=fresh.standard.rows > FEW), model)
    known = fresh.lines.get_column("record_id").gather(keys.get_column("row"))
    return Keyed(keys.select("key", record_id=known, cap="cap"), fresh.lines)


def unknown(fresh: Keyed, stand: pl.DataFrame) -> pl.DataFrame:
    """(key, record_id), ordered, of the keys to be added; `stand` are all that are kept of the same values.

    Keys that no longer hold stay: they bring a candidate, which is then compared as it is. Asks the store nothing.
    """
    common = stand.filter(pl.col("record_id") == COMMON)
    new = fresh.keys.join(stand, on=["key", "record_id"], how="anti").join(common, on="key", how="anti")
    return new.select("key", "record_id").sort("key", "record_id")


def put_keys(index: KeyIndex, new: pl.DataFrame) -> None:
    """Add these (key, record_id)."""
    if new.height:
        copy_keys(index.added_table, new.get_column("key").to_numpy(), new.get_column("record_id").to_numpy())
    if new.height > FEW:
        execute("SET LOCAL default_statistics_target = 10")  # hashes: how many there are is all that can be known
        execute(sql.SQL("ANALYZE {}").format(sql.Identifier(index.added_table)))
        execute("SET LOCAL default_statistics_target TO DEFAULT")


def put_lines(index: KeyIndex, fresh: Keyed, ids: Collection[int], *, compared: bool) -> None:
    """Put the lines of these records in the place of the old ones, and keep none of those that are no longer live.

    `compared` says that the pairs of the records are found by these lines; a line that is as it was stays compared.
    """
    table = sql.Identifier(index.line_table)
    known = fresh.lines.get_column("record_id").to_list()
    execute(
        sql.SQL(
            "INSERT INTO {table} AS l (record_id, line, compared)"
            " SELECT u.*, {compared} FROM unnest(%s::bigint[], %s::text[]) u"
            " ON CONFLICT (record_id) DO UPDATE SET line = EXCLUDED.line, compared = EXCLUDED.compared"
            " WHERE l.line <> EXCLUDED.line OR (EXCLUDED.compared AND NOT l.compared)"
        ).format(table=table, compared=sql.Literal(compared)),
        [array(known), fresh.lines.get_column("line").to_list()],
    )
    gone = set(ids).difference(known)
    if gone:
        execute(sql.SQL("DELETE FROM {} WHERE record_id = ANY({})").format(table, listed(gone)))


def call_uncompared(index: KeyIndex, ids: pl.Series | None = None) -> None:
    """Note that the pairs of these records, or of all, may be others than their lines would give."""
    these = sql.SQL("true") if ids is None else sql.SQL("record_id = ANY({})").format(listed(ids))
    table = sql.Identifier(index.line_table)
    execute(sql.SQL("UPDATE {} SET compared = false WHERE compared AND {}").format(table, these))


def compare_again(subject: Subject, ids: Collection[int]) -> None:
    """Let the next run among changes compare these records even if they read as before: their pairs were moved."""
    index = held_index(subject)
    if index is not None:
        call_uncompared(index, pl.Series(list(ids), dtype=pl.Int64))


def compared_lines(index: KeyIndex, ids: pl.Series) -> pl.DataFrame:
    """(record_id, line) of those of these records whose stored pairs were found by their lines."""
    asked = sql.SQL("SELECT record_id, line FROM {} WHERE compared AND record_id = ANY({})")
    return frames.copied(asked.format(sql.Identifier(index.line_table), listed(ids)), LINES)


def kept_lines(index: KeyIndex, ids: pl.Series) -> pl.DataFrame:
    """(record_id, line) of these records as they were last read, in the order of their ids."""
    asked = sql.SQL("SELECT record_id, line FROM {} WHERE record_id = ANY({})")
    return frames.copied(asked.format(sql.Identifier(index.line_table), listed(ids)), LINES).sort("record_id")


def add_keys(subject: Subject, ids: Collection[int]) -> int:
    """Key some records as they are stored now, in the caller's transaction; returns how many of them are live."""
    index = held_index(subject) if ids else None
    if index is None:
        return 0
    model = model_of(index.run_id)
    fresh = keyed(spelt(subject, index, model, rows_of(subject, model, ids)), model)
    put_keys(index, unknown(fresh, standing(index, fresh.keys.get_column("key").unique())))
    put_lines(index, fresh, ids, compared=False)
    return fresh.lines.height


@transaction.atomic
def refresh_keys(subject: Subject) -> int:
    """Key every record that changed since the keys were made or refreshed; returns how many records that were."""
    index = index_of(subject)
    if index is None:
        return 0
    snapshot = frames.now_in_store()
    changed = changed_since(subject, index.snapshot)
    for start in range(0, len(changed), AT_ONCE):
        add_keys(subject, changed[start : start + AT_ONCE].to_list())
    KeyIndex.objects.filter(pk=index.pk).update(snapshot=snapshot)
    return len(changed)


def keys_in(records: Records, model: Model, *, fast: bool) -> tuple[Ints, Ints]:
    """(key, row) of records that are read, each key once a row."""
    made = Keys(records, fast=fast)
    if not fast and records.rows <= FEW_ROWS:
        found = np.array(made.of_few(model.passes), np.int64).reshape(-1, 2)
        return found[:, 0], found[:, 1]
    columns = [(column, 0) for number in range(len(model.passes)) for column in made.of(model.passes, number)]
    keys, rows, _ = _together(columns)
    return keys, rows


def capped(records: Records, model: Model) -> pl.DataFrame:
    """(key, row, cap) of records: how many may share a key before it says nothing."""
    made = Keys(records, fast=records.rows > FEW)
    frames_of = [
        pl.DataFrame({"key": column.view(np.int64)[there], "row": there, "cap": np.full(len(there), one.cap)})
        for number, one in enumerate(model.passes)
        for column in made.of(model.passes, number)
        for there in [np.flatnonzero(column)]
    ]
    return pl.concat(frames_of).unique(["key", "row"])


def _kept(records: Records, model: Model) -> tuple[Ints, Ints, Ints]:
    """(key, row) of all records in the order of the keys, too common ones left out; and the too common ones."""
    made = Keys(records)
    columns = [(column, one.cap) for n, one in enumerate(model.passes) for column in made.of(model.passes, n)]
    keys, rows, common = _together(columns)
    ordered = pl.DataFrame({"key": keys, "row": rows}).sort("key", "row")  # by all cores, a fourth of NumPy's time
    return ordered.get_column("key").to_numpy(), ordered.get_column("row").to_numpy(), common


def _together(columns: Collection[tuple[NDArray[np.uint64], int]]) -> tuple[Ints, Ints, Ints]:
    """(key, row) of key columns, those that more rows than the cap share apart from them; cap 0 allows any number."""
    keys: list[Ints] = []
    rows: list[Ints] = []
    common: list[Ints] = []
    for column, cap in columns:
        there = np.flatnonzero(column)
        values = column[there]
        if cap:
            in_order = np.sort(values)
            later = in_order[cap:]
            several = np.unique(later[later == in_order[: len(later)]])  # the same value stands `cap` places before
            if len(several):
                at = np.minimum(np.searchsorted(several, values), len(several) - 1)
                few = several[at] != values
                there, values = there[few], values[few]
            common.append(several.view(np.int64))
        keys.append(values.view(np.int64))
        rows.append(there.astype(np.int64))
    none = np.zeros(0, np.int64)
    return np.concatenate([none, *keys]), np.concatenate([none, *rows]), np.unique(np.concatenate([none, *common]))


def _standard(subject: Subject, model: Model, frame: pl.DataFrame) -> Standard:
    return standardise(frame, kinds_in(model, frames.kinds(subject)), model.reading)
