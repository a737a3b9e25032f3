"""Blocks and the pairs inside them without compiled code: the same pairs in the same order, for small tables."""

import numpy as np
from numpy.typing import NDArray

from dataquality.engine.records.hashing import Hashes

Rows = NDArray[np.int32]


class Room:
    """Where keys are sorted; plain code needs none."""

    def __init__(self, most: int) -> None:
        self.most = most


def meeting(columns: list[Hashes], _room: Room) -> tuple[Hashes, Rows]:
    """The keys there are, in order, and their rows."""
    keys = np.concatenate(columns)
    rows = np.tile(np.arange(len(columns[0]), dtype=np.int32), len(columns))
    keys, rows = keys[keys != 0], rows[keys != 0]
    order = np.argsort(keys, kind="stable")
    return keys[order], rows[order]


def runs(keys: Hashes) -> NDArray[np.int32]:
    """How often each key comes, in their order."""
    return np.unique(keys, return_counts=True)[1].astype(np.int32)


def members(rows: Rows, sizes: NDArray[np.int32], cap: int, out: Rows, starts: NDArray[np.int64]) -> None:
    """Writes the rows of the blocks of two rows to `cap`, and where each begins and the last ends."""
    kept = (sizes >= 2) & (sizes <= cap)
    out[:] = rows[np.repeat(kept, sizes)]
    starts[:] = np.concatenate([[0], np.cumsum(sizes[kept])])


def number(
    keys: Hashes, rows: Rows, sizes: NDArray[np.int32], cap: int, column: Hashes, blocks: Rows, place: int
) -> None:
    """Writes the number of its block into column `place` of each row that has the key in `column`."""
    kept = (sizes >= 2) & (sizes <= cap)
    inside = np.repeat(kept, sizes)
    numbers = np.repeat(np.arange(int(kept.sum()), dtype=np.int32), sizes[kept])
    own = column[rows[inside]] == keys[inside]
    blocks[rows[inside][own], place] = numbers[own]


def pairs(
    rows: Rows, starts: NDArray[np.int64], ends: NDArray[np.int64], blocks: Rows, width: NDArray[np.int64], place: int,
    until: int, source: Rows, touched: NDArray[np.bool_], out_a: Rows, out_b: Rows,
) -> int:  # fmt: skip
    """Writes every pair of rows that share a block here and none before; returns how many (see `compiled.pairs`)."""
    sizes = ends - starts
    left: list[Rows] = []
    right: list[Rows] = []
    where: list[NDArray[np.int64]] = []
    for size in np.unique(sizes):
        numbers = np.flatnonzero(sizes == size)
        members = rows[starts[numbers][:, None] + np.arange(size)]
        x, y = np.triu_indices(int(size), 1)
        left.append(members[:, x].ravel())
        right.append(members[:, y].ravel())
        where.append(numbers.repeat(len(x)))
    if not left:
        return 0
    i, j, block = np.concatenate(left), np.concatenate(right), np.concatenate(where)
    order = np.argsort(block, kind="stable")
    i, j, block = i[order], j[order], block[order]
    kept = i != j
    if len(source):
        kept &= source[i] != source[j]
    if len(touched):
        kept &= touched[i] | touched[j]
    start = 0
    for size in width:
        stop = int(start + size)
        if start >= place:
            break
        kept &= ~_share(blocks, i, j, start, stop, None)
        start = stop
    kept &= ~_share(blocks, i, j, place, until, block)
    n = int(kept.sum())
    out_a[:n] = np.minimum(i, j)[kept]
    out_b[:n] = np.maximum(i, j)[kept]
    return n


def _share(blocks: Rows, i: Rows, j: Rows, start: int, stop: int, below: NDArray[np.int64] | None) -> NDArray[np.bool_]:
    """Whether the rows share a block in these columns (one of a lower number than `below`)."""
    found = np.zeros(len(i), dtype=np.bool_)
    for d in range(start, stop):
        mine = blocks[i, d]
        for e in range(start, stop):
            same = (mine >= 0) & (mine == blocks[j, e])
            if below is not None:
                same &= mine < below
            found |= same
    return found
