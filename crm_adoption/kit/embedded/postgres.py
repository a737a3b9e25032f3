"""The embedded PostgreSQL: made on first use, started, found running, stopped."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psycopg2

from crm_adoption.kit import alive
from crm_adoption.kit.embedded.binaries import as_nobody, clean_environment, postgres_program
from crm_adoption.kit.embedded.places import (
    DATABASE,
    PORT,
    SERVER_UID,
    Unavailable,
    log_file,
    make_socket_dir,
    make_var,
    socket_dir,
    var_dir,
)

PATIENCE = 60.0  # seconds for a start, crash recovery included
SETTINGS = {
    "listen_addresses": "''",
    "port": str(PORT),
    "max_connections": "80",
    "work_mem": "'32MB'",
    "maintenance_work_mem": "'256MB'",
    "max_wal_size": "'4GB'",
    "random_page_cost": "1.1",
    "shared_preload_libraries": "'pg_prewarm'",  # after a restart the cache is read again in the background
    "log_min_messages": "warning",
    "include_if_exists": "'local.conf'",
}
MEGABYTE = 1 << 20
LEAST_CACHE, MOST_CACHE = 128, 2048  # megabytes that the server may keep of the data
WITHOUT_EXTRAS = {"shared_preload_libraries": "''"}
NEED_NOT_BE_SAFE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", **WITHOUT_EXTRAS}


def data_dir() -> Path:
    return var_dir() / "postgres"


def running() -> bool:
    """Does it answer on our socket? Costs one connection."""
    try:
        _connect().close()
    except psycopg2.OperationalError as error:
        return "too many clients" in str(error)
    return True


def start() -> None:
    """Make the cluster on first use, start it if it does not run; returns once our database answers."""
    make_var()
    make_socket_dir()
    if not running() and not _wait_for_another():
        if not (data_dir() / "PG_VERSION").exists():
            _create()
        _check_fits()
        _disown_stale_locks()
        _launch()
    _make_database()


def stop() -> None:
    """Stop it at once but cleanly: open sessions are ended, committed work is safe."""
    if _postmaster() is not None:
        with contextlib.suppress(Unavailable):
            _run(["pg_ctl", "-D", str(data_dir()), "-m", "fast", "-w", "-t", "30", "-s", "stop"])


def _connect() -> psycopg2.extensions.connection:
    return psycopg2.connect(host=str(socket_dir()), port=PORT, user="postgres", dbname="postgres", connect_timeout=3)


def _make_database() -> None:
    link = _connect()
    try:
        link.autocommit = True
        with link.cursor() as cursor:
            cursor.execute("select 1 from pg_database where datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(f"create database {DATABASE}")
    finally:
        link.close()


def _postmaster() -> int | None:
    """The process that serves our data directory, if it lives; another program with its old number is not it."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        pid = int((data_dir() / "postmaster.pid").read_text().splitlines()[0])
        command = alive.command_line(pid)
        if alive.started(pid) and (not command or ("postgres" in command and str(data_dir()) in command)):
            return pid
    return None


def _wait_for_another() -> bool:
    """One that lives but does not answer is starting, recovering or stopping: wait for either end."""
    deadline = time.monotonic() + PATIENCE
    while (pid := _postmaster()) is not None:
        if running():
            return True
        if time.monotonic() > deadline:
            raise Unavailable(f"PostgreSQL (process {pid}) runs but does not answer; {_log()} may say why.")
        time.sleep(0.05)
    return False


def _create() -> None:
    """A new cluster appears whole or not at all: what a killed start left is cleared here."""
    _clear_leftovers()
    if data_dir().exists():
        try:
            data_dir().rmdir()
        except OSError as error:
            raise Unavailable(f"{data_dir()} holds something else than a cluster; move it away.") from error
    new = Path(tempfile.mkdtemp(prefix="postgres-new-", dir=var_dir()))
    if os.geteuid() == 0:
        os.chown(new, SERVER_UID, SERVER_UID)
    initdb = ["initdb", "-D", str(new), "-U", "postgres", "--auth=trust", "--encoding=UTF8"]
    initdb += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    if _need_not_be_safe():
        initdb.append("--no-sync")
    _run(initdb, dies_with_us=True)
    new.rename(data_dir())


def _clear_leftovers() -> None:
    """The processes of a killed initdb write for a moment longer than it lives: removed until nothing comes back."""
    deadline = time.monotonic() + 10
    while leftovers := list(var_dir().glob("postgres-new-*")):
        for leftover in leftovers:
            shutil.rmtree(leftover, ignore_errors=True)
        if time.monotonic() > deadline:
            return
        time.sleep(0.02)


def _check_fits() -> None:
    made_by = (data_dir() / "PG_VERSION").read_text().strip()
    owner, ours = data_dir().stat().st_uid, SERVER_UID if os.geteuid() == 0 else os.geteuid()
    if owner != ours:
        raise Unavailable(
            f"{data_dir()} was made by another user of this machine ({_name(owner)}); start as that user, "
            "or set CRM_ADOPTION_VAR to a directory of yours."
        )
    said = subprocess.run([postgres_program("postgres"), "--version"], capture_output=True, text=True, check=False)
    version = said.stdout.split()[-1].partition(".")[0] if said.stdout else ""
    if version and version != made_by:
        raise Unavailable(
            f"{data_dir()} was made by PostgreSQL {made_by}, this is {version}; dump it with the old version and "
            "load it into a new `var`, or move it away to begin anew."
        )


def _disown_stale_locks() -> None:
    """After a crash the number in a lock file may belong to another program, and PostgreSQL would not start.

    The number is replaced, not the file: PostgreSQL still checks that no orphan of the old server uses the data.
    """
    for lock in (data_dir() / "postmaster.pid", socket_dir() / f".s.PGSQL.{PORT}.lock"):
        with contextlib.suppress(FileNotFoundError):
            _first, newline, rest = lock.read_text().partition("\n")
            lock.write_text(f"{alive.NOBODYS}{newline}{rest}")


def _launch() -> None:
    (data_dir() / "postgresql.conf").write_text(_configuration())
    (data_dir() / "pg_hba.conf").write_text(_who_may())
    (data_dir() / "pg_ident.conf").write_text(f"owner {_name(os.geteuid())} postgres\n")
    deadline = time.monotonic() + 10
    path = log_file("postgres")
    with open(path, "ab") as log:
        while True:
            try:
                wait = ["-w", "-t", f"{PATIENCE:.0f}", "-s", "-o", f"-k {socket_dir()}"]
                _run(["pg_ctl", "-D", str(data_dir()), *wait, "start"], log=log.fileno())
            except Unavailable:
                said = path.read_text(errors="replace")
                # Orphans of a killed server end within a second or two of its death.
                if "shared memory block" not in said[-2000:] or time.monotonic() > deadline:
                    raise Unavailable(f"PostgreSQL did not start; {path} ends with:\n{said[-600:].strip()}") from None
                time.sleep(0.5)
            else:
                return


def _configuration() -> str:
    """Ours, rewritten at every start; `local.conf` beside it and ALTER SYSTEM are yours."""
    cache = {"shared_buffers": f"'{_cache()}MB'"}
    settings = SETTINGS | cache | (NEED_NOT_BE_SAFE if _need_not_be_safe() else {})
    if not _can_warm():
        settings |= WITHOUT_EXTRAS
    return "# written at every start; put changes into local.conf\n" + "".join(
        f"{name} = {value}\n" for name, value in settings.items()
    )


def _can_warm() -> bool:
    """Programs built without the extras would not start with a library that they do not have."""
    return bool(list(postgres_program("postgres").parent.parent.glob("lib/**/pg_prewarm.*")))


def _cache() -> int:
    """Megabytes, an eighth of the machine's memory; taken only as far as the data fill them."""
    eighth = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 8 // MEGABYTE
    return min(max(eighth, LEAST_CACHE), MOST_CACHE)


def _who_may() -> str:
    """Nobody may reach the socket's directory but its owner; under root, where that is nobody too, only root's own."""
    return "local all all " + ("peer map=owner\n" if os.geteuid() == 0 else "trust\n")


def _need_not_be_safe() -> bool:
    return os.environ.get("CRM_ADOPTION_ENV") == "test"


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"number {uid}"


def _log() -> Path:
    return var_dir() / "logs" / "postgres.log"


def _run(command: Sequence[str], *, dies_with_us: bool = False, log: int | None = None) -> None:
    """Run one of PostgreSQL's programs as the one who may; an end that is not well is one sentence."""
    program = postgres_program(command[0])
    try:
        done = subprocess.run(
            [str(program), *command[1:]], env=clean_environment(), cwd="/", start_new_session=True, text=True,
            stdin=subprocess.DEVNULL, stdout=log if log is not None else subprocess.PIPE, stderr=subprocess.STDOUT,
            preexec_fn=as_nobody(dies_with_us=dies_with_us), check=False,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        raise Unavailable(_not_allowed(program)) from error
    if done.returncode:
        said = (done.stdout or "").strip()
        raise Unavailable(
            _not_allowed(program) if "ermission denied" in said else f"{program.name} failed: {said[-600:]}"
        )


def _not_allowed(program: Path) -> str:
    who = "as root PostgreSQL runs as nobody, and" if os.geteuid() == 0 else "PostgreSQL"
    return (
        f"{program.name} may not run: {who} needs to enter {program.parent} and {var_dir()}. Start as an "
        "ordinary user, or move the project (or CRM_ADOPTION_VAR) to a directory that everybody may enter, "
        "or set DATABASE_URL."
    )
