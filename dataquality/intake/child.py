"""The disposable process that opens an upload: limits first, then gate and reader, one JSON file as answer."""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import resource
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

from .gate import admit
from .reading import RESULT
from .terms import Choices, Limits, Reading, Refused

PR_SET_PDEATHSIG = 1
# Imported by name once the gate has spoken: the readers bring polars, which a refusal need not wait for.
READERS = {
    "csv": "dataquality.intake.readers.delimited",
    "html": "dataquality.intake.readers.webpage",
    "ndjson": "dataquality.intake.readers.ndjson",
    "vcard": "dataquality.intake.readers.vcard",
    "xlsx": "dataquality.intake.readers.workbook",
}


def confine(limits: Limits) -> None:
    """Take away what the reader does not need; the kernel enforces it from here on."""
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, limits.processor_seconds),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_FSIZE, limits.written),
    ):
        resource.setrlimit(what, (most, most))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def read(path: Path, name: str, into: Path, choices: Choices, limits: Limits) -> Reading:
    """Let the gate name the kind, then hand the file to the reader of that kind."""
    admitted = admit(path, name, limits)
    if admitted.kind == "csv":
        gc.disable()  # its rows are lists of text without cycles: looking for some costs a fifth of the time
    reader = importlib.import_module(READERS[admitted.kind])
    reading: Reading = reader.read(path, into, choices, limits, admitted)
    return reading


def peak_memory() -> int:
    """The most memory this process held at once, in bytes; getrusage would count the parent's before exec."""
    try:
        status = Path("/proc/self/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024
    except (OSError, IndexError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> None:
    order = json.load(sys.stdin)
    limits, into = Limits.from_json(order["limits"]), Path(order["into"])
    confine(limits)
    try:
        reading = read(Path(order["path"]), order["name"], into, Choices.from_json(order["choices"]), limits)
        answer: dict[str, Any] = {"reading": reading.as_json()}
    except Refused as refused:
        answer = {"refused": refused.as_json()}
    except MemoryError:
        answer = {
            "refused": Refused(
                "too_much_memory",
                f"Reading this file needs more than {limits.memory // 1_000_000:,} MB of memory: split it into "
                "smaller files and upload them one by one.",
            ).as_json()
        }
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        print(f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}", file=sys.stderr)
        raise SystemExit(3) from None
    answer["peak_bytes"] = peak_memory()
    unfinished = into / (RESULT + ".part")
    unfinished.write_text(json.dumps(answer), "utf-8")
    os.replace(unfinished, into / RESULT)


if __name__ == "__main__":
    main()
