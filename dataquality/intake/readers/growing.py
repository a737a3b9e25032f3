"""Rows whose columns become known as they are read: later rows may bring new ones, earlier chunks are widened."""

from __future__ import annotations

import polars as pl

from dataquality.intake.terms import Refused

from .sink import CHUNK_CELLS, CHUNK_CHARACTERS, Sink


class Growing:
    """Collects rows as columns to texts and hands them to the sink in chunks; `close` before the sink is read."""

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self.columns: dict[str, int] = {}
        self._rows: list[list[str]] = []
        self._numbers: list[int] = []
        self._widths: list[int] = []
        self._characters = 0

    def place(self, column: str) -> int:
        """Where a column stands; a new one is added at the end."""
        at = self.columns.setdefault(column, len(self.columns))
        if at >= self.sink.limits.columns:
            raise Refused(
                "too_many_columns",
                f"The file has more than {self.sink.limits.columns} different keys: send only the fields you need.",
            )
        return at

    def add(self, number: int, row: list[str], characters: int) -> None:
        """A row with a text for each column known so far; `characters` is about its size."""
        self._rows.append(row)
        self._numbers.append(number)
        self._characters += characters
        most = max(1, min(self.sink.limits.chunk_rows, CHUNK_CELLS // max(1, len(self.columns))))
        if len(self._rows) >= most or self._characters > CHUNK_CHARACTERS:
            self._flush()

    def close(self) -> None:
        """Write what is left, and give early chunks the columns that came later."""
        self._flush()
        for path, had in zip(self.sink.chunks, self._widths, strict=True):
            if had < len(self.columns):
                late = (pl.lit("").alias(f"c{place}") for place in range(had, len(self.columns)))
                pl.read_parquet(path).with_columns(late).write_parquet(path, compression="lz4", statistics=False)

    def _flush(self) -> None:
        if not self._rows:
            return
        self._characters = 0
        self.sink.set_width(list(self.columns))
        self.sink.rows = [row + [""] * (len(self.columns) - len(row)) for row in self._rows]
        self.sink.numbers = self._numbers.copy()
        self.sink.flush(len(self._rows))
        self._widths.append(len(self.columns))
        self._rows.clear()
        self._numbers.clear()
