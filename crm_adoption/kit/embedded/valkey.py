"""The embedded Valkey: a doorbell without files of its own, on a socket."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

from crm_adoption.kit import alive
from crm_adoption.kit.embedded.binaries import clean_environment, valkey_program
from crm_adoption.kit.embedded.places import Unavailable, log_file, make_socket_dir, make_var, socket_dir, var_dir

PATIENCE = 10.0  # seconds for a start, and for a stop


def running() -> bool:
    """Does it answer PING?"""
    return _say(b"PING\r\n").startswith(b"+PONG")


def start() -> None:
    """Start it if it does not run; returns once it answers."""
    make_var()
    make_socket_dir()
    if running():
        return
    _end(signal.SIGKILL)  # one that lives and does not answer is of no use
    _socket().unlink(missing_ok=True)
    log = log_file("valkey")
    options = {
        "port": "0", "unixsocket": str(_socket()), "unixsocketperm": "700", "save": "", "appendonly": "no",
        "daemonize": "yes", "maxmemory-policy": "noeviction", "dir": str(socket_dir()),
        "pidfile": str(_pid_file()), "logfile": str(log),
    }  # fmt: skip
    flags = [part for key, value in options.items() for part in (f"--{key}", value)]
    command = [str(valkey_program()), *flags]
    done = subprocess.run(command, capture_output=True, text=True, env=clean_environment(), cwd="/", check=False)
    deadline = time.monotonic() + PATIENCE
    while not running():
        if done.returncode or time.monotonic() > deadline:
            raise Unavailable(f"Valkey did not start: {(done.stderr or done.stdout).strip()[-300:] or f'see {log}'}")
        time.sleep(0.02)


def stop() -> None:
    """Stop it; nothing is saved, because nothing is kept."""
    if _process() is None:
        return
    _say(b"SHUTDOWN NOSAVE\r\n")
    deadline = time.monotonic() + PATIENCE
    while _process() is not None:
        if time.monotonic() > deadline:
            _end(signal.SIGKILL)
            return
        time.sleep(0.02)


def _socket() -> Path:
    return socket_dir() / "valkey.sock"


def _pid_file() -> Path:
    return var_dir() / "valkey.pid"


def _say(line: bytes) -> bytes:
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as link:
        link.settimeout(2)
        link.connect(str(_socket()))
        link.sendall(line)
        return link.recv(100)
    return b""


def _process() -> int | None:
    with contextlib.suppress(OSError, ValueError):
        pid = int(_pid_file().read_text())
        if alive.started(pid) and "valkey-server" in alive.command_line(pid):
            return pid
    return None


def _end(how: signal.Signals) -> None:
    pid = _process()
    if pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, how)
