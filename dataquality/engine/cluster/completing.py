"""The pairs inside a group that no key brought together: a group is judged on all of its pairs, not on those found."""

import numpy as np
from numpy.typing import NDArray

from dataquality.engine.cluster import compiled, plain

Rows = NDArray[np.int32]
LARGEST = 300  # rows of a group that is completed
MOST = 2_000_000  # pairs that are added, and two for each row; small groups first
FEW = 5_000


def unseen_pairs(rows: int, a: Rows, b: Rows, weight: NDArray[np.float32]) -> tuple[Rows, Rows]:
    """Pairs (low, high) of rows that hang together by pairs of more than 0 bits and are not among (a, b).

    a < b, ordered by (a, b). Groups of more than LARGEST rows are left as they are, and the largest where all would be
    too many pairs.
    """
    loops = compiled if len(a) > FEW else plain
    group = loops.groups(rows, a, b, weight, 0.0)
    members = np.flatnonzero(np.bincount(group, minlength=rows)[group] > 2).astype(np.int32)
    members = members[np.argsort(group[members], kind="stable")]
    own = group[members]
    starts = np.flatnonzero(np.concatenate([[True], own[1:] != own[:-1]])) if len(own) else np.zeros(0, np.int64)
    sizes = np.diff(np.append(starts, len(own)))
    left, right = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)]
    number = np.bincount(sizes, minlength=LARGEST + 1)[: LARGEST + 1]
    span = np.arange(LARGEST + 1)
    within = np.cumsum(number * (span * (span - 1) // 2)) <= MOST + 2 * rows
    for size in np.flatnonzero((number > 0) & within):
        block = members[starts[sizes == size][:, None] + np.arange(size)]
        x, y = np.triu_indices(int(size), 1)
        left.append(block[:, x].ravel())
        right.append(block[:, y].ravel())
    one, two = np.concatenate(left), np.concatenate(right)
    wanted = (np.minimum(one, two).astype(np.int64) << 32) | np.maximum(one, two)
    found = (a.astype(np.int64) << 32) | b
    place = np.minimum(np.searchsorted(found, wanted), max(len(found) - 1, 0))
    wanted = np.sort(wanted[found[place] != wanted]) if len(found) else wanted
    return (wanted >> 32).astype(np.int32), (wanted & 0xFFFFFFFF).astype(np.int32)
