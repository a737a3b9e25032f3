"""Claim a job, work it, and write down how it ended."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterator

import pghistory
import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import DatabaseError, connection

from crm_adoption.jobs import kinds, ledger
from crm_adoption.jobs.doorbell import doorbell
from crm_adoption.jobs.failpoints import failpoint
from crm_adoption.jobs.kinds import Cancelled, GiveUp, Interrupted, Stopping
from crm_adoption.jobs.ledger import Ending
from crm_adoption.jobs.models import Job
from crm_adoption.jobs.pulse import Pulse
from crm_adoption.jobs.running import Running
from crm_adoption.kit.errors import Refusal

log = structlog.get_logger(__name__)
State = Job.State


def do(job_id: int, *, task_id: str = "") -> bool:
    """Claim this job and work it to an end in this process; False when somebody else has it."""
    if connection.in_atomic_block:
        raise RuntimeError("A job works in transactions of its own; call this outside of any other.")
    job = ledger.claim(job_id, worker=f"{socket.gethostname()}/{os.getpid()}", task_id=task_id)
    if job is None:
        return False
    with structlog.contextvars.bound_contextvars(
        request_id=job.request_id, job_id=job.pk, kind=job.kind, attempt=job.attempts
    ):
        log.info("job_started")
        audit = pghistory.context(job=job.pk, kind=job.kind, user=job.asked_by_id, request_id=job.request_id)
        with _session(job), audit:
            _work(job)
    return True


def _work(job: Job) -> None:
    failpoint("jobs.claimed")
    pulse = Pulse(job.pk, job.attempts)
    running = Running(job, pulse)
    pulse.start()
    try:
        try:
            kind = kinds.find(job.kind)
            if kind is None:
                raise GiveUp("unknown_kind", f"This version knows no work called {job.kind}; update the workers.")
            running.counts.update(kind.function(running) or {})
            ending = Ending(State.DONE)
        except BaseException as error:
            pulse.work_is_over()
            ending = _judge(job, error, pulse)
            if not isinstance(error, Exception):
                _settle(job, running, ending, pulse)
                raise
        pulse.work_is_over()
        _settle(job, running, ending, pulse)
    finally:
        pulse.end()


def _judge(job: Job, error: BaseException, pulse: Pulse) -> Ending:
    """What an exception means for the job."""
    cut = pulse.why if pulse.cut_short or isinstance(error, DatabaseError) else None
    why = type(error) if isinstance(error, Interrupted) else cut
    if why is Cancelled:
        return Ending(State.CANCELLED)
    if why is Stopping or not isinstance(error, Exception):
        return Ending(State.WAITING, message="The worker was restarted.", spare=True)
    if why is not None:
        return Ending(State.WAITING)  # superseded: the ledger will not let it be written
    if isinstance(error, GiveUp):
        return Ending(State.FAILED, error.reason, error.sentence)
    if isinstance(error, Refusal):
        return Ending(State.FAILED, error.code[:20], error.sentence)
    if isinstance(error, SoftTimeLimitExceeded):
        return ledger.TIMEOUT
    log.exception("job_attempt_failed", exc_info=error)
    if getattr(error.__cause__, "pgcode", None) == "53100":
        sentence = "The database's disk is full; free some space, then try again."
        return Ending(State.FAILED, "db_full", sentence)
    reason = "database" if isinstance(error, DatabaseError) else "bug"
    told = f"It met an unexpected error ({type(error).__name__}); the log has the details under job {job.pk}."
    return ledger.after_failure(job, Ending(State.WAITING, reason, told))


def _settle(job: Job, running: Running, ending: Ending, pulse: Pulse) -> None:
    """Write the end down; without a store there is nothing to write it to, and the sweep will find the job."""
    if running.is_done:
        if ending.state != State.DONE:
            log.warning("job_trouble_after_its_end", ending=ending.state, reason=ending.reason)
        Job.objects.filter(pk=job.pk, attempts=job.attempts, state=State.DONE).update(counts=running.counts)
        log.info("job_ended", state=State.DONE, counts=running.counts)
        return
    try:
        if pulse.cut_short or connection.errors_occurred:
            connection.close()  # it may be broken, or still get a late cancel
        written = ledger.settle(job.pk, job.attempts, ending, pulse.shown(), running.counts)
    except DatabaseError as error:
        log.warning("job_end_not_written", state=ending.state, error=str(error).strip())
        return
    log.info("job_ended" if written else "job_superseded", state=ending.state, reason=ending.reason)
    if written and ending.spare:
        doorbell.ring(job.pk, job.queue)


@contextlib.contextmanager
def _session(job: Job) -> Iterator[None]:
    """Long statements are allowed, and the server's lists of sessions name the job and the request."""
    wall = f"{settings.CELERY_TASK_TIME_LIMIT}s"
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('application_name', %s, false)", [f"job {job.pk} {job.request_id}"[:63]])
        cursor.execute("SELECT set_config('statement_timeout', %s, false)", [wall])
    try:
        yield
    finally:
        with contextlib.suppress(DatabaseError):
            if connection.connection is not None and connection.is_usable():
                with connection.cursor() as cursor:
                    cursor.execute("RESET application_name; RESET statement_timeout")
