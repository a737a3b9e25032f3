"""From the histogram of patterns to a model: weights, calibration, threshold.

How many of the candidates are matches differs from table to table by a factor of a thousand; how matches and strangers
agree differs little. So the shares of the classes are found freely, with the levels as the prior has them; the levels
then move a little towards the table; and the shares are found again. Left to itself until it settles, expectation and
maximisation sooner or later takes a large class of strangers for the matches, or the other way round.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from dataquality.engine.weigh import prior as priors
from dataquality.engine.weigh.classes import MATCHES, bounds_for, fixed_levels, roles
from dataquality.engine.weigh.em import PRIOR_WEIGHT, Floats, Learnt, bounded, fit, thinned
from dataquality.engine.weigh.model import Model

A_LABEL_WEIGHS = 8.0  # pairs of the histogram
ROUNDS = 2  # in which the levels move
FEW_COLUMNS = 7  # with fewer the prior holds harder: there is less to learn from
LOWEST, HIGHEST = 0.2, 0.9  # of the threshold
SOONER = 0.6  # bits; groups join on the average of their pairs, which takes some wrong ones back …
FEWEST_FOR_SOONER = 4  # … where there are so many columns to tell them by


def learn(
    model: Model,
    patterns: NDArray[np.int64],
    counts: NDArray[np.int64],
    *,
    taught: tuple[NDArray[np.int64], NDArray[np.bool_]] | None = None,
    seed: int = 0,
) -> tuple[Model, tuple[str, ...]]:
    """The model with weights learnt from a histogram of patterns, and from judged patterns where there are any.

    Deterministic; `seed` is part of the promise that chance, if it ever plays a part, can be repeated.
    """
    comparisons = model.program.comparisons
    prior = Learnt(
        priors.shares(model.classes, priors.shipped()), priors.levels(comparisons, model.classes, priors.shipped())
    )
    matches = sum(one in MATCHES for one in model.classes)
    bounds = bounds_for(comparisons)
    held_in = [bounded(table.copy(), bound, matches) for table, bound in zip(prior.levels, bounds, strict=True)]
    prior = replace(prior, levels=held_in)
    levels = model.levels(patterns)
    if not len(patterns):
        return replace(model, weights=prior, taught=True), ("No two records share a key: nothing to learn from.",)
    some, weights = thinned(counts, patterns)
    known = None
    learning = levels[some]
    if taught is not None and len(taught[0]):
        learning = np.concatenate([learning, model.levels(taught[0])])
        weights = np.concatenate([weights, np.full(len(taught[0]), A_LABEL_WEIGHS)])
        known = np.concatenate([np.full(len(some), -1, np.int8), taught[1].astype(np.int8)])
    tied = [role.is_name for role in roles(comparisons)]
    columns = len({one.slot for one in comparisons})
    held = (FEW_COLUMNS / columns) ** 2
    fixed = fixed_levels(comparisons, model.classes)
    expected = fit(learning, weights, prior, tied=tied, matches=matches, known=known, only_shares=True)
    moved = fit(
        learning, weights, expected, tied=tied, matches=matches, fixed=fixed, known=known, bounds=bounds,
        weight=PRIOR_WEIGHT * held, rounds=ROUNDS,
    )  # fmt: skip
    learnt = fit(learning, weights, moved, tied=tied, matches=matches, known=known, only_shares=True)
    model = replace(model, weights=learnt, taught=True)
    _, probability = model.weigh_levels(levels)
    best = best_threshold(probability, counts.astype(np.float64))
    if columns >= FEWEST_FOR_SOONER:
        best = max(best / (best + (1 - best) * 2.0**SOONER), LOWEST)
    model = replace(model, threshold=best)
    shares = ", ".join(f"{name} {share:.1%}" for name, share in zip(model.classes, learnt.shares, strict=True))
    return model, (f"Of {int(counts.sum()):,} candidates: {shares}. Pairs join from {model.threshold:.2f}.",)


def best_threshold(probability: Floats, counts: Floats) -> float:
    """The probability from which taking pairs promises the best F1, 2 right / (taken + all) in expectation."""
    order = np.argsort(-probability, kind="stable")
    p, n = probability[order], counts[order]
    right, taken = np.cumsum(p * n), np.cumsum(n)
    score = 2 * right / (taken + right[-1])
    return float(np.clip(p[int(np.argmax(score))], LOWEST, HIGHEST))
