"""Clusters: greedy average linkage, so that one wrong pair does not chain two people together."""

import numpy as np
from numpy.typing import NDArray

from dataquality.engine.cluster import compiled, plain

__all__ = ["MISSING", "cluster"]

MISSING = -4.0  # bits of a pair inside a cluster that was not found or not looked at; no pair counts less
LARGEST = 600  # members of a group that are linked at once; larger groups are first cut at their weakest pairs
APART, TOGETHER = np.float32(-1e9), np.float32(1e6)
FEW = 5_000  # pairs below which compiled code does not pay

Rows = NDArray[np.int32]
Weights = NDArray[np.float32]


def cluster(
    rows: int,
    a: Rows,
    b: Rows,
    weight: Weights,
    *,
    cannot: Rows | None = None,
    must: Rows | None = None,
    missing: float = MISSING,
    order: NDArray[np.uint64] | None = None,
    fast: bool | None = None,
) -> Rows:
    """The cluster of each row: the smallest row number in it.

    weight: bits above the threshold, so that 0 is undecided. Clusters join while the average weight of the pairs
    between them is above 0, the best first; a pair that is not listed counts `missing`, and none counts less: one wrong
    column of one record does not outvote the others. cannot, must: (pairs, 2) that a
    person has judged: must joins whatever the weight, and all that must joins hangs together; cannot keeps apart
    whatever else would join, also where must contradicts it. order: a number per row that does not depend on where the
    row stands, which settles ties alike in every order of rows.
    """
    order = np.arange(rows, dtype=np.uint64) if order is None else order
    loops = compiled if (len(a) > FEW if fast is None else fast) else plain
    weight = np.maximum(weight.astype(np.float32), np.float32(missing))
    a, b, weight = _with_judgements(a, b, weight, cannot, must)
    labels = np.arange(rows, dtype=np.int32)
    floor = 0.0
    a, b, weight, group = _inside(loops, rows, a, b, weight, floor)
    while len(a):
        sizes = np.bincount(group, minlength=rows)
        large = sizes[group[a]] > LARGEST
        if floor < 1e5:
            _link(loops, a[~large], b[~large], weight[~large], group, labels, missing, order)
            floor = 4.0 if floor == 0 else floor * 1.5
            a, b, weight, group = _inside(loops, rows, a[large], b[large], weight[large], floor)
        else:  # more than LARGEST that must hang together, or are all alike
            labels[:] = np.where(sizes[group] > LARGEST, group, labels)
            _link(loops, a[~large], b[~large], weight[~large], group, labels, missing, order)
            break
    return labels


def _with_judgements(
    a: Rows, b: Rows, weight: Weights, cannot: Rows | None, must: Rows | None
) -> tuple[Rows, Rows, Weights]:
    """Judged pairs take the place of found ones; cannot before must."""
    for judged, value in ((must, TOGETHER), (cannot, APART)):
        if judged is None or not len(judged):
            continue
        low, high = judged.min(axis=1).astype(np.int64), judged.max(axis=1).astype(np.int64)
        keys = np.unique((low << 32) | high)
        mine = (a.astype(np.int64) << 32) | b.astype(np.int64)
        kept = ~np.isin(mine, keys)
        a = np.concatenate([a[kept], (keys >> 32).astype(np.int32)])
        b = np.concatenate([b[kept], (keys & 0xFFFFFFFF).astype(np.int32)])
        weight = np.concatenate([weight[kept], np.full(len(keys), value, dtype=np.float32)])
    return a, b, weight


def _inside(
    loops: object, rows: int, a: Rows, b: Rows, weight: Weights, floor: float
) -> tuple[Rows, Rows, Weights, NDArray[np.int64]]:
    """The pairs inside groups that hang together by more than `floor` bits, and the group of each row."""
    group = loops.groups(rows, a, b, weight, floor)  # type: ignore[attr-defined]
    kept = group[a] == group[b]
    return a[kept], b[kept], weight[kept], group


def _link(
    loops: object, a: Rows, b: Rows, weight: Weights, group: NDArray[np.int64], labels: Rows, missing: float,
    order: NDArray[np.uint64],
) -> None:  # fmt: skip
    """Links each group and writes the labels of its rows."""
    if not len(a):
        return
    members = np.unique(np.concatenate([a, b]))
    by_group = np.lexsort((members, order[members], group[members]))
    node = members[by_group]
    own = group[node]
    edges = np.flatnonzero(np.concatenate([[True], own[1:] != own[:-1]]))
    sizes = np.diff(np.append(edges, len(node)))
    place = np.empty(len(group), dtype=np.int64)
    place[node] = np.arange(len(node)) - np.repeat(edges, sizes)
    number = np.empty(len(group), dtype=np.int64)
    number[node] = np.repeat(np.arange(len(sizes)), sizes)
    sort = np.argsort(number[a], kind="stable")
    first = np.concatenate([[0], np.cumsum(np.bincount(number[a], minlength=len(sizes)))])
    loops.link(  # type: ignore[attr-defined]
        first, place[a][sort], place[b][sort], weight[sort].astype(np.float64), node, sizes, missing, labels
    )
