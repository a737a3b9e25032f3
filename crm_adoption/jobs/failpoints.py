"""Places where a test may kill, stop or break a process, so that recovery is shown rather than believed."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter

_seen: Counter[str] = Counter()


class Broken(RuntimeError):
    """What a failpoint with the action `raise` raises."""


def failpoint(name: str) -> None:
    """Do nothing, unless `CRMA_FAILPOINT=name:kill|exit|sleep=S|raise[:nth]` names this place.

    `nth` is a hit (`2`) or a run of hits (`1-2`), by default every hit. Hits are counted in this process, or across
    processes in the file that `CRMA_FAILPOINT_HITS` names.
    """
    setting = os.environ.get("CRMA_FAILPOINT")
    if not setting:
        return
    wanted, action, *nth = setting.split(":")
    if wanted != name:
        return
    hit = _hit(name)
    if nth:
        first, _, last = nth[0].partition("-")
        if not int(first) <= hit <= int(last or first):
            return
    if action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif action == "exit":
        os._exit(70)
    elif action.startswith("sleep="):
        time.sleep(float(action.removeprefix("sleep=")))
    elif action == "raise":
        raise Broken(f"The failpoint {name} was set to raise.")
    else:
        raise ValueError(f"CRMA_FAILPOINT asks for {action!r}; use kill, exit, sleep=S or raise.")


def _hit(name: str) -> int:
    path = os.environ.get("CRMA_FAILPOINT_HITS")
    if not path:
        _seen[name] += 1
        return _seen[name]
    with open(path, "ab") as file:
        file.write(b".")
        file.flush()
        return os.fstat(file.fileno()).st_size
