"""Start, run here, cancel, try again: in one process, on a real store and a real broker."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from crm_adoption.jobs import ledger, services
from crm_adoption.jobs.models import Job, JobLease
from crm_adoption.jobs.pulse import Pulse
from crm_adoption.jobs.work import Running, Superseded
from crm_adoption.kit.errors import Refusal
from tests.jobs.kinds import ROWS


def test_a_job_run_here_ends_with_its_counts_and_effects(store, effects):
    job = services.run_here(services.start("test_rows", scope="1"))

    assert (job.state, job.counts, job.attempts, job.percent) == ("done", {"rows": ROWS}, 1, 100)
    assert effects(job) == [(1, ROWS)]
    assert not JobLease.objects.exists()


def test_counts_returned_after_separate_effects_are_stored(store):
    job = services.run_here(services.start("test_quick"))

    assert (job.state, job.counts) == ("done", {"rows": ROWS})


def test_an_unfinished_job_of_the_same_kind_and_scope_is_returned_instead_of_a_second(store):
    first = services.start("test_rows", scope="same")

    assert services.start("test_rows", scope="same") == first
    assert services.start("test_rows", scope="other") != first
    services.run_here(first)
    assert services.start("test_rows", scope="same") != first


def test_two_people_who_start_the_same_at_once_get_one_job(store):
    found = []

    def ask() -> None:
        found.append(services.start("test_rows", scope="same").pk)
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 8
    assert len(set(found)) == 1


def test_nothing_is_started_when_the_callers_transaction_is_rolled_back(store):
    with transaction.atomic():
        services.start("test_rows")
        transaction.set_rollback(True)

    assert not Job.objects.exists()


def test_unregistered_work_cannot_be_started(store):
    with pytest.raises(LookupError, match="no_such_work"):
        services.start("no_such_work")


def test_a_job_of_a_kind_this_version_does_not_know_fails_with_a_sentence(store):
    job = services.run_here(Job.objects.create(kind="from_the_future"))

    assert (job.state, job.reason) == ("failed", "unknown_kind")
    assert "update the workers" in job.message


@pytest.mark.parametrize(
    ("kind", "reason", "words"),
    [("test_give_up", "file_refused", "without a password"), ("test_refusal", "discarded", "start a new one")],
)
def test_work_that_gives_up_fails_at_once_with_its_sentence(store, kind, reason, words):
    job = services.run_here(services.start(kind))

    assert (job.state, job.reason, job.attempts) == ("failed", reason, 1)
    assert words in job.message


def test_an_unexpected_error_is_tried_three_times_and_leaves_no_effect(store, effects):
    job = services.start("test_bug")

    for attempt in (1, 2):
        job = services.run_here(job)
        assert (job.state, job.attempts, job.reason) == ("waiting", attempt, "bug")
    job = services.run_here(job)

    assert (job.state, job.attempts, job.reason) == ("failed", 3, "bug")
    assert "ZeroDivisionError" in job.message
    assert effects(job) == []


def test_a_failed_job_can_be_tried_again_with_three_fresh_attempts(store):
    job = services.start("test_bug")
    for _ in range(3):
        job = services.run_here(job)

    job = services.try_again(job, by=None)

    assert (job.state, job.attempt_shown, job.reason, job.message) == ("waiting", 0, "", "")
    job = services.run_here(job)
    assert (job.state, job.attempts, job.attempt_shown) == ("waiting", 4, 1)


def test_a_job_that_is_done_refuses_to_be_tried_again_or_cancelled(store):
    job = services.run_here(services.start("test_rows"))

    with pytest.raises(Refusal, match="only failed or cancelled"):
        services.try_again(job, by=None)
    with pytest.raises(Refusal, match="nothing to cancel"):
        services.cancel(job, by=None)


def test_a_job_is_not_tried_again_beside_a_newer_one_of_the_same_kind_and_scope(store):
    old = services.cancel(services.start("test_rows"), by=None)
    services.start("test_rows")

    with pytest.raises(Refusal, match="under way already"):
        services.try_again(old, by=None)


def test_a_waiting_job_is_cancelled_at_once_and_twice_is_no_error(store):
    job = services.cancel(services.start("test_rows"), by=None)
    again = services.cancel(job, by=None)

    assert (job.state, again.state) == ("cancelled", "cancelled")
    assert services.run_here(job).attempts == 0


def test_an_attempt_that_lost_its_job_cannot_pass_the_fence(store, effects):
    job = services.start("test_rows")
    old = ledger.claim(job.pk, worker="first", task_id="")
    assert old is not None
    JobLease.objects.update(until="2020-01-01T00:00:00Z")
    services.sweep()
    job = services.run_here(job)
    running = Running(old, Pulse(old.pk, old.attempts))  # never started: like a process that was frozen

    with pytest.raises(Superseded), running.effects(last=True):
        raise AssertionError("the fence was passed")

    assert (job.state, effects(job)) == ("done", [(2, ROWS)])


def test_work_inside_another_transaction_is_refused(store):
    job = services.start("test_rows")

    with pytest.raises(RuntimeError, match="outside"), transaction.atomic():
        services.run_here(job)
