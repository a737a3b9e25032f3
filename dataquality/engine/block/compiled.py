"""Blocks and the pairs inside them, in compiled code."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dataquality.engine.records.hashing import Hashes


@njit(nogil=True, cache=True)
def meets(keys, seen):  # type: ignore[no-untyped-def]
    """Marks in `seen` (one byte a slot, a power of two of them) which keys come once (1) or more often (2)."""
    mask = np.uint64(len(seen) - 1)
    for i in range(len(keys)):
        k = keys[i]
        if k != 0:
            slot = (k >> np.uint64(20)) & mask
            if seen[slot] < 2:
                seen[slot] += 1


@njit(nogil=True, cache=True)
def gather(keys, seen, out_keys, out_rows, n):  # type: ignore[no-untyped-def]
    """Appends the keys that may come more than once, and their rows; returns how many are there now."""
    mask = np.uint64(len(seen) - 1)
    for i in range(len(keys)):
        k = keys[i]
        if k != 0 and seen[(k >> np.uint64(20)) & mask] == 2:
            out_keys[n] = k
            out_rows[n] = i
            n += 1
    return n


@njit(nogil=True, cache=True)
def pairs(rows, starts, ends, blocks, width, place, until, source, touched, out_a, out_b):  # type: ignore[no-untyped-def]
    """Writes every pair of rows that share a block here and none before; returns how many.

    rows: row numbers, block by block; starts, ends: the blocks, numbered from 0 up within this pass. blocks (rows x
    columns): the number of the block each row is in, column by column, -1 for none; width: columns of each pass from
    its first `place` to `until`, earlier passes in the columns before. source: pairs of equal source are left out
    (empty: none are). touched: only pairs with a touched row (empty: all).
    """
    n = 0
    linked = len(source) > 0
    delta = len(touched) > 0
    for k in range(len(starts)):
        for x in range(starts[k], ends[k]):
            i = rows[x]
            for y in range(x + 1, ends[k]):
                j = rows[y]
                if i == j or (linked and source[i] == source[j]) or (delta and not touched[i] and not touched[j]):
                    continue
                found = False
                c = 0
                for w in range(len(width)):
                    stop = c + width[w]
                    if c >= place:
                        break
                    for d in range(c, stop):
                        u = blocks[i, d]
                        if u >= 0:
                            for e in range(c, stop):
                                if blocks[j, e] == u:
                                    found = True
                                    break
                        if found:
                            break
                    if found:
                        break
                    c = stop
                if found:
                    continue
                for d in range(place, until):
                    u = blocks[i, d]
                    if u >= 0 and u < k:
                        for e in range(place, until):
                            if blocks[j, e] == u:
                                found = True
                                break
                    if found:
                        break
                if found:
                    continue
                out_a[n] = min(i, j)
                out_b[n] = max(i, j)
                n += 1
    return n


class Room:
    """Where a thread sorts the keys of one pass after the other: fresh memory would cost more than the sorting."""

    def __init__(self, most: int) -> None:
        self.seen = np.empty(1 << max(12, int(most * 4).bit_length()), dtype=np.uint8)
        self.keys, self.in_order, self.packed = (np.empty(most, dtype=np.uint64) for _ in range(3))
        self.rows, self.rows_in_order = np.empty(most, dtype=np.int32), np.empty(most, dtype=np.int32)


def meeting(columns: list[Hashes], room: Room) -> tuple[Hashes, NDArray[np.int32]]:
    """The keys that may be shared, in order, and their rows, until the room is used again.

    Those that certainly come once are left out.
    """
    seen = room.seen[: 1 << max(12, int(len(columns[0]) * len(columns) * 4).bit_length())]
    seen[:] = 0
    for column in columns:
        meets(column, seen)
    n = 0
    for column in columns:
        n = gather(column, seen, room.keys, room.rows, n)
    return in_order(n, room)


def in_order(n: int, room: Room) -> tuple[Hashes, NDArray[np.int32]]:
    """The first n keys of the room in order, equal ones in the order they come in, and their rows.

    Sorting numbers is ten times as fast as sorting places by them, so the place is put into the last bits of the key.
    """
    last = np.uint64((1 << max(n - 1, 1).bit_length()) - 1)
    packed, keys, rows = room.packed[:n], room.in_order[:n], room.rows_in_order[:n]
    pack(room.keys, last, packed)
    packed.sort()
    unpack(packed, last, room.keys, room.rows, keys, rows)
    return keys, rows


@njit(nogil=True, cache=True)
def pack(keys, last, packed):  # type: ignore[no-untyped-def]
    """The first bits of each key, and its place in the last."""
    for i in range(len(packed)):
        packed[i] = (keys[i] & ~last) | np.uint64(i)


@njit(nogil=True, cache=True)
def unpack(packed, last, keys, rows, out_keys, out_rows):  # type: ignore[no-untyped-def]
    """Keys and rows in the order of the packed numbers; keys that differ in their last bits alone are put in order."""
    for i in range(len(packed)):
        place = packed[i] & last
        key, row = keys[place], rows[place]
        j = i
        while j > 0 and out_keys[j - 1] > key:
            out_keys[j], out_rows[j] = out_keys[j - 1], out_rows[j - 1]
            j -= 1
        out_keys[j], out_rows[j] = key, row


@njit(nogil=True, cache=True)
def _runs(keys, sizes):  # type: ignore[no-untyped-def]
    n, start = 0, 0
    for i in range(1, len(keys) + 1):
        if i == len(keys) or keys[i] != keys[start]:
            sizes[n] = i - start
            n += 1
            start = i
    return n


def runs(keys: Hashes) -> NDArray[np.int32]:
    """How often each key comes, in their order."""
    sizes = np.empty(len(keys), dtype=np.int32)
    return sizes[: _runs(keys, sizes) if len(keys) else 0].copy()


@njit(nogil=True, cache=True)
def members(rows, sizes, cap, out, starts):  # type: ignore[no-untyped-def]
    """Writes the rows of the blocks of two rows to `cap`, and where each begins and the last ends."""
    n, blocks, place = 0, 0, 0
    for size in sizes:
        if 2 <= size <= cap:
            starts[blocks] = n
            blocks += 1
            for i in range(place, place + size):
                out[n] = rows[i]
                n += 1
        place += size
    starts[blocks] = n


@njit(nogil=True, cache=True)
def number(keys, rows, sizes, cap, column, blocks, place):  # type: ignore[no-untyped-def]
    """Writes the number of its block into column `place` of each row that has the key in `column`."""
    n, at = 0, 0
    for size in sizes:
        if 2 <= size <= cap:
            for i in range(at, at + size):
                if column[rows[i]] == keys[i]:
                    blocks[rows[i], place] = n
            n += 1
        at += size
