"""Lists that their owner may have added to: judged by the values in use."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dataquality.engine.lists import in_use, outside

STAGES = ("Prospecting", "Qualification", "Closed Won", "Closed Lost")
USED = [("Prospecting", 500), ("Closed Won", 300), ("Closed Lost", 300)]


def test_a_rare_value_outside_the_list_is_found_with_what_was_meant():
    assert outside([*USED, ("Closed Wno", 2), ("Parked", 1)], STAGES) == [
        ("Closed Wno", "choice_unknown", "Closed Won", ["Closed Won"]),
        ("Parked", "choice_unknown", None, []),
    ]


def test_the_values_in_use_that_look_most_like_it_are_named_where_none_is_plain():
    ((_value, code, suggestion, candidates),) = outside([*USED, ("Closed", 2)], STAGES)

    assert (code, suggestion, sorted(candidates)) == ("choice_unknown", None, ["Closed Lost", "Closed Won"])


def test_what_the_owner_added_to_the_list_is_in_common_use_and_right():
    assert outside([*USED, ("Engaging", 40)], STAGES) == []
    assert [found[0] for found in outside([*USED, ("Engaging", 4)], STAGES)] == ["Engaging"]


def test_nothing_is_said_of_a_list_that_is_another_company_s_own():
    assert outside([("Kickoff", 3), ("Demo", 4), ("Pilot", 2), ("Closed Won", 2)], STAGES) == []
    assert outside([], STAGES) == []
    assert outside([("Kickoff", 3)], ()) == []


def test_the_spelling_in_use_is_the_right_one_even_where_the_list_has_another():
    assert outside([("prospecting", 20), ("CLOSED WON", 20)], STAGES) == []
    assert outside([("CLOSED WON", 200), ("Closed Won", 1), ("closed-won", 1)], STAGES) == [
        ("Closed Won", "choice_spelling", "CLOSED WON", ["CLOSED WON"]),
        ("closed-won", "choice_spelling", "CLOSED WON", ["CLOSED WON"]),
    ]


def test_the_values_in_use_are_one_spelling_of_each_that_stands_in_enough_cells():
    assert in_use([("Key", 400), ("", 9000), ("key ", 50), ("Partner", 60), ("Slip", 4)]) == ["Key", "Partner"]
    assert in_use([("Once", 1)]) == []


@given(
    st.dictionaries(st.text(min_size=1, max_size=12).filter(str.strip), st.integers(1, 2000), max_size=12),
    st.lists(st.text(min_size=1, max_size=12).filter(str.strip), max_size=6),
)
def test_only_given_values_are_found_never_one_that_holds_a_hundredth_of_the_cells(counts, listed):
    found = outside(list(counts.items()), listed)

    assert {value for value, *_rest in found} <= set(counts)
    assert all(counts[value] < max(5, sum(counts.values()) / 100) for value, *_rest in found)
    assert all(suggestion != value for value, _code, suggestion, _candidates in found)
