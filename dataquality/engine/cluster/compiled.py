"""Linking inside groups, in compiled code; `plain` is the same function uncompiled, for few pairs."""

import numpy as np
from numba import njit

from dataquality.engine.cluster import plain

groups = njit(nogil=True, cache=True)(plain.groups)
link_dense = njit(nogil=True, cache=True)(plain.link_dense)
_find_groups = groups


@njit(nogil=True, cache=True)
def link(first, left, right, weight, node, sizes, missing, labels):  # type: ignore[no-untyped-def]
    """Links every group (see `plain.link`)."""
    base = 0
    for g in range(len(sizes)):
        size = sizes[g]
        if size == 2:
            total = -1e30
            for e in range(first[g], first[g + 1]):
                total = max(total, weight[e])
            for e in range(first[g], first[g + 1]):
                if weight[e] <= -1e8:
                    total = weight[e]
            if total > 0:
                x, y = node[base], node[base + 1]
                labels[x] = min(x, y)
                labels[y] = min(x, y)
        else:
            S = np.full((size, size), missing, dtype=np.float64)
            for e in range(first[g], first[g + 1]):
                x, y = left[e], right[e]
                S[x, y] = weight[e]
                S[y, x] = weight[e]
            link_dense(S, node[base : base + size], labels)
        base += size
