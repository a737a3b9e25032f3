"""Read one uploaded file in a disposable child process: what the application calls."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path

from .terms import Choices, Limits, Notice, Question, Reading, Refused, Sheet

__all__ = ["Choices", "Limits", "Notice", "Question", "Reading", "Refused", "Sheet", "read_file"]

log = logging.getLogger(__name__)

RESULT = "reading.json"
ROOT = Path(__file__).resolve().parents[2]


def read_file(
    path: Path, *, name: str, into: Path, choices: Choices | None = None, limits: Limits | None = None
) -> Reading:
    """Gate, sniff and read `path`, called `name` by its sender, into parquet chunks below `into`.

    The file is opened only by a child with limits on memory, processor, wall clock and output, in a
    session of its own and without this process's environment. Whatever it does to the child, the caller
    gets a Reading or a Refused.
    """
    choices, limits = choices or Choices(), limits or Limits()
    into.mkdir(parents=True, exist_ok=True)
    result = into / RESULT
    for left in (result, *into.glob("*.parquet")):
        left.unlink(missing_ok=True)
    order = {
        "path": str(path.resolve()),
        "name": name,
        "into": str(into.resolve()),
        "choices": choices.as_json(),
        "limits": limits.as_json(),
    }
    ended = _run_child(json.dumps(order), into, limits)
    try:
        said = json.loads(result.read_text("utf-8"))
    except (OSError, ValueError):
        log.warning("the reader of an upload ended with %s and left no result", ended)
        raise _lost(ended, limits) from None
    if "refused" in said:
        raise Refused.from_json(said["refused"])
    return Reading.from_json(said["reading"])


def _run_child(order: str, into: Path, limits: Limits) -> int | None:
    """The child's return code, or None when the wall clock ended it."""
    environment = {
        "PATH": os.defpath,
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LANG": "C.UTF-8",
        "POLARS_MAX_THREADS": "1",
        "TMPDIR": str(into.resolve()),
    }
    with (into / "reader.err").open("wb") as errors:
        child = subprocess.Popen(
            [sys.executable, "-P", "-m", "dataquality.intake.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env=environment,
            cwd=into,
            start_new_session=True,
        )
        try:
            child.communicate(order.encode(), timeout=limits.wall_seconds)
            return child.returncode
        except subprocess.TimeoutExpired:
            return None
        finally:
            _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    """Kill a child that still runs, with its process group, and reap it."""
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _lost(ended: int | None, limits: Limits) -> Refused:
    if ended is None or ended in (-signal.SIGXCPU, -signal.SIGKILL):
        return Refused(
            "file_refused",
            f"Reading this file took longer than its limit ({limits.processor_seconds} s of processor, "
            f"{limits.wall_seconds} s in all): split it into smaller files, or save it again as CSV (UTF-8).",
        )
    return Refused(
        "file_refused",
        "The reader broke off on this file, so nothing of it was taken: open it in a spreadsheet program, "
        "save it again as .xlsx or as CSV (UTF-8), and upload that.",
    )
