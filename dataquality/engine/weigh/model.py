"""What a run has learnt: everything that scoring another pair, or the same table again, needs."""

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from dataquality.engine.block.passes import Atom, Pass
from dataquality.engine.compare.plan import Program, program_of
from dataquality.engine.kinds import Kind
from dataquality.engine.records import Frequencies
from dataquality.engine.standardise import Learnt as Reading
from dataquality.engine.standardise import Slot
from dataquality.engine.weigh.classes import MATCHES, classes_for
from dataquality.engine.weigh.em import Floats, Learnt, log_likelihood, log_odds

LOG_2 = float(np.log(2))


@dataclass(frozen=True)
class Model:
    """Columns, passes with their caps, classes and weights, frequencies, calibration and threshold of one table.

    calibration: probability = 1 / (1 + 2 ** -(slope x bits + shift)) of the raw log-odds in bits. threshold: the
    probability from which pairs join. roughly: values are counted for tables that are badly written down.
    """

    slots: tuple[tuple[str, Kind, tuple[str, ...]], ...]  # name, kind, columns
    passes: tuple[Pass, ...]
    classes: tuple[str, ...]
    weights: Learnt
    frequencies: Frequencies
    calibration: tuple[float, float] = (1.0, 0.0)
    threshold: float = 0.5
    prior: str = "shipped"
    reading: Reading = field(default_factory=Reading)
    taught: bool = True
    roughly: bool = False

    @classmethod
    def untaught(
        cls,
        slots: tuple[tuple[str, Kind, tuple[str, ...]], ...],
        passes: tuple[Pass, ...],
        frequencies: Frequencies,
        reading: Reading,
    ) -> Self:
        """A model that has seen the columns and not yet the pairs."""
        program = program_of([Slot(name, kind, columns, {}) for name, kind, columns in slots])
        none = Learnt(np.zeros(0), [])
        return cls(slots, passes, classes_for(program.comparisons), none, frequencies, reading=reading, taught=False)

    @cached_property
    def program(self) -> Program:
        """The comparisons."""
        return program_of([Slot(name, kind, columns, {}) for name, kind, columns in self.slots])

    @property
    def matches(self) -> int:
        """How many of the classes, the first ones, are matches."""
        return sum(one in MATCHES for one in self.classes)

    @property
    def threshold_bits(self) -> float:
        """The threshold as log-odds in bits."""
        return float(np.log2(self.threshold / (1 - self.threshold)))

    def levels(self, patterns: NDArray[np.int64]) -> NDArray[np.int64]:
        """(pattern, comparison): the levels packed in each pattern."""
        program = self.program
        places = range(len(program.comparisons))
        found = [program.level(patterns, place) for place in places]
        return np.stack(found, axis=1) if found else np.zeros((len(patterns), 0), dtype=np.int64)

    def weigh(self, patterns: NDArray[np.int64]) -> tuple[Floats, Floats]:
        """weight in bits (prior included, calibrated) and probability of each pattern."""
        return self.weigh_levels(self.levels(patterns))

    def weigh_levels(self, levels: NDArray[np.int64]) -> tuple[Floats, Floats]:
        """The same from levels."""
        logs = log_likelihood(levels, self.weights)
        raw = log_odds(logs, self.matches) / LOG_2
        slope, shift = self.calibration
        bits = np.clip(slope * raw + shift, -60.0, 60.0)
        return bits, 1.0 / (1.0 + np.exp2(-bits))

    def to_json(self) -> str:
        """Everything as text; `from_json` gives an equal model back."""
        return json.dumps(
            {
                "slots": [[name, kind.value, list(columns)] for name, kind, columns in self.slots],
                "passes": [
                    [one.name, one.cap, [[[atom.slot, atom.part, atom.how] for atom in key] for key in one.keys]]
                    for one in self.passes
                ],
                "classes": list(self.classes),
                "shares": self.weights.shares.tolist(),
                "levels": [table.tolist() for table in self.weights.levels],
                "rows": self.frequencies.rows,
                "frequencies": {
                    name: [[str(value) for value in hashes.tolist()], counts.tolist()]
                    for name, (hashes, counts) in self.frequencies.values.items()
                },
                "calibration": list(self.calibration),
                "threshold": self.threshold,
                "prior": self.prior,
                "roughly": self.roughly,
                "reading": json.loads(self.reading.to_json()),
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        read: dict[str, Any] = json.loads(text)
        return cls(
            slots=tuple((name, Kind(kind), tuple(columns)) for name, kind, columns in read["slots"]),
            passes=tuple(
                Pass(name, tuple(tuple(Atom(*atom) for atom in key) for key in keys), cap)
                for name, cap, keys in read["passes"]
            ),
            classes=tuple(read["classes"]),
            weights=Learnt(np.array(read["shares"]), [np.array(table) for table in read["levels"]]),
            frequencies=Frequencies(
                read["rows"],
                {
                    name: (np.array([int(value) for value in hashes], np.uint64), np.array(counts, np.int64))
                    for name, (hashes, counts) in read["frequencies"].items()
                },
            ),
            calibration=(read["calibration"][0], read["calibration"][1]),
            threshold=read["threshold"],
            prior=read["prior"],
            roughly=read.get("roughly", False),
            reading=Reading.from_json(json.dumps(read["reading"])),
        )
