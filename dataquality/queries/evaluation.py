"""How well the matching engine does on a labelled file: what the command prints, and what a page could show."""

from __future__ import annotations

import gzip
import resource
import shutil
import time
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import polars as pl

from crm_adoption.kit.errors import Refusal
from dataquality.engine import evaluate
from dataquality.engine.kinds import Kind
from dataquality.engine.matching import Matches, match
from dataquality.engine.standardise import guess_kinds, kind_of
from dataquality.intake.reading import Choices, Limits, Reading, Refused, read_file
from dataquality.intake.terms import printable

# A file of one's own on one's own machine: larger than an upload may be, and still not without end.
LIMITS = Limits(
    bytes=8_000_000_000, unpacked=16_000_000_000, rows=20_000_000, memory=8_000_000_000, processor_seconds=3_600,
    wall_seconds=3_600, written=16_000_000_000,
)  # fmt: skip
PIECE = 1 << 20
_ROW = " row"  # no heading begins with a blank


@dataclass(frozen=True)
class Evaluation:
    """A matching held against the truth. Shares are from 0 to 1, seconds are wall clock, memory is bytes."""

    file: str
    rows: int
    kinds: Mapping[str, Kind]
    is_guessed: bool
    link: str | None
    clusters: evaluate.PairScore
    b_cubed: evaluate.BCubed
    best: evaluate.BestCut
    best_probability: float | None
    kept: evaluate.PairScore
    threshold: float
    merged: int
    reliability: list[evaluate.Bin]
    seconds: Mapping[str, float]
    peak_memory: int
    notes: tuple[str, ...]
    log: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "rows": self.rows,
            "columns": {column: kind.value for column, kind in self.kinds.items()},
            "columns_are_guessed": self.is_guessed,
            "link": self.link,
            "true_pairs": self.clusters.true,
            "threshold": self.threshold,
            "clusters_of_two_or_more": self.merged,
            "clusters": _shares(self.clusters),
            "b_cubed": {"precision": self.b_cubed.precision, "recall": self.b_cubed.recall, "f1": self.b_cubed.f1},
            "best_threshold": _shares(self.best.score)
            | {"weight": self.best.threshold, "probability": self.best_probability},
            "kept_pairs": _shares(self.kept),
            "calibration": {
                "error": evaluate.calibration_error(self.reliability),
                "bins": [asdict(each) for each in self.reliability],
            },
            "seconds": dict(self.seconds),
            "peak_memory_bytes": self.peak_memory,
            "notes": list(self.notes),
            "log": list(self.log),
        }


def evaluate_file(
    path: Path, *, truth: str, columns: Mapping[str, str] | None = None, link: str | None = None
) -> Evaluation:
    """Read a file, match it by every column but the truth, and compare.

    columns: heading -> a word for what it holds; guessed when not given. link: only pairs across its values count.
    A Refusal names what is wrong with the file or the columns.
    """
    start = time.perf_counter()
    table, notes = read_table(path)
    read = time.perf_counter() - start
    table, wanted = _labelled(table, path.name, truth, link), _kinds(table, path.name, columns, truth)
    kinds = wanted or guess_kinds(table.drop(_ROW, truth, *([link] if link else [])))
    if not kinds:
        raise Refusal(
            f"No column of {path.name} looks like something to compare: say what they hold, as in "
            "--columns “surname=person.family,town=city”."
        )
    labels = evaluate.codes(table[truth].to_numpy())
    source = evaluate.codes(table[link].to_numpy()) if link else None
    found = match(table.select(*kinds, *([link] if link and link not in kinds else [])), kinds, link=link)
    return _judged(path.name, labels, source, found, kinds, wanted is None, link, read, notes)


def _judged(
    file: str, labels: evaluate.Codes, source: evaluate.Codes | None, found: Matches, kinds: Mapping[str, Kind],
    is_guessed: bool, link: str | None, read: float, notes: tuple[str, ...],
) -> Evaluation:  # fmt: skip
    clusters = found.clusters.astype(np.int64)
    best = evaluate.best_cut(labels, found.a, found.b, found.weight, source)
    above = found.probability[found.weight >= np.float32(best.threshold)] if best.threshold is not None else None
    return Evaluation(
        file=file,
        rows=len(labels),
        kinds=kinds,
        is_guessed=is_guessed,
        link=link,
        clusters=evaluate.score_clusters(labels, clusters, source),
        b_cubed=evaluate.b_cubed(labels, clusters, source),
        best=best,
        best_probability=None if above is None else float(above.min()),
        kept=evaluate.score_pairs(labels, found.a, found.b, source),
        threshold=float(found.threshold),
        merged=int((np.unique(clusters, return_counts=True)[1] > 1).sum()),
        reliability=evaluate.reliability(labels, found.a, found.b, found.probability, source),
        seconds={"read the file": read} | found.stages,
        peak_memory=peak_memory(),
        notes=notes,
        log=found.log,
    )


def read_table(path: Path) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """A file as text by its headings, with the column "row" for the physical line; also what the reader noticed.

    Read by the intake's own reader, so every delimiter and encoding it knows will do, plain or gzipped. Where it would
    ask a person, its suggestion is taken and told.
    """
    if not path.is_file():
        raise Refusal(f"There is no file {path}: check the path, then try again.")
    with TemporaryDirectory(prefix="matching-") as folder:
        plain, name = _unpacked(path, Path(folder))
        try:
            reading = read_file(plain, name=name, into=Path(folder) / "read", choices=Choices(), limits=LIMITS)
        except Refused as refused:
            raise Refusal(f"{path.name}: {refused.sentence}") from None
        if not reading.rows:
            raise Refusal(f"{path.name} has headings and no rows: there is nothing to match.")
        table = pl.read_parquet(reading.chunks)
    table = table.rename({f"c{at}": heading for at, heading in enumerate(reading.headings)} | {"row": _ROW})
    text = pl.col(reading.headings)
    table = table.with_columns(pl.when(text.str.strip_chars() != "").then(text).name.keep())
    return table, tuple(_notes(reading))


def _unpacked(path: Path, folder: Path) -> tuple[Path, str]:
    with path.open("rb") as stream:
        if stream.read(2) != b"\x1f\x8b":
            return path, path.name
    plain = folder / "unpacked"
    try:
        with gzip.open(path, "rb") as packed, plain.open("wb") as out:
            shutil.copyfileobj(packed, out, PIECE)
    except (OSError, EOFError, zlib.error) as error:
        raise Refusal(
            f"{path.name} is a damaged gzip archive ({printable(str(error))}): download or export it again."
        ) from None
    return plain, path.name.removesuffix(".gz")


def _notes(reading: Reading) -> list[str]:
    told = [notice.sentence for notice in reading.notices]
    told += [
        f"{question.sentence} Taken: {question.suggestion}." for question in reading.questions if question.suggestion
    ]
    if reading.quarantined:
        told.append(f"{reading.quarantined:,} rows could not be read and are left out.")
    return told


def _labelled(table: pl.DataFrame, file: str, truth: str, link: str | None) -> pl.DataFrame:
    for option, column in (("--truth", truth), ("--link", link)):
        if column is None:
            continue
        _wanted(table, file, column, option)
        blank = table.filter(pl.col(column).is_null())[_ROW]
        if len(blank):
            raise Refusal(
                f"Column “{column}” of {file} ({option}) is blank in {len(blank):,} of {len(table):,} rows, first in "
                f"row {blank[0]}: fill it in, or leave those rows out."
            )
    if link == truth:
        raise Refusal(f"“{truth}” cannot be both the truth and the column that names the source.")
    if link and table[link].n_unique() < 2:
        raise Refusal(f"Column “{link}” of {file} (--link) has the same value in every row: there is nothing to link.")
    return table


def _kinds(table: pl.DataFrame, file: str, columns: Mapping[str, str] | None, truth: str) -> dict[str, Kind] | None:
    if columns is None:
        return None
    for column in columns:
        _wanted(table, file, column, "--columns")
        if column == truth:
            raise Refusal(f"“{truth}” is the truth and would give the answer away: leave it out of --columns.")
    try:
        return {column: kind_of(word) for column, word in columns.items()}
    except ValueError as error:
        raise Refusal(f"--columns: {error}") from None


def _wanted(table: pl.DataFrame, file: str, column: str, option: str) -> None:
    headings = [heading for heading in table.columns if heading != _ROW]
    if column not in headings:
        raise Refusal(f"{file} has no column “{column}” ({option}); it has {', '.join(headings)}.")


def peak_memory() -> int:
    """The most memory this process has held at once, in bytes."""
    try:
        return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) * 1024
    except (OSError, IndexError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _shares(score: evaluate.PairScore) -> dict[str, Any]:
    return {"pairs": score.found, "true": score.both, "precision": score.precision, "recall": score.recall,
            "f1": score.f1}  # fmt: skip
