"""Recovery of a job whose worker is killed, under the settings that are shipped.

    python -m benchmarks.recovery [--kills 5] [--rows 400000]

Starts the worker processes and beat as `make run` does, gives the bulk worker an import to check, kills its whole
process group at some moment of that work, starts another in its place as a supervisor would, and prints the seconds
from the kill until the work is begun again and until the job is done; `work` is what the same job takes undisturbed.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

os.environ.setdefault("CRM_ADOPTION_VAR", str(Path(__file__).resolve().parents[1] / "var" / "bench"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm_adoption.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django

from benchmarks._contacts import write_file
from crm_adoption.kit import embedded, processes

LONGEST = 600.0  # seconds to wait for anything


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--rows", type=int, default=400_000)
    options = parser.parse_args()
    with embedded.hold(broker=True):
        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        started = [start(processes.beat()), start(processes.worker("interactive"))]
        try:
            run(options.kills, options.rows, started)
        finally:
            for process in started:
                end(process)


def run(kills: int, rows: int, started: list[subprocess.Popen[bytes]]) -> None:
    from django.conf import settings

    print(
        f"heartbeat {settings.JOB_HEARTBEAT:.0f} s, lease {settings.JOB_LEASE:.0f} s, sweep {settings.JOB_SWEEP:.0f} s"
    )
    batch = staged(rows)
    started.append(start(processes.worker("bulk")))
    job = ask(batch)
    until(partial(is_done, job))
    job = ask(batch)
    began = time.monotonic()
    until(partial(is_done, job))
    work = time.monotonic() - began
    print(f"work: {work:.1f} s", flush=True)
    begun, done = [], []
    for number in range(1, kills + 1):
        job = ask(batch)
        until(partial(has_begun, job, 1))
        time.sleep(random.uniform(0.1, 0.6) * work)
        assert state(job) == "running", "the work was done before the kill; give it more --rows"
        doomed = started.pop()
        os.killpg(doomed.pid, signal.SIGKILL)
        killed = time.monotonic()
        doomed.wait()
        started.append(start(processes.worker("bulk")))
        until(partial(has_begun, job, 2))
        begun.append(time.monotonic() - killed)
        until(partial(is_done, job))
        done.append(time.monotonic() - killed)
        print(f"kill {number}: begun again after {begun[-1]:.1f} s, {state(job)} after {done[-1]:.1f} s", flush=True)
    for name, seconds in (("begun again", begun), ("done", done)):
        print(f"{name}: p50 {sorted(seconds)[len(seconds) // 2]:.1f} s, max {max(seconds):.1f} s of {len(seconds)}")


def staged(rows: int) -> Any:
    """An import of so many contacts, read and waiting to be checked."""
    from django.utils import timezone

    from dataquality.models import Source
    from dataquality.services import intake

    path = embedded.var_dir() / f"recovery-{rows}.csv"
    if not path.exists():
        write_file(path, rows)
    source, _ = Source.objects.get_or_create(name="recovery benchmark")
    with path.open("rb") as file:
        batch = intake.receive(file, name="contacts.csv", source=source, by=None, now=timezone.now(), table="contacts")
    return intake.stage(batch)


def ask(batch: Any) -> int:
    from crm_adoption.jobs.services import start as start_job

    return int(start_job("check_batch", scope=str(batch.pk)).pk)


def state(job: int) -> str:
    from crm_adoption.jobs.models import Job

    return str(Job.objects.values_list("state", flat=True).get(pk=job))


def is_done(job: int) -> bool:
    return state(job) in ("done", "failed")


def has_begun(job: int, attempt: int) -> bool:
    from crm_adoption.jobs.models import Job

    return Job.objects.filter(pk=job, attempts__gte=attempt).exists()


def until(holds: Callable[[], bool]) -> None:
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < LONGEST, "nothing happened; look at the logs of the workers"
        time.sleep(0.1)


def start(process: processes.Process) -> subprocess.Popen[bytes]:
    """A process of `make run` in a group of its own; it writes to a log in the data folder."""
    with open(embedded.var_dir() / f"recovery-{process.name}.log", "ab") as log:
        return subprocess.Popen(
            [sys.executable, *process.arguments], env=os.environ | dict(process.environment), stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip


def end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


if __name__ == "__main__":
    main()
