"""Small tables in files that people upload: read in the disposable child, as imports are, and their columns found."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import polars as pl

from crm_adoption.kit.errors import Refusal
from dataquality.engine.headings import heading_words
from dataquality.intake.reading import Limits, Reading, Refused, read_file

LIMITS = Limits(bytes=20_000_000, rows=50_000, processor_seconds=30, wall_seconds=60)


@dataclass(frozen=True)
class Table:
    """A file's headings and rows as text, each with its number in the file, and the rows nobody can read."""

    headings: Sequence[str]
    frame: pl.DataFrame
    unreadable: Sequence[tuple[int, str, str]]
    sha256: str

    def column(self, names: Sequence[str]) -> str | None:
        """The column under the first of these headings that there is."""
        words = [heading_words(heading) for heading in self.headings]
        return next((f"c{words.index(name)}" for name in names if name in words), None)

    def heading(self, column: str) -> str:
        return self.headings[int(column[1:])]

    def texts(self, column: str | None) -> list[str]:
        if column is None:
            return [""] * self.frame.height
        return [str(text or "").strip() for text in self.frame.get_column(column)]

    def rows(self) -> list[int]:
        return [int(number) for number in self.frame.get_column("row")]


def read_table(file: IO[bytes], *, name: str) -> Table:
    """Read an upload; Refusal with the reader's sentence where it is no table."""
    digest = hashlib.sha256()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        with path.open("wb") as copy:
            while part := file.read(1 << 20):
                digest.update(part)
                copy.write(part)
        try:
            reading = read_file(path, name=name, into=Path(folder) / "read", limits=LIMITS)
        except Refused as refused:
            raise Refusal(f"{name}: {refused.sentence}", code=refused.code) from refused
        return Table(reading.headings, _frame(reading), list(_unreadable(reading)), digest.hexdigest())


def _frame(reading: Reading) -> pl.DataFrame:
    if not reading.chunks:
        schema = {"row": pl.Int64} | {f"c{place}": pl.String for place in range(len(reading.headings))}
        return pl.DataFrame(schema=schema)
    return pl.concat([pl.read_parquet(chunk) for chunk in reading.chunks])


def _unreadable(reading: Reading) -> Iterator[tuple[int, str, str]]:
    if reading.quarantine is not None:
        for row in pl.read_parquet(reading.quarantine).iter_rows(named=True):
            yield int(row["row"]), str(row["raw"])[:80], str(row["sentence"])
