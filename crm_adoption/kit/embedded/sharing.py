"""First in starts the servers, last out stops them.

Every process that needs them holds a shared lock on `var/servers.users`, so a management command beside a running
site, or alone, leaves things as it found them. A killed process drops its lock by itself; servers it leaves behind
are found by the next one.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence

from crm_adoption.kit.embedded import postgres, valkey
from crm_adoption.kit.embedded.places import Unavailable, make_var

# Commands that touch no store; `up` holds the servers itself.
NO_SERVERS = {"help", "version", "check", "makemessages", "compilemessages", "collectstatic", "findstatic", "up"}
NO_BROKER = {"migrate", "makemigrations", "showmigrations", "sqlmigrate", "createcachetable", "shell", "dbshell"}
ASKS_FOR_HELP = {"-h", "--help", "--version"}


@contextlib.contextmanager
def hold(*, broker: bool) -> Iterator[None]:
    """Keep PostgreSQL (and the broker) up for as long as this block runs; a URL that is set is somebody else's care."""
    with open(make_var() / "servers.users", "a") as users:
        try:
            with _turn():
                fcntl.flock(users, fcntl.LOCK_SH)
                _start(broker=broker)
            yield
        finally:
            with _turn():
                try:
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    pass  # others are still in
                else:
                    valkey.stop()
                    postgres.stop()


def revive() -> None:
    """Start again what has died under a holder; cheap while both answer."""
    with _turn():
        _start(broker=True)


def _start(*, broker: bool) -> None:
    if not os.environ.get("DATABASE_URL"):
        postgres.start()
    if broker and not os.environ.get("REDIS_URL"):
        valkey.start()


@contextlib.contextmanager
def _turn() -> Iterator[None]:
    """One process at a time starts or stops the servers."""
    with open(make_var() / "servers.turn", "a") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def for_command(argv: Sequence[str]) -> Iterator[None]:
    """Hold the servers while a management command that may need them runs; SIGTERM ends it as Ctrl-C does.

    A person waits for a command, so its statements may take their time; the web process sets a limit of its own.
    """
    os.environ.setdefault("STATEMENT_TIMEOUT", "0")
    command = argv[1] if len(argv) > 1 else "help"
    own_servers = os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")
    try:
        if command in NO_SERVERS or own_servers or ASKS_FOR_HELP & set(argv[1:]):
            yield
            return
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, _leave)
        with hold(broker=command not in NO_BROKER):
            yield
    except Unavailable as error:
        sys.exit(str(error))


def _leave(number: int, frame: object) -> None:
    sys.exit(128 + number)
