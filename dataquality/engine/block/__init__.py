"""Candidates: the pairs of records that share a key."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from queue import SimpleQueue

import numpy as np
from numpy.typing import NDArray

from dataquality.engine.block import compiled, plain
from dataquality.engine.block.further import further_passes
from dataquality.engine.block.keys import Keys
from dataquality.engine.block.passes import GOOD, STRONG, WEAK, Pass, passes_for, sharing
from dataquality.engine.records import FEW, THREADS, Records
from dataquality.engine.records.hashing import Hashes

__all__ = ["Candidates", "Keys", "Pass", "candidates", "further_passes", "passes_for", "sharing"]

PAIRS_A_ROW = {STRONG: 1.0, GOOD: 0.35, WEAK: 0.08}  # of one pass, by its cap, before those of earlier passes go
PAIRS_AT_LEAST = 60_000  # … and at least so many, so that small tables are looked through well
TOGETHER = 2 * THREADS  # passes between which pieces of keys are made and forgotten
NO_ROWS: NDArray[np.int32] = np.zeros(0, dtype=np.int32)


@dataclass(frozen=True)
class Candidates:
    """Pairs a < b, each once, in the order of passes; the passes with the caps that were used; what to tell."""

    a: NDArray[np.int32]
    b: NDArray[np.int32]
    passes: tuple[Pass, ...]
    log: tuple[str, ...]


@dataclass(frozen=True)
class Blocks:
    """Rows that share a key, block by block, in the order of the keys; blocks above the cap are left out."""

    rows: NDArray[np.int32]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    cap: int
    left_out: int  # blocks
    largest: int

    @property
    def pairs(self) -> int:
        sizes = self.ends - self.starts
        return int((sizes * (sizes - 1) // 2).sum())


def candidates(
    records: Records,
    passes: Sequence[Pass],
    *,
    given_caps: bool = False,
    source: NDArray[np.int32] | None = None,
    touched: NDArray[np.bool_] | None = None,
    silent: NDArray[np.bool_] | None = None,
    fast: bool | None = None,
    on_pass: Callable[[float], None] | None = None,
) -> Candidates:
    """Every pair of rows that share a key of some pass.

    given_caps: take the caps as they are, those of an earlier run; else each is lowered until its pass yields no more
    than PAIRS_AT_LEAST and PAIRS_A_ROW for each row. source: rows of equal source are never paired. touched: only pairs
    with a touched row. silent: rows that are left out, another stands for them.
    """
    fast = records.rows > FEW if fast is None else fast
    loops = compiled if fast else plain
    keys = Keys(records, fast=fast)
    width = np.array([len(one.keys) for one in passes], dtype=np.int64)
    first = np.cumsum(width) - width
    blocks = np.full((records.rows, int(width.sum())), -1, dtype=np.int32)
    made: list[Blocks] = []
    rooms: SimpleQueue[object] = SimpleQueue()
    for _ in range(THREADS):
        rooms.put(loops.Room(records.rows * int(width.max(initial=1))))

    def budget(one: Pass) -> int | None:
        return None if given_caps else PAIRS_AT_LEAST + int(records.rows * PAIRS_A_ROW[one.cap])

    def blocked(number: int) -> Blocks:
        columns = keys.columns(passes, number)
        if silent is not None:
            columns = [np.where(silent, np.uint64(0), column) for column in columns]
        one, room = passes[number], rooms.get()
        try:
            return _blocks(columns, one.cap, budget(one), blocks, int(first[number]), loops, room)
        finally:
            rooms.put(room)

    with ThreadPoolExecutor(THREADS if fast else 1) as pool:
        for start in range(0, len(passes), TOGETHER):
            numbers = range(start, min(start + TOGETHER, len(passes)))
            list(pool.map(keys.atom, keys.missing(passes, numbers)))
            made += pool.map(blocked, numbers)
            keys.forget(passes[numbers[-1] + 1 :])
            if on_pass:
                on_pass((numbers[-1] + 1) / len(passes) / 2)
    while not rooms.empty():  # before memory for pairs is taken
        rooms.get()
    sources = NO_ROWS if source is None else source
    marks = np.zeros(0, dtype=np.bool_) if touched is None else touched

    def emit(number: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        one = made[number]
        a, b = np.empty(one.pairs, dtype=np.int32), np.empty(one.pairs, dtype=np.int32)
        place = int(first[number])
        n = loops.pairs(
            one.rows, one.starts, one.ends, blocks, width, place, place + int(width[number]), sources, marks, a, b
        )
        return a[:n].copy(), b[:n].copy()

    with ThreadPoolExecutor(THREADS if fast else 1) as pool:
        found = list(pool.map(emit, range(len(passes))))
    if on_pass:
        on_pass(1.0)
    return Candidates(
        np.concatenate([a for a, _ in found] or [NO_ROWS]),
        np.concatenate([b for _, b in found] or [NO_ROWS]),
        tuple(replace(one, cap=block.cap) for one, block in zip(passes, made, strict=True)),
        _told(passes, made, [len(a) for a, _ in found]),
    )


def _blocks(
    columns: list[Hashes],
    cap: int,
    budget: int | None,
    blocks: NDArray[np.int32],
    place: int,
    loops: object,
    room: object,
) -> Blocks:
    """The blocks of one pass, and their numbers written into `blocks`, column by column."""
    keys, rows = loops.meeting(columns, room)  # type: ignore[attr-defined]
    sizes = loops.runs(keys)  # type: ignore[attr-defined]
    if budget is not None:
        cap = _lowered(sizes, cap, budget)
    kept = sizes[(sizes >= 2) & (sizes <= cap)]
    members, starts = np.empty(int(kept.sum()), dtype=np.int32), np.empty(len(kept) + 1, dtype=np.int64)
    loops.members(rows, sizes, cap, members, starts)  # type: ignore[attr-defined]
    for width, column in enumerate(columns):
        loops.number(keys, rows, sizes, cap, column, blocks, place + width)  # type: ignore[attr-defined]
    return Blocks(members, starts[:-1], starts[1:], cap, int((sizes > cap).sum()), int(sizes.max(initial=0)))


def _lowered(sizes: NDArray[np.int32], cap: int, budget: int) -> int:
    """The greatest cap up to `cap` at which the blocks hold no more than `budget` pairs; 2 at least."""
    counts = np.bincount(sizes[(sizes >= 2) & (sizes <= cap)], minlength=cap + 1)
    size = np.arange(len(counts))
    total = np.cumsum(counts * (size * (size - 1) // 2))
    within = np.flatnonzero(total <= budget)
    return max(2, int(within[-1]) if len(within) else 2)


def _told(passes: Sequence[Pass], made: Sequence[Blocks], pairs: Sequence[int]) -> tuple[str, ...]:
    lines = []
    for one, block, count in zip(passes, made, pairs, strict=True):
        line = f"{one.name}: {count:,} pairs that no pass before had."
        if block.left_out:
            line += (
                f" {block.left_out:,} values are too common to be keys: more than {block.cap} records share each, "
                f"at most {block.largest:,}."
            )
        lines.append(line)
    return tuple(lines)
