"""Which process is that? A number alone is not enough: after a crash it may belong to another program."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path

NOBODYS = 2**22 + 1  # above every system's highest process number, so it never runs


def started(pid: int) -> str:
    """A mark of when this process started, the same for its whole life; empty when it does not run."""
    if sys.platform != "linux":
        return _ps(pid, "lstart")
    with contextlib.suppress(OSError, IndexError):
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        if after_name[0] not in "ZX":  # a zombie has ended
            boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
            return f"{boot}/{after_name[19]}"  # starttime, field 22 of proc(5)
    return ""


def command_line(pid: int) -> str:
    """What the process was called with; empty when it does not run or may not be read."""
    if sys.platform != "linux":
        return _ps(pid, "command")
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return ""


def _ps(pid: int, column: str) -> str:
    asked = subprocess.run(["ps", "-o", f"{column}=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return asked.stdout.strip()
