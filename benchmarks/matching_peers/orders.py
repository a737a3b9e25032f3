"""What a run is asked and what it answers, as files: it imports nothing of the project, so any interpreter can."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

THRESHOLDS = (0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 0.99999)


@dataclass
class Order:
    """One run. `columns`: name -> kind; `link`: the column that names the source, or None."""

    table: Path
    columns: dict[str, str]
    link: str | None
    answer: Path
    rows: int
    options: dict[str, Any]
    seconds: dict[str, float] = field(default_factory=dict)

    @classmethod
    def read(cls) -> Order:
        said = json.loads(Path(sys.argv[1]).read_text("utf-8"))
        return cls(
            Path(said["table"]), said["columns"], said["link"], Path(said["answer"]), said["rows"], said["options"]
        )

    def of(self, *kinds: str) -> list[str]:
        """The columns of these kinds, in the order of the table."""
        return [name for name, kind in self.columns.items() if kind in kinds]

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - start

    def done(self, a: Any, b: Any, score: Any, clusters: dict[str, Any], note: str = "") -> None:
        """Pairs with their scores, and a cluster number per row for each way to cluster ("" is the run's own)."""
        a, b = np.asarray(a, dtype=np.int64), np.asarray(b, dtype=np.int64)
        kept: dict[str, Any] = {f"clusters {name}": np.asarray(labels) for name, labels in clusters.items()}
        kept |= {"a": np.minimum(a, b), "b": np.maximum(a, b), "score": np.asarray(score, dtype=float)}
        np.savez(self.answer / "answer.npz", **kept)
        facts = {"seconds": self.seconds, "peak_bytes": peak(), "note": note}
        (self.answer / "facts.json").write_text(json.dumps(facts), "utf-8")


def connected(rows: int, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Connected components: for each row the smallest row of its component."""
    parent = list(range(rows))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    for one, other in zip(a.tolist(), b.tolist(), strict=True):
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    return np.array([root(at) for at in range(rows)], dtype=np.int64)


def at_thresholds(rows: int, a: np.ndarray, b: np.ndarray, score: np.ndarray) -> dict[str, np.ndarray]:
    """Connected components at several thresholds, for a figure that no choice of threshold can better by much."""
    return {f"from {cut}": connected(rows, a[score >= cut], b[score >= cut]) for cut in THRESHOLDS}


def peak() -> int:
    """The most memory this process has held at once, in bytes."""
    try:
        return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) * 1024
    except (OSError, IndexError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
