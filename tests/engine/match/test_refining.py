"""Refined weights: what labelled tables taught beyond classes of independent columns."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.matching_data import KINDS, make_contacts
from dataquality.engine import evaluate
from dataquality.engine.compare import WORDS, Comparison, program_of
from dataquality.engine.kinds import Kind
from dataquality.engine.matching import match
from dataquality.engine.standardise import Slot, kind_of
from dataquality.engine.weigh import refining
from dataquality.engine.weigh.em import Learnt

PEOPLE = {"person": Kind.PERSON, "phone": Kind.PHONE, "street": Kind.STREET}
FIRMS = {"company": Kind.COMPANY, "phone": Kind.PHONE}


def comparisons(kinds: dict[str, Kind]) -> tuple[Comparison, ...]:
    return program_of([Slot(name, kind, (name,), {}) for name, kind in kinds.items()]).comparisons


def test_every_shipped_role_has_as_many_bits_as_levels_and_none_outweighs_a_column() -> None:
    for role, found in refining.shipped().items():
        assert len(found) == len(WORDS[role.partition(".")[0]])
        assert np.abs(found).max() < 5


def test_people_are_refined_but_for_their_address_and_firms_are_not() -> None:
    of_people = dict(zip((one.name for one in comparisons(PEOPLE)), refining.bits(comparisons(PEOPLE)), strict=True))
    assert np.any(of_people["phone"])
    assert np.any(of_people["person.family"])
    assert not np.any(of_people["street"])
    assert not any(np.any(found) for found in refining.bits(comparisons(FIRMS)))


def test_only_matches_are_refined_and_their_levels_by_the_bits() -> None:
    mine = comparisons(PEOPLE)
    before = Learnt(np.array([0.2, 0.3, 0.5]), [np.full((3, one.levels - 1), 0.1) for one in mine])
    after = refining.refined(before, mine, 2)
    for old, new, found in zip(before.levels, after.levels, refining.bits(mine), strict=True):
        assert np.allclose(np.log2(new[:2] / old[:2]), found)
        assert (new[2] == old[2]).all()


def test_refined_weights_find_more_among_contacts_nobody_learnt_from(monkeypatch: pytest.MonkeyPatch) -> None:
    table = make_contacts(8_000, duplicates=0.15, seed=77)
    kinds = {column: kind_of(word) for column, word in KINDS.items()}
    truth = evaluate.codes(table["truth"].to_numpy())
    with_bits = evaluate.score_clusters(truth, match(table, kinds).clusters).f1
    monkeypatch.setattr(refining, "shipped", dict)
    without = evaluate.score_clusters(truth, match(table, kinds).clusters).f1
    assert (with_bits or 0.0) > (without or 0.0) + 0.004
