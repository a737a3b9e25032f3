"""Time on processors, which other work on the machine takes less from than from the clock."""

from __future__ import annotations

import os
import resource
import time
from pathlib import Path


def processor() -> float:
    """Seconds so far: of this process, of the children it waited for, and of our server process."""
    from django.db import connection

    connection.ensure_connection()
    readers = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = time.process_time() + readers.ru_utime + readers.ru_stime
    server = Path(f"/proc/{connection.connection.info.backend_pid}/stat")
    if server.exists():  # on this machine, and Linux
        user, system = server.read_text().rpartition(")")[2].split()[11:13]
        spent += (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
    return spent
