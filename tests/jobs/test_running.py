"""While a job runs: its lease lives, its progress is shown, its end is wished for, its lines name the request."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import structlog
from django.db import connection
from django.db.models.functions import Now

from crm_adoption.jobs import failpoints, services
from crm_adoption.jobs.models import Job, JobLease
from crm_adoption.jobs.work import Running, work
from crm_adoption.kit.errors import Refusal
from tests.jobs.kinds import ROWS
from tests.jobs.workers import wait_until


@contextmanager
def running_beside(job: Job) -> Iterator[threading.Thread]:
    """The job is worked in a thread, as another process would, while the test looks on."""

    def run() -> None:
        services.run_here(job)
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield thread
    finally:
        thread.join()


def test_the_lease_lives_while_one_long_statement_holds_the_job(store, effects, settings):
    settings.JOB_HEARTBEAT, settings.JOB_LEASE = 0.2, 1.0
    job = services.start("test_long_statement", scope="2.5")

    taken = alive = looks = 0
    with running_beside(job) as thread:
        wait_until(lambda: JobLease.objects.filter(job=job).exists(), 5, "the job did not start")
        while thread.is_alive():
            found = JobLease.objects.filter(job=job, until__gt=Now()).exists()
            alive += found
            looks += found or JobLease.objects.filter(job=job).exists()
            taken += services.sweep()["taken_back"]
            time.sleep(0.05)

    job.refresh_from_db()
    assert looks > 20
    assert (taken, alive) == (0, looks)
    assert (job.state, effects(job)) == ("done", [(1, ROWS)])


def test_progress_is_shown_while_it_runs_and_written_at_most_twice_a_second(store):
    job = services.start("test_eager")

    versions, shown = set(), set()
    began = time.monotonic()
    with running_beside(job) as thread:
        while thread.is_alive():
            for version, progress in JobLease.objects.extra(select={"v": "xmin::text"}).values_list("v", "progress"):
                versions.add(version)
                shown.add(progress)
            time.sleep(0.02)
    seconds = time.monotonic() - began

    job.refresh_from_db()
    assert job.progress > 1000
    assert 2 <= len(versions) <= 2 * seconds + 2
    assert any(0 < progress < job.progress for progress in shown)


@work("test_eager", queue="interactive")
def eager(job: Running) -> dict[str, int]:
    """Reports far more often than anybody wants to know."""
    until, done = time.monotonic() + 2, 0
    while time.monotonic() < until:
        done += 1
        job.advance(done)
    return {}


def test_a_cancelled_job_leaves_nothing_behind(store, effects):
    job = services.start("test_steps", scope="100")

    with running_beside(job):
        wait_until(lambda: JobLease.objects.filter(job=job, progress__gt=1).exists(), 5, "the job did not start")
        assert services.cancel(job, by=None).cancel_asked
        assert services.cancel(job, by=None).cancel_asked

    job.refresh_from_db()
    assert (job.state, effects(job)) == ("cancelled", [])
    assert 0 < job.progress < 100


def test_the_same_work_is_not_started_anew_while_it_is_being_cancelled(store, settings):
    settings.JOB_HEARTBEAT = 0.3
    job = services.start("test_long_statement", scope="30")

    with running_beside(job):
        wait_until(lambda: JobLease.objects.filter(job=job).exists(), 5, "the job did not start")
        services.cancel(job, by=None)
        with pytest.raises(Refusal, match="in a moment"):
            services.start("test_long_statement", scope="30")


def test_the_request_that_asked_is_named_in_every_line_and_in_the_servers_session(store):
    with structlog.contextvars.bound_contextvars(request_id="req-4711"):
        job = services.start("test_who", scope="1")

    with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        services.run_here(job)

    assert {line["request_id"] for line in lines} == {"req-4711"}
    assert [line["event"] for line in lines] == ["job_started", "looking", "job_ended"]
    (looking,) = [line for line in lines if line["event"] == "looking"]
    assert looking["session"] == f"job {job.pk} req-4711"
    with connection.cursor() as cursor:
        cursor.execute("SHOW application_name")
        assert cursor.fetchone()[0] != looking["session"]


@work("test_who", queue="interactive")
def who(job: Running) -> dict[str, int]:
    """Says under which name the server knows this session."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW application_name")
        structlog.get_logger(__name__).info("looking", session=cursor.fetchone()[0])
    return {}


def test_work_names_a_queue_that_exists_and_a_kind_that_is_free():
    with pytest.raises(ValueError, match="interactive and bulk"):
        work("test_lost", queue="nowhere")
    with pytest.raises(ValueError, match="already the work of"):
        work("test_rows", queue="bulk")(eager)


@pytest.mark.parametrize(
    ("setting", "broken"),
    [("here:raise", [1, 2, 3, 4]), ("here:raise:2", [2]), ("here:raise:2-3", [2, 3]), ("there:raise", [])],
)
def test_a_failpoint_acts_at_its_name_and_hit_only(monkeypatch, setting, broken):
    monkeypatch.setenv("CRMA_FAILPOINT", setting)
    failpoints._seen.clear()

    hit = []
    for n in range(1, 5):
        try:
            failpoints.failpoint("here")
        except failpoints.Broken:
            hit.append(n)

    assert hit == broken


def test_readiness_names_the_queue_without_a_worker_and_a_sweep_that_stands_still(store):
    from health_check.exceptions import ServiceWarning

    from crm_adoption.jobs import watching

    with pytest.raises(ServiceWarning, match="interactive and bulk"):
        watching.workers()
    services.seen("a@here", queue="interactive")
    with pytest.raises(ServiceWarning, match="No worker of bulk"):
        watching.workers()
    services.seen("b@here", queue="bulk,other")
    with pytest.raises(ServiceWarning, match="The sweep was not seen"):
        watching.workers()
    services.sweep()
    assert watching.workers() == "Every queue has a worker."

    services.gone("b@here")
    with pytest.raises(ServiceWarning, match="No worker of bulk"):
        watching.workers()


def test_gauges_count_jobs_and_tell_how_long_the_oldest_waits(store):
    from crm_adoption.jobs import watching

    services.start("test_rows", scope="1")
    services.start("test_rows", scope="2")
    Job.objects.filter(scope="1").update(created_at="2020-01-01T00:00:00Z")

    assert watching.by_kind_and_state() == {("test_rows", "waiting"): 2.0}
    assert watching.oldest_waiting()[("interactive",)] == 0.0
    assert watching.oldest_waiting()[("bulk",)] > 86_400
    assert watching.since_sweep() == float("inf")
