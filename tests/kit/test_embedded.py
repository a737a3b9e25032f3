"""The embedded servers: first in starts, last out stops, and every way of being killed is recovered from.

Each test has a `var` of its own in a directory that is private to whoever runs the tests.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time

import psycopg2
import pytest
from django.conf import settings

from crm_adoption.kit import alive, embedded
from crm_adoption.kit.embedded import postgres, valkey
from crm_adoption.kit.embedded.places import DATABASE, SERVER_UID, make_socket_dir

pytestmark = pytest.mark.fault
HOLD = """
import sys
from crm_adoption.kit import embedded
with embedded.hold(broker=True):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def var(tmp_path, monkeypatch):
    """A `var` nobody else uses, at an awkward place; what still runs there afterwards is ended."""
    path = tmp_path / "a private place" / ("with a long name " * 4).strip() / "var"
    path.parent.parent.mkdir(mode=0o700)
    path.parent.mkdir()
    monkeypatch.setenv("CRM_ADOPTION_VAR", str(path))
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    yield path
    valkey.stop()
    postgres.stop()


@pytest.fixture
def holder(var):
    """Start other processes that hold the servers; they end with the test."""
    started: list[subprocess.Popen[str]] = []

    def start(*, wait: bool = True) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD], cwd=settings.BASE_DIR, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        started.append(process)
        if wait:
            assert process.stdout is not None
            assert process.stdout.readline() == "held\n", process.stderr and process.stderr.read()
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )


def wait_until(true, *, within: float = 20.0) -> None:
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, f"not within {within} s"
        time.sleep(0.01)


def databases() -> set[str]:
    link = psycopg2.connect(host=str(embedded.socket_dir()), user="postgres", dbname="postgres")
    with link.cursor() as cursor:
        cursor.execute("select datname from pg_database")
        names = {row[0] for row in cursor.fetchall()}
    link.close()
    return names


def test_a_command_alone_starts_postgresql_and_leaves_nothing_running(var):
    done = command("showmigrations", "people")

    assert done.returncode == 0, done.stderr
    assert "[ ] 0001_initial" in done.stdout
    assert not postgres.running()
    assert not valkey.running()


def test_a_command_beside_a_holder_leaves_the_servers_as_found(holder):
    holder()

    done = command("showmigrations", "people")

    assert done.returncode == 0, done.stderr
    assert postgres.running()
    assert valkey.running()


def test_a_command_that_is_told_to_stop_stops_its_servers(var):
    script = "import time; print('in', flush=True); time.sleep(60)"
    with subprocess.Popen(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", script],
        cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "in\n"
        process.terminate()

    assert process.returncode == 128 + signal.SIGTERM
    assert not postgres.running()


def test_the_last_of_two_holders_stops_the_servers(holder):
    first, second = holder(), holder()

    first.communicate()
    assert postgres.running()
    second.communicate()

    assert not postgres.running()
    assert not valkey.running()


def test_three_first_starts_at_once_share_one_cluster(holder, var):
    processes = [holder(wait=False) for _ in range(3)]

    assert [process.stdout.readline() for process in processes] == ["held\n"] * 3
    assert DATABASE in databases()
    for process in processes:
        process.communicate()
    assert not postgres.running()
    assert list(var.glob("postgres-new-*")) == []


def test_servers_that_a_killed_holder_left_serve_the_next_and_end_with_it(holder):
    first = holder()
    first.kill()
    first.wait()
    assert postgres.running()

    second = holder()
    second.communicate()

    assert not postgres.running()
    assert not valkey.running()


def test_a_first_start_killed_while_it_makes_the_cluster_is_made_good_by_the_next(holder, var):
    first = holder(wait=False)
    wait_until(lambda: any(var.glob("postgres-new-*/PG_VERSION")))
    first.kill()
    first.wait()
    assert not (var / "postgres").exists()

    with embedded.hold(broker=False):
        assert DATABASE in databases()

    assert list(var.glob("postgres-new-*")) == []


def test_a_start_killed_before_its_database_was_made_is_made_good_by_the_next(var):
    with embedded.hold(broker=False):
        link = psycopg2.connect(host=str(embedded.socket_dir()), user="postgres", dbname="postgres")
        link.autocommit = True
        with link.cursor() as cursor:
            cursor.execute(f"drop database {DATABASE}")
        link.close()

        with embedded.hold(broker=False):
            assert DATABASE in databases()


def test_lock_files_of_a_crash_that_name_another_program_do_not_keep_postgresql_from_starting(var):
    with embedded.hold(broker=False):
        pid = int((var / "postgres" / "postmaster.pid").read_text().splitlines()[0])
        locks = [var / "postgres" / "postmaster.pid", embedded.socket_dir() / ".s.PGSQL.5432.lock"]
        left = [lock.read_text() for lock in locks]
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not alive.started(pid))
    for lock, text in zip(locks, left, strict=True):
        lock.write_text(text.replace(str(pid), str(os.getpid()), 1))

    with embedded.hold(broker=False):
        assert DATABASE in databases()


def test_servers_that_die_under_a_holder_are_revived(var):
    with embedded.hold(broker=True):
        postmaster = int((var / "postgres" / "postmaster.pid").read_text().splitlines()[0])
        for pid in (postmaster, int((var / "valkey.pid").read_text())):
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not postgres.running() and not valkey.running())

        embedded.revive()

        assert DATABASE in databases()
        assert valkey.running()


def test_entering_while_the_servers_run_costs_little(var):
    with embedded.hold(broker=True):
        took = []
        for _ in range(5):
            began = time.monotonic()
            with embedded.hold(broker=True):
                took.append(time.monotonic() - began)

    assert min(took) < 0.1


def test_after_a_restart_the_cache_is_read_again_where_the_programs_can(var, monkeypatch):
    monkeypatch.setenv("CRM_ADOPTION_ENV", "local")
    if "pg_prewarm" not in postgres._configuration():
        pytest.skip("these programs of PostgreSQL come without pg_prewarm")

    def ask(statement: str) -> int:
        with contextlib.closing(psycopg2.connect(host=str(embedded.socket_dir()), user="postgres")) as link:
            link.autocommit = True
            with link.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchone()[0] if cursor.description else 0

    with embedded.hold(broker=False):
        ask("create extension pg_buffercache")
        ask("create table much as select n, repeat('x', 1000) as said from generate_series(1, 8000) as n")
        assert ask("select count(*) from much") == 8000
    with embedded.hold(broker=False):
        cached = "select count(*) from pg_buffercache where relfilenode = pg_relation_filenode('much')"
        wait_until(lambda: ask(cached) > 1000)


def test_programs_without_the_extras_start_without_them(var, monkeypatch):
    monkeypatch.setenv("CRM_ADOPTION_ENV", "local")
    assert "pg_prewarm" in postgres._configuration()
    monkeypatch.setattr(postgres, "postgres_program", lambda name: var / "bin" / name)
    assert "pg_prewarm" not in postgres._configuration()


def test_data_of_another_version_is_refused_with_the_way_out(var):
    with embedded.hold(broker=False):
        pass
    (var / "postgres" / "PG_VERSION").write_text("9\n")

    with pytest.raises(embedded.Unavailable, match="made by PostgreSQL 9, this is"), embedded.hold(broker=False):
        pass


def test_a_directory_that_is_no_cluster_is_not_touched(var):
    (var / "postgres").mkdir(parents=True)
    (var / "postgres" / "letters.txt").write_text("dear")

    with pytest.raises(embedded.Unavailable, match="move it away"), embedded.hold(broker=False):
        pass

    assert (var / "postgres" / "letters.txt").read_text() == "dear"


def test_a_var_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    done = subprocess.run(
        [sys.executable, "manage.py", "showmigrations"], cwd=settings.BASE_DIR, capture_output=True, text=True,
        env=os.environ | {"CRM_ADOPTION_VAR": str(tmp_path / "file" / "var")}, check=False,
    )  # fmt: skip

    assert done.returncode == 1
    assert done.stderr.strip() == (
        f"{tmp_path}/file/var cannot be made (Not a directory); set CRM_ADOPTION_VAR to a directory of yours."
    )


def test_a_socket_directory_that_is_not_one_is_refused(var):
    embedded.socket_dir().symlink_to(var.parent)
    try:
        with pytest.raises(embedded.Unavailable, match="belongs to somebody else"):
            make_socket_dir()
    finally:
        embedded.socket_dir().unlink()


@pytest.mark.skipif(os.geteuid() != 0, reason="only under root does PostgreSQL run as somebody else")
def test_under_root_another_process_of_nobody_may_not_sign_in(var):
    place = str(embedded.socket_dir())
    with embedded.hold(broker=False):
        child = os.fork()
        if child == 0:
            code = 1
            try:
                os.setgroups([])
                os.setgid(SERVER_UID)
                os.setuid(SERVER_UID)
                psycopg2.connect(host=place, user="postgres", dbname=DATABASE)
            except psycopg2.OperationalError as error:
                code = 0 if "Peer authentication failed" in str(error) else 2
            finally:
                os._exit(code)
        _pid, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 0


def test_nothing_listens_on_the_network(var):
    with embedded.hold(broker=True):
        link = psycopg2.connect(host=str(embedded.socket_dir()), user="postgres", dbname=DATABASE)
        with link.cursor() as cursor:
            cursor.execute("select current_setting('listen_addresses')")
            assert cursor.fetchone() == ("",)
        link.close()
        with socket.socket(socket.AF_UNIX) as bell:
            bell.connect(str(embedded.socket_dir() / "valkey.sock"))
            bell.sendall(b"CONFIG GET port\r\n")
            assert b"\r\n0\r\n" in bell.recv(100)
