"""What the compiled loops over pairs read and write: a batch of pairs at a time, laid out for one comparison."""

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dataquality.engine.records import Records
from dataquality.engine.records.hashing import Hashes

BATCH = 128  # pairs whose records fit into the second cache together
_LINE = 64  # bytes that memory gives at once

# Without counting who refers to an array: each count is a locked instruction, and two threads wait for one another.
loop = njit(nogil=True, _nrt=False)  # type: ignore[call-overload]
inlined = njit(nogil=True, _nrt=False, inline="always")  # type: ignore[call-overload]  # gives a piece of an array back
kept = njit(nogil=True, _nrt=False, cache=True)  # type: ignore[call-overload]  # with the machine code of all it calls


class Table(NamedTuple):
    """The arrays of `records.Records`."""

    hashes: Hashes
    chars: NDArray[np.uint8]
    begin: NDArray[np.int64]
    ends: NDArray[np.uint16]
    rarity: NDArray[np.uint8]


class Listed(NamedTuple):
    """The words of all fields that have some, one field after the other."""

    of: NDArray[np.int64]  # field -> row of `first`, -1 without words
    first: NDArray[np.int64]  # (fields with words, rows + 1)
    start: NDArray[np.uint16]
    end: NDArray[np.uint16]
    hashes: Hashes
    weight: NDArray[np.uint8]


class Batch(NamedTuple):
    """Pairs that have both values of a comparison: `which` of the batch they are; row, field and hash of the smaller
    value and the place and length of its text; the same of the other."""

    which: NDArray[np.int64]
    i: NDArray[np.int64]
    f: NDArray[np.int64]
    x: Hashes
    a: NDArray[np.int64]
    m: NDArray[np.int64]
    j: NDArray[np.int64]
    g: NDArray[np.int64]
    y: Hashes
    b: NDArray[np.int64]
    n: NDArray[np.int64]


class Work(NamedTuple):
    """Room for a thread: for counting edits, for words, for levels, and what is remembered of texts compared before."""

    edits: NDArray[np.int64]
    used: NDArray[np.int64]
    met: Hashes
    said: NDArray[np.uint8]
    levels: NDArray[np.int64]
    grid: NDArray[np.int64]
    fetched: Hashes


def room() -> tuple[Batch, Work]:
    """Room for one thread."""
    numbers = [np.zeros(BATCH, dtype=np.int64) for _ in range(9)]
    x, y = np.zeros(BATCH, dtype=np.uint64), np.zeros(BATCH, dtype=np.uint64)
    which, i, f, a, m, j, g, b, n = numbers
    work = Work(
        edits=np.zeros((3, 260), dtype=np.int64),
        used=np.zeros(64, dtype=np.int64),
        met=np.zeros(1 << 15, dtype=np.uint64),
        said=np.zeros(1 << 15, dtype=np.uint8),
        levels=np.zeros((4, BATCH), dtype=np.int64),
        grid=np.zeros((16, BATCH), dtype=np.int64),
        fetched=np.zeros(1, dtype=np.uint64),
    )
    return Batch(which, i, f, x, a, m, j, g, y, b, n), work


def table_of(records: Records) -> Table:
    return Table(records.hashes, records.chars, records.begin, records.ends, records.rarity)


def listed_of(records: Records) -> Listed:
    words = np.full(len(records.fields), -1, dtype=np.int64)
    tokens = list(records.tokens.items())
    sizes = np.cumsum([0, *(len(token.hashes) for _, token in tokens)])
    first = np.zeros((max(len(tokens), 1), records.rows + 1), dtype=np.int64)
    for number, (place, token) in enumerate(tokens):
        words[place] = number
        first[number] = token.first + sizes[number]
    return Listed(
        words,
        first,
        _joined([token.start for _, token in tokens], np.uint16),
        _joined([token.end for _, token in tokens], np.uint16),
        _joined([token.hashes for _, token in tokens], np.uint64),
        _joined([token.weight for _, token in tokens], np.uint8),
    )


def _joined(pieces: list[NDArray[Any]], dtype: type) -> NDArray[Any]:
    if len(pieces) == 1:
        return pieces[0]
    return np.concatenate(pieces) if pieces else np.zeros(0, dtype=dtype)


@loop
def fetch(pa, pb, table, listed):  # type: ignore[no-untyped-def]
    """Reads a little of everything these pairs will need, so that memory is waited for once and not pair by pair."""
    found = np.uint64(0)
    fields = table.hashes.shape[1]
    for rows in (pa, pb):
        for i in rows:
            for f in range(0, fields, 8):
                found ^= table.hashes[i, f]
            found ^= table.hashes[i, fields - 1] ^ np.uint64(table.rarity[i, 0]) ^ np.uint64(table.begin[i])
            found ^= np.uint64(table.ends[i, 0]) ^ np.uint64(table.ends[i, fields - 1])
            for k in range(len(listed.first)):
                found ^= np.uint64(listed.first[k, i])
        for i in rows:
            for c in range(table.begin[i], table.begin[i] + table.ends[i, fields - 1], _LINE):
                found ^= np.uint64(table.chars[c])
            for k in range(len(listed.first)):
                w = listed.first[k, i]
                if w < len(listed.hashes):
                    found ^= listed.hashes[w] ^ np.uint64(listed.start[w] ^ listed.end[w] ^ listed.weight[w])
    return found


@loop
def lay(pa, pb, f, g, table, at):  # type: ignore[no-untyped-def]
    """Lays out the pairs of field f of one row and g of the other; returns how many have both.

    The smaller hash comes first, so that no level depends on which row does.
    """
    count = 0
    for q in range(len(pa)):
        i, j, c, d = np.int64(pa[q]), np.int64(pb[q]), np.int64(f), np.int64(g)
        x, y = table.hashes[i, c], table.hashes[j, d]
        if x == 0 or y == 0:
            continue
        if x > y:
            i, j, c, d, x, y = j, i, d, c, y, x
        at.which[count] = q
        at.i[count], at.f[count], at.x[count] = i, c, x
        at.j[count], at.g[count], at.y[count] = j, d, y
        start = np.int64(table.ends[i, c - 1]) if c > 0 else 0
        at.a[count], at.m[count] = table.begin[i] + start, table.ends[i, c] - start
        start = np.int64(table.ends[j, d - 1]) if d > 0 else 0
        at.b[count], at.n[count] = table.begin[j] + start, table.ends[j, d] - start
        count += 1
    return count


@inlined
def text(table, row, field):  # type: ignore[no-untyped-def]
    """A field's characters."""
    begin = table.begin[row]
    start = table.ends[row, field - 1] if field > 0 else 0
    return table.chars[begin + start : begin + table.ends[row, field]]


@loop
def agree(table, i, f, j, g):  # type: ignore[no-untyped-def]
    """Whether both rows have a value there, and the same."""
    return table.hashes[i, f] == table.hashes[j, g] and table.hashes[i, f] != 0
