"""`manage.py replay_forecasts`: how good the forecasts of the gates would have been, day of readings by day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from crm_adoption.plan.queries.forecasts import Record
from crm_adoption.plan.queries.replays import Replay, record_of, replay_figures, replay_gates


class Command(BaseCommand):
    """Writes nothing; a year of nightly readings takes some minutes."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        self.stdout.write("Brier scores: 0 is perfect, 0.25 is what a coin says.")
        for title, replays in (("gates of phases", replay_gates(now)), ("figures they ask for", replay_figures(now))):
            self._write(title, replays)

    def _write(self, title: str, replays: Sequence[Replay]) -> None:
        self.stdout.write(f"\n{title:<38}{'planned':>12}{'forecasts':>11}{'held':>6}{'ours':>8}{'on the date':>13}")
        for one in replays:
            self._line(f"  {one.name}", str(one.planned_on), one.record, str(one.came))
        self._line("  all", "", record_of(replays), str(sum(one.came for one in replays)))

    def _line(self, name: str, planned: str, record: Record, came: str) -> None:
        if record.ours is None or record.planned is None:
            self.stdout.write(f"{name[:38]:<38}{planned:>12}  too few readings")
        else:
            self.stdout.write(
                f"{name[:38]:<38}{planned:>12}{record.n:>11}{came:>6}{record.ours:>8.3f}{record.planned:>13.3f}"
            )
