"""A handful of records: read, counted and keyed at once, as among many."""

from __future__ import annotations

import numpy as np
import pytest

from dataquality.engine.block import Keys
from dataquality.engine.matching import match
from dataquality.engine.records import FEW_ROWS, compared, read
from dataquality.engine.standardise import standardise
from dataquality.engine.weigh.scoring import records_of

from .tables import KINDS, people


@pytest.fixture(scope="module")
def model():
    return match(people(300, 5)[0], KINDS).model


@pytest.mark.parametrize("rows", [1, 2, 40, FEW_ROWS])
def test_few_records_have_the_hashes_and_rarities_that_they_have_among_many(model, rows: int) -> None:
    standard = standardise(people(300, 5)[0].head(rows), KINDS, model.reading)

    few = records_of(standard, model, fast=False)

    counted, _ = read(standard, slots=compared(standard), known=model.frequencies, fast=False, keep=True)
    assert np.array_equal(few.hashes, counted.hashes)
    assert np.array_equal(few.rarity, counted.rarity)


@pytest.mark.parametrize("rows", [1, 7, FEW_ROWS])
def test_the_keys_of_few_records_are_those_made_pass_by_pass(model, rows: int) -> None:
    records = records_of(standardise(people(300, 5)[0].head(rows), KINDS, model.reading), model, fast=False)
    made = Keys(records, fast=False)

    together = made.of_few(model.passes)

    one_by_one = {
        (int(column.view(np.int64)[row]), int(row))
        for number in range(len(model.passes))
        for column in made.of(model.passes, number)
        for row in np.flatnonzero(column)
    }
    assert set(together) == one_by_one
    assert len(together) == len(one_by_one)
