"""A job as the function that works on it sees it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from django.db import connection, transaction

from crm_adoption.jobs import ledger
from crm_adoption.jobs.failpoints import failpoint
from crm_adoption.jobs.kinds import Cancelled, Interrupted, Superseded
from crm_adoption.jobs.models import Job
from crm_adoption.jobs.pulse import Pulse

# NO KEY UPDATE, not UPDATE: other rows may point at this job while its effects are being written.
FENCE = """
    SELECT lease.cancel_asked FROM jobs_job JOIN jobs_joblease lease ON lease.job_id = jobs_job.id
     WHERE jobs_job.id = %s AND jobs_job.attempts = %s AND jobs_job.state = 'running'
       FOR NO KEY UPDATE OF jobs_job"""


class Running:
    """One attempt at one job: report with `advance`, write only inside `effects`."""

    def __init__(self, job: Job, pulse: Pulse) -> None:
        self.id: int = job.pk
        self.kind, self.scope, self.request_id = job.kind, job.scope, job.request_id
        self.asked_by_id: int | None = job.asked_by_id
        self.attempt: int = job.attempts
        self.counts: dict[str, int] = {}
        self.is_done = False
        self._pulse = pulse

    def advance(self, done: int, total: int | None = None, message: str = "") -> None:
        """Show progress (at most two writes a second) and stop here if we must: Cancelled, Superseded, Stopping."""
        self._pulse.tell(done, total, message)
        self.heed()

    def heed(self) -> None:
        """Raise the interruption the work must obey, if there is one."""
        if self._pulse.why is not None:
            raise self._pulse.why

    @contextlib.contextmanager
    def effects(self, *, last: bool = False) -> Iterator[None]:
        """A transaction in which this attempt, and no other, may write.

        With `last` the job is done in the same transaction: its effects and its end are one.
        """
        self.heed()
        with transaction.atomic(durable=True):
            self._pass_the_fence()
            yield
            if last:
                self.heed()
                failpoint("jobs.before_commit")
                ledger.settle(self.id, self.attempt, ledger.Ending(Job.State.DONE), self._pulse.shown(), self.counts)
        if last:
            self.is_done = True
            failpoint("jobs.after_commit")

    def _pass_the_fence(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(FENCE, [self.id, self.attempt])
            row = cursor.fetchone()
        if row is None:
            raise self._stop(Superseded)
        if row[0]:
            raise self._stop(Cancelled)

    def _stop(self, why: type[Interrupted]) -> Interrupted:
        self._pulse.interrupt(why)
        return (self._pulse.why or why)()
