"""Start, cancel, try again, run here; and the sweep that finds what got lost."""

from __future__ import annotations

from functools import partial
from typing import Any

import structlog
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from crm_adoption.jobs import doing, kinds, ledger
from crm_adoption.jobs.doorbell import doorbell
from crm_adoption.jobs.models import Job, JobLease, WorkerBeat
from crm_adoption.kit.errors import Refusal

log = structlog.get_logger(__name__)
State = Job.State

SWEEP_LOCK = 0x6A6F6273  # "jobs": the number of the advisory lock that lets one sweep through
RUNG_AT_ONCE = 10  # jobs a sweep rings for per queue; whoever finishes one rings for the next
KEEP_BEATS = "1 day"
SWEEP = "sweep"


def start(kind: str, *, scope: str = "", by: Any = None, request_id: str = "") -> Job:
    """Ask for a piece of work; it begins after the caller's transaction has been committed.

    An unfinished job of the same kind and scope is returned instead of a second one. The broker being away is no
    error: the sweep rings again.
    """
    known = kinds.find(kind)
    if known is None:
        raise LookupError(f"No app has registered work called {kind!r}.")
    request_id = request_id or str(structlog.contextvars.get_contextvars().get("request_id", ""))
    while True:
        job = Job.objects.unfinished().filter(kind=kind, scope=scope).select_related("lease").first()
        if job is not None:
            if job.cancel_asked:
                raise Refusal(_("%(work)s is just being cancelled; start it again in a moment.") % {"work": job.label})
            return job
        try:
            with transaction.atomic():
                job = Job.objects.create(
                    kind=kind, scope=scope, queue=known.queue, asked_by=by, request_id=request_id[:64]
                )
        except IntegrityError:
            if not Job.objects.unfinished().filter(kind=kind, scope=scope).exists():
                continue
        else:
            _ring_on_commit(job)
            return job


def _same_work(job: Job) -> str:
    return _("The same work, %(work)s, is under way already; wait for it to end.") % {"work": job.label}


def _ring_on_commit(job: Job) -> None:
    transaction.on_commit(partial(doorbell.ring, job.pk, job.queue), robust=True)


@transaction.atomic
def cancel(job: Job, *, by: Any) -> Job:
    """Stop a job: at once while it waits, at its next step while it runs; nothing half written stays."""
    waiting = Job.objects.filter(pk=job.pk, state=State.WAITING)
    if not waiting.update(state=State.CANCELLED, finished_at=Now(), updated_at=Now()):
        asked = JobLease.objects.filter(job=job.pk, job__state=State.RUNNING).update(cancel_asked=True)
        job.refresh_from_db()
        if not asked and job.state != State.CANCELLED:
            raise Refusal(
                _("%(work)s has already ended (%(state)s); there is nothing to cancel.")
                % {"work": job.label, "state": job.get_state_display()}
            )
    log.info("job_cancel_asked", job_id=job.pk, by=getattr(by, "pk", None))
    return Job.objects.select_related("lease").get(pk=job.pk)


@transaction.atomic
def try_again(job: Job, *, by: Any) -> Job:
    """Give a failed or cancelled job three fresh attempts."""
    job = Job.objects.select_for_update(no_key=True).get(pk=job.pk)
    if job.state not in (State.FAILED, State.CANCELLED):
        raise Refusal(
            _("%(work)s is %(state)s; only failed or cancelled work can be tried again.")
            % {"work": job.label, "state": job.get_state_display()}
        )
    if Job.objects.unfinished().filter(kind=job.kind, scope=job.scope).exists():
        raise Refusal(_same_work(job))
    job.state, job.spared, job.finished_at = State.WAITING, job.attempts, None
    job.reason = job.message = ""
    job.progress, job.total, job.counts = 0, None, {}
    try:
        with transaction.atomic():
            job.save()
    except IntegrityError:
        raise Refusal(_same_work(job)) from None
    _ring_on_commit(job)
    log.info("job_tried_again", job_id=job.pk, by=getattr(by, "pk", None))
    return job


def run_here(job: Job) -> Job:
    """Work a job in this process, with the same claim, lease and fence as a worker; returns it as it is then.

    If a worker was faster, its state is returned as it stands. Call it outside of any transaction.
    """
    doing.do(job.pk)
    return Job.objects.select_related("lease").get(pk=job.pk)


@transaction.atomic
def sweep() -> dict[str, int]:
    """Take jobs back from dead workers and ring for those that nobody picked up. Any number may sweep at once."""
    found = {"taken_back": 0, "failed": 0, "cancelled": 0, "rung": 0}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SWEEP_LOCK])
        if not cursor.fetchone()[0]:
            return found
        cursor.execute("DELETE FROM jobs_workerbeat WHERE seen_at < now() - %s::interval", [KEEP_BEATS])
    seen(SWEEP, queue="")
    for job in ledger.take_back():
        found["taken_back" if job.state == State.WAITING else job.state] += 1
        log.warning("job_taken_back", job_id=job.pk, kind=job.kind, state=job.state, request_id=job.request_id)
    for queue in kinds.QUEUES:
        waiting = Job.objects.filter(state=State.WAITING, queue=queue).order_by("pk")
        for job in waiting[:RUNG_AT_ONCE]:
            _ring_on_commit(job)
            found["rung"] += 1
    return found


def release(task_id: str, *, out_of_time: bool = False) -> bool:
    """The process that worked on this ring is gone: settle its job now; False while its backend still holds it."""
    lease = JobLease.objects.filter(task_id=task_id).first()
    if lease is None:
        return True
    JobLease.objects.filter(pk=lease.pk, task_id=task_id).update(until=Now())
    for job in ledger.take_back(only=lease.job_id, out_of_time=out_of_time):
        log.warning("job_taken_back", job_id=job.pk, kind=job.kind, state=job.state, request_id=job.request_id)
        if job.state == State.WAITING:
            doorbell.ring(job.pk, job.queue)
    return not JobLease.objects.filter(task_id=task_id).exists()


def ring_for_next(queue: str) -> None:
    """Ring for the oldest job nobody has tried yet, in case its own ring was lost."""
    job = Job.objects.filter(state=State.WAITING, queue=queue, attempts=0).order_by("pk").first()
    if job is not None:
        doorbell.ring(job.pk, job.queue)


def seen(name: str, *, queue: str) -> None:
    """Note that this worker, or the sweep, is alive; the time is the database's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO jobs_workerbeat (name, queue, seen_at) VALUES (%s, %s, clock_timestamp()) "
            "ON CONFLICT (name) DO UPDATE SET queue = excluded.queue, seen_at = excluded.seen_at",
            [name[:200], queue[:100]],
        )


def gone(name: str) -> None:
    """This worker was stopped on purpose; nobody need miss it."""
    WorkerBeat.objects.filter(name=name[:200]).delete()
