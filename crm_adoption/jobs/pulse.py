"""The second connection of a running job: heartbeat, progress out, wishes to stop in.

It has its own thread and its own connection, so that a long statement or transaction of the work never looks dead.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import threading
import time
from typing import Any

import structlog
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections

from crm_adoption.jobs.kinds import Cancelled, Interrupted, Stopping, Superseded

log = structlog.get_logger(__name__)

WRITES_APART = 0.5  # seconds between two writes of progress
PATIENCE = 1.0  # seconds the work has to stop by itself before its SQL statement is cancelled
BEAT = """
    UPDATE jobs_joblease
       SET until = clock_timestamp() + make_interval(secs => %s), progress = %s, total = %s, message = %s
     WHERE job_id = %s AND attempt = %s RETURNING cancel_asked"""

_signals: int | None = None  # reading end of the pipe that tells of SIGTERM, in a worker's child
_working = threading.Event()


def listen_for_sigterm() -> None:
    """In a worker's child: SIGTERM asks the running job to stop; without one it ends the process as usual."""
    global _signals
    reader, writer = os.pipe()
    for end in (reader, writer):
        os.set_blocking(end, False)

    def on_term(number: int, frame: object) -> None:
        if not _working.is_set():
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)

    signal.signal(signal.SIGTERM, on_term)
    # The byte is written even while the main thread waits inside a statement, where on_term cannot run yet.
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    _signals = reader


class Pulse:
    """Keep the lease of one attempt alive; `why` says which interruption the work must obey, if any."""

    def __init__(self, job_id: int, attempt: int) -> None:
        self.job_id, self.attempt = job_id, attempt
        self.why: type[Interrupted] | None = None
        self.cut_short = False  # a statement of the work was cancelled from here
        self.progress, self.total, self.message = 0, None, ""  # type: int, int | None, str
        self._news = self._ended = False
        self._since = 0.0
        self._reader, self._writer = os.pipe()
        for end in (self._reader, self._writer):
            os.set_blocking(end, False)
        self._main: Any = connection.connection
        self._may_cut = threading.Lock()
        self._at_work = True
        self._thread = threading.Thread(target=self._run, name=f"pulse of job {job_id}", daemon=True)

    def start(self) -> None:
        _working.set()
        self._thread.start()

    def tell(self, progress: int, total: int | None, message: str) -> None:
        """Show this as progress soon; never waits for the database."""
        self.progress, self.message = progress, message[:500] or self.message
        self.total = total if total is not None else self.total
        if not self._news:
            self._news = True
            self._wake()

    def work_is_over(self) -> None:
        """From now on no statement on the main connection is cancelled: they are our own bookkeeping."""
        with self._may_cut:
            self._at_work = False

    def end(self) -> None:
        self._ended = True
        _working.clear()
        self._wake()
        self._thread.join()
        os.close(self._reader)
        os.close(self._writer)

    def shown(self) -> dict[str, Any]:
        return {"progress": self.progress, "total": self.total, "message": self.message}

    def interrupt(self, why: type[Interrupted]) -> None:
        if self.why is None:
            self.why, self._since = why, time.monotonic()
            log.info("job_interrupted", why=why.__name__)

    # --- the thread ----------------------------------------------------------------------------------------------

    def _run(self) -> None:
        ours = connections.create_connection(DEFAULT_DB_ALIAS)
        last = time.monotonic()
        due = last + settings.JOB_HEARTBEAT
        try:
            while not self._ended:
                if self._news:
                    due = min(due, last + WRITES_APART)
                wait = due - time.monotonic()
                self._listen(wait if self.why is None else min(wait, PATIENCE / 2))
                if not self._ended and time.monotonic() >= due:
                    self._beat(ours)
                    last = time.monotonic()
                    due = last + settings.JOB_HEARTBEAT
                self._cut_short()
        finally:
            with contextlib.suppress(DatabaseError):
                ours.close()

    def _listen(self, seconds: float) -> None:
        ends = [self._reader] if _signals is None else [self._reader, _signals]
        ready, _, _ = select.select(ends, [], [], max(0.0, seconds))
        for end in ready:
            with contextlib.suppress(BlockingIOError):
                heard = os.read(end, 4096)
                if end == _signals and signal.SIGTERM in heard:
                    self.interrupt(Stopping)

    def _beat(self, ours: Any) -> None:
        self._news = False
        values = [settings.JOB_LEASE, self.progress, self.total, self.message, self.job_id, self.attempt]
        try:
            with ours.cursor() as cursor:
                cursor.execute(BEAT, values)
                row = cursor.fetchone()
        except DatabaseError as error:  # the store is away: the fence decides later whether we are still wanted
            log.warning("job_heartbeat_failed", error=str(error).strip())
            with contextlib.suppress(DatabaseError):
                ours.close()
            return
        if row is None:
            if self._at_work:
                self.interrupt(Superseded)
        elif row[0]:
            self.interrupt(Cancelled)

    def _cut_short(self) -> None:
        """The work did not look up in time: cancel the statement it waits for."""
        if self.why is None or time.monotonic() - self._since < PATIENCE:
            return
        with self._may_cut:
            if self._at_work and self._main is not None and not self._main.closed:
                self.cut_short = True
                with contextlib.suppress(Exception):  # the connection may be gone by now
                    self._main.cancel()

    def _wake(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.write(self._writer, b"\0")
