"""The two Celery tasks, and what a worker process does besides: live, sweep, give back what its children lost."""

from __future__ import annotations

import os
import signal
from typing import Any

import structlog
from celery import shared_task
from celery import signals as on
from celery.exceptions import TimeLimitExceeded, WorkerLostError
from celery.worker import state as worker_state
from django.conf import settings
from django.db import DatabaseError, connection

from crm_adoption.jobs import doing, doorbell, pulse, services
from crm_adoption.kit.memory import keep_loaded

log = structlog.get_logger(__name__)

CHILDREN_EVERY = 0.5  # seconds between two looks at the children; celery's own look may come 5 s late
SEEN_EVERY = 15.0  # seconds between two signs of life of a worker
RELEASE_TRIES = 8  # the backend of a killed child may hold its job for a second or two
_consumer: Any = None  # of this worker's parent process


@shared_task(name=doorbell.WORK, bind=True, ignore_result=True)  # type: ignore[untyped-decorator]
def work(self: Any, job_id: int) -> None:
    """Work on this job, unless somebody else does; then ring for the next one that waits."""
    if doing.do(job_id, task_id=self.request.id or ""):
        services.ring_for_next(self.request.delivery_info.get("routing_key") or "")


@shared_task(name="crm_adoption.jobs.celery.sweep", ignore_result=True)  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Find what got lost; on the timetable of beat."""
    services.sweep()


def _child_began(**_: Any) -> None:
    pulse.listen_for_sigterm()
    keep_loaded()


def _worker_is_ready(sender: Any, **_: Any) -> None:
    """Everything below runs in the parent's event loop: threads beside a process that forks are asking for trouble."""
    global _consumer
    _consumer = sender
    _sign_of_life()
    _sweep_too()  # what was lost while no worker ran need not wait for the timetable
    sender.timer.call_repeatedly(CHILDREN_EVERY, sender.pool.maintain_pool)
    sender.timer.call_repeatedly(SEEN_EVERY, _sign_of_life)
    sender.timer.call_repeatedly(settings.JOB_SWEEP, _sweep_too)


def _sign_of_life() -> None:
    queues = ",".join(sorted(_consumer.app.amqp.queues.consume_from))
    _briefly(services.seen, _consumer.hostname, queue=queues)


def _sweep_too() -> None:
    """Beat may be away, or its ring may wait behind a long job: every worker sweeps as well."""
    _briefly(services.sweep)


def _briefly(act: Any, *args: Any, **more: Any) -> Any:
    """Use the database from the parent and leave no connection behind for a child to inherit."""
    try:
        return act(*args, **more)
    except DatabaseError as error:
        log.warning("worker_parent_without_database", error=str(error).strip())
        return None
    finally:
        connection.close()


def _child_is_gone(sender: Any, task_id: str, exception: BaseException, **_: Any) -> None:
    """A child was killed, or ran out of time: its job need not wait for the lease to run out."""
    if _consumer is not None and isinstance(exception, (WorkerLostError, TimeLimitExceeded)):
        _give_back(task_id, isinstance(exception, TimeLimitExceeded), RELEASE_TRIES)


def _give_back(task_id: str, out_of_time: bool, tries: int) -> None:
    settled = _briefly(services.release, task_id, out_of_time=out_of_time)
    if not settled and tries > 1:
        _consumer.timer.call_after(0.5, _give_back, (task_id, out_of_time, tries - 1))


def _ask_children_to_stop(**_: Any) -> None:
    """On SIGTERM the running jobs go back to waiting without a burnt attempt, instead of being waited for."""
    for request in list(worker_state.active_requests):
        if request.worker_pid and request.task_name in (doorbell.WORK,):
            try:
                os.kill(request.worker_pid, signal.SIGTERM)
            except ProcessLookupError:
                continue


def _worker_is_gone(**_: Any) -> None:
    if _consumer is not None:
        _briefly(services.gone, _consumer.hostname)


on.worker_process_init.connect(_child_began)
on.worker_ready.connect(_worker_is_ready)
on.task_failure.connect(_child_is_gone)
on.worker_shutting_down.connect(_ask_children_to_stop)
on.worker_shutdown.connect(_worker_is_gone)
