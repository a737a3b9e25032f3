"""Learn the refined weights (dataquality/engine/weigh/refined.json) on labelled tables of people.

    python -m scripts.refine_prior        (after scripts.train_prior, when prior or levels have changed)

A logistic regression on the levels of every table's candidates, beside what the latent classes say of them already.
The shares of the classes are found again with every round, as the engine does, so that no bit is spent on them.
"""

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from dataquality.engine.compare import WORDS
from dataquality.engine.kinds import Kind
from dataquality.engine.weigh import refining
from dataquality.engine.weigh.classes import roles
from dataquality.engine.weigh.em import Floats, Learnt, fit, log_likelihood, log_odds, thinned
from dataquality.engine.weigh.learning import moved_towards, prior_of
from scripts.refine_tables import tables
from scripts.train_prior import histogram

# Not the parts of an address: they are one fact, and what a household shares differs too much from table to table.
ROLES = ("given", "family", "namesakes", "namesakes.bare", "surname", "email", "phone", "company", "day", "code")
SIZES = [len(WORDS[role.partition(".")[0]]) for role in ROLES]
PLACES = dict(zip(ROLES, np.cumsum([0, *SIZES[:-1]]).tolist(), strict=True))
HELD = np.repeat(  # how much the weights are held at nought; more where few kinds of tables teach them
    [100.0 if role in ("day", "namesakes.bare") else 20.0 for role in ROLES], SIZES
)
MOST = 1_500.0  # matches that one table counts for
ROUNDS, STEPS, SETTLED = 4, 25, 1e-4


@dataclass
class Table:
    """Patterns of one table, those of pairs that are the same and of those that are not, and its classes."""

    levels: NDArray[np.int64]
    counts: Floats
    same: NDArray[np.bool_]
    learnt: Learnt
    matches: int
    places: list[int]  # of level 1 of each comparison among the weights, -1 where it has none
    held: float  # what its pairs count for

    @classmethod
    def of(cls, table: pl.DataFrame, kinds: dict[str, Kind]) -> "Table":
        model, levels, counts, known = histogram(table, kinds)
        some, weights = _thinned(counts)
        learnt = moved_towards(model, levels[some], weights, prior_of(model))
        places = [PLACES.get(role.prior, -1) for role in roles(model.program.comparisons)]
        same = known == 1
        return cls(levels, counts, same, learnt, model.matches, places, min(1.0, MOST / max(counts[same].sum(), 1.0)))

    def design(self) -> Floats:
        """(pattern, weight): 1 where the pattern has the level."""
        found = np.zeros((len(self.levels), sum(SIZES)))
        for column, place in zip(self.levels.T, self.places, strict=True):
            if place >= 0:
                there = np.flatnonzero(column)
                found[there, place + column[there] - 1] += 1.0
        return found

    def before(self, weights: Floats) -> Floats:
        """Natural log-odds of the classes alone, their shares being found with the weights in."""
        changed = [table.copy() for table in self.learnt.levels]
        for table, place in zip(changed, self.places, strict=True):
            if place >= 0:
                table[: self.matches] *= np.exp(weights[place : place + table.shape[1]])
        some, counts = _thinned(self.counts)
        tied = [False] * len(changed)
        begin = Learnt(self.learnt.shares, changed)
        shares = fit(self.levels[some], counts, begin, tied=tied, matches=self.matches, only_shares=True).shares
        return log_odds(log_likelihood(self.levels, Learnt(shares, self.learnt.levels)), self.matches)


def _thinned(counts: Floats) -> tuple[NDArray[np.int64], Floats]:
    return thinned(counts.astype(np.int64), np.arange(len(counts)))


def learn() -> dict[str, list[float]]:
    """The bits of each role's levels."""
    found: list[Table] = []
    for name, make in tables():
        found.append(Table.of(*make()))
        print(f"{name}: {found[-1].counts.sum():,.0f} pairs", file=sys.stderr)
    weights = np.zeros(sum(SIZES))
    for _ in range(ROUNDS):
        weights = regression(found, [table.before(weights) for table in found], weights)
    bits = weights / np.log(2)
    return {
        role: [round(float(one), 4) for one in bits[PLACES[role] : PLACES[role] + size]]
        for role, size in zip(ROLES, SIZES, strict=True)
    }


def regression(found: list[Table], before: list[Floats], weights: Floats) -> Floats:
    """Weights of least log loss, held at nought, by Newton's method."""
    for _ in range(STEPS):
        slope, bend = HELD * weights, np.diag(HELD)
        for table, odds in zip(found, before, strict=True):
            design = table.design()
            probability = 1.0 / (1.0 + np.exp(-np.clip(odds + design @ weights, -500, 500)))
            counts = table.counts * table.held
            slope += design.T @ (counts * (probability - table.same))
            bend += design.T @ ((counts * probability * (1 - probability))[:, None] * design)
        step = np.linalg.solve(bend, slope)
        weights = weights - step
        if np.abs(step).max() < SETTLED:
            break
    return weights


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", type=Path, default=refining.FILE)
    given = parser.parse_args()
    given.to.write_text(json.dumps(learn(), indent=1) + "\n")
