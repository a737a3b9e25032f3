"""goldenmatch 3 in the two ways it configures itself: the iterative one, and the probabilistic (Fellegi-Sunter) one."""

from __future__ import annotations

import os

os.environ.setdefault("GOLDENMATCH_SUGGEST_ON_DEDUPE", "0")

import goldenmatch as gm
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.matching_peers.orders import Order

HEADINGS = {"given": "first_name", "family": "last_name", "company": "company_name", "date": "birth_date",
            "street": "address", "postcode": "zip", "region": "state", "domain": "website"}  # fmt: skip


def main() -> None:
    order = Order.read()
    with order.timed("read"):
        table = pq.read_table(order.table, columns=list(order.columns))
        names = [HEADINGS.get(name, name) for name in order.columns]
        table = pa.table([column.cast(pa.string()) for column in table.columns], names=names)
    with order.timed("dedupe"):
        if order.options["way"] == "probabilistic":
            config = gm.auto_configure_probabilistic_df(table)
            found = gm.dedupe_df(table, config=config, allow_red_config=True)
        else:
            found = gm.dedupe_df(table, confidence_required=False, allow_red_config=True)
    own = np.arange(order.rows)
    for number, cluster in found.clusters.items():
        own[np.asarray(cluster["members"], dtype=np.int64)] = order.rows + int(number)
    pairs = np.array([(a, b, score) for a, b, score in found.scored_pairs], dtype=np.float64).reshape(-1, 3)
    order.done(pairs[:, 0].astype(np.int64), pairs[:, 1].astype(np.int64), pairs[:, 2], {"": own},
               note=f"{order.options['way']} configuration")  # fmt: skip


if __name__ == "__main__":
    main()
