"""Counting how many share a value, in compiled code: tables of open addressing, for millions of rows."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dataquality.engine.records.compiled import mixed
from dataquality.engine.records.hashing import Hashes, P

_P, _0, _1 = np.uint64(P), np.uint64(0), np.uint64(1)


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
