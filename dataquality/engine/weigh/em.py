"""Learning the weights from the histogram of patterns: expectation and maximisation over latent classes.

Columns are independent within a class (Fellegi and Sunter, *A theory for record linkage*, 1969); what they share goes
into the classes: colleagues, households, namesakes. A Dirichlet prior keeps rare classes where they belong.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
PRIOR_WEIGHT = 0.5  # of the number of pairs
FEWEST_ROUNDS = 5
MOST_ROUNDS = 200
SETTLED = 0.003  # of the share of matches
MOST_PATTERNS = 20_000


@dataclass(frozen=True)
class Learnt:
    """shares (class) and, for each comparison, levels (class, level from 1 on).

    The levels of a class sum to 1 until they are refined; how they stand beside other classes is what counts.
    """

    shares: Floats
    levels: list[Floats]


@dataclass(frozen=True)
class Bound:
    """What the levels of one comparison may come to say: strangers have the levels of `proof` in no more than `most` of
    pairs; no level says more than `against` bits against a match."""

    proof: tuple[int, ...]
    most: float
    against: float
    contrary: float = 1.0  # matches have the last level, wholly different, in no more of pairs


def log_likelihood(levels: NDArray[np.int64], learnt: Learnt) -> Floats:
    """Natural log of share x likelihood, (pattern, class). levels: (pattern, comparison), 0 for missing."""
    found = np.tile(np.log(learnt.shares), (len(levels), 1))
    for place, table in enumerate(learnt.levels):
        found += np.vstack([np.zeros(len(table)), np.log(table).T])[levels[:, place]]
    return found


def log_odds(logs: Floats, matches: int) -> Floats:
    """Natural log-odds of the first `matches` classes against the others, from log-likelihoods (pattern, class)."""
    found: Floats = _log_sum(logs[:, :matches]) - _log_sum(logs[:, matches:])
    return found


def _log_sum(logs: Floats) -> Floats:
    top: Floats = logs.max(axis=1)
    found: Floats = top + np.log(np.exp(logs - top[:, None]).sum(axis=1))
    return found


def posterior(levels: NDArray[np.int64], learnt: Learnt) -> Floats:
    """The probability of each class, (pattern, class)."""
    logs = log_likelihood(levels, learnt)
    logs -= logs.max(axis=1, keepdims=True)
    found = np.exp(logs)
    found /= found.sum(axis=1, keepdims=True)
    return found


def fit(
    levels: NDArray[np.int64],
    counts: NDArray[np.float64],
    prior: Learnt,
    *,
    tied: Sequence[bool],
    matches: int,
    fixed: NDArray[np.bool_] | None = None,
    known: NDArray[np.int8] | None = None,
    weight: float = PRIOR_WEIGHT,
    strangers: float | None = None,
    rounds: int = MOST_ROUNDS,
    only_shares: bool = False,
    bounds: Sequence[Bound] | None = None,
) -> Learnt:
    """The shares and levels that explain the histogram best, starting from the prior and held by it.

    tied: comparisons whose levels are one and the same in all match classes (the first `matches` classes). fixed:
    (class, comparison) whose levels stay as the prior has them; only_shares: all do. known: -1 nothing is known of the
    pattern's pairs, 0 they differ, 1 they are the same. weight: how much the prior counts, in pairs of the table;
    strangers: the same for classes that are no matches, where it is another. rounds: no more than so many. bounds: for
    each comparison what its levels may come to say.
    """
    total = float(counts.sum())
    strength = np.full(len(prior.shares), weight if strangers is None else strangers)
    strength[:matches] = weight
    held = [(strength * total * prior.shares)[:, None] * table for table in prior.levels]
    shares, tables = prior.shares.copy(), list(prior.levels)
    columns = [np.ascontiguousarray(levels[:, place]) for place in range(levels.shape[1])]
    barred = _barred(known, len(shares), matches)
    likelihood = _likelihood(columns, tables) + barred
    for round_ in range(rounds):
        found = likelihood + np.log(shares)[:, None]
        found -= found.max(axis=0)
        np.exp(found, out=found)
        found *= counts / found.sum(axis=0)
        before = shares
        shares = (found.sum(axis=1) + 1.0) / (total + len(shares))
        if not only_shares:
            for place, column in enumerate(columns):
                size = held[place].shape[1]
                seen = [np.bincount(column, weights=one, minlength=size + 1)[1:] for one in found]
                table = np.array(seen) + held[place] + 1e-3 * prior.levels[place]
                if fixed is not None:
                    table[fixed[:, place]] = prior.levels[place][fixed[:, place]]
                if tied[place]:
                    table[:matches] = table[:matches].sum(axis=0)
                table = np.maximum(table / table.sum(axis=1, keepdims=True), 1e-7)
                tables[place] = table if bounds is None else bounded(table, bounds[place], matches)
            likelihood = _likelihood(columns, tables) + barred
        if round_ >= FEWEST_ROUNDS and np.abs(shares - before).max() < SETTLED * shares[:matches].sum():
            break
    return Learnt(shares, tables)


def bounded(table: Floats, bound: Bound, matches: int) -> Floats:
    """Strangers kept from levels that are all but proof, and no level weighing too much against a match."""
    for level in bound.proof:
        table[matches:, level - 1] = np.minimum(table[matches:, level - 1], bound.most)
    least = table[matches:].max(axis=0) * 2.0**-bound.against
    table[:matches] = np.maximum(table[:matches], least)
    table[:matches, -1] = np.minimum(table[:matches, -1], bound.contrary)
    table /= table.sum(axis=1, keepdims=True)
    return table


def _likelihood(columns: Sequence[NDArray[np.int64]], tables: Sequence[Floats]) -> Floats:
    """Natural log of the likelihood, (class, pattern)."""
    found = np.zeros((len(tables[0]), len(columns[0])))
    for column, table in zip(columns, tables, strict=True):
        logs = np.zeros((table.shape[0], table.shape[1] + 1))
        np.log(table, out=logs[:, 1:])
        for one, row in zip(found, logs, strict=True):
            one += row[column]
    return found


def _barred(known: NDArray[np.int8] | None, classes: int, matches: int) -> Floats:
    """What keeps judged patterns out of the classes they cannot be in."""
    if known is None:
        return np.zeros((classes, 1))
    barred = np.zeros((classes, len(known)))
    barred[matches:, known == 1] = -1e4
    barred[:matches, known == 0] = -1e4
    return barred


def thinned(counts: NDArray[np.int64], patterns: NDArray[np.int64]) -> tuple[NDArray[np.int64], Floats]:
    """Which patterns to learn from, and the pairs each stands for: the frequent, and every k-th of the others."""
    if len(counts) <= MOST_PATTERNS:
        return np.arange(len(counts)), counts.astype(np.float64)
    order = np.lexsort((patterns, -counts))
    top, rest = order[: MOST_PATTERNS // 2], order[MOST_PATTERNS // 2 :]
    step = -(-len(rest) // (MOST_PATTERNS // 2))
    some = rest[::step]
    scale = counts[rest].sum() / counts[some].sum()
    return np.concatenate([top, some]), np.concatenate([counts[top].astype(np.float64), counts[some] * scale])
