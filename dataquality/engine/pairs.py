"""Pairs of rows with what they are worth, between weighing and clustering."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from dataquality.engine.cluster.completing import unseen_pairs
from dataquality.engine.cluster.copies import Copies
from dataquality.engine.compare import compare, numbered
from dataquality.engine.records import Records
from dataquality.engine.weigh import Model


@dataclass(frozen=True)
class Pairs:
    """Pairs a < b in order, with their patterns and weights."""

    a: NDArray[np.int32]
    b: NDArray[np.int32]
    pattern: NDArray[np.int64]
    weight: NDArray[np.float32]

    @classmethod
    def ordered(
        cls, a: NDArray[np.int32], b: NDArray[np.int32], pattern: NDArray[np.int64], weight: NDArray[np.float32]
    ) -> Self:
        order = np.argsort((a.astype(np.int64) << 32) | b, kind="stable")
        return cls(a[order], b[order], pattern[order], weight[order])

    @property
    def probability(self) -> NDArray[np.float32]:
        return (1.0 / (1.0 + np.exp2(-self.weight.astype(np.float64)))).astype(np.float32)

    def of(self, kept: NDArray[np.bool_]) -> Self:
        return type(self)(self.a[kept], self.b[kept], self.pattern[kept], self.weight[kept])

    def and_also(self, other: Self) -> Self:
        if not len(other.a):
            return self
        return self.ordered(
            np.concatenate([self.a, other.a]),
            np.concatenate([self.b, other.b]),
            np.concatenate([self.pattern, other.pattern]),
            np.concatenate([self.weight, other.weight]),
        )

    def told_of(self, alike: Copies) -> Self:
        """The pairs of first rows for all rows they stand for."""
        a, b, which = alike.spread(self.a, self.b)
        return self.ordered(a, b, self.pattern[which], self.weight[which])

    def inside(
        self,
        records: Records,
        model: Model,
        source: NDArray[np.int32] | None,
        touched: NDArray[np.bool_] | None,
        fast: bool | None,
    ) -> Self:
        """The pairs inside groups that were not found or not kept, weighed as well."""
        a, b = unseen_pairs(records.rows, self.a, self.b, self.weight - np.float32(model.threshold_bits))
        kept = np.ones(len(a), dtype=np.bool_)
        if source is not None:
            kept &= source[a] != source[b]
        if touched is not None:
            kept &= touched[a] | touched[b]
        a, b = a[kept], b[kept]
        patterns = compare(records, a, b, model.program, rows=model.frequencies.rows, fast=fast)
        distinct, places, _ = numbered(patterns)
        bits, _ = model.weigh(distinct)
        return type(self)(a, b, patterns, bits.astype(np.float32)[places])


def of_copies(alike: Copies, records: Records, model: Model, fast: bool | None) -> tuple[Pairs, NDArray[np.int64]]:
    """A pair of each group of copies, weighed where the model has learnt already; how many copies there are of each."""
    a, b = alike.pairs()
    patterns = compare(records, a, b, model.program, rows=model.frequencies.rows, fast=fast)
    bits = model.weigh(patterns)[0] if model.taught else np.zeros(len(a))
    sizes = np.bincount(alike.first, minlength=records.rows)[a] - 1
    return Pairs.ordered(a, b, patterns, bits.astype(np.float32)), sizes
