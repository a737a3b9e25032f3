"""Train the shipped prior (dataquality/engine/weigh/prior.json) on labelled tables.

    python scripts/train_prior.py [--without SET]

Every labelled table is read as the engine reads it, whole and with some of its columns; its candidates are put into the
latent classes with the truth known; what the tables show is averaged with the anchors in scripts/prior_anchors.py.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT)]

from dataquality.engine.block import candidates, passes_for, sharing  # noqa: E402
from dataquality.engine.compare import Comparison, compare, numbered  # noqa: E402
from dataquality.engine.kinds import Kind  # noqa: E402
from dataquality.engine.records import compared, read  # noqa: E402
from dataquality.engine.standardise import standardise  # noqa: E402
from dataquality.engine.weigh import Model  # noqa: E402
from dataquality.engine.weigh.classes import BRANCH, MATCHES, fixed_levels, roles  # noqa: E402
from dataquality.engine.weigh.em import Learnt, fit  # noqa: E402
from dataquality.engine.weigh.prior import FILE, levels, shares  # noqa: E402
from scripts.prior_anchors import CLASSES, anchors  # noqa: E402
from scripts.prior_tables import SETS, readings  # noqa: E402

ANCHOR = 150.0  # pairs that the anchor of a class counts for
MOST = 1_500.0  # pairs that one reading of a table counts for


def histogram(
    table: pl.DataFrame, kinds: dict[str, Kind]
) -> tuple[Model, NDArray[np.int64], NDArray[np.float64], NDArray[np.int8]]:
    """The untaught model, and the levels, counts and truth of its candidates' patterns."""
    truth = np.unique(table["truth"].to_numpy(), return_inverse=True)[1]
    standard = standardise(table, kinds)
    slots = compared(standard)
    records, frequencies = read(standard, slots=slots)
    found = candidates(records, passes_for(slots, sharing(records, slots)))
    model = Model.untaught(
        tuple((slot.name, slot.kind, slot.columns) for slot in slots), found.passes, frequencies, standard.learnt
    )
    patterns = compare(records, found.a, found.b, model.program, rows=standard.rows)
    same = truth[found.a] == truth[found.b]
    distinct, places, _ = numbered(patterns)
    yes = np.bincount(places, weights=same, minlength=len(distinct))
    no = np.bincount(places, weights=~same, minlength=len(distinct))
    levels_of = model.levels(distinct)
    known = np.concatenate([np.ones(int((yes > 0).sum()), np.int8), np.zeros(int((no > 0).sum()), np.int8)])
    return (
        model,
        np.concatenate([levels_of[yes > 0], levels_of[no > 0]]),
        np.concatenate([yes[yes > 0], no[no > 0]]),
        known,
    )


def train(without: str | None = None) -> dict[str, dict[str, list[float]]]:
    """The prior from every set but one."""
    start = anchors()
    mass: dict[tuple[str, str], NDArray[np.float64]] = {}
    for key, anchored in start.items():
        for name, share in anchored.items():
            mass[key, name] = np.array(share) * (1.0 if key == "classes" else ANCHOR)
    seen: dict[str, list[float]] = defaultdict(list)
    for set_name in SETS:
        if set_name == without:
            continue
        for number, (table, kinds) in enumerate(readings(set_name)):
            model, found, counts, known = histogram(table, kinds)
            comparisons = model.program.comparisons
            of = roles(comparisons)
            everywhere = tuple(name for name in model.classes if name != BRANCH)
            for classes in dict.fromkeys((everywhere, model.classes)):
                learnt = shown(comparisons, classes, found, counts, known, start)
                for place, name in enumerate(classes):
                    if name in everywhere and classes != everywhere:
                        continue  # tables without branches share these classes: they are learnt without them
                    seen[name].append(float(learnt.shares[place]))
                    for role, of_levels in zip(of, learnt.levels, strict=True):
                        pairs = min(learnt.shares[place] * counts.sum(), MOST) * (1.0 if number == 0 else 0.5)
                        mass[role.prior, name] = mass[role.prior, name] + of_levels[place] * pairs
                told = ", ".join(f"{n} {s:.3f}" for n, s in zip(classes, learnt.shares, strict=True))
                print(f"{set_name}, {len(kinds)} columns: {told}", file=sys.stderr)
    made: dict[str, dict[str, list[float]]] = {}
    for (key, name), values in mass.items():
        if key != "classes":
            made.setdefault(key, {})[name] = [round(float(value), 6) for value in values / values.sum()]
    for key in (key for key in made if key.endswith(".alone")):
        made[key]["same"] = in_order(made[key]["same"], made[key]["other"])
    made["classes"] = {name: [round(float(np.mean([start["classes"][name][0], *seen[name]])), 5)] for name in CLASSES}
    return made


def shown(
    comparisons: Sequence[Comparison],
    classes: Sequence[str],
    found: NDArray[np.int64],
    counts: NDArray[np.float64],
    known: NDArray[np.int8],
    start: dict[str, dict[str, list[float]]],
) -> Learnt:
    """What one table shows of these classes, beginning with the anchors."""
    return fit(
        found,
        counts,
        Learnt(shares(classes, start), levels(comparisons, classes, start)),
        tied=[role.is_name for role in roles(comparisons)],
        matches=sum(one in MATCHES for one in classes),
        known=known,
        weight=0.02,
        strangers=0.2,
        fixed=fixed_levels(comparisons, classes),
    )


def in_order(same: list[float], other: list[float]) -> list[float]:
    """Shares for matches such that a nearer level never speaks less for a match: levels that break the order are taken
    together (pool adjacent violators). Where nothing stands beside a name, no level of it says more than the same."""
    pools = [[m, u, 1.0] for m, u in zip(same, other, strict=True)]
    at = 0
    while at + 1 < len(pools):
        if pools[at][0] * pools[at + 1][1] < pools[at + 1][0] * pools[at][1]:
            pools[at] = [one + two for one, two in zip(pools[at], pools.pop(at + 1), strict=True)]
            at = max(at - 1, 0)
        else:
            at += 1
    ratios = [m / u for m, u, size in pools for _ in range(int(size))]
    found = [ratio * u for ratio, u in zip(ratios, other, strict=True)]
    return [round(one / sum(found), 6) for one in found]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--without", choices=list(SETS), help="leave one set out, to see how the rest serves it")
    parser.add_argument("--to", type=Path, default=FILE)
    given = parser.parse_args()
    given.to.write_text(json.dumps(train(given.without), indent=1) + "\n")
