"""What people have judged: pairs that are the same, and pairs that differ."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dataquality.engine.compare import compare
from dataquality.engine.records import Records
from dataquality.engine.weigh.model import Model


@dataclass(frozen=True)
class Labels:
    """Judged pairs of rows; `same[k]` says whether rows a[k] and b[k] are one."""

    a: NDArray[np.int32]
    b: NDArray[np.int32]
    same: NDArray[np.bool_]

    @property
    def must(self) -> NDArray[np.int32]:
        """(pairs, 2) that were judged to be the same."""
        return np.stack([self.a[self.same], self.b[self.same]], axis=1).astype(np.int32)

    @property
    def cannot(self) -> NDArray[np.int32]:
        """(pairs, 2) that were judged to differ."""
        return np.stack([self.a[~self.same], self.b[~self.same]], axis=1).astype(np.int32)

    def patterns(
        self, records: Records, model: Model, *, fast: bool | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """The pattern of each judged pair, and whether it is the same."""
        a, b = np.minimum(self.a, self.b).astype(np.int32), np.maximum(self.a, self.b).astype(np.int32)
        return compare(records, a, b, model.program, rows=model.frequencies.rows, fast=fast), self.same
