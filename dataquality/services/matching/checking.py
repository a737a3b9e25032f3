"""Is there such a record already? Asked before one is created, in the time of a keystroke."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from psycopg2 import sql

from dataquality import subjects
from dataquality.engine.matching import Evidence, Model, explain, score
from dataquality.engine.standardise import standardise
from dataquality.models import KeyIndex
from dataquality.services.matching import frames
from dataquality.services.matching.keeping import index_of, keys_of
from dataquality.services.matching.lines import standard_of
from dataquality.services.matching.models import kinds_in, model_of
from dataquality.statements import fetch
from dataquality.subjects import Subject

COMPARED = 40  # candidates, those that share the rarest keys first
LIKELY = 0.5  # at least this probable, or the threshold of the run where that is higher


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
    index = index_of(subject)
    if index is None:
        return None
    model = model_of(index.run_id)
    kinds = kinds_in(model, frames.kinds(subject))
    given = {name: _said(subject, name, str(values.get(name) or "").strip()) for name in kinds}
    new = standardise(pl.DataFrame([given], schema=dict.fromkeys(kinds, pl.String)), kinds, model.reading)
    found = _candidates(subject, index, keys_of(new, model)[0], besides)
    if not found:
        return []
    rows = np.arange(len(found), dtype=np.int32)
    known = standard_of([line for _id, line in found], index.layout, model)
    probability, _bits, patterns = score(new, known, np.zeros_like(rows), rows, model)
    least = max(LIKELY, model.threshold)
    return [
        Likely(found[row][0], round(float(probability[row]), 4), reasons(model, patterns[row]))
        for row in np.argsort(-probability, kind="stable")[:limit]
        if probability[row] >= least
    ]


def reasons(model: Model, pattern: int) -> list[Evidence]:
    """Column by column, what speaks for and against; the starting point is left out."""
    return [said for said in explain(model, int(pattern)) if said.column]


CANDIDATES = """
    SELECT l.record_id, l.line
      FROM (SELECT record_id, sum(rare) AS shared
              FROM (SELECT record_id, 1.0 / count(*) OVER (PARTITION BY key) AS rare
                      FROM {keys} WHERE key = ANY(%s)) met
             WHERE record_id IS DISTINCT FROM %s GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT %s) near
      JOIN {lines} l USING (record_id) JOIN {t} t ON t.id = l.record_id AND t.state = 'live'
     ORDER BY near.shared DESC, 1"""


def _candidates(
    subject: Subject, index: KeyIndex, keys: NDArray[np.int64], besides: int | None
) -> list[tuple[int, str]]:
    """(record id, line) of the live records that share the most and the rarest keys."""
    names = {"keys": index.key_table, "lines": index.line_table, "t": subject.db_table}
    statement = sql.SQL(CANDIDATES).format(**{name: sql.Identifier(table) for name, table in names.items()})
    return [(row[0], row[1]) for row in fetch(statement, [keys.tolist(), besides, COMPARED])]


def _said(subject: Subject, name: str, text: str) -> str | None:
    """What is compared of a field: of a pointer given by its id, the name of the record."""
    pointer = subject.pointers.get(name)
    if not text or pointer is None or not isinstance(pointer.to, str):
        return text or None
    target = subjects.get(pointer.to)
    named = target.model._default_manager.live().filter(external_id=text).values_list(target.title, flat=True).first()
    return named or text
