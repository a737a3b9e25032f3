"""Workers and their children are killed, frozen, stopped and poisoned; jobs finish once, with every effect once."""

from __future__ import annotations

import os
import signal
import time
from functools import partial
from pathlib import Path

import pytest
from django.db import connection
from django.db.models.functions import Now

from crm_adoption.jobs import services
from crm_adoption.jobs.doorbell import doorbell
from crm_adoption.jobs.models import Job, JobLease
from crm_adoption.jobs.pulse import PATIENCE
from tests.jobs.kinds import ROWS
from tests.jobs.workers import LEASE_AND_SWEEP, finished, finished_when_rung, wait_until

pytestmark = pytest.mark.fault

BEFORE_COMMIT = ("jobs.claimed", "test.before_effects", "test.mid_effects", "jobs.before_commit")
POINTS = (*BEFORE_COMMIT, "jobs.after_commit")
BEGIN = 1.0  # seconds a waiting worker needs to begin and end a job of 50 rows


def job_at(point: str) -> Job:
    """A job on a queue of its own, so that exactly the worker prepared for this point gets it."""
    job = Job.objects.create(kind="test_rows", scope=point, queue=point)
    doorbell.ring(job.pk, job.queue)
    return job


def hits(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def limit() -> float:
    """Seconds a recovery may take: lease, sweep and the work itself, the latter longer on a busy machine."""
    return LEASE_AND_SWEEP + BEGIN * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def tell(record_property, name: str, seconds: list[float]) -> None:
    """Keep the measured seconds with the test's result."""
    ordered = sorted(seconds)
    line = f"n={len(ordered)} p50={ordered[len(ordered) // 2]:.2f} max={ordered[-1]:.2f} s"
    record_property(name, line)
    print(f"{name}: {line}")


def test_a_child_killed_twice_at_any_point_leaves_every_effect_once(start_worker, effects, tmp_path, record_property):
    workers, jobs = [], {}
    for point in POINTS:
        how = {"CRMA_FAILPOINT": f"{point}:kill:1-2", "CRMA_FAILPOINT_HITS": str(tmp_path / f"hits-{point}")}
        workers.append(start_worker(point, queues=point, **how))
    for worker in workers:
        worker.ready()

    recovery = []
    for point in POINTS:
        began = time.monotonic()
        jobs[point] = job_at(point)
        wait_until(finished_when_rung(jobs[point]), 15, f"{point} did not recover")
        recovery.append((time.monotonic() - began) / 2)

    for point, job in jobs.items():
        job.refresh_from_db()
        attempts = 3 if point in BEFORE_COMMIT else 1
        assert (point, job.state, job.attempts) == (point, "done", attempts)
        assert (point, effects(job)) == (point, [(attempts, ROWS)])
        assert hits(tmp_path / f"hits-{point}") >= attempts
    tell(record_property, "recovery after a killed child", recovery)
    assert max(recovery) <= limit()


@pytest.mark.parametrize("kill_number", [1, 2])
def test_a_whole_worker_killed_at_any_point_leaves_every_effect_once(
    start_worker, effects, tmp_path, record_property, kill_number
):
    survivor = start_worker("survivor")
    doomed, jobs = {}, {}
    for point in POINTS:
        how = {"CRMA_FAILPOINT": f"{point}:sleep=60:1", "CRMA_FAILPOINT_HITS": str(tmp_path / f"hits-{point}")}
        doomed[point] = start_worker(point, queues=point, **how)
    for worker in (survivor, *doomed.values()):
        worker.ready()
    for point in POINTS:
        jobs[point] = job_at(point)
    wait_until(lambda: all(hits(tmp_path / f"hits-{point}") for point in POINTS), 15, "a failpoint was not reached")

    recovery = []
    for point, worker in doomed.items():
        worker.kill()
        killed = time.monotonic()
        if point in ("test.mid_effects", "jobs.before_commit"):  # the dead worker's backend must let go of the row
            wait_until(partial(gone, jobs[point]), 5, "a dead worker's session stays")
        Job.objects.filter(pk=jobs[point].pk).update(queue="bulk")  # its own queue has no worker left
        wait_until(partial(finished, jobs[point]), 15, f"{point} did not recover")
        if point in BEFORE_COMMIT:
            recovery.append(time.monotonic() - killed)

    for point, job in jobs.items():
        job.refresh_from_db()
        attempts = 2 if point in BEFORE_COMMIT else 1
        assert (point, job.state, job.attempts) == (point, "done", attempts)
        assert (point, effects(job)) == (point, [(attempts, ROWS)])
    tell(record_property, "recovery after a killed worker", recovery)
    assert max(recovery) <= limit()


def sessions_of(job: Job) -> list[tuple[int, str]]:
    """Sessions of the server that say they work on this job, heartbeats not among them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid, query FROM pg_stat_activity WHERE split_part(application_name, ' ', 2) = %s", [str(job.pk)]
        )
        return [(pid, query) for pid, query in cursor.fetchall()]


def test_a_worker_frozen_past_its_lease_writes_nothing_when_it_wakes(start_worker, effects, tmp_path):
    file = tmp_path / "hits"
    frozen = start_worker(
        "frozen", queues="here", CRMA_FAILPOINT="test.before_effects:sleep=0.5:1", CRMA_FAILPOINT_HITS=str(file)
    ).ready()
    job = job_at("here")
    wait_until(lambda: hits(file), 10, "the failpoint was not reached")
    frozen.signal(signal.SIGSTOP)
    Job.objects.filter(pk=job.pk).update(queue="bulk")
    start_worker("other").ready()
    wait_until(lambda: finished(job), 10, "nobody took over")

    frozen.signal(signal.SIGCONT)
    wait_until(lambda: "job_superseded" in frozen.log.read_text(), 10, "the frozen worker did not notice")

    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)
    assert effects(job) == [(2, ROWS)]


def test_no_second_attempt_starts_while_the_backend_of_a_dead_worker_still_writes(start_worker, effects):
    seconds = LEASE_AND_SWEEP + 2
    doomed, other = start_worker("doomed", queues="here").ready(), start_worker("other").ready()
    job = Job.objects.create(kind="test_ghost", scope=str(seconds), queue="here")
    doorbell.ring(job.pk, "here")
    wait_until(lambda: effects_began(job), 10, "the statement did not start")
    (ghost,) = [pid for pid, query in sessions_of(job) if "pg_sleep" in query]
    doomed.kill()

    overlaps = passed_over = 0
    while not finished(job):
        lives = ghost in [pid for pid, _ in sessions_of(job)]
        attempts = Job.objects.values_list("attempts", flat=True).get(pk=job.pk)
        overlaps += lives and attempts > 1
        lost = JobLease.objects.filter(job=job, until__lt=Now()).exists()
        passed_over += lives and lost
        if not lives:
            Job.objects.filter(pk=job.pk, state="waiting", queue="here").update(queue="bulk")
        time.sleep(0.02)

    job.refresh_from_db()
    assert other.process.poll() is None
    assert passed_over, "the lease never ran out beside the ghost, so nothing was shown"
    assert (overlaps, job.state, effects(job)) == (0, "done", [(2, ROWS)])


def test_a_statement_of_a_killed_worker_ends_with_it(start_worker, effects):
    doomed = start_worker("doomed", queues="here").ready()
    job = Job.objects.create(kind="test_long_statement", scope="30", queue="here")
    doorbell.ring(job.pk, "here")
    wait_until(lambda: effects_began(job), 10, "the statement did not start")

    doomed.kill()
    wait_until(partial(gone, job), 3, "the statement outlived its worker")

    wait_until(lambda: services.sweep()["taken_back"], 5, "the sweep did not take it back")
    services.cancel(job, by=None)
    assert effects(job) == []


@pytest.mark.parametrize(("kind", "long", "short"), [("test_steps", "600", "3"), ("test_long_statement", "60", "0.1")])
def test_a_worker_told_to_stop_hands_its_job_on_without_a_burnt_attempt(start_worker, effects, kind, long, short):
    leaving = start_worker("leaving", queues="here").ready()
    job = Job.objects.create(kind=kind, scope=long, queue="here")
    doorbell.ring(job.pk, "here")
    wait_until(lambda: effects_began(job) or steps_began(job), 10, "the job did not start")

    told = time.monotonic()
    leaving.signal(signal.SIGTERM, group=False)
    wait_until(lambda: Job.objects.filter(pk=job.pk, state="waiting").exists(), 10, "the job was not handed back")
    handed_back = time.monotonic() - told
    leaving.process.wait(timeout=60)
    Job.objects.filter(pk=job.pk).update(queue="bulk", scope=short)
    start_worker("next").ready()
    wait_until(lambda: finished(job), 10, "nobody took it on")

    job.refresh_from_db()
    assert (job.state, job.attempts, job.attempt_shown) == ("done", 2, 1)
    assert effects(job) == [(2, ROWS)]
    assert handed_back < PATIENCE + 1.5


def gone(job: Job) -> bool:
    return not sessions_of(job)


def effects_began(job: Job) -> bool:
    return any("pg_sleep" in query for _, query in sessions_of(job))


def steps_began(job: Job) -> bool:
    return JobLease.objects.filter(job=job, progress__gt=3).exists()


def test_a_poisoned_job_fails_after_three_attempts_and_others_are_served(start_worker, effects):
    start_worker("brave").ready()
    poison = services.start("test_poison")
    other = services.start("test_rows", scope="beside it")

    wait_until(lambda: finished(poison, other), 20, "the poison was not given up")

    poison.refresh_from_db()
    assert (poison.state, poison.reason, poison.attempts) == ("failed", "worker_lost", 3)
    assert "tried 3 times" in poison.message
    assert effects(other) == [(1, ROWS)]


def test_cancel_stops_running_work_at_its_next_step_or_inside_a_statement(start_worker, effects):
    start_worker("obedient", children=2).ready()
    steps = services.start("test_steps", scope="600")
    statement = services.start("test_long_statement", scope="60")
    wait_until(lambda: JobLease.objects.filter(job=steps, progress__gt=1).exists(), 10, "the steps did not start")
    wait_until(lambda: effects_began(statement), 10, "the statement did not start")

    asked = time.monotonic()
    assert services.cancel(steps, by=None).cancel_asked
    services.cancel(statement, by=None)
    wait_until(lambda: finished(steps), 3, "the steps go on")
    wait_until(lambda: finished(statement), 5, "the statement goes on")

    assert time.monotonic() - asked < 5
    for job in (steps, statement):
        job.refresh_from_db()
        assert (job.state, effects(job)) == ("cancelled", [])
