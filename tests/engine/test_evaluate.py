"""The figures of a matching: by hand, and against a count of every pair of rows."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataquality.engine.evaluate import (
    PairScore,
    b_cubed,
    best_cut,
    calibration_error,
    codes,
    reliability,
    score_clusters,
    score_pairs,
    true_pairs,
)


def arrays(*lists):
    return [np.array(each, dtype=np.int64) for each in lists]


@st.composite
def matchings(draw):
    rows = draw(st.integers(0, 14))
    labels = st.lists(st.integers(0, 5), min_size=rows, max_size=rows)
    source = draw(st.none() | st.lists(st.integers(0, 2), min_size=rows, max_size=rows))
    truth, clusters = arrays(draw(labels), draw(labels))
    return truth, clusters, None if source is None else np.array(source, dtype=np.int64)


def every_pair(rows, source):
    return [(i, j) for i, j in combinations(range(rows), 2) if source is None or source[i] != source[j]]


def test_the_pairs_of_clusters_by_hand():
    truth, clusters = arrays([0, 0, 0, 1, 1, 2], [7, 7, 8, 8, 8, 9])

    score = score_clusters(truth, clusters)

    assert score == PairScore(true=4, found=4, both=2)
    assert (score.precision, score.recall, score.f1) == (0.5, 0.5, 0.5)


def test_only_pairs_across_sources_count_where_two_lists_are_linked():
    truth, clusters, source = arrays([0, 0, 0, 1, 1], [0, 0, 0, 0, 1], [0, 0, 1, 1, 1])

    assert score_clusters(truth, clusters, source) == PairScore(true=2, found=4, both=2)
    assert true_pairs(truth) == 4


def test_b_cubed_by_hand_on_the_example_of_its_authors():
    # Bagga and Baldwin 1998: truth {1-5} {6,7} {8-12}, response {1-5} {6-12}: precision 76 %, recall 100 %.
    truth, clusters = arrays([0] * 5 + [1] * 2 + [2] * 5, [0] * 5 + [1] * 7)

    score = b_cubed(truth, clusters)

    assert score.precision == pytest.approx(0.762, abs=0.001)
    assert score.recall == 1
    assert score.f1 == pytest.approx(2 * score.precision / (1 + score.precision))


def test_nothing_found_has_no_precision_and_nothing_to_find_has_no_recall():
    alone, together = arrays([0, 1, 2], [0, 0, 0])

    assert score_clusters(together, alone) == PairScore(3, 0, 0)
    assert score_clusters(together, alone).precision is None
    assert score_clusters(together, alone).f1 == 0
    assert score_clusters(alone, together).recall is None
    assert score_clusters(alone, alone).f1 is None


def test_the_best_threshold_takes_equal_scores_together_and_counts_pairs_never_scored():
    truth, a, b = arrays([0, 0, 1, 1, 2, 2], [0, 2, 0, 1], [1, 3, 2, 4])

    best = best_cut(truth, a, b, np.array([0.9, 0.6, 0.6, 0.1]))

    assert best.threshold == 0.6
    assert best.score == PairScore(true=3, found=3, both=2)


def test_without_a_scored_pair_there_is_no_threshold():
    truth, none = arrays([0, 0], [])

    assert best_cut(truth, none, none, np.array([])).threshold is None
    assert best_cut(truth, none, none, np.array([])).score == PairScore(1, 0, 0)


def test_a_probability_is_held_against_what_came_true():
    truth, a, b = arrays([0, 0, 0, 1], [0, 0, 1, 0], [1, 2, 2, 3])

    bins = reliability(truth, a, b, np.array([0.85, 0.9, 0.82, 0.05]))

    assert [(each.low, each.high, each.pairs, each.is_so) for each in bins] == [(0.0, 0.05, 1, 0.0), (0.8, 0.9, 3, 1.0)]
    assert bins[1].said == pytest.approx(0.8567, abs=1e-4)
    assert calibration_error(bins) == pytest.approx((0.05 + 3 * (1 - bins[1].said)) / 4)
    assert calibration_error([]) is None


def test_labels_may_be_words():
    assert codes(["b", "a", "b"]).tolist() == [1, 0, 1]


def test_arrays_of_different_length_are_refused_in_a_sentence():
    three, two = arrays([0, 1, 2], [0, 1])

    with pytest.raises(ValueError, match=r"one label a row, not \[2, 3\]"):
        score_clusters(three, two)
    with pytest.raises(ValueError, match="Pairs need two rows and a score each"):
        best_cut(three, two, two, np.array([0.5]))


@given(matchings())
def test_the_counted_pairs_are_those_of_a_look_at_every_pair(matching):
    truth, clusters, source = matching
    pairs = every_pair(len(truth), source)

    score = score_clusters(truth, clusters, source)

    assert score == PairScore(
        true=sum(truth[i] == truth[j] for i, j in pairs),
        found=sum(clusters[i] == clusters[j] for i, j in pairs),
        both=sum(truth[i] == truth[j] and clusters[i] == clusters[j] for i, j in pairs),
    )
    assert score == PairScore(
        **vars(score_clusters(truth[::-1], clusters[::-1], None if source is None else source[::-1]))
    )


@given(matchings())
def test_b_cubed_is_the_mean_over_rows_of_a_look_at_every_other_row(matching):
    truth, clusters, source = matching
    rows = range(len(truth))
    if not len(truth):
        return

    def company(labels, i):
        return {j for j in rows if labels[i] == labels[j] and (j == i or source is None or source[i] != source[j])}

    score = b_cubed(truth, clusters, source)

    both = [len(company(truth, i) & company(clusters, i)) for i in rows]
    assert score.precision == pytest.approx(sum(n / len(company(clusters, i)) for i, n in enumerate(both)) / len(truth))
    assert score.recall == pytest.approx(sum(n / len(company(truth, i)) for i, n in enumerate(both)) / len(truth))


@given(matchings(), st.data())
def test_the_best_threshold_is_the_best_of_all_thresholds(matching, data):
    truth, _, source = matching
    whole = list(combinations(range(len(truth)), 2))
    pairs = data.draw(st.lists(st.sampled_from(whole), unique=True)) if whole else []
    score = data.draw(st.lists(st.sampled_from([0.1, 0.5, 0.7, 0.99]), min_size=len(pairs), max_size=len(pairs)))
    a, b = arrays([i for i, _ in pairs], [j for _, j in pairs])

    best = best_cut(truth, a, b, np.array(score), source)

    across = {pair: at for pair, at in zip(pairs, score, strict=True) if pair in every_pair(len(truth), source)}
    naive = []
    for cut in sorted(set(across.values()), reverse=True):
        kept = np.array([pair for pair, at in across.items() if at >= cut], dtype=np.int64).reshape(-1, 2)
        naive.append((score_pairs(truth, kept[:, 0], kept[:, 1], source).f1, cut))
    if naive:
        f1, cut = max(naive)
        assert best.score.f1 == f1
        assert best.threshold == cut
    else:
        assert best.threshold is None
