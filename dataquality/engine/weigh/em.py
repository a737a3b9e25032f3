"""Learning the weights from the histogram of patterns: expectation and maximisation over latent classes.

Columns are independent within a class (Fellegi and Sunter, *A theory for record linkage*, 1969); what they share goes
into the classes: colleagues, households, namesakes. A Dirichlet prior keeps rare classes where they belong.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
PRIOR_WEIGHT = 0.1  # of the number of pairs, for the match classes
STRANGERS_WEIGHT = 0.01  # for the others, which every table has plenty of
MOST_ROUNDS = 40
SETTLED = 1e-4
MOST_PATTERNS = 20_000


@dataclass(frozen=True)
class Learnt:
    """shares (class) and, for each comparison, levels (class, level from 1 on)."""

    shares: Floats
    levels: list[Floats]


def log_likelihood(levels: NDArray[np.int64], learnt: Learnt) -> Floats:
    """Natural log of share x likelihood, (pattern, class). levels: (pattern, comparison), 0 for missing."""
    found = np.tile(np.log(learnt.shares), (len(levels), 1))
    for place, table in enumerate(learnt.levels):
        found += np.vstack([np.zeros(len(table)), np.log(table).T])[levels[:, place]]
    return found


def posterior(levels: NDArray[np.int64], learnt: Learnt) -> Floats:
    """The probability of each class, (pattern, class)."""
    logs = log_likelihood(levels, learnt)
    logs -= logs.max(axis=1, keepdims=True)
    found = np.exp(logs)
    return found / found.sum(axis=1, keepdims=True)


def fit(
    levels: NDArray[np.int64],
    counts: NDArray[np.float64],
    prior: Learnt,
    *,
    tied: Sequence[bool],
    matches: int,
    known: NDArray[np.int8] | None = None,
    weight: float = PRIOR_WEIGHT,
    strangers: float = STRANGERS_WEIGHT,
) -> Learnt:
    """The shares and levels that explain the histogram best, starting from the prior and held by it.

    tied: comparisons whose levels are one and the same in all match classes (the first `matches` classes). known: -1
    nothing is known of the pattern's pairs, 0 they differ, 1 they are the same.
    """
    total = float(counts.sum())
    hot = _one_hot(levels, [table.shape[1] for table in prior.levels])
    edges = np.cumsum([0, *(table.shape[1] for table in prior.levels)])
    flat_prior = np.hstack(prior.levels)
    strength = np.full(len(prior.shares), strangers)
    strength[:matches] = weight
    held = (strength * total * prior.shares)[:, None] * flat_prior
    shares, flat = prior.shares.copy(), flat_prior.copy()
    barred = _barred(known, len(shares), matches)
    for _ in range(MOST_ROUNDS):
        logs = hot @ np.log(flat).T.astype(np.float32) + np.log(shares).astype(np.float32)
        if barred is not None:
            logs = logs + barred
        logs -= logs.max(axis=1, keepdims=True)
        found = np.exp(logs, dtype=np.float32)
        found *= (counts.astype(np.float32) / found.sum(axis=1))[:, None]
        mass = found.sum(axis=0, dtype=np.float64)
        before = shares
        shares = (mass + 1.0) / (mass.sum() + len(mass))
        flat = (found.T @ hot).astype(np.float64) + held + 1e-3 * flat_prior
        for place, one in enumerate(tied):
            part = slice(edges[place], edges[place + 1])
            if one and matches > 1:
                flat[:matches, part] = flat[:matches, part].sum(axis=0)
            flat[:, part] /= flat[:, part].sum(axis=1, keepdims=True)
        if np.abs(shares - before).max() < SETTLED:
            break
    return Learnt(shares, [np.maximum(flat[:, edges[k] : edges[k + 1]], 1e-7) for k in range(len(tied))])


def _one_hot(levels: NDArray[np.int64], sizes: Sequence[int]) -> NDArray[np.float32]:
    hot = np.zeros((len(levels), sum(sizes)), dtype=np.float32)
    start = 0
    rows = np.arange(len(levels))
    for place, size in enumerate(sizes):
        seen = levels[:, place] > 0
        hot[rows[seen], start + levels[seen, place] - 1] = 1
        start += size
    return hot


def _barred(known: NDArray[np.int8] | None, classes: int, matches: int) -> NDArray[np.float32] | None:
    if known is None:
        return None
    barred = np.zeros((len(known), classes), dtype=np.float32)
    barred[known == 1, matches:] = -1e4
    barred[known == 0, :matches] = -1e4
    return barred


def thinned(counts: NDArray[np.int64], patterns: NDArray[np.int64]) -> tuple[NDArray[np.int64], Floats]:
    """Which patterns to learn from, and the pairs each stands for: all, or the frequent and every k-th of the others."""
    if len(counts) <= MOST_PATTERNS:
        return np.arange(len(counts)), counts.astype(np.float64)
    order = np.lexsort((patterns, -counts))
    top, rest = order[: MOST_PATTERNS // 2], order[MOST_PATTERNS // 2 :]
    step = -(-len(rest) // (MOST_PATTERNS // 2))
    some = rest[::step]
    scale = counts[rest].sum() / counts[some].sum()
    return np.concatenate([top, some]), np.concatenate([counts[top].astype(np.float64), counts[some] * scale])
