"""Few records against few: the check when a record is created. Nothing here is compiled."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dataquality.engine.block import Keys
from dataquality.engine.compare import eighths, plain
from dataquality.engine.records import Records, read
from dataquality.engine.standardise import Slot, Standard
from dataquality.engine.weigh.model import Model


def keys(standard: Standard, model: Model) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """(key, row): the keys under which each record is looked up, in no more than one line for each pass and row."""
    records = records_of(standard, model)
    made = Keys(records)
    found: list[NDArray[np.int64]] = []
    rows: list[NDArray[np.int32]] = []
    for number in range(len(model.passes)):
        for column in made.of(model.passes, number):
            there = np.flatnonzero(column)
            found.append(column[there].view(np.int64))
            rows.append(there.astype(np.int32))
    return np.concatenate(found), np.concatenate(rows)


def score(
    left: Standard,
    right: Standard,
    pairs_left: Sequence[int] | NDArray[np.int32],
    pairs_right: Sequence[int] | NDArray[np.int32],
    model: Model,
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.int64]]:
    """(probability, weight, pattern) of record pairs_left[k] of `left` against pairs_right[k] of `right`."""
    one, two = records_of(left, model, fast=False), records_of(right, model, fast=False)
    found = plain.patterns(one, two, pairs_left, pairs_right, model.program, eighths(model.frequencies.rows))
    bits, probability = model.weigh(found)
    return probability.astype(np.float32), bits.astype(np.float32), found


def records_of(standard: Standard, model: Model, *, fast: bool | None = None) -> Records:
    """The records of a standardised table in the columns of a model; a column it has not is missing throughout."""
    by_name = {slot.name: slot for slot in standard.slots}
    slots = tuple(by_name.get(name) or Slot(name, kind, columns, {}) for name, kind, columns in model.slots)
    records, _ = read(standard, slots=slots, known=model.frequencies, fast=fast, keep=False, roughly=model.roughly)
    return records
