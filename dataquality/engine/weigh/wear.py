"""How badly a table is written down, seen from the pairs that are likely the same."""

import numpy as np
from numpy.typing import NDArray

from dataquality.engine.weigh.model import Model

# The levels of a name that agrees as it was meant: the same, a short form, an initial, a part of a double name.
AS_MEANT = {"given": (1, 2, 4), "family": (1, 3, 4)}
BADLY = 0.25  # of the names of one person that are not written alike
FEWEST = 20.0  # expected matches to tell it from


def is_worn(model: Model, patterns: NDArray[np.int64], counts: NDArray[np.int64]) -> bool:
    """Whether so many names of pairs that are likely the same differ that keys made of whole values miss many pairs.

    Names only: people change their employers and addresses, hardly ever their names.
    """
    probability = model.weigh(patterns)[1] * counts
    levels = model.levels(patterns)
    compared, meant = 0.0, 0.0
    for place, comparison in enumerate(model.program.comparisons):
        if comparison.rule in AS_MEANT:
            compared += float(probability[levels[:, place] > 0].sum())
            meant += float(probability[np.isin(levels[:, place], AS_MEANT[comparison.rule])].sum())
    return compared >= FEWEST and 1.0 - meant / compared > BADLY
