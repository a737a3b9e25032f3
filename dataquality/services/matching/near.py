"""Pairs of stored records weighed by their kept lines, and the pairs inside the groups that they make."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from dataquality.engine.cluster.completing import unseen_pairs
from dataquality.engine.compare import compare
from dataquality.engine.matching import KEEP, Model
from dataquality.engine.weigh.scoring import records_of
from dataquality.models import KeyIndex, Pair
from dataquality.services.matching.keeping import lines_of_live
from dataquality.services.matching.lines import standard_of
from dataquality.statements import fetch
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
        """(a, b, probability, weight, pattern) of those pairs (a, b) of live records that are worth keeping."""
        lines = lines_of_live(self.subject, self.index, _records(pairs))
        known = lines.get_column("record_id")
        pairs = pairs.filter(pl.all_horizontal(pl.col(side).is_in(known.implode()) for side in ENDS))
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

    def completing(self, found: pl.DataFrame, changed: pl.Series) -> pl.DataFrame:
        """The same of pairs with a changed record that no key brought together, in groups that `found` joins.

        A group is judged on all of its pairs, as in a run over the whole table.
        """
        cut = self.model.threshold_bits
        joining = found.filter(pl.col("weight") > cut)
        if not joining.height:
            return found.clear()
        ids = _records(joining).to_list()
        touched = changed.implode()
        stood = pl.DataFrame(
            fetch(STOOD, {"table": self.subject.slug, "merged": Pair.State.MERGED.value, "ids": ids, "cut": cut}),
            {name: WEIGHED[name] for name in ("a", "b", "weight")},
            orient="row",
        ).filter(~pl.col("a").is_in(touched) & ~pl.col("b").is_in(touched))
        together = pl.concat([joining.select(stood.columns), stood]).sort(ENDS)
        known = _records(together)
        a, b = _places(known, together)
        bits = (together.get_column("weight").to_numpy() - cut).astype(np.float32)
        one, two = unseen_pairs(len(known), a, b, bits)
        unseen = pl.DataFrame({"a": known.gather(one), "b": known.gather(two)})
        unseen = unseen.filter(pl.col("a").is_in(touched) | pl.col("b").is_in(touched))
        return self.weighed(unseen.join(found, on=ENDS, how="anti"))


STOOD = """
    WITH ids AS MATERIALIZED (SELECT unnest(%(ids)s::bigint[]) AS id),
         beside AS MATERIALIZED (
            SELECT id FROM ids
             UNION
            SELECT m.record_id
              FROM ids
              JOIN dataquality_membership o ON o."table" = %(table)s AND o.record_id = ids.id
              JOIN dataquality_membership m ON m."table" = %(table)s AND m.cluster_id = o.cluster_id)
    SELECT p.a, p.b, p.weight
      FROM beside JOIN dataquality_pair p ON p.table_a = %(table)s AND p.a = beside.id
     WHERE p.table_b = p.table_a AND p.state <> %(merged)s AND p.rule = '' AND p.weight > %(cut)s
     UNION
    SELECT p.a, p.b, p.weight
      FROM ids JOIN dataquality_pair p ON p.table_b = %(table)s AND p.b = ids.id
     WHERE p.table_a = p.table_b AND p.state <> %(merged)s AND p.rule = '' AND p.weight > %(cut)s"""


def _records(pairs: pl.DataFrame) -> pl.Series:
    return pl.concat([pairs.get_column(side) for side in ENDS]).unique().sort()


def _places(known: pl.Series, pairs: pl.DataFrame) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    rows = known.to_numpy()
    a, b = (np.searchsorted(rows, pairs.get_column(side).to_numpy()).astype(np.int32) for side in ENDS)
    return a, b
