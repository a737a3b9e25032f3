"""Jobs are tested on real servers: what is committed is seen by second connections and by worker processes."""

from __future__ import annotations

import pytest
from django.db import connection

from crm_adoption.jobs.doorbell import doorbell
from tests.jobs import kinds


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
