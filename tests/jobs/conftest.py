"""Jobs are tested on real servers: what is committed is seen by second connections and by worker processes."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from crm_adoption.jobs.doorbell import doorbell
from tests import oracle
from tests.jobs import kinds
from tests.jobs.workers import Worker


@pytest.fixture
def store(transactional_db):
    """The test database, with the table that the effects of test jobs go to."""
    with connection.cursor() as cursor:
        cursor.execute(kinds.EFFECTS)
        cursor.execute("TRUNCATE test_jobs_effect")
    doorbell.forget()
    yield connection
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE test_jobs_effect")


@pytest.fixture
def effects(store):
    """The rows a job has written, as {(attempt, rows)}."""

    def read(job) -> list[tuple[int, int]]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT attempt, count(*) FROM test_jobs_effect WHERE job_id = %s GROUP BY 1 ORDER BY 1", [job.pk]
            )
            return [(attempt, count) for attempt, count in cursor.fetchall()]

    return read


@pytest.fixture
def start_worker(store, tmp_path):
    """Start real workers; afterwards every promise of the oracle must hold, then they are ended."""
    started: list[Worker] = []

    def start(name: str, **how: Any) -> Worker:
        started.append(Worker(name, tmp_path, **how))
        return started[-1]

    oracle.EFFECTS["test_jobs_effect"] = ("job_id", "attempt")
    try:
        yield start
        assert oracle.check(store) == []
    finally:
        for worker in started:
            worker.close()
        oracle.EFFECTS.pop("test_jobs_effect")
