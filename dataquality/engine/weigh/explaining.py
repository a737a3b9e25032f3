"""Why a pair scores as it does: bits by column, in words."""

from dataclasses import dataclass

import numpy as np

from dataquality.engine.compare import WORDS
from dataquality.engine.weigh.model import Model


@dataclass(frozen=True)
class Evidence:
    """What one column says: its level (0 for the starting point), how many bits for (+) or against (-), in words."""

    column: str
    level: int
    bits: float
    sentence: str


def explain(model: Model, pattern: int) -> list[Evidence]:
    """The waterfall of a pattern: where the pair starts, then column after column; the bits sum to the pair's weight.

    Each column counts for what it adds to those before it, so that four columns that all say *same employer* do not
    count four times. Columns where a side is blank say nothing and are left out.
    """
    levels = model.levels(np.array([pattern], dtype=np.int64))
    steps = np.tile(levels, (levels.shape[1] + 1, 1))
    for place in range(len(steps)):
        steps[place, place:] = 0
    bits, _ = model.weigh_levels(steps)
    found = [Evidence("", 0, float(bits[0]), "before anything is compared")]
    for place, comparison in enumerate(model.program.comparisons):
        level = int(levels[0, place])
        if level:
            words = WORDS[comparison.rule][level - 1]
            added = float(bits[place + 1] - bits[place])
            found.append(Evidence(comparison.name, level, added, words))
    return found
