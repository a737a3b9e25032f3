"""Are there workers, and is the sweep alive? For `/readyz` and `/metrics`."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Count, DurationField, ExpressionWrapper, F, Min
from django.db.models.functions import Now
from health_check.exceptions import ServiceWarning

from crm_adoption.jobs.kinds import QUEUES
from crm_adoption.jobs.models import UNFINISHED, Job, WorkerBeat
from crm_adoption.jobs.services import SWEEP

WORKER_MISSED = 60.0  # seconds without a sign of life
SWEEPS_MISSED = 3


def ages() -> dict[str, tuple[str, float]]:
    """Seconds since each worker, and the sweep, was last seen, by the database's clock; with the queues it serves."""
    age = ExpressionWrapper(Now() - F("seen_at"), output_field=DurationField())
    return {beat.name: (beat.queue, beat.age.total_seconds()) for beat in WorkerBeat.objects.annotate(age=age)}


def workers() -> str:
    """Each queue has a living worker and the sweep runs; if not, the site works on, but jobs wait."""
    known = ages()
    alive = {queue for queues, age in known.values() if age < WORKER_MISSED for queue in queues.split(",")}
    missing = [queue for queue in QUEUES if queue not in alive]
    if missing:
        raise ServiceWarning(f"No worker of {' and '.join(missing)} was seen for {WORKER_MISSED:.0f} s; jobs wait.")
    limit = SWEEPS_MISSED * settings.JOB_SWEEP
    if SWEEP not in known or known[SWEEP][1] > limit:
        raise ServiceWarning(f"The sweep was not seen for {limit:.0f} s; lost jobs are not found.")
    return "Every queue has a worker."


def by_kind_and_state() -> dict[tuple[str, ...], float]:
    rows = Job.objects.filter(state__in=(*UNFINISHED, "failed")).values_list("kind", "state").annotate(n=Count("pk"))
    return {(kind, state): float(n) for kind, state, n in rows.order_by()}


def oldest_waiting() -> dict[tuple[str, ...], float]:
    """Seconds the oldest waiting job of each queue has waited; 0 where none waits."""
    age = ExpressionWrapper(Now() - Min("created_at"), output_field=DurationField())
    rows = Job.objects.filter(state="waiting").values("queue").order_by().annotate(age=age)
    found = {row["queue"]: row["age"].total_seconds() for row in rows}
    return {(queue,): max(0.0, found.get(queue, 0.0)) for queue in QUEUES}


def since_sweep() -> float:
    return ages().get(SWEEP, ("", float("inf")))[1]
