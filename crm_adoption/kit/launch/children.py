"""The launcher's children: started, watched, started again, ended in order."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from crm_adoption.kit.embedded.binaries import PR_SET_PDEATHSIG
from crm_adoption.kit.embedded.places import log_file
from crm_adoption.kit.launch.only_one import Note
from crm_adoption.kit.processes import Process

LONG_ENOUGH = 30.0  # seconds of life after which an earlier failure is forgiven
TRIES = 5
Say = Callable[[str], object]


class GaveUp(RuntimeError):
    """A child ends again and again; the sentence says which, and what its log says."""


@dataclass
class Child:
    """One process and what became of it."""

    process: Process
    log: Path
    running: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0
    not_before: float = 0.0


class Family:
    """All children, in groups that end one after the other."""

    def __init__(self, groups: Sequence[Iterable[Process]], *, directory: Path, note: Note, say: Say) -> None:
        self.groups = [[Child(process, log_file(process.name)) for process in group] for group in groups]
        self.directory, self.note, self.say = directory, note, say

    def start(self) -> None:
        for child in self._all():
            self._start(child)

    def watch(self) -> None:
        """Start again what has ended, a little later each time; `GaveUp` when that is of no use."""
        for child in self._all():
            if child.running is None:
                if time.monotonic() >= child.not_before:
                    self._start(child)
            elif child.running.poll() is not None:
                self._ended(child, child.running.returncode)

    def stop(self) -> None:
        """End the groups in order, each child with its patience; a further Ctrl-C ends the waiting."""
        impatient: list[int] = []
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: impatient.append(1))
        for group in self.groups:
            self._signal(group, signal.SIGTERM)
            patience = max((child.process.patience for child in group), default=0.0)
            deadline = time.monotonic() + patience
            while any(self._lives(c) for c in group) and time.monotonic() < deadline and len(impatient) < 2:
                time.sleep(0.05)
            self._signal(group, signal.SIGKILL)
            for child in group:
                if child.running is not None:
                    child.running.wait()

    def _all(self) -> list[Child]:
        """Workers first, the web last: whoever comes finds somebody to do the work."""
        return [child for group in reversed(self.groups) for child in group]

    def _start(self, child: Child) -> None:
        environment = {**os.environ, **child.process.environment, "PYTHONUNBUFFERED": "1"}
        with open(child.log, "ab") as log:
            child.running = subprocess.Popen(
                [sys.executable, *child.process.arguments], cwd=self.directory, env=environment,
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches the launcher only, and the launcher ends them in order
                preexec_fn=_ends_with(os.getpid()),
            )  # fmt: skip
        child.started_at = time.monotonic()
        self.note.remember(child.process.name, child.running.pid)

    def _ended(self, child: Child, code: int) -> None:
        lived = time.monotonic() - child.started_at
        child.running = None
        child.failures = 1 if lived > LONG_ENOUGH else child.failures + 1
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        if child.failures >= TRIES:
            last = "\n".join(child.log.read_text(errors="replace").splitlines()[-8:])
            raise GaveUp(f"{child.process.name} ended {TRIES} times in a row ({how}); {child.log} ends with:\n{last}")
        wait = 2.0 ** (child.failures - 1)
        child.not_before = time.monotonic() + wait
        self.say(f"{child.process.name} ended ({how}); it starts again in {wait:.0f} s, see {child.log}")

    @staticmethod
    def _lives(child: Child) -> bool:
        return child.running is not None and child.running.poll() is None

    def _signal(self, group: Iterable[Child], how: signal.Signals) -> None:
        """SIGTERM to the process itself, which knows what to do; SIGKILL to everything it has started."""
        for child in group:
            if child.running is None:
                continue
            with contextlib.suppress(ProcessLookupError, PermissionError):
                if how == signal.SIGKILL:
                    os.killpg(child.running.pid, how)
                elif child.running.poll() is None:
                    child.running.send_signal(how)


def _ends_with(launcher: int) -> Callable[[], None] | None:
    """On Linux a child is told to end when its launcher is killed; elsewhere the next launcher ends it."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)

    def prepare() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != launcher:
            os._exit(1)

    return prepare
