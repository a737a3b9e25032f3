"""Rows that are alike in everything that is compared: one of them stands for all, and its cluster is theirs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int32]
LEAST_SHARE = 0.1  # of rows that are copies; where there are fewer, nothing is gained by setting them aside
SPREAD = 12  # rows; the pairs of larger groups are told of the first row only


@dataclass(frozen=True)
class Copies:
    """first: for each row the first row that is alike, itself where none is before it."""

    first: Rows

    @property
    def are(self) -> NDArray[np.bool_]:
        """Which rows are copies of one before them."""
        return np.asarray(self.first != np.arange(len(self.first)), dtype=np.bool_)

    def pairs(self) -> tuple[Rows, Rows]:
        """(first row, one copy) of each group, which stand for what such a pair is worth."""
        later = np.flatnonzero(self.are).astype(np.int32)
        _, place = np.unique(self.first[later], return_index=True)
        return self.first[later[place]], later[place]

    def joined(self, worth: Rows) -> "Copies":
        """The same where only the groups of these first rows hang together; other rows stand for themselves."""
        rows = np.arange(len(self.first), dtype=np.int32)
        return Copies(np.where(np.isin(self.first, worth), self.first, rows).astype(np.int32))

    def clusters(self, found: Rows) -> Rows:
        """The clusters with each copy where its first row is; the smallest row still names a cluster."""
        return found[self.first]

    def spread(self, a: Rows, b: Rows) -> tuple[Rows, Rows, NDArray[np.int64]]:
        """Pairs of first rows told for all rows they stand for: (low, high, which of the given pairs).

        Within a group its own pairs are among the given as (first row, one copy).
        """
        order = np.argsort(self.first, kind="stable").astype(np.int32)
        sizes = np.bincount(self.first, minlength=len(self.first))
        starts = np.cumsum(sizes) - sizes
        few = np.where(sizes <= SPREAD, sizes, 1)
        one, two = self.first[a], self.first[b]
        own = one == two
        left = np.where(own, np.where(sizes[one] <= SPREAD, sizes[one], 1), few[one])
        right = np.where(own, sizes[one], few[two])
        times = (left * right).astype(np.int64)
        which = np.repeat(np.arange(len(a)), times)
        inside = np.arange(len(which)) - np.repeat(np.cumsum(times) - times, times)
        x = order[starts[one][which] + inside // right[which]]
        y = order[starts[two][which] + inside % right[which]]
        kept = ~own[which] | (x < y)
        x, y, which = x[kept], y[kept], which[kept]
        return np.minimum(x, y), np.maximum(x, y), which


def copies(values: NDArray[np.uint64], blank: NDArray[np.bool_], alone: Rows) -> Copies | None:
    """The copies among rows with these hashes; none where they are few.

    blank: rows with nothing in them, which are no copies of one another; alone: rows that stand for themselves.
    """
    rows = np.arange(len(values), dtype=np.int32)
    free = ~blank
    free[alone] = False
    if len(rows) < 2:
        return None
    ordered = np.sort(values[free])
    if np.count_nonzero(ordered[1:] == ordered[:-1]) < LEAST_SHARE * len(rows):
        return None
    _, place, group = np.unique(values[free], return_index=True, return_inverse=True)
    first = rows.copy()
    first[free] = rows[free][place][group]
    return Copies(first)
