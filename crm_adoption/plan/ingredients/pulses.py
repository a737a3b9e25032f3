"""What a sentence of the pulses says, as a measure of a check."""

from __future__ import annotations

from datetime import datetime

from crm_adoption.plan.ingredients.base import Measure, Measured
from crm_adoption.plan.queries.pulse import latest, start_of


def mean_of(sentence: str) -> Measure:
    """The mean answer to a sentence (its slug) in the newest pulse that is over and answered by enough."""

    def measure(now: datetime) -> Measured | None:
        found = latest(sentence, now.date())
        if found is None:
            return None
        mean, n, day = found
        return Measured(mean, n, start_of(day), {})

    return measure
