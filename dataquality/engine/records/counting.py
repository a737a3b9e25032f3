"""Counting how many share a value, field by field."""

from collections.abc import Mapping

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dataquality.engine.records.compiled import mixed
from dataquality.engine.records.hashing import Hashes, P, mix

COMMON = 4  # a value shared by fewer is not kept with the model
SHARE = 200_000  # … nor by fewer than one row in so many
_P, _0, _1 = np.uint64(P), np.uint64(0), np.uint64(1)

Counts = tuple[Hashes, NDArray[np.int64]]


class Frequencies:
    """How many rows share a value, field by field: hashes in order, and their counts. Rare values are left out."""

    def __init__(self, rows: int, values: Mapping[str, Counts]) -> None:
        self.rows = rows
        self.values = dict(values)

    def counts(self, name: str, hashes: Hashes) -> NDArray[np.int64]:
        """Rows that share each value; 0 where it is rare or the field unknown."""
        known = self.values.get(name)
        if known is None or not len(known[0]):
            return np.zeros(len(hashes), dtype=np.int64)
        place = np.minimum(np.searchsorted(known[0], hashes), len(known[0]) - 1)
        return np.where(known[0][place] == hashes, known[1][place], 0)


class Tables:
    """Where a thread counts one field after the other: fresh memory would cost more than the counting."""

    def __init__(self) -> None:
        self.pairs, self.values = np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.uint64)
        self.tallies = np.empty(0, dtype=np.uint32)

    def of(self, values: int) -> tuple[Hashes, Hashes, NDArray[np.uint32]]:
        """Empty tables for so many values, until the next are asked for: of pairs met, of values, of tallies."""
        size = 1 << max(10, int(values * 1.5).bit_length())
        if size > len(self.values):
            self.pairs, self.values = np.empty(size, dtype=np.uint64), np.empty(size, dtype=np.uint64)
            self.tallies = np.empty(size, dtype=np.uint32)
        pairs, table, tallies = self.pairs[:size], self.values[:size], self.tallies[:size]
        pairs[:], table[:], tallies[:] = 0, 0, 0
        return pairs, table, tallies


@njit(nogil=True, cache=True)
def tally(values, table, counts):  # type: ignore[no-untyped-def]
    """Counts values (0 left out) in an open-addressing table whose size is a power of two above the distinct values."""
    mask = np.uint64(len(table) - 1)
    for i in range(len(values)):
        v = values[i]
        if v == _0:
            continue
        slot = v & mask
        while table[slot] != v and table[slot] != _0:
            slot = (slot + _1) & mask
        table[slot] = v
        counts[slot] += 1


@njit(nogil=True, cache=True)
def tally_different(values, by, seen, table, counts):  # type: ignore[no-untyped-def]
    """Like `tally`, counting each value once for each different `by`; `seen` is a table of the pairs met."""
    mask = np.uint64(len(table) - 1)
    for i in range(len(values)):
        v = values[i]
        if v == _0:
            continue
        pair = mixed(v * _P + by[i])
        slot = pair & mask
        while seen[slot] != pair and seen[slot] != _0:
            slot = (slot + _1) & mask
        if seen[slot] == pair:
            continue
        seen[slot] = pair
        slot = v & mask
        while table[slot] != v and table[slot] != _0:
            slot = (slot + _1) & mask
        table[slot] = v
        counts[slot] += 1


@njit(nogil=True, cache=True)
def look_up(values, table, counts, out):  # type: ignore[no-untyped-def]
    """out[i] = count of values[i] in a table made by `tally`, 0 for missing or unknown values."""
    mask = np.uint64(len(table) - 1)
    for i in range(len(values)):
        v = values[i]
        out[i] = 0
        if v == _0:
            continue
        slot = v & mask
        while table[slot] != v and table[slot] != _0:
            slot = (slot + _1) & mask
        if table[slot] == v:
            out[i] = counts[slot]


def counts_of_few(hashes: Hashes, by: Hashes) -> NDArray[np.int64]:
    """What `count` finds of all fields of few rows at once, every row beside every other; (rows, fields)."""
    same = (hashes[:, None] == hashes[None]) & (hashes != 0)
    again = np.tril(np.ones((len(hashes), len(hashes)), dtype=np.bool_), -1)[:, :, None]
    counted_before = (same & (by[:, None] == by[None]) & again).any(axis=1)
    found: NDArray[np.int64] = (same & ~counted_before[None]).sum(axis=1)
    return found


def count(
    name: str,
    values: Hashes,
    by: Hashes | None,
    known: Frequencies | None,
    rows: int,
    fast: bool,
    keep: bool,
    tables: Tables,
) -> tuple[NDArray[np.int64], Counts]:
    """How many different `by` share each value (how many rows, without it), and the common ones."""
    least = max(COMMON, rows // SHARE)
    if fast:
        pairs, table, tallies = tables.of(len(values))
        if by is None:
            tally(values, table, tallies)
        else:
            tally_different(values, by, pairs, table, tallies)
        counts = np.empty(len(values), dtype=np.int64)
        look_up(values, table, tallies, counts)
        distinct, shared = table[tallies >= least], tallies[tallies >= least].astype(np.int64)
        order = np.argsort(distinct)
        distinct, shared = distinct[order], shared[order]
    else:
        distinct, place, shared = np.unique(values, return_inverse=True, return_counts=True)
        if by is not None:
            _, first = np.unique(mix(values * P + by), return_index=True)
            shared = np.bincount(place[first], minlength=len(distinct))
        counts = np.where(values == 0, 0, shared[place])
        common = (shared >= least) & (distinct != 0)
        distinct, shared = distinct[common], shared[common]
    if known is not None:
        counts = np.maximum(counts, known.counts(name, values))
    return counts, (distinct, shared.astype(np.int64)) if keep else (distinct[:0], shared[:0])
