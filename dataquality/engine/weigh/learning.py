"""From the histogram of patterns to a model: weights, calibration, threshold.

How many of the candidates are matches differs from table to table by a factor of a thousand; how matches and strangers
agree differs little. So the shares of the classes are found freely, with the levels as the prior has them; the levels
then move a little towards the table, and are refined by what labelled tables taught beyond classes; and the shares are
found again. Left to itself until it settles, expectation and
maximisation sooner or later takes a large class of strangers for the matches, or the other way round.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from dataquality.engine.weigh import prior as priors
from dataquality.engine.weigh.classes import bounds_for, fixed_levels, roles
from dataquality.engine.weigh.em import PRIOR_WEIGHT, Floats, Learnt, bounded, fit, thinned
from dataquality.engine.weigh.model import Model
from dataquality.engine.weigh.refining import refined

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
    prior = prior_of(model)
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
    moved = refined(moved_towards(model, learning, weights, prior, known), comparisons, model.matches)
    free = slice(len(some))  # judged pairs are no fair sample: they say how pairs agree, not how many are the same
    learnt = fit(learning[free], weights[free], moved, tied=tied, matches=model.matches, only_shares=True)
    model = replace(model, weights=learnt, taught=True)
    _, probability = model.weigh_levels(levels)
    best = best_threshold(probability, counts.astype(np.float64))
    if columns >= FEWEST_FOR_SOONER:
        best = max(best / (best + (1 - best) * 2.0**SOONER), LOWEST)
    model = replace(model, threshold=best)
    shares = ", ".join(f"{name} {share:.1%}" for name, share in zip(model.classes, learnt.shares, strict=True))
    return model, (f"Of {int(counts.sum()):,} candidates: {shares}. Pairs join from {model.threshold:.2f}.",)


def prior_of(model: Model) -> Learnt:
    """What is believed of these columns before the table has said anything."""
    comparisons = model.program.comparisons
    shares = priors.shares(model.classes, priors.shipped())
    tables = priors.levels(comparisons, model.classes, priors.shipped())
    bounds = bounds_for(comparisons)
    return Learnt(shares, [bounded(table, bound, model.matches) for table, bound in zip(tables, bounds, strict=True)])


def moved_towards(
    model: Model, levels: NDArray[np.int64], counts: Floats, prior: Learnt, known: NDArray[np.int8] | None = None
) -> Learnt:
    """The prior with the shares of this histogram, and its levels a little nearer to the table's."""
    comparisons = model.program.comparisons
    tied = [role.is_name for role in roles(comparisons)]
    held = (FEW_COLUMNS / len({one.slot for one in comparisons})) ** 2
    free = slice(None) if known is None else known < 0
    expected = fit(levels[free], counts[free], prior, tied=tied, matches=model.matches, only_shares=True)
    return fit(
        levels, counts, expected, tied=tied, matches=model.matches, fixed=fixed_levels(comparisons, model.classes),
        known=known, bounds=bounds_for(comparisons), weight=PRIOR_WEIGHT * held, rounds=ROUNDS,
    )  # fmt: skip


def best_threshold(probability: Floats, counts: Floats) -> float:
    """The probability from which taking pairs promises the best F1, 2 right / (taken + all) in expectation."""
    order = np.argsort(-probability, kind="stable")
    p, n = probability[order], counts[order]
    right, taken = np.cumsum(p * n), np.cumsum(n)
    score = 2 * right / (taken + right[-1])
    return float(np.clip(p[int(np.argmax(score))], LOWEST, HIGHEST))
