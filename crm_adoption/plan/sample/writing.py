"""Rows to files: the small things in which the products' exports differ."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from crm_adoption.plan.sample.faults import Row

Column = tuple[str, Callable[[Row], Any]]


@dataclass(frozen=True)
class SampleFile:
    """One export: what it is, when it was taken, and whether records missing from it are gone."""

    path: Path
    source: str
    product: str
    table: str
    taken_on: date
    full: bool = True


def plain(name: str) -> Callable[[Row], Any]:
    return lambda row: row[name]


def write_csv(
    path: Path, columns: Sequence[Column], rows: Iterable[Row], *, bom: bool = False, footer: Sequence[str] = ()
) -> None:
    """Every value quoted, lines end with LF, as the three products write CSV."""
    with open(path, "w", encoding="utf-8-sig" if bom else "utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow([heading for heading, _ in columns])
        writer.writerows([read(row) for _, read in columns] for row in rows)
        for line in footer:
            file.write(f'"{line}"\n' if line else "\n")
