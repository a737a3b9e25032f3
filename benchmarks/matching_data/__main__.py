"""python -m benchmarks.matching_data contacts OUT.csv[.gz] [--rows 100000] [--duplicates 0.15] [--seed 1]"""

from __future__ import annotations

import argparse
import gzip
from pathlib import Path

from . import make_contacts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("table", choices=["contacts"])
    parser.add_argument("path", type=Path)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--duplicates", type=float, default=0.15)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    made = make_contacts(asked.rows, duplicates=asked.duplicates, seed=asked.seed)
    if asked.path.suffix == ".gz":
        with gzip.open(asked.path, "wb", compresslevel=1) as packed:
            made.write_csv(packed)  # type: ignore[call-overload]
    else:
        made.write_csv(asked.path)
    print(f"{asked.path}: {len(made):,} contacts of {made['truth'].n_unique():,} people")


if __name__ == "__main__":
    main()
