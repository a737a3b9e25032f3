"""What classes of independent columns get wrong, put right level by level.

Bits that a level adds in favour of a match (or takes away), learnt by logistic regression on labelled tables
(scripts/train_prior.py), for tables of people; those of companies and of texts are too unlike one another for it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dataquality.engine.compare import Comparison
from dataquality.engine.weigh.classes import roles
from dataquality.engine.weigh.em import Learnt

FILE = Path(__file__).parent / "refined.json"


@cache
def shipped() -> Mapping[str, Sequence[float]]:
    """role -> bits of each level, from level 1 on."""
    read: Mapping[str, Sequence[float]] = json.loads(FILE.read_text())
    return read


def concerns(comparisons: Sequence[Comparison]) -> bool:
    """Whether these are the columns of people."""
    return any(one.rule == "given" for one in comparisons)


def bits(comparisons: Sequence[Comparison]) -> list[NDArray[np.float64]]:
    """For each comparison the bits of its levels, from level 1 on; nought where none were learnt."""
    known = shipped()
    found = []
    for one, role in zip(comparisons, roles(comparisons), strict=True):
        mine = known.get(role.prior) if concerns(comparisons) else None
        found.append(np.array(mine if mine is not None else np.zeros(one.levels - 1), dtype=np.float64))
    return found


def refined(learnt: Learnt, comparisons: Sequence[Comparison], matches: int) -> Learnt:
    """The same with the bits put into the levels of the match classes, which then no longer sum to 1: only how likely
    a level is beside the other classes counts."""
    tables = []
    for table, more in zip(learnt.levels, bits(comparisons), strict=True):
        changed = table.copy()
        changed[:matches] *= np.exp2(more)
        tables.append(changed)
    return replace(learnt, levels=tables)
