"""The broker is stopped, frozen, emptied and rung ten times over; no job is lost and none runs twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter

import pytest
from django.conf import settings
from django.db import connection
from redis import Redis

from crm_adoption.jobs import ledger, services
from crm_adoption.jobs.doorbell import REST, doorbell
from crm_adoption.jobs.models import Job, JobLease
from crm_adoption.kit.embedded import valkey, var_dir
from tests.jobs.kinds import ROWS
from tests.jobs.workers import SWEEP, environment, wait_until

pytestmark = pytest.mark.fault

PATIENCE = 2.5  # seconds a person may wait for a broken bell, once


@pytest.fixture
def broker():
    """The broker of the tests, which must live and be empty before and after."""
    if os.environ.get("REDIS_URL"):
        pytest.skip("REDIS_URL names a broker that is not ours to stop")
    bell = Redis.from_url(settings.REDIS_URL.replace("redis+socket://", "unix://", 1))
    bell.flushall()
    yield bell
    pid = pid_of_broker()
    if pid:
        os.kill(pid, signal.SIGCONT)
    valkey.start()
    bell.flushall()


def pid_of_broker() -> int:
    file = var_dir() / "valkey.pid"
    return int(file.read_text()) if file.exists() else 0


def all_done() -> bool:
    return not Job.objects.exclude(state="done").exists()


def timed_start(scope: str) -> float:
    began = time.monotonic()
    services.start("test_rows", scope=scope)
    return time.monotonic() - began


@pytest.mark.parametrize("fault", ["frozen", "killed"])
def test_with_the_broker_away_jobs_are_accepted_in_time_and_run_when_it_is_back(start_worker, broker, fault):
    start_worker("patient").ready()
    services.run_here(services.start("test_rows", scope="warm"))
    if fault == "frozen":
        os.kill(pid_of_broker(), signal.SIGSTOP)
    else:
        os.kill(pid_of_broker(), signal.SIGKILL)

    first, *others = [timed_start(f"while it is {fault} {n}") for n in range(5)]
    waiting = Job.objects.filter(state="waiting").count()
    if fault == "frozen":
        os.kill(pid_of_broker(), signal.SIGCONT)
    else:
        valkey.start()

    assert first <= PATIENCE
    assert max(others) < 0.2, "the bell was tried again before it had rested"
    assert waiting == 5
    wait_until(all_done, REST + SWEEP + 15, "the jobs did not run after the broker came back")


def test_an_emptied_broker_only_delays_the_jobs(start_worker, broker):
    jobs = [services.start("test_rows", scope=str(n)) for n in range(30)]
    broker.flushall()

    start_worker("late").ready()
    began = time.monotonic()
    wait_until(all_done, 15, "jobs were lost with the queue")

    assert set(Job.objects.values_list("attempts", flat=True)) == {1}
    assert len(jobs) == 30
    assert time.monotonic() - began < 15


def test_ten_rings_and_two_workers_make_one_execution(start_worker, effects, broker):
    jobs = [services.start("test_rows", scope=str(n)) for n in range(20)]
    for _ in range(9):
        for job in jobs:
            doorbell.ring(job.pk, "bulk")

    first, second = start_worker("first", children=2), start_worker("second", children=2)
    first.ready()
    second.ready()
    wait_until(all_done, 20, "jobs were left over")
    wait_until(lambda: not broker.llen("crma:bulk"), 10, "rings were left over")

    began = Counter(
        line.split("job_id=")[1].split()[0]
        for worker in (first, second)
        for line in worker.log.read_text().splitlines()
        if "job_started" in line
    )
    assert began == {str(job.pk): 1 for job in jobs}
    assert [effects(job) for job in jobs] == [[(1, ROWS)]] * 20


def test_a_process_killed_between_commit_and_ring_loses_no_job(start_worker, broker):
    asking = (
        "import django; django.setup(); from tests.jobs import kinds; from crm_adoption.jobs import services; "
        "services.start('test_rows', scope='unrung')"
    )
    how = environment(CRMA_FAILPOINT="jobs.after_commit_before_ring:kill")
    done = subprocess.run([sys.executable, "-c", asking], env=how, cwd=settings.BASE_DIR, check=False)
    assert done.returncode == -signal.SIGKILL
    assert Job.objects.get().state == "waiting"

    start_worker("later").ready()
    wait_until(all_done, SWEEP + 3, "the sweep did not ring")


def test_sweeps_side_by_side_take_a_lost_job_back_once(store, broker):
    job = services.start("test_rows")
    ledger.claim(job.pk, worker="gone", task_id="")
    JobLease.objects.update(until="2020-01-01T00:00:00Z")
    found, gate = [], threading.Barrier(6)

    def sweep() -> None:
        gate.wait()
        found.append(services.sweep()["taken_back"])
        connection.close()

    threads = [threading.Thread(target=sweep) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    job.refresh_from_db()
    assert (sum(found), job.state, job.attempts) == (1, "waiting", 1)


def test_a_lost_job_that_somebody_wanted_cancelled_is_cancelled_by_the_sweep(store, broker):
    job = services.start("test_rows")
    ledger.claim(job.pk, worker="gone", task_id="")
    services.cancel(job, by=None)
    JobLease.objects.update(until="2020-01-01T00:00:00Z")

    assert services.sweep()["cancelled"] == 1
    job.refresh_from_db()
    assert job.state == "cancelled"
