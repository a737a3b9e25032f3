"""The few statements that move a job from state to state; each is one transaction, each checks whose attempt it is.

Times are PostgreSQL's. The order of locks is always the job, then its lease.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Now

from crm_adoption.jobs.models import Job, JobLease, JobQuerySet

State = Job.State
LOST = "The worker stopped in the middle of it."


@dataclass(frozen=True)
class Ending:
    """How an attempt ended; `waiting` means that the job goes back to be taken again."""

    state: str
    reason: str = ""
    message: str = ""
    spare: bool = False


HOURS = settings.CELERY_TASK_TIME_LIMIT / 3600
TIMEOUT = Ending(State.FAILED, "timeout", f"It was stopped because it ran for {HOURS:.0f} hours, the limit for a job.")


def lease_end() -> Any:
    return Now() + Value(timedelta(seconds=settings.JOB_LEASE))


@transaction.atomic
def claim(job_id: int, *, worker: str, task_id: str) -> Job | None:
    """Take a waiting job: of any number who try, exactly one gets it."""
    mine = Job.objects.filter(pk=job_id, state=State.WAITING)
    began = {"state": State.RUNNING, "attempts": F("attempts") + 1, "started_at": Now(), "updated_at": Now()}
    if not mine.update(**began, reason="", message="", progress=0, total=None, counts={}):
        return None
    job = Job.objects.get(pk=job_id)
    JobLease.objects.filter(job=job).delete()
    JobLease.objects.create(job=job, attempt=job.attempts, until=lease_end(), worker=worker[:100], task_id=task_id)
    return job


@transaction.atomic
def settle(job_id: int, attempt: int, ending: Ending, shown: dict[str, Any], counts: dict[str, int]) -> bool:
    """End our attempt; False when it is no longer ours and nothing was written."""
    mine = Job.objects.filter(pk=job_id, attempts=attempt, state=State.RUNNING)
    if not _move(mine, ending, shown | ({"counts": counts} if counts else {})):
        return False
    JobLease.objects.filter(job=job_id, attempt=attempt).delete()
    return True


def _move(jobs: JobQuerySet, ending: Ending, more: dict[str, Any]) -> bool:
    values = more | {"state": ending.state, "reason": ending.reason, "updated_at": Now()}
    if ending.message:
        values["message"] = ending.message[:500]
    if ending.spare:
        values["spared"] = F("spared") + 1
    values["finished_at"] = None if ending.state == State.WAITING else Now()
    return bool(jobs.update(**values))


def after_failure(job: Job, ending: Ending) -> Ending:
    """An attempt that went wrong: once more, or failed when the limit is reached."""
    if job.attempts - job.spared >= settings.JOB_ATTEMPTS:
        tried = f"{ending.message} It was tried {settings.JOB_ATTEMPTS} times."
        return Ending(State.FAILED, ending.reason, tried)
    return ending


@transaction.atomic
def take_back(*, only: int | None = None, out_of_time: bool = False) -> list[Job]:
    """Take running jobs from workers whose lease has run out; returns them in their new state.

    A row that somebody still holds, such as the backend of a dead worker in the middle of its statement, is passed
    over: no second attempt starts beside it.
    """
    out = Q(lease=None) | Q(lease__until__lt=Now())
    lost = Job.objects.filter(out, state=State.RUNNING).select_for_update(skip_locked=True, of=("self",), no_key=True)
    if only is not None:
        lost = lost.filter(pk=only)
    back = []
    for job in lost.order_by("pk"):
        # Read again under the lock: the lease in the first statement may be older than the row it locked.
        lease = JobLease.objects.filter(job=job).select_for_update().first()
        if lease is not None and JobLease.objects.filter(job=job, until__gte=Now()).exists():
            continue
        ending = TIMEOUT if out_of_time else after_failure(job, Ending(State.WAITING, "worker_lost", LOST))
        shown = {}
        if lease is not None:
            shown = {"progress": lease.progress, "total": lease.total}
            if lease.cancel_asked:
                ending = Ending(State.CANCELLED)
        _move(Job.objects.filter(pk=job.pk), ending, shown)
        JobLease.objects.filter(job=job).delete()
        job.refresh_from_db()
        back.append(job)
    return back
