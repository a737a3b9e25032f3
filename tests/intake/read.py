"""Put a file through the real child process and look at what came out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import polars as pl
import pytest

from dataquality.intake.reading import Choices, Limits, Reading, Refused, read_file

SHARED_DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def shared(*parts: str) -> Path:
    path = SHARED_DATA.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"../shared/data/{'/'.join(parts)} is absent")
    return path


@dataclass
class Result:
    outcome: Reading | Refused
    peak_bytes: int

    @property
    def reading(self) -> Reading:
        assert isinstance(self.outcome, Reading), self.outcome.sentence
        return self.outcome

    @property
    def refused(self) -> Refused:
        assert isinstance(self.outcome, Refused), "the file was read"
        return self.outcome

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """Cell texts without the row numbers."""
        return [tuple(row[1:]) for row in self.numbered]

    @property
    def numbered(self) -> list[tuple[Any, ...]]:
        return pl.read_parquet(self.reading.chunks).rows() if self.reading.chunks else []

    @property
    def kept_out(self) -> list[tuple[int, str]]:
        """Row and code of every fault."""
        if self.reading.quarantine is None:
            return []
        return pl.read_parquet(self.reading.quarantine).select("row", "code").rows()

    @property
    def questions(self) -> list[str]:
        return [one.code for one in self.reading.questions]

    @property
    def notices(self) -> list[str]:
        return [one.code for one in self.reading.notices]


def read(path: Path, into: Path, *, name: str | None = None, limits: Limits | None = None, **choices) -> Result:
    outcome: Reading | Refused
    try:
        outcome = read_file(path, name=name or path.name, into=into, choices=Choices(**choices), limits=limits)
    except Refused as refused:
        outcome = refused
    said = into / "reading.json"
    peak = json.loads(said.read_text())["peak_bytes"] if said.exists() else 0
    return Result(outcome, peak)


def read_bytes(content: bytes, folder: Path, name: str = "export.csv", **choices) -> Result:
    path = folder / "upload"
    path.write_bytes(content)
    return read(path, Path(mkdtemp(dir=folder)), name=name, **choices)
