"""Work that exists only for these tests; its effects are rows that name their job and attempt."""

from __future__ import annotations

import os
import time

from django.db import connection

from crm_adoption.jobs.work import GiveUp, Running, failpoint, work
from crm_adoption.kit.errors import Refusal

ROWS = 50
EFFECTS = "CREATE TABLE IF NOT EXISTS test_jobs_effect (job_id bigint, attempt int, n int)"


def write_rows(job: Running) -> None:
    half = ROWS // 2
    insert = "INSERT INTO test_jobs_effect SELECT %s, %s, n FROM generate_series(%s, %s) n"
    with connection.cursor() as cursor:
        cursor.execute(insert, [job.id, job.attempt, 1, half])
        failpoint("test.mid_effects")
        cursor.execute(insert, [job.id, job.attempt, half + 1, ROWS])


@work("test_rows", queue="bulk")
def rows(job: Running) -> dict[str, int]:
    """A little reading, then every effect and the end in one transaction."""
    for step in range(5):
        job.advance(step, 5, "Reading")
    failpoint("test.before_effects")
    with job.effects(last=True):
        write_rows(job)
        job.counts["rows"] = ROWS
    return job.counts


@work("test_steps", queue="bulk")
def steps(job: Running) -> dict[str, int]:
    """Many small steps that look up after each; the scope says how many tenths of a second they take together."""
    wanted = int(job.scope.split()[0])
    for step in range(wanted):
        job.advance(step, wanted, f"Step {step} of {wanted}")
        time.sleep(0.1)
    with job.effects(last=True):
        write_rows(job)
    return {"steps": wanted}


@work("test_long_statement", queue="bulk")
def long_statement(job: Running) -> dict[str, int]:
    """Effects, then a statement that does not look up; the scope is its length in seconds."""
    with job.effects(last=True), connection.cursor() as cursor:
        write_rows(job)
        cursor.execute("SELECT pg_sleep(%s)", [float(job.scope.split()[0])])
    return {}


@work("test_ghost", queue="bulk")
def ghost(job: Running) -> dict[str, int]:
    """The first attempt leaves a long statement behind on a server that does not notice dead clients."""
    with job.effects(last=True), connection.cursor() as cursor:
        if job.attempt == 1:
            cursor.execute("SET LOCAL client_connection_check_interval = 0")
            cursor.execute(
                "INSERT INTO test_jobs_effect SELECT %s, %s, 1 FROM pg_sleep(%s)",
                [job.id, job.attempt, float(job.scope)],
            )
        write_rows(job)
    return {}


@work("test_bug", queue="bulk")
def bug(job: Running) -> dict[str, int]:
    """Writes, then meets an error before the end."""
    with job.effects():
        write_rows(job)
        raise ZeroDivisionError
    return {}


@work("test_poison", queue="bulk")
def poison(job: Running) -> dict[str, int]:
    """Ends its whole process, as a crashing parser does."""
    os._exit(1)


@work("test_give_up", queue="interactive")
def give_up(job: Running) -> dict[str, int]:
    raise GiveUp("file_refused", "The file is encrypted; save it without a password.")


@work("test_refusal", queue="interactive")
def refusal(job: Running) -> dict[str, int]:
    raise Refusal("The batch was discarded meanwhile; start a new one.", code="discarded")


@work("test_quick", queue="interactive")
def quick(job: Running) -> dict[str, int]:
    with job.effects():
        write_rows(job)
    return {"rows": ROWS}
