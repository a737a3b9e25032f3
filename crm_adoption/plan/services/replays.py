"""Keep how good the forecasts of the gates would have been, for pages that must not wait for it (M3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from crm_adoption.plan.models import GateReplay
from crm_adoption.plan.queries.replays import Replay, bins, replay_figures, replay_gates

MOST = 400  # readings of each figure, the newest: a year of nightly ones and a month


def replay_forecasts(now: datetime, *, report: Callable[[int, int], None] | None = None) -> list[GateReplay]:
    """Compute every replay over the newest readings; nothing is written."""
    found = []
    for place, replayed in enumerate((replay_gates, replay_figures), start=1):
        found += [_row(one, now) for one in replayed(now, most=MOST)]
        if report is not None:
            report(place, 2)
    return found


@transaction.atomic
def keep_replays(rows: Sequence[GateReplay]) -> int:
    """These instead of the last."""
    GateReplay.objects.all().delete()
    return len(GateReplay.objects.bulk_create(rows))


def _row(one: Replay, now: datetime) -> GateReplay:
    score = one.record
    return GateReplay(
        phase=one.phase, figure=one.key, planned_on=one.planned_on, first_on=one.first_on, last_on=one.last_on,
        n=score.n, came=one.came, ours=score.ours, planned=score.planned,
        bins=[asdict(tenth) for tenth in bins(one.judged)], taken_at=now,
    )  # fmt: skip
