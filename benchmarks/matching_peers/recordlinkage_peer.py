"""recordlinkage 0.16 after its documentation: several blocks, similarities by kind, its unsupervised ECM classifier."""

from __future__ import annotations

import numpy as np
import pandas as pd
import recordlinkage
from recordlinkage.index import Block

from benchmarks.matching_peers.orders import Order, at_thresholds, connected

MOST = 30  # pairs a record that one block may give


def blocks(order: Order, table: pd.DataFrame) -> list[list[str]]:
    has = set(order.columns)
    names: list[str] = [name for name in ("given", "family") if name in has]
    others = order.of("date", "postcode", "city", "company", "street")
    wanted = [[name] for name in order.of("email", "identifier", "phone", "domain")]
    wanted += [names] if len(names) == 2 else []
    wanted += [[name, other] for name in names for other in others if other not in names]
    wanted += [[name] for name in (*names, *order.of("date", "company", "street", "text", "postcode"))]
    kept = []
    for on in wanted:
        sizes = table.dropna(subset=on).groupby(on).size()
        if (sizes * (sizes - 1) // 2).sum() <= MOST * order.rows + 100_000:
            kept.append(on)
    return kept


def main() -> None:
    order = Order.read()
    with order.timed("read"):
        table = pd.read_parquet(order.table).set_index("row")
        for name in order.columns:
            table[name] = table[name].astype("object").where(table[name].notna(), None)
    with order.timed("index"):
        indexer = recordlinkage.Index()
        chosen = blocks(order, table)
        for on in chosen:
            indexer.add(Block(on))
        candidates = indexer.index(table)
        if order.link:
            sides = table[order.link]
            first, second = candidates.get_level_values(0), candidates.get_level_values(1)
            candidates = candidates[sides.loc[first].to_numpy() != sides.loc[second].to_numpy()]
    with order.timed("compare"):
        compare = recordlinkage.Compare(n_jobs=1)
        for name, kind in order.columns.items():
            if kind in ("given", "family", "company", "street", "city", "text", "domain"):
                compare.string(name, name, method="jarowinkler", label=name)
            elif kind in ("email", "phone", "identifier", "postcode", "date"):
                compare.string(name, name, method="levenshtein", label=name)
            else:
                compare.exact(name, name, label=name)
        features = compare.compute(candidates, table)
    with order.timed("classify"):
        classifier = recordlinkage.ECMClassifier(binarize=0.85)
        classifier.fit(features)
        probability = np.asarray(classifier.prob(features))
    a = features.index.get_level_values(0).to_numpy()
    b = features.index.get_level_values(1).to_numpy()
    with order.timed("cluster"):
        own = connected(order.rows, a[probability >= 0.5], b[probability >= 0.5])
    kept = probability >= 0.01
    order.done(a[kept], b[kept], probability[kept],
               {"": own} | at_thresholds(order.rows, a[kept], b[kept], probability[kept]),
               note=f"{len(chosen)} blocks, {len(features):,} pairs")  # fmt: skip


if __name__ == "__main__":
    main()
