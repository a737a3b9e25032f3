"""Tables that are badly written down are looked through further; branches of a firm are a class of pairs."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from benchmarks import _worn
from benchmarks.matching_data import KINDS as COLUMNS
from dataquality.engine import matching
from dataquality.engine.evaluate import codes, score_clusters
from dataquality.engine.kinds import Kind
from dataquality.engine.matching import Matches, Model, match
from dataquality.engine.standardise import kind_of
from dataquality.engine.weigh.classes import BRANCH, bounds_for

CONTACTS = {
    column: kind_of(word) for column, word in COLUMNS.items() if kind_of(word) not in (Kind.STREET, Kind.POSTCODE)
}


def contacts(slips: float) -> pl.DataFrame:
    base = _worn.people(900, seed=61).select("truth", *CONTACTS)
    others = dict.fromkeys(("company", "city", "phone", "email"), slips / 4)
    return _worn.worn(base, _worn.twice(len(base), 0.6, 62), slips=slips, blanks=0.08, others=others, seed=63)


def shares(table: pl.DataFrame, found: Matches) -> tuple[float, float]:
    """Precision and recall of the clusters."""
    score = score_clusters(codes(table["truth"].to_numpy()), found.clusters)
    return score.precision or 0.0, score.recall or 0.0


@pytest.fixture(scope="module")
def table() -> pl.DataFrame:
    return contacts(0.6)


@pytest.fixture(scope="module")
def found(table: pl.DataFrame) -> Matches:
    return match(table, CONTACTS)


def test_a_badly_written_table_is_looked_through_by_beginnings_which_finds_more(
    table: pl.DataFrame, found: Matches, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "is_worn", lambda *_: False)

    without = match(table, CONTACTS)

    assert found.model.roughly
    assert len(found.model.passes) > len(without.model.passes)
    assert shares(table, found)[1] > shares(table, without)[1] + 0.03
    assert shares(table, found)[0] > shares(table, without)[0] - 0.01


def test_a_clean_table_is_not() -> None:
    found = match(contacts(0.03), CONTACTS)

    assert not found.model.roughly
    assert not any("about right" in one.name for one in found.model.passes)


def test_its_model_put_away_as_text_still_looks_through_it_so(table: pl.DataFrame, found: Matches) -> None:
    again = match(table, CONTACTS, model=Model.from_json(found.model.to_json()))

    assert again.model.roughly
    assert again.model.passes == found.model.passes
    assert shares(table, again) == pytest.approx(shares(table, found), abs=0.01)


def test_its_pairs_are_the_same_in_any_order_of_rows(table: pl.DataFrame, found: Matches) -> None:
    order = np.random.default_rng(64).permutation(len(table))

    mixed = match(table[order], CONTACTS)

    a, b = order[mixed.a], order[mixed.b]
    named = {(int(min(x, y)), int(max(x, y))): w for x, y, w in zip(a, b, mixed.weight, strict=True)}
    assert named == {(int(x), int(y)): w for x, y, w in zip(found.a, found.b, found.weight, strict=True)}


@pytest.mark.parametrize(
    ("more", "has_branches"),
    [({}, True), ({"website": Kind.DOMAIN}, False), ({"first": Kind.GIVEN, "last": Kind.FAMILY}, False)],
)
def test_branches_are_told_where_a_firm_has_a_single_line(more: dict[str, Kind], has_branches: bool) -> None:
    kinds = {"name": Kind.COMPANY, "street": Kind.STREET, "phone": Kind.PHONE} | more
    row = dict.fromkeys(kinds, "Abbey 7")

    model = match(pl.DataFrame([row, row]), kinds).model

    assert (BRANCH in model.classes) is has_branches
    bound = dict(
        zip((one.rule for one in model.program.comparisons), bounds_for(model.program.comparisons), strict=True)
    )
    assert (bound["street"].contrary < 1) is has_branches
