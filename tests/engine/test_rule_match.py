"""Rule mode: what a rule pairs, what it adds, and what it would cost."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataquality.engine import rule_match
from dataquality.engine.rule_match import Criterion, Rule, cost, figures, rule_pairs

PEOPLE = pl.DataFrame(
    {
        "name": ["Anna Berg", "anna berg ", "Anna Bergmann", "Otto Klein", None, ""],
        "mail": ["a@x.example", None, "a@x.example", "o@x.example", None, ""],
        "born": ["1980-01-02T00:00", "1980-01-02", "1980-01-02", None, "1980-01-02", "1980-01-03"],
    }
)


def pairs(*rules):
    a, b, by = rule_pairs(PEOPLE, rules)
    return list(zip(a.tolist(), b.tolist(), by.tolist(), strict=True))


def test_exact_means_but_for_case_and_outer_spaces():
    assert pairs(Rule("name", (Criterion("name"),))) == [(0, 1, 0)]


@pytest.mark.parametrize(
    ("criterion", "wanted"),
    [
        (Criterion("name", "first", 6), [(0, 1), (0, 2), (1, 2)]),
        (Criterion("name", "last", 4), [(0, 1)]),
        (Criterion("born", "same_date"), [(0, 1), (0, 2), (0, 4), (1, 2), (1, 4), (2, 4)]),
    ],
)
def test_parts_of_a_value_and_days(criterion, wanted):
    assert [(a, b) for a, b, _by in pairs(Rule("one", (criterion,)))] == wanted


def test_blanks_agree_with_nothing_unless_asked_to():
    assert pairs(Rule("mail", (Criterion("mail"),))) == [(0, 2, 0)]
    both = pairs(Rule("mail", (Criterion("mail", ignore_blank=False),)))
    assert both == [(0, 2, 0), (1, 4, 0), (1, 5, 0), (4, 5, 0)]


def test_every_criterion_must_hold():
    assert pairs(Rule("both", (Criterion("name", "first", 6), Criterion("mail")))) == [(0, 2, 0)]


def test_a_pair_belongs_to_the_first_rule_that_gives_it_and_the_second_says_what_it_adds():
    exact, loose = Rule("exact", (Criterion("name"),)), Rule("loose", (Criterion("name", "first", 6),))

    assert pairs(exact, loose) == [(0, 1, 0), (0, 2, 1), (1, 2, 1)]
    assert [(one.pairs, one.adds, one.largest) for one in figures(PEOPLE, [exact, loose])] == [(1, 1, 2), (3, 2, 3)]


def test_pairs_that_are_known_already_are_not_added():
    known = (np.array([0], np.int32), np.array([1], np.int32))

    assert [one.adds for one in figures(PEOPLE, [Rule("exact", (Criterion("name"),))], known)] == [0]


def test_a_rule_that_pairs_too_much_is_refused_with_its_figures(monkeypatch):
    monkeypatch.setattr(rule_match, "MOST_PAIRS", 2)

    with pytest.raises(ValueError, match=r"'loose' would give 3 pairs, its largest group 3 records.*Add a criterion"):
        pairs(Rule("loose", (Criterion("name", "first", 6),)))


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Criterion("name", "sounds_like"), "one of exact"),
        (lambda: Criterion("name", "first"), "number of characters"),
        (lambda: Rule("empty", ()), "would pair everything"),
    ],
)
def test_rules_that_say_nothing_are_refused(make, sentence):
    with pytest.raises(ValueError, match=sentence):
        make()


values = st.lists(st.sampled_from(["a", "A ", "ab", "abc", "b", "", None]), min_size=2, max_size=12)


@given(values, st.sampled_from(["exact", "first", "last"]), st.booleans())
def test_the_same_as_comparing_all_with_all(column, how, ignore):
    table = pl.DataFrame({"x": column}, schema={"x": pl.String})
    rule = Rule("r", (Criterion("x", how, 1, ignore),))

    def key(value):
        text = (value or "").strip().lower()
        text = {"exact": text, "first": text[:1], "last": text[-1:]}[how]
        return text if text or not ignore else None

    keys = [key(value) for value in column]
    wanted = [(a, b) for a, b in combinations(range(len(keys)), 2) if keys[a] is not None and keys[a] == keys[b]]

    a, b, _by = rule_pairs(table, [rule])

    assert list(zip(a.tolist(), b.tolist(), strict=True)) == wanted
    assert cost(table, rule)[0] == len(wanted)
