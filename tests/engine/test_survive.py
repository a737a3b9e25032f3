"""Which value stays: by each rule, blank never over a value, ties always the same way."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dataquality.engine.columns import Kind
from dataquality.engine.survive import RULES, Member, by_hand, choose, choose_together, rule_for, typed


def member(record: int, value: str, **more) -> Member:
    return Member(record, {"f": value}, **more)


def test_the_most_recent_value_stays():
    kept = choose("f", [member(1, "old", moment=1), member(2, "new", moment=9)], "recent")

    assert (kept.record, kept.value, kept.lost) == (2, "new", ((1, "old"),))


def test_the_value_of_the_most_complete_record_stays():
    assert choose("f", [member(1, "a", filled=3), member(2, "b", filled=8)], "complete").value == "b"


def test_the_most_frequent_value_stays_whatever_its_case():
    said = [member(1, "Retail", moment=1), member(2, "retail", moment=0), member(3, "Trade", moment=9)]

    assert choose("f", said, "frequent").value == "Retail"


def test_the_longest_value_stays():
    assert choose("f", [member(1, "Bob"), member(2, "Robert")], "longest").value == "Robert"


def test_the_value_of_the_source_trusted_most_stays():
    assert choose("f", [member(1, "a", rank=1, moment=9), member(2, "b", rank=0)], "source").value == "b"


def test_a_blank_never_wins_and_nothing_is_lost_by_it():
    kept = choose("f", [member(1, "", moment=9), member(2, "b")], "recent")

    assert (kept.value, kept.lost) == ("b", ())
    assert choose("f", [member(1, ""), member(2, "")], "recent").record is None


def test_an_address_comes_from_one_record():
    one = Member(1, {"street": "Am Wall 1", "city": "Bremen", "postcode": ""}, moment=9)
    other = Member(2, {"street": "Domshof 2", "city": "Bremen", "postcode": "28195"})

    kept = choose_together(["street", "city", "postcode"], [one, other], rule_for(Kind.STREET))

    assert [kept[name].value for name in ("street", "city", "postcode")] == ["Domshof 2", "Bremen", "28195"]
    assert kept["street"].lost == ((1, "Am Wall 1"),)


def test_by_hand_even_a_blank_is_taken_and_what_is_typed_loses_everything_else():
    said = [member(1, "a"), member(2, "")]

    assert by_hand("f", said, 2).lost == ((1, "a"),)
    assert typed("f", said, "c").lost == ((1, "a"),)


MEMBERS = st.lists(
    st.builds(
        lambda value, moment, rank, filled: (value, float(moment), rank, filled),
        st.sampled_from(["", "a", "A", "bb", "c d", "c  d"]), st.integers(0, 3), st.integers(0, 2), st.integers(0, 3),
    ),
    min_size=1, max_size=6,
)  # fmt: skip


@given(MEMBERS, st.sampled_from(RULES), st.randoms(use_true_random=False))
def test_the_choice_does_not_depend_on_the_order_of_the_records(rows, rule, chance):
    said = [member(n, value, moment=m, rank=r, filled=f) for n, (value, m, r, f) in enumerate(rows)]
    shuffled = list(said)
    chance.shuffle(shuffled)

    kept = choose("f", said, rule)

    assert choose("f", shuffled, rule) == kept
    assert {value for value, *_rest in rows if value} == ({kept.value} - {""}) | {value for _record, value in kept.lost}
