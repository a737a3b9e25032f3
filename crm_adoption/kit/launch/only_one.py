"""One launcher for each `var`; what a killed one left running is ended by the next."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from crm_adoption.kit import alive
from crm_adoption.kit.embedded.places import make_var

PATIENCE = 10.0  # seconds that what a killed launcher left gets to end well


class AlreadyUp(RuntimeError):
    """Another launcher runs; the sentence says where."""


class Note:
    """`var/up.json`: who launched, at which address, and which processes with the mark of their start."""

    def __init__(self, path: Path, address: str) -> None:
        self.path, self.address = path, address
        self.children: dict[str, tuple[int, str]] = {}

    def write(self) -> None:
        said = {"pid": os.getpid(), "address": self.address, "children": self.children}
        new = self.path.with_suffix(".new")
        new.write_text(json.dumps(said))
        new.replace(self.path)

    def remember(self, name: str, pid: int) -> None:
        self.children[name] = (pid, alive.started(pid))
        self.write()


@contextlib.contextmanager
def only_one(address: str) -> Iterator[Note]:
    """Be the only launcher for as long as this block runs."""
    var = make_var()
    path = var / "up.json"
    with open(var / "up.lock", "a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyUp(_where(_read(path))) from None
        _end_leftovers(_read(path))
        note = Note(path, address)
        note.write()
        try:
            yield note
        finally:
            path.unlink(missing_ok=True)


def _read(path: Path) -> dict[str, object]:
    with contextlib.suppress(OSError, ValueError):
        said = json.loads(path.read_text())
        if isinstance(said, dict):
            return said
    return {}


def _where(said: dict[str, object]) -> str:
    if "address" not in said:
        return "crm_adoption is starting or stopping already; try again in a moment."
    return (
        f"crm_adoption is running already at {said['address']} (process {said['pid']}). "
        f"Stop it with Ctrl-C where it was started, or with: kill {said['pid']}"
    )


def _end_leftovers(said: dict[str, object]) -> None:
    """End the children of a launcher that was killed; a number that belongs to another program now is left alone."""
    children = said.get("children")
    left = [(pid, mark) for pid, mark in (children.values() if isinstance(children, dict) else ()) if mark]
    for how, patience in ((signal.SIGTERM, PATIENCE), (signal.SIGKILL, PATIENCE)):
        left = [(pid, mark) for pid, mark in left if alive.started(pid) == mark]
        for pid, _mark in left:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, how)
        deadline = time.monotonic() + patience
        while any(alive.started(pid) == mark for pid, mark in left) and time.monotonic() < deadline:
            time.sleep(0.05)
