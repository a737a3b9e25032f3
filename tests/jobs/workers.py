"""Real Celery workers as processes of their own, in the fast profile, to be killed, frozen and told to stop."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from crm_adoption.jobs.doorbell import doorbell
from crm_adoption.jobs.models import Job, WorkerBeat

HEARTBEAT, LEASE, SWEEP = 0.5, 2.0, 1.0  # seconds: the fast profile
LEASE_AND_SWEEP = LEASE + SWEEP

libc = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1


def environment(**more: str) -> dict[str, str]:
    """What a process needs to work on the test database and the test broker."""
    known, name = settings.DATABASES["default"], connection.settings_dict["NAME"]
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "crm_adoption.settings",
        "DATABASE_URL": f"postgres://{known['USER']}@{quote(known['HOST'], safe='')}/{name}",
        "REDIS_URL": settings.REDIS_URL,
        "JOB_HEARTBEAT": str(HEARTBEAT),
        "JOB_LEASE": str(LEASE),
        "JOB_SWEEP": str(SWEEP),
        "BROKER_SOCKET_TIMEOUT": "10",
        **more,
    }


class Worker:
    """One worker with its children, in a process group of its own."""

    def __init__(self, name: str, log: Path, *, queues: str = "bulk", children: int = 1, **more: str) -> None:
        self.name, self.log = f"{name}@test", log / f"{name}.log"
        arguments = ["--queues", queues, "--concurrency", str(children), "--hostname", self.name]
        command = [sys.executable, "-m", "celery", "--app", "tests.jobs.worker_app", "worker", *arguments]
        with open(self.log, "ab") as out:
            self.process = subprocess.Popen(
                [*command, "--without-gossip", "--without-mingle", "--loglevel", "INFO"],
                cwd=settings.BASE_DIR, env=environment(**more), stdout=out, stderr=out, start_new_session=True,
                preexec_fn=_die_with_the_test,
            )  # fmt: skip

    def ready(self) -> Worker:
        wait_until(lambda: WorkerBeat.objects.filter(name=self.name).exists(), 90, f"{self.log} says why")
        return self

    def signal(self, number: int, *, group: bool = True) -> None:
        """To the whole group, as the loss of a machine, or to the parent alone, as a supervisor does."""
        (os.killpg if group else os.kill)(self.process.pid, number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        self.process.wait()
        WorkerBeat.objects.filter(name=self.name).delete()

    def close(self) -> None:
        with suppress(ProcessLookupError):
            self.signal(signal.SIGCONT)
            self.signal(signal.SIGKILL)
        self.process.wait()


def _die_with_the_test() -> None:
    """A test run that is killed itself leaves no worker behind to take the next run's jobs."""
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def finished(*jobs: Job) -> bool:
    return not Job.objects.unfinished().filter(pk__in=[job.pk for job in jobs]).exists()


def finished_when_rung(job: Job) -> Callable[[], bool]:
    """Whether it is finished; rings for it each second while it waits, as the sweep does for the two real queues."""
    rung = time.monotonic()

    def ask() -> bool:
        nonlocal rung
        if time.monotonic() > rung + SWEEP and Job.objects.filter(pk=job.pk, state=Job.State.WAITING).exists():
            doorbell.ring(job.pk, job.queue)
            rung = time.monotonic()
        return finished(job)

    return ask


def wait_until(ask: Callable[[], object], seconds: float, otherwise: str) -> None:
    """Ask until the answer is true; the test fails with `otherwise` after so many seconds, more on a busy machine."""
    seconds *= max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    deadline = time.monotonic() + seconds
    while not ask():
        assert time.monotonic() < deadline, f"not within {seconds} s: {otherwise}"
        time.sleep(0.02)
