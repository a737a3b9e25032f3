"""What people judged is no fair sample: it says how pairs agree, and not how many of a table are the same."""

import numpy as np

from benchmarks.matching_data import KINDS, make_contacts
from dataquality.engine import evaluate
from dataquality.engine.matching import Labels, Matches, match
from dataquality.engine.standardise import kind_of


def test_judging_many_pairs_does_not_make_the_others_more_often_the_same():
    """Labelled pairs once counted among the candidates, so that the share of matches rose with every *same*."""
    made = make_contacts(10_000, duplicates=0.05, seed=30_001)
    truth, table = evaluate.codes(made["truth"].to_numpy()), made.drop("truth")
    kinds = {column: kind_of(word) for column, word in KINDS.items()}
    untaught = match(table, kinds)
    same = truth[untaught.a] == truth[untaught.b]
    judged = np.random.default_rng(1).random(len(same)) < 0.5

    taught = match(table, kinds, labels=Labels(untaught.a[judged], untaught.b[judged], same[judged]))

    others = list(zip(untaught.a[~judged].tolist(), untaught.b[~judged].tolist(), strict=True))
    before, after = (_f1(found, others, same[~judged]) for found in (untaught, taught))
    assert after >= before


def _f1(found: Matches, pairs: list[tuple[int, int]], same: np.ndarray) -> float:
    sure = found.probability >= found.threshold
    joined = set(zip(found.a[sure].tolist(), found.b[sure].tolist(), strict=True))
    said = np.array([pair in joined for pair in pairs])
    return float(2 * (said & same).sum() / (said.sum() + same.sum()))
