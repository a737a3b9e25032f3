"""What judgements teach the engine: F1 on pairs that never taught it, without labels and with 500 and 2,000.

    python -m benchmarks.labels [--rows 10000] [--labels 500 2000] [--seed 1]

A table is matched without labels. Half of the pairs found are held back at random; from the other half so many are
judged, by the truth, as a steward would: those that teach most, p (1 - p), or at random. The table is matched anew
with them. A held-back pair counts as *same* where its own probability reaches the threshold; what the answers bind
by themselves, clusters, is left out. True pairs that no pass brought together can be judged by nobody and are not
counted, so that the figures compare runs and are not those of the whole way.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchmarks.matching import KNOWN, SHARED, Labelled, contacts, kinds_of
from dataquality.engine import evaluate
from dataquality.engine.matching import Matches, match
from dataquality.engine.weigh.labels import Labels

SMALL = ("fake_1000", "febrl3", "early_childhood_sites")
Ints = NDArray[np.int64]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--labels", type=int, nargs="+", default=[500, 2_000])
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    print(f"{'table':32}{'pairs':>8}{'held back':>11}{'without':>9}" + "".join(
        f"{f'{n:,} {how}':>16}" for n in asked.labels for how in ("asked", "random")
    ), flush=True)  # fmt: skip
    for labelled in tables(asked.rows, asked.seed):
        print(line(labelled, asked.labels, asked.seed), flush=True)


def tables(rows: int, seed: int) -> Iterator[Labelled]:
    """Labelled sets of others where they are there, and made-up contacts."""
    for name in SMALL if SHARED.is_dir() else ():
        path = next(SHARED.glob(f"{name}.csv*"))
        yield Labelled(name, pl.read_csv(path, infer_schema=False), kinds_of(KNOWN[name]))
    for share in (0.05, 0.15):
        yield contacts(rows, share, seed=30_000 + seed)


def line(labelled: Labelled, labels: list[int], seed: int) -> str:
    """One table: F1 on the held-back pairs, run by run."""
    truth = evaluate.codes(labelled.table["truth"].to_numpy())
    table = labelled.table.drop("truth")
    first = match(table, labelled.kinds)
    same = truth[first.a] == truth[first.b]
    draw = np.random.default_rng(seed)
    kept = draw.random(len(first.a)) < 0.5
    shown = [f"{labelled.name:32}{len(first.a):8,}{kept.sum():11,}{_f1(first, first, kept, same):9.4f}"]
    for n in labels:
        for chosen in (_asked(first, ~kept, n), draw.permutation(np.flatnonzero(~kept))[:n]):
            taught = match(table, labelled.kinds, labels=Labels(first.a[chosen], first.b[chosen], same[chosen]))
            shown.append(f"{_f1(taught, first, kept, same):9.4f} ({len(chosen):5,})")
    return "".join(shown)


def _asked(found: Matches, free: NDArray[np.bool_], n: int) -> Ints:
    """The pairs that teach most, as the queue orders them."""
    doubt = found.probability * (1 - found.probability)
    order = np.argsort(-doubt, kind="stable")
    chosen: Ints = order[free[order]][:n]
    return chosen


def _f1(run: Matches, first: Matches, kept: NDArray[np.bool_], same: NDArray[np.bool_]) -> float:
    """Of the held-back pairs of the first run, as another run sees them."""
    sure = run.probability >= run.threshold
    joined = set(zip(run.a[sure].tolist(), run.b[sure].tolist(), strict=True))
    pairs = zip(first.a[kept].tolist(), first.b[kept].tolist(), strict=True)
    said = np.array([pair in joined for pair in pairs], dtype=bool)
    right = int((said & same[kept]).sum())
    return 2 * right / max(1, int(said.sum() + same[kept].sum()))


if __name__ == "__main__":
    main()
