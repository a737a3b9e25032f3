"""The engine of this project, from raw text, in its one default configuration."""

from __future__ import annotations

import polars as pl

from benchmarks.matching_peers.orders import Order
from dataquality.engine.kinds import Kind
from dataquality.engine.matching import match


def main() -> None:
    order = Order.read()
    kinds = {column: Kind(kind) for column, kind in order.columns.items()}
    if order.options.get("warm"):
        with order.timed("warm up"):  # a long-lived worker has this behind it
            match(pl.read_parquet(order.table, n_rows=4_000), kinds, link=order.link, fast=True)
    found = match(lambda: pl.read_parquet(order.table), kinds, link=order.link)
    warm = order.seconds.pop("warm up", 0.0)
    order.seconds |= found.stages
    order.done(found.a, found.b, found.weight, {"": found.clusters}, note=f"warming up took {warm:.1f} s")


if __name__ == "__main__":
    main()
