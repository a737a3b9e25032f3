"""Is there such a record already? Asked before one is created, in the time of a keystroke."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import polars as pl
from django.db import ProgrammingError, connection
from numpy.typing import NDArray
from psycopg2 import sql

from crm_adoption.kit.prepared import fetch_prepared
from dataquality import subjects
from dataquality.engine.compare import eighths, plain
from dataquality.engine.matching import Evidence, Model, explain
from dataquality.engine.standardise import standardise
from dataquality.engine.weigh.scoring import records_of
from dataquality.models import KeyIndex, MatchRun
from dataquality.services.matching import frames
from dataquality.services.matching.keeping import index_of, keys_in
from dataquality.services.matching.lines import standard_of
from dataquality.services.matching.models import kinds_in, model_of
from dataquality.services.matching.stored_keys import every_key
from dataquality.statements import array, text_of
from dataquality.subjects import Subject

COMPARED = 40  # candidates of a record, those that share the rarest keys first
LIKELY = 0.05  # a person should look from this probability on; a typed record is short, and a missed one is for ever


@dataclass(frozen=True)
class Likely:
    """A stored record that a new one probably duplicates, and why."""

    record_id: int
    probability: float
    reasons: list[Evidence]


def likely_duplicates(
    subject: Subject, values: Mapping[str, str], *, besides: int | None = None, limit: int = 10
) -> list[Likely] | None:
    """Stored records that a new one of these values probably duplicates, the surest first; None without kept keys.

    `values` are by field, as people type them; a pointer's is the id or the name of what it leads to. `besides` is a
    record that is not to be found: the one that is being edited.
    """
    found = likely_of_many(subject, [values], besides=besides, limit=limit)
    return found[0] if found is not None else None


def likely_of_many(
    subject: Subject, rows: Sequence[Mapping[str, str]], *, besides: int | None = None, limit: int = 10
) -> list[list[Likely]] | None:
    """The same of several new records at once."""
    seen, found = _last_seen.get(subject.slug), None
    if seen is not None and not connection.in_atomic_block:
        with suppress(ProgrammingError, MatchRun.DoesNotExist):  # its tables are gone, or its weights
            found = _likely(subject, seen, rows, besides, limit)
    if found is not None:
        return found
    index = index_of(subject)
    if index is None:
        return None
    _last_seen[subject.slug] = index
    return _likely(subject, index, rows, besides, limit) or [[] for _row in rows]


# By table, the keys as this process last saw them: asked of the store anew only where their row was written since.
_last_seen: dict[str, KeyIndex] = {}


def _version(index: KeyIndex) -> str:
    """Which transaction wrote the row of the keys; no other row has it together with its number."""
    return f"{index.number} {index.version}"  # type: ignore[attr-defined]


def _likely(
    subject: Subject, index: KeyIndex, rows: Sequence[Mapping[str, str]], besides: int | None, limit: int
) -> list[list[Likely]] | None:
    """By these keys; None where they are not those that stand."""
    model = model_of(index.run_id)
    kinds = kinds_in(model, frames.kinds(subject))
    given = [{name: str(row.get(name) or "").strip() or None for name in kinds} for row in rows]
    filled = {name: kind for name, kind in kinds.items() if any(row[name] for row in given)}
    if not filled:
        return [[] for _row in rows]
    for name in filled:
        if name in subject.pointers:
            _name(subject, name, given)
    frame = pl.DataFrame([pl.Series(name, [row[name] for row in given], pl.String) for name in filled])
    new = records_of(standardise(frame, filled, model.reading), model, fast=False)
    found: list[list[Likely]] = [[] for _row in rows]
    met = _candidates(subject, index, *keys_in(new, model, fast=False), besides)
    if not met:
        return None if met is None else found
    lines = {record: line for _row, record, line in met}
    place = {record: at for at, record in enumerate(lines)}
    left = np.array([row for row, _record, _line in met], np.int32)
    right = np.array([place[record] for _row, record, _line in met], np.int32)
    known = records_of(
        standard_of(pl.Series(list(lines.values()), dtype=pl.String), index.layout, model), model, fast=False
    )
    patterns = plain.patterns(new, known, left, right, model.program, eighths(model.frequencies.rows))
    _bits, probability = model.weigh(patterns)
    for at in np.argsort(-probability, kind="stable"):
        row, record, _line = met[at]
        if probability[at] >= LIKELY and len(found[row]) < limit:
            found[row].append(Likely(record, round(float(probability[at]), 4), reasons(model, patterns[at])))
    return found


def reasons(model: Model, pattern: int) -> list[Evidence]:
    """Column by column, what speaks for and against; the starting point is left out."""
    return [said for said in explain(model, int(pattern)) if said.column]


# A record counts a part of each key that it shares, the more the fewer share it, in millionths: whole numbers are
# added faster. The keys are looked up one by one, so that those that share one are counted without being sorted. One
# row of nothing says that the keys stand and lead to nobody; no row, that others stand.
CANDIDATES = """
    SELECT near.row, near.record_id, near.line
      FROM dataquality_keyindex i
      LEFT JOIN (
        SELECT ranked.row, ranked.place, l.record_id, l.line
          FROM (SELECT row, record_id, row_number() OVER (PARTITION BY row ORDER BY sum(rare) DESC, record_id) AS place
                  FROM (SELECT n.row, unnest(k.ids) AS record_id, 1000000 / cardinality(k.ids) AS rare
                          FROM unnest($1::bigint[], $2::int[]) AS n (key, row)
                         CROSS JOIN LATERAL (SELECT array_agg(record_id) AS ids FROM {keys} k
                                              WHERE k.key = n.key AND record_id > 0) k) met
                 WHERE record_id IS DISTINCT FROM $3::bigint GROUP BY 1, 2) ranked
          JOIN {lines} l USING (record_id) JOIN {t} t ON t.id = l.record_id AND t.state = 'live'
         WHERE ranked.place <= $4::int) near ON true
     WHERE i.number || ' ' || i.xmin = $5::text ORDER BY near.row, near.place"""


def _candidates(
    subject: Subject, index: KeyIndex, keys: NDArray[np.int64], rows: NDArray[np.int64], besides: int | None
) -> list[tuple[int, int, str]] | None:
    """(row, record id, line) of the live records that share the most and the rarest keys with each row.

    None where other keys stand.
    """
    statement = sql.SQL(CANDIDATES).format(
        keys=every_key(index), lines=sql.Identifier(index.line_table), t=sql.Identifier(subject.db_table)
    )
    asked = [array(keys.tolist()), array(rows.tolist()), besides, COMPARED, _version(index)]
    found = fetch_prepared(f"near_{index.number}", text_of(statement), asked)
    return [(row[0], row[1], row[2]) for row in found if row[1] is not None] if found else None


def _name(subject: Subject, name: str, rows: list[dict[str, str | None]]) -> None:
    """Put names of records in the place of their ids, in the column of a pointer."""
    target = subjects.get(str(subject.pointers[name].to))
    asked = {row[name] for row in rows if row[name]}
    known = target.model._default_manager.live().filter(external_id__in=asked)
    names = dict(known.values_list("external_id", target.title)) if asked else {}
    for row in rows:
        row[name] = names.get(row[name] or "") or row[name]
