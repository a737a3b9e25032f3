"""What people have said, as the engine takes it: labels that teach, and answers that bind clusters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from psycopg2 import sql

from dataquality.engine.matching import Labels
from dataquality.services.matching.writing import judged_between
from dataquality.statements import fetch
from dataquality.subjects import Subject

SCHEMA = {"a": pl.Int64, "b": pl.Int64, "same": pl.Boolean, "teaches": pl.Boolean}


@dataclass(frozen=True)
class Answers:
    """Judged pairs of record ids; `teaches` is false for those held back and for those accepted in bulk."""

    frame: pl.DataFrame

    def labels(self, left: NDArray[np.int64], right: NDArray[np.int64], offset: int) -> Labels | None:
        """The teaching ones as row numbers: of `left` by its ids, of `right` by its ids plus `offset`."""
        taught = self.frame.filter("teaches")
        a, known_a = _rows(left, taught.get_column("a").to_numpy())
        b, known_b = _rows(right, taught.get_column("b").to_numpy())
        both = known_a & known_b
        if not both.any():
            return None
        same = taught.get_column("same").to_numpy()[both]
        return Labels(a[both].astype(np.int32), (b[both] + offset).astype(np.int32), same)


def answers_between(left: Subject, right: Subject) -> Answers:
    """Every judgement whose two records are stored; `left` and `right` are one table, or two in the order of slugs."""
    rows = fetch(
        sql.SQL(
            "SELECT a, b, verdict = 'same', acceptance_id IS NULL AND NOT held_back FROM ({}) j ORDER BY a, b"
        ).format(judged_between(left, right))
    )
    return Answers(pl.DataFrame(rows, SCHEMA, orient="row"))


def _rows(ids: NDArray[np.int64], wanted: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Places of ids in an ascending list, and which of them stand there at all."""
    if not len(ids):
        return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), np.bool_)
    places = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return places, ids[places] == wanted
