"""Linking inside groups. Loops that numba can compile (`compiled`), or Python can run when pairs are few."""

import numpy as np


def groups(rows, a, b, weight, floor):  # type: ignore[no-untyped-def]
    """The smallest row number that each row is connected with by pairs of more than `floor` bits."""
    parent = np.arange(rows)
    for e in range(len(a)):
        if weight[e] > floor:
            x, y = a[e], b[e]
            while parent[x] != x:
                parent[x] = parent[parent[x]]
                x = parent[x]
            while parent[y] != y:
                parent[y] = parent[parent[y]]
                y = parent[y]
            if x < y:
                parent[y] = x
            elif y < x:
                parent[x] = y
    for x in range(rows):
        y = x
        while parent[y] != y:
            y = parent[y]
        parent[x] = y
    return parent


def link_dense(S, node, labels):  # type: ignore[no-untyped-def]
    """Joins the two clusters of the highest average weight until none is above 0; ties go to the first in order.

    S: weights between all members (both halves); node: their rows; labels: filled with the smallest row of the cluster.
    """
    size = len(node)
    count = np.ones(size)
    alive = np.ones(size, dtype=np.bool_)
    owner = np.arange(size)
    best = np.full(size, -1)
    for x in range(size):
        S[x, x] = -1e30
        for y in range(x + 1, size):
            if best[x] < 0 or S[x, y] > S[x, best[x]]:
                best[x] = y
    while True:
        top, at = 0.0, -1
        for x in range(size):
            if alive[x] and best[x] >= 0:
                mean = S[x, best[x]] / (count[x] * count[best[x]])
                if mean > top:
                    top, at = mean, x
        if at < 0:
            break
        x, y = at, best[at]
        count[x] += count[y]
        alive[y] = False
        for z in range(size):
            if owner[z] == y:
                owner[z] = x
            if alive[z] and z != x:
                S[x, z] += S[y, z]
                S[z, x] = S[x, z]
        for z in range(size):
            if not alive[z]:
                continue
            if z == x or best[z] == x or best[z] == y or z < x:
                best[z] = -1
                for w in range(z + 1, size):
                    if alive[w] and (
                        best[z] < 0 or S[z, w] / (count[z] * count[w]) > S[z, best[z]] / (count[z] * count[best[z]])
                    ):
                        best[z] = w
    smallest = np.full(size, -1)
    for x in range(size):
        o = owner[x]
        if smallest[o] < 0 or node[x] < smallest[o]:
            smallest[o] = node[x]
    for x in range(size):
        labels[node[x]] = smallest[owner[x]]


def link(first, left, right, weight, node, sizes, missing, labels):  # type: ignore[no-untyped-def]
    """Links every group. Pairs of group g: first[g] to first[g + 1], left and right being places within the group; rows
    of the groups one after the other in `node`, `sizes` of them each."""
    base = 0
    for g in range(len(sizes)):
        size = int(sizes[g])
        S = np.full((size, size), missing, dtype=np.float64)
        for e in range(first[g], first[g + 1]):
            S[left[e], right[e]] = weight[e]
            S[right[e], left[e]] = weight[e]
        link_dense(S, node[base : base + size], labels)  # type: ignore[no-untyped-call]
        base += size
