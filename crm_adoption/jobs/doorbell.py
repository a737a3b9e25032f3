"""Ringing for a worker: one short message with the job's number, and never an error for the caller."""

from __future__ import annotations

import threading
import time

import structlog
from celery import current_app
from prometheus_client import Counter

from crm_adoption.jobs.failpoints import failpoint

log = structlog.get_logger(__name__)

WORK = "crm_adoption.jobs.celery.work"
failures = Counter("crma_job_ring_failures", "Rings the broker did not take; the sweep rang again.")
REST = 10.0  # seconds without a try after the broker did not answer


class Doorbell:
    """Rings the broker; after one failure it rests, so that only one request in ten seconds waits for a frozen one."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._silent_until = 0.0

    def ring(self, job_id: int, queue: str) -> bool:
        """Tell a worker of this queue about a job; False if the broker is away: then the sweep rings again."""
        failpoint("jobs.after_commit_before_ring")
        with self._turn:
            if time.monotonic() < self._silent_until:
                return False
            try:
                current_app.send_task(WORK, args=[job_id], queue=queue, retry=False, ignore_result=True)
            except Exception as error:  # the work is safe in the store, whatever is wrong with the bell
                self._silent_until = time.monotonic() + REST
                failures.inc()
                log.warning("job_ring_failed", job_id=job_id, error=f"{type(error).__name__}: {error}")
                return False
        return True

    def forget(self) -> None:
        """Try again at once, as a process that has just started would."""
        self._silent_until = 0.0


doorbell = Doorbell()
