"""Levels of compiled and of plain code are one and the same."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataquality.engine.compare import compare, compiled, measures, plain, program_of, rules
from dataquality.engine.compare.plan import RULE_OF
from dataquality.engine.kinds import Kind
from dataquality.engine.records import compared, read
from dataquality.engine.standardise import standardise

from .tables import KINDS, people

word = st.text(alphabet="abcde -1", max_size=14).map(str.encode)
WORK = np.zeros((3, 260), dtype=np.int64)


def levels_of(table: pl.DataFrame, kinds: dict[str, Kind], *, fast: bool) -> list[dict[str, int]]:
    """The levels of the first row against the second and the third, by comparison."""
    standard = standardise(table, kinds)
    records, _ = read(standard, fast=fast)
    program = program_of(compared(standard))
    first, others = np.zeros(2, dtype=np.int32), np.array([1, 2], dtype=np.int32)
    patterns = compare(records, first, others, program, rows=len(table), fast=fast)
    by_name = {one.name: program.level(patterns, place).tolist() for place, one in enumerate(program.comparisons)}
    return [{name: levels[at] for name, levels in by_name.items()} for at in range(2)]


def array(text: bytes) -> np.ndarray:
    return np.frombuffer(text, dtype=np.uint8)


@settings(max_examples=400, deadline=None)
@given(word, word)
def test_edits_similarity_and_words_are_counted_alike_with_and_without_the_compiler(one: bytes, other: bytes) -> None:
    assert measures.edits(array(one), array(other), WORK) == plain.edits(one, other)
    assert measures.winkler(array(one), array(other), WORK) == plain.winkler(one, other)
    assert measures.near(array(one), array(other), WORK) == plain.near(one, other)
    assert measures.begins(array(one), array(other)) == plain.begins(one, other)
    assert measures.same_exchange(array(one), array(other)) == plain.same_exchange(one, other)
    if one and other and len(one) >= len(other):
        assert measures.holds_word(array(one), array(other)) == plain.holds_word(one, other)


NAMES = (
    "miller",
    "milner",
    "muller",
    "mueller",
    "garcia",
    "graciela",
    "margarita",
    "johansson",
    "johnson",
    "jo",
    "ø\u0153",
)
names = st.tuples(st.sampled_from(NAMES), st.text(alphabet="aelmr", max_size=2)).map("".join).map(str.encode)


@settings(max_examples=400, deadline=None)
@given(names, names)
def test_what_is_far_apart_at_first_sight_is_far_apart(one: bytes, other: bytes) -> None:
    assert measures.near(array(one), array(other), WORK) == plain.near(one, other)
    assert measures.strangers(array(one), array(other)) <= sum(sign not in other for sign in one)
    for length in (1, 4, 9):
        unlike, below = (rules.nearness(3, likeness, length, length) for likeness in (0, measures.LEAST - 1))
        assert unlike == below


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="0123459", max_size=9).map(str.encode), st.text(alphabet="0123459", max_size=9).map(str.encode))
def test_dates_are_taken_apart_alike(one: bytes, other: bytes) -> None:
    assert tuple(measures.date_parts(array(one), array(other))) == plain.date_parts(one, other)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_pair_gets_the_same_pattern_with_and_without_the_compiler(seed: int) -> None:
    table, _ = people(60, seed)
    standard = standardise(table, KINDS)
    slow, frequencies = read(standard, fast=False)
    fast, others = read(standard, fast=True)
    program = program_of(compared(standard))
    a, b = (side.astype(np.int32) for side in np.triu_indices(len(table), 1))

    left = compare(slow, a, b, program, rows=len(table), fast=False)
    right = compare(fast, a, b, program, rows=len(table), fast=True)

    assert np.array_equal(slow.hashes, fast.hashes)
    assert np.array_equal(slow.rarity, fast.rarity)
    assert np.array_equal(slow.chars, fast.chars)
    assert list(frequencies.values) == list(others.values)
    assert np.array_equal(left, right)
    assert len(np.unique(left)) > 100


def test_a_pair_has_the_same_pattern_in_both_directions() -> None:
    table, _ = people(60, 4)
    standard = standardise(table, KINDS)
    records, _ = read(standard)
    program = program_of(compared(standard))
    a, b = (side.astype(np.int32) for side in np.triu_indices(len(table), 1))

    for fast in (False, True):
        there = compare(records, a, b, program, rows=len(table), fast=fast)
        back = compare(records, b, a, program, rows=len(table), fast=fast)
        assert np.array_equal(there, back)


def test_acronyms_and_numbers_in_either_column_are_seen_whichever_row_comes_first() -> None:
    names = ["International Business Machines", "IBM", "BBN", "British Broadcasting Network", "Acme", "Bolt"]
    numbers = ["+442071234567", "+442071234568", "+442071234569", "+442071234567", "+442071234567", "+442071234570"]
    table = pl.DataFrame({"company": names, "phone": numbers, "mobile": [None, *numbers[:5]]})
    kinds = {"company": Kind.COMPANY, "phone": Kind.PHONE, "mobile": Kind.PHONE}
    standard = standardise(table, kinds)
    records, _ = read(standard)
    program = program_of(compared(standard))
    a, b = (side.astype(np.int32) for side in np.triu_indices(len(table), 1))

    slow = compare(records, a, b, program, rows=len(table), fast=False)

    assert np.array_equal(slow, compare(records, a, b, program, rows=len(table), fast=True))
    assert np.array_equal(slow, compare(records, b, a, program, rows=len(table), fast=True))
    company = next(place for place, one in enumerate(program.comparisons) if one.rule == "company")
    levels = dict(zip(zip(a.tolist(), b.tolist(), strict=True), program.level(slow, company).tolist(), strict=True))
    assert levels[0, 1] == levels[2, 3] == 6


def test_every_kind_of_column_has_levels() -> None:
    values = ["Acme Foods", "Acme Food", "12", "2020-02-03", None, "info@acme.com", "+442071234567"]
    merged = (Kind.GIVEN, Kind.FAMILY)
    for kind in Kind:
        if kind in merged:
            continue
        standard = standardise(pl.DataFrame({"x": values, "y": values[::-1]}), {"x": kind, "y": kind})
        slots = compared(standard)
        assert slots, kind
        assert slots[0].kind in RULE_OF
        records, _ = read(standard)
        a, b = (side.astype(np.int32) for side in np.triu_indices(len(values), 1))
        program = program_of(slots)
        slow = compare(records, a, b, program, rows=len(values), fast=False)
        assert np.array_equal(slow, compare(records, a, b, program, rows=len(values), fast=True)), kind


def test_texts_in_other_scripts_are_compared_and_not_dropped() -> None:
    table = pl.DataFrame(
        {"company": ["北京字节跳动科技", "北京字节跳动技术", "Газпром нефть", "Газпром Нефть", "上海汽车"]}
    )
    standard = standardise(table, {"company": Kind.COMPANY})
    records, _ = read(standard)
    program = program_of(compared(standard))

    same = compare(records, np.array([2], np.int32), np.array([3], np.int32), program, rows=5)
    near = compare(records, np.array([0], np.int32), np.array([1], np.int32), program, rows=5)
    other = compare(records, np.array([0], np.int32), np.array([4], np.int32), program, rows=5)

    assert same[0] == 1
    assert 1 < near[0] < other[0]


def test_compiled_code_is_made_anew_when_the_rules_change() -> None:
    folder = Path(compiled.__file__).parent
    source = b"".join((folder / name).read_bytes() for name in compiled.CALLED)

    assert hashlib.sha256(source).hexdigest()[:12] == compiled.CALLS, "write this into CALLS of compare/compiled.py"


@pytest.mark.parametrize("fast", [True, False])
def test_figures_tell_namesakes_apart_at_one_employer_only(fast: bool) -> None:
    table = pl.DataFrame(
        {
            "first": ["David", "David", "David"],
            "last": ["Smith", "Smith", "Smith"],
            "mail": ["dsmith2@weswar.com", "dsmith@jonesbrothers.com", "dsmith3@weswar.com"],
        }
    )

    levels = levels_of(table, {"first": Kind.GIVEN, "last": Kind.FAMILY, "mail": Kind.EMAIL}, fast=fast)

    assert [one["mail"] for one in levels] == [7, 8]


@pytest.mark.parametrize("fast", [True, False])
def test_fewer_namesakes_are_expected_among_colleagues(fast: bool) -> None:
    crowd = [("John", "Smith", f"Firm {number}") for number in range(300)]
    table = pl.DataFrame([("John", "Smith", "Acme"), ("John", "Smith", "Other"), ("John", "Smith", "Acme"), *crowd],
                         schema=["first", "last", "company"], orient="row")  # fmt: skip

    levels = levels_of(table, {"first": Kind.GIVEN, "last": Kind.FAMILY, "company": Kind.COMPANY}, fast=fast)

    stranger, colleague = (level for one in levels for name, level in one.items() if name.endswith(".namesakes"))
    assert colleague < stranger
