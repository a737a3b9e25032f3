"""What the journeys share: the real export, and real workers on both queues."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from crm_adoption.jobs.doorbell import doorbell
from crm_adoption.jobs.models import Job
from tests import oracle
from tests.jobs.workers import Worker, wait_until
from tests.journeys.maven import export

__all__ = ["export", "start_worker"]

BOTH = "interactive,bulk"


@pytest.fixture
def start_worker(transactional_db: None, tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    """Start real workers; afterwards every promise of the oracle must hold, then they are ended."""
    started: list[Worker] = []
    doorbell.forget()

    def start(name: str, *, queues: str = BOTH, **how: Any) -> Worker:
        started.append(Worker(name, tmp_path, queues=queues, **how))
        return started[-1]

    try:
        yield start
        wait_until(lambda: not Job.objects.unfinished().exists(), 60, "some work is never done")
        assert oracle.check(connection) == []
    finally:
        for worker in started:
            worker.close()
