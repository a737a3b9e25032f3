"""Levels: how the columns of two records agree, one small whole number a column, packed into one pattern a pair."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from dataquality.engine.compare import compiled, plain
from dataquality.engine.compare.batches import listed_of, room, table_of
from dataquality.engine.compare.plan import WORDS, Comparison, Program, program_of
from dataquality.engine.records import THREADS, Records

__all__ = ["FEW_PAIRS", "WORDS", "Comparison", "Program", "compare", "eighths", "numbered", "program_of"]

FEW_PAIRS = 20_000  # below it compiled code costs more to load than it saves
PIECE = 100_000  # pairs a thread takes at a time


def eighths(rows: int) -> int:
    """8 x log2(rows), the unit of rarity."""
    return int(np.floor(8 * np.log2(max(rows, 1)) + 1e-9))


def compare(
    records: Records,
    a: NDArray[np.int32],
    b: NDArray[np.int32],
    program: Program,
    *,
    rows: int,
    fast: bool | None = None,
) -> NDArray[np.int64]:
    """The pattern of every pair (a, b). rows: of the whole table, which decides what is rare."""
    if not (len(a) > FEW_PAIRS if fast is None else fast):
        return plain.patterns(records, records, a, b, program, eighths(rows))
    table, listed, all_rows = table_of(records), listed_of(records), eighths(rows)
    out = np.empty(len(a), dtype=np.int64)

    def piece(start: int) -> None:
        to = start + PIECE
        compiled.patterns(
            a[start:to], b[start:to], program.steps, program.around, table, listed, all_rows, *room(), out[start:to]
        )

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(piece, range(0, len(a), PIECE)))
    return out


def numbered(patterns: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64]]:
    """distinct patterns in order, the number of each pair's pattern among them, and how many pairs have it."""
    if len(patterns) <= FEW_PAIRS:
        distinct, places = np.unique(patterns, return_inverse=True)
        return distinct, places.astype(np.int32), np.bincount(places, minlength=len(distinct)).astype(np.int64)
    size = 1 << 16
    while True:
        table, numbers = np.full(size, -1, dtype=np.int64), np.zeros(size, dtype=np.int32)
        out = np.empty(len(patterns), dtype=np.int32)
        found = compiled.number_patterns(patterns, table, numbers, out)
        if found >= 0:
            break
        size *= 4
    used = np.flatnonzero(table >= 0)
    order = np.argsort(table[used])
    rank = np.empty(found, dtype=np.int32)
    rank[numbers[used][order]] = np.arange(found, dtype=np.int32)
    places = rank[out]
    return table[used][order], places.astype(np.int32), np.bincount(places, minlength=found).astype(np.int64)
