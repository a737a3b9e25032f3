"""python -m benchmarks.matching_data TABLE OUT.csv[.gz] [--rows 100000] [--duplicates 0.15] [--seed 1]"""

from __future__ import annotations

import argparse
import gzip
from pathlib import Path

from . import make_contacts
from .unseen import TABLES


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("table", choices=["contacts", *TABLES])
    parser.add_argument("path", type=Path)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--duplicates", type=float, default=0.15)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    numbers = {"duplicates": asked.duplicates, "seed": asked.seed}
    if asked.table == "contacts":
        made = make_contacts(asked.rows, **numbers)
    else:
        made = TABLES[asked.table](asked.rows, **numbers).frame
    if asked.path.suffix == ".gz":
        with gzip.open(asked.path, "wb", compresslevel=1) as packed:
            made.write_csv(packed)  # type: ignore[call-overload]
    else:
        made.write_csv(asked.path)
    print(f"{asked.path}: {len(made):,} records, {made['truth'].n_unique():,} different")


if __name__ == "__main__":
    main()
