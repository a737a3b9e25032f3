"""Where a detection stands: the stages as people see them, and their seconds."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from time import perf_counter

from django.utils.translation import gettext_lazy

Report = Callable[[int, int, str], None]
Effects = Callable[[], AbstractContextManager[None]]
STEPS = 100
STAGES = {
    "changed": gettext_lazy("Looking for what has changed"),
    "read records": gettext_lazy("Reading the records"),
    "standardise": gettext_lazy("Bringing names and addresses into one spelling"),
    "read": gettext_lazy("Bringing names and addresses into one spelling"),
    "block": gettext_lazy("Looking for records that share something"),
    "compare": gettext_lazy("Comparing them"),
    "weigh": gettext_lazy("Weighing what agrees and what differs"),
    "cluster": gettext_lazy("Putting together what belongs together"),
    "write": gettext_lazy("Writing down what was found"),
}


def silent(done: int, total: int, message: str) -> None:
    """Tells nobody."""


@dataclass
class Timing:
    """Seconds by stage, and the progress that people see."""

    report: Report
    seconds: dict[str, float]
    since: float

    def begin(self, stage: str, percent: int) -> None:
        self.report(percent, STEPS, str(STAGES[stage]))
        self.since = perf_counter()

    def end(self, stage: str) -> None:
        self.seconds[stage] = round(perf_counter() - self.since, 3)
