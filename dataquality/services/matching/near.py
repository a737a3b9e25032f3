"""Pairs of stored records weighed by their kept lines, and the pairs inside the groups that they make."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from psycopg2 import sql

from dataquality.engine.cluster.completing import unseen_pairs
from dataquality.engine.compare import compare
from dataquality.engine.matching import KEEP, Model
from dataquality.engine.weigh.scoring import records_of
from dataquality.models import KeyIndex, Pair
from dataquality.services.matching.clusters import Clusters
from dataquality.services.matching.frames import copied
from dataquality.services.matching.keeping import kept_lines
from dataquality.services.matching.lines import standard_of
from dataquality.statements import array, fetch, listed
from dataquality.subjects import Subject

FEW_PAIRS = 3_000  # that are compared without compiled code, which takes a second to load where it is not yet
WEIGHED = {"a": pl.Int64, "b": pl.Int64, "probability": pl.Float64, "weight": pl.Float64, "pattern": pl.Int64}
ENDS = ("a", "b")


@dataclass(frozen=True)
class Near:
    """The records of a table as a model sees them."""

    subject: Subject
    index: KeyIndex
    model: Model

    def weighed(self, pairs: pl.DataFrame) -> pl.DataFrame:
        """(a, b, probability, weight, pattern) of those pairs (a, b) of kept records that are worth keeping."""
        return self.weigh(pairs, kept_lines(self.index, _records(pairs)))

    def lines(self, pairs: pl.DataFrame, fresh: pl.DataFrame, changed: pl.Series) -> pl.DataFrame:
        """(record_id, line), ordered, of the records of pairs (a, b) that have one; `fresh` are those of `changed`."""
        asked = _records(pairs)
        kept = kept_lines(self.index, asked.filter(~asked.is_in(changed.implode())))
        return pl.concat([kept, fresh.filter(pl.col("record_id").is_in(asked.implode()))]).sort("record_id")

    def weigh(self, pairs: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
        """(a, b, probability, weight, pattern) of the pairs (a, b) of records with a line that are worth keeping.

        Asks the store nothing.
        """
        known = lines.get_column("record_id")
        pairs = _among(known, pairs)
        if not pairs.height:
            return pl.DataFrame(schema=WEIGHED)
        fast = pairs.height > FEW_PAIRS
        standard = standard_of(lines.get_column("line"), self.index.layout, self.model)
        records = records_of(standard, self.model, fast=fast)
        a, b = _places(known, pairs)
        patterns = compare(records, a, b, self.model.program, rows=self.model.frequencies.rows, fast=fast)
        bits, probability = self.model.weigh(patterns)
        found = pairs.with_columns(
            probability=pl.Series(probability), weight=pl.Series(bits), pattern=pl.Series(patterns)
        )
        return found.filter(pl.col("probability") >= KEEP).select(list(WEIGHED))

    def completing(self, found: pl.DataFrame, changed: pl.Series, clusters: Clusters) -> pl.DataFrame:
        """The same of pairs with a changed record that no key brought together, in groups that `found` joins.

        A group is judged on all of its pairs, as in a run over the whole table; `clusters` are those that stand.
        """
        cut = self.model.threshold_bits
        joining = found.filter(pl.col("weight") > cut)
        if not joining.height:
            return found.clear()
        touched = changed.implode()
        stood = self._stood(_records(joining), clusters)
        stood = stood.filter(~pl.col("a").is_in(touched) & ~pl.col("b").is_in(touched))
        together = pl.concat([joining.select(stood.columns), stood]).sort(ENDS)
        known = _records(together)
        a, b = _places(known, together)
        bits = (together.get_column("weight").to_numpy() - cut).astype(np.float32)
        one, two = unseen_pairs(len(known), a, b, bits)
        unseen = pl.DataFrame({"a": known.gather(one), "b": known.gather(two)})
        unseen = unseen.filter(pl.col("a").is_in(touched) | pl.col("b").is_in(touched))
        return self.weighed(unseen.join(found, on=ENDS, how="anti"))

    def of_live(self, pairs: pl.DataFrame) -> pl.DataFrame:
        """Those of these pairs (a, b, …) whose records are live: a line may outlive a record that was taken away."""
        asked = sql.SQL("SELECT id FROM {} WHERE state = 'live' AND id = ANY({})")
        table = sql.Identifier(self.subject.db_table)
        return _among(copied(asked.format(table, listed(_records(pairs))), {"id": pl.Int64}).get_column("id"), pairs)

    def _stood(self, ids: pl.Series, clusters: Clusters) -> pl.DataFrame:
        """(a, b, weight) of the stored pairs that join these records and those beside them."""
        near = {record for record, _cluster in clusters.of(ids.to_list())}.union(ids)
        values = {
            "table": self.subject.slug, "merged": Pair.State.MERGED.value, "cut": self.model.threshold_bits,
            "ids": array(ids), "near": array(near),
        }  # fmt: skip
        return pl.DataFrame(fetch(STOOD, values), {name: WEIGHED[name] for name in ("a", "b", "weight")}, orient="row")


STOOD = """
    SELECT a, b, weight FROM dataquality_pair
     WHERE table_a = %(table)s AND a = ANY(%(near)s::bigint[]) AND table_b = table_a
       AND state <> %(merged)s AND rule = '' AND weight > %(cut)s
     UNION
    SELECT a, b, weight FROM dataquality_pair
     WHERE table_b = %(table)s AND b = ANY(%(ids)s::bigint[]) AND table_a = table_b
       AND state <> %(merged)s AND rule = '' AND weight > %(cut)s"""


def _among(known: pl.Series, pairs: pl.DataFrame) -> pl.DataFrame:
    """Those pairs of which both records are known."""
    return pairs.filter(pl.all_horizontal(pl.col(side).is_in(known.implode()) for side in ENDS))


def _records(pairs: pl.DataFrame) -> pl.Series:
    return pl.concat([pairs.get_column(side) for side in ENDS]).unique().sort()


def _places(known: pl.Series, pairs: pl.DataFrame) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    rows = known.to_numpy()
    a, b = (np.searchsorted(rows, pairs.get_column(side).to_numpy()).astype(np.int32) for side in ENDS)
    return a, b
