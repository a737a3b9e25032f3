"""The shipped prior: how often each level shows in each class, learnt from labelled tables (scripts/train_prior.py)."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dataquality.engine.compare import Comparison
from dataquality.engine.weigh.classes import roles

FILE = Path(__file__).parent / "prior.json"
FLOOR = 0.00005  # no level is impossible in any class


@cache
def shipped() -> Mapping[str, Mapping[str, Sequence[float]]]:
    """role -> class -> share of each level, from level 1 on; and `classes` -> class -> its share of candidates."""
    read: Mapping[str, Mapping[str, Sequence[float]]] = json.loads(FILE.read_text())
    return read


def shares(classes: Sequence[str], prior: Mapping[str, Mapping[str, Sequence[float]]]) -> NDArray[np.float64]:
    """The share of each class among candidates, before the table has said anything."""
    found = np.array([prior["classes"][one][0] for one in classes], dtype=np.float64)
    found /= found.sum()
    return found


def levels(
    comparisons: Sequence[Comparison], classes: Sequence[str], prior: Mapping[str, Mapping[str, Sequence[float]]]
) -> list[NDArray[np.float64]]:
    """For each comparison an array (class, level from 1 on) of shares that sum to 1."""
    found = []
    for one, role in zip(comparisons, roles(comparisons), strict=True):
        known = prior.get(role.prior) or prior[one.rule]
        table = np.array([known[name] for name in classes], dtype=np.float64)
        table = np.maximum(table / table.sum(axis=1, keepdims=True), FLOOR)
        found.append(table / table.sum(axis=1, keepdims=True))
    return found
