"""Levels: how the columns of two records agree, one small whole number a column, packed into one pattern a pair."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from dataquality.engine.compare import compiled, plain
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
    words = np.full(len(records.fields), -1, dtype=np.int64)
    tokens = list(records.tokens.items())
    sizes = np.cumsum([0, *(len(token.hashes) for _, token in tokens)])
    first = np.zeros((max(len(tokens), 1), records.rows + 1), dtype=np.int64)
    for number, (place, token) in enumerate(tokens):
        words[place] = number
        first[number] = token.first + sizes[number]
    start = _joined([token.start for _, token in tokens], np.uint16)
    end = _joined([token.end for _, token in tokens], np.uint16)
    hashes = _joined([token.hashes for _, token in tokens], np.uint64)
    weight = _joined([token.weight for _, token in tokens], np.uint8)
    out = np.empty(len(a), dtype=np.int64)

    def piece(at: int) -> None:
        to = at + PIECE
        compiled.patterns(
            a[at:to], b[at:to], program.steps, program.around, records.hashes, records.chars, records.begin,
            records.ends, records.rarity, eighths(rows), words, first, start, end, hashes, weight, out[at:to],
        )  # fmt: skip

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(piece, range(0, len(a), PIECE)))
    return out


def _joined(pieces: list[NDArray[np.generic]], dtype: type) -> NDArray[np.generic]:
    return np.concatenate(pieces) if pieces else np.zeros(0, dtype=dtype)


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
