"""How good a matching is against a known truth: pairs, clusters, B-cubed, calibration. Counts, never samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int64] | npt.NDArray[np.int32]  # labels, or row numbers
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.floating]

# Where the reliability table cuts: finer towards the ends, where most pairs lie.
EDGES = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)


@dataclass(frozen=True)
class PairScore:
    """Pairs that are true, pairs that were found, and pairs that are both."""

    true: int
    found: int
    both: int

    @property
    def precision(self) -> float | None:
        """Share of the found pairs that are true; null where none was found."""
        return self.both / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        """Share of the true pairs that were found; null where there are none."""
        return self.both / self.true if self.true else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of both, 2 both / (true + found); null where nothing is true and nothing was found."""
        return 2 * self.both / (self.true + self.found) if self.true + self.found else None


@dataclass(frozen=True)
class BCubed:
    """Mean over the rows of how much of a row's cluster is its own kind, and how much of its kind is in its cluster."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / (self.precision + self.recall)


@dataclass(frozen=True)
class BestCut:
    """The threshold at which the scored pairs reach their highest F1 (the highest such threshold)."""

    threshold: float | None
    score: PairScore


@dataclass(frozen=True)
class Bin:
    """Pairs with low < probability <= high: what was said of them, and what is so."""

    low: float
    high: float
    pairs: int
    said: float
    is_so: float


def codes(values: npt.ArrayLike) -> Codes:
    """Any labels, one a row, as numbers 0, 1, …: equal labels, equal numbers."""
    return np.asarray(np.unique(np.asarray(values), return_inverse=True)[1], dtype=np.int64).reshape(-1)


def true_pairs(truth: Codes, source: Codes | None = None) -> int:
    """Pairs of rows with the same truth; with a source, only those across sources."""
    return _pairs_within(truth) - (0 if source is None else _pairs_within(_crossed(truth, source)))


def score_clusters(truth: Codes, clusters: Codes, source: Codes | None = None) -> PairScore:
    """The pairs that the clusters imply (any two rows of one cluster) against the pairs that the truth implies.

    `truth`, `clusters` and `source` hold a label for each row. With a source only pairs across sources count, on both
    sides. O(n log n), whatever the size of the clusters.
    """
    _same_length(truth, clusters, source)
    return PairScore(
        true=true_pairs(truth, source),
        found=true_pairs(clusters, source),
        both=true_pairs(_crossed(truth, clusters), source),
    )


def b_cubed(truth: Codes, clusters: Codes, source: Codes | None = None) -> BCubed:
    """B-cubed precision and recall (Bagga and Baldwin 1998), each row counting once and with itself.

    With a source, a row is compared with itself and with the rows of other sources.
    """
    _same_length(truth, clusters, source)
    if not len(truth):
        return BCubed(1.0, 1.0)
    both = _company(_crossed(truth, clusters), source)
    return BCubed(float(np.mean(both / _company(clusters, source))), float(np.mean(both / _company(truth, source))))


def best_cut(truth: Codes, a: Codes, b: Codes, score: Floats, source: Codes | None = None) -> BestCut:
    """The best F1 that one threshold on `score` can reach, pair by pair without clusters.

    `a` and `b` are row numbers, every unordered pair at most once; a pair is found where its score is at or above the
    threshold. True pairs that were never scored count as missed.
    """
    a, b, score, is_true = _judged(truth, a, b, score, source)
    true = true_pairs(truth, source)
    if not len(score):
        return BestCut(None, PairScore(true, 0, 0))
    order = np.argsort(-score, kind="stable")
    ranked = score[order]
    both = np.cumsum(is_true[order])
    last = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True))  # equal scores fall together
    f1 = 2 * both[last] / (true + last + 1)
    best = last[int(np.argmax(f1))]
    return BestCut(float(ranked[best]), PairScore(true, int(best) + 1, int(both[best])))


def score_pairs(truth: Codes, a: Codes, b: Codes, source: Codes | None = None) -> PairScore:
    """The given pairs, every unordered pair at most once, against the pairs that the truth implies."""
    is_true = _judged(truth, a, b, np.zeros(len(a)), source)[3]
    return PairScore(true_pairs(truth, source), len(is_true), int(is_true.sum()))


def reliability(
    truth: Codes,
    a: Codes,
    b: Codes,
    probability: Floats,
    source: Codes | None = None,
    edges: Sequence[float] = EDGES,
) -> list[Bin]:
    """Calibration: of the pairs called probable to some degree, the share that is true. Empty bins are left out."""
    _, _, said, is_true = _judged(truth, a, b, probability, source)
    place = np.clip(np.searchsorted(np.asarray(edges), said, side="left") - 1, 0, len(edges) - 2)
    counts = np.bincount(place, minlength=len(edges) - 1)
    sums = np.bincount(place, weights=said, minlength=len(edges) - 1)
    hits = np.bincount(place, weights=is_true, minlength=len(edges) - 1)
    return [
        Bin(low, high, int(n), float(total / n), float(hit / n))
        for (low, high), n, total, hit in zip(pairwise(edges), counts, sums, hits, strict=True)
        if n
    ]


def calibration_error(bins: Sequence[Bin]) -> float | None:
    """Mean distance between what was said and what is so, weighted by pairs (expected calibration error)."""
    pairs = sum(each.pairs for each in bins)
    return sum(each.pairs * abs(each.said - each.is_so) for each in bins) / pairs if pairs else None


def _judged(
    truth: Codes, a: Codes, b: Codes, score: Floats, source: Codes | None
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float64], Flags]:
    """The pairs that count, their scores in full precision, and whether each is true."""
    if not len(a) == len(b) == len(score):
        raise ValueError(f"Pairs need two rows and a score each, not {len(a)}, {len(b)} and {len(score)} of them.")
    first, second = np.asarray(a, dtype=np.int64), np.asarray(b, dtype=np.int64)
    said = np.asarray(score, dtype=np.float64)
    if source is not None:
        across = source[first] != source[second]
        first, second, said = first[across], second[across], said[across]
    is_true: Flags = truth[first] == truth[second]
    return first, second, said, is_true


def _same_length(truth: Codes, clusters: Codes, source: Codes | None) -> None:
    lengths = {len(truth), len(clusters), len(truth if source is None else source)}
    if len(lengths) > 1:
        raise ValueError(f"Truth, clusters and source must have one label a row, not {sorted(lengths)} of them.")


def _crossed(one: Codes, other: Codes) -> Codes:
    """A label for every combination of two labels."""
    one, other = codes(one), codes(other)
    return one * (int(other.max(initial=0)) + 1) + other


def _pairs_within(labels: Codes) -> int:
    sizes = np.unique(labels, return_counts=True)[1].astype(np.int64)
    return int((sizes * (sizes - 1) // 2).sum())


def _company(labels: Codes, source: Codes | None) -> npt.NDArray[np.float64]:
    """For each row: itself and the other rows of its label (with a source: those of other sources)."""
    _, place, sizes = np.unique(labels, return_inverse=True, return_counts=True)
    together = sizes[place.reshape(-1)].astype(np.float64)
    return together if source is None else together - _company(_crossed(labels, source), None) + 1
