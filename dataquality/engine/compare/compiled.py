"""Comparing many pairs: loops over batches of pairs, comparison by comparison. The same levels as `plain`."""

import numpy as np

from dataquality.engine.compare.batches import BATCH, fetch, kept, lay, loop
from dataquality.engine.compare.levels import levels
from dataquality.engine.compare.names import names
from dataquality.engine.compare.plan import GIVES, PERSON, WORDS

# Machine code is kept until this very file changes, not when those change whose functions it calls: the beginning of
# the SHA-256 of these, one after the other, which a test compares.
CALLED = ("rules.py", "measures.py", "batches.py", "levels.py", "names.py")
CALLS = "ec9090f30c22"

_OF_NAMES = tuple(len(WORDS[words]) + 1 for words in GIVES[PERSON])
_LEVELS = np.array([len(WORDS[GIVES[rule][0]]) + 1 for rule in range(len(GIVES))], dtype=np.int64)


@kept
def patterns(pa, pb, steps, around, table, listed, log_rows, at, work, out):  # type: ignore[no-untyped-def]
    """The packed levels of every pair (pa, pb), as `plan.Program` lays them out."""
    found = work.levels
    for begin in range(0, len(pa), BATCH):
        one, two, mine = pa[begin : begin + BATCH], pb[begin : begin + BATCH], out[begin : begin + BATCH]
        work.fetched[0] ^= fetch(one, two, table, listed)
        mine[:] = 0
        radix = 1
        s = 0
        while s < len(steps):
            rule, f, size = steps[s, 0], steps[s, 1], steps[s, 2]
            if rule == PERSON:
                names(one, two, f, around, table, work, found)
                for place in range(len(_OF_NAMES)):
                    for q in range(len(mine)):
                        mine[q] += radix * found[place, q]
                    radix *= _OF_NAMES[place]
            elif size == 1:
                count = lay(one, two, f, f, table, at)
                levels(rule, at, count, table, listed, log_rows, work, found[0])
                for k in range(count):
                    mine[at.which[k]] += radix * found[0, k]
                radix *= _LEVELS[rule]
            else:
                work.grid[:] = 0
                for x in range(size):
                    for y in range(size):
                        count = lay(one, two, steps[s + x, 1], steps[s + y, 1], table, at)
                        levels(rule, at, count, table, listed, log_rows, work, found[0])
                        for k in range(count):
                            work.grid[x * 4 + y, at.which[k]] = found[0, k]
                for _ in range(size):
                    for q in range(len(mine)):
                        mine[q] += radix * _take_best(work.grid, size, q)
                    radix *= _LEVELS[rule]
            s += size


@loop
def _take_best(grid, size, q):  # type: ignore[no-untyped-def]
    """The best level of pair q among columns compared crosswise, which then are taken; 0 where none is left."""
    best, bx, by, bkey = 99, -1, -1, 99
    for x in range(size):
        for y in range(size):
            level = grid[x * 4 + y, q]
            if level > 0:
                key = min(x, y) * 4 + max(x, y)
                if level < best or (level == best and key < bkey):
                    best, bx, by, bkey = level, x, y, key
    if bx < 0:
        return 0
    for k in range(size):
        grid[bx * 4 + k, q] = 0
        grid[k * 4 + by, q] = 0
    return best


@kept
def number_patterns(patterns, table, places, out):  # type: ignore[no-untyped-def]
    """out[p] = number of the pattern in order of first appearance; returns how many there are, -1 if the table is full.

    table (filled with -1) and places have a size that is a power of two.
    """
    mask = len(table) - 1
    found = 0
    for p in range(len(patterns)):
        v = patterns[p]
        slot = (v ^ (v >> 17) ^ (v >> 31)) & mask
        while table[slot] != v and table[slot] != -1:
            slot = (slot + 1) & mask
        if table[slot] == -1:
            if found * 2 > mask:
                return -1
            table[slot] = v
            places[slot] = found
            found += 1
        out[p] = places[slot]
    return found
