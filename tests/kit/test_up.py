"""`manage.py up` for real: it starts, watches and ends everything, and recovers from being killed."""

from __future__ import annotations

import http.client
import json
import os
import pwd
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management.base import CommandError, OutputWrapper

from crm_adoption.kit import alive, embedded
from crm_adoption.kit.embedded import postgres, valkey
from crm_adoption.kit.launch import children, first_start, only_one, ready
from crm_adoption.kit.processes import Process

NAMES = {"web", "beat", "worker-interactive", "worker-bulk"}
PATIENCE = 200.0  # seconds; a start takes ten on a quiet machine
CLEAN = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL", "PORT")}


def wait_until(true: Callable[[], object], *, within: float = PATIENCE) -> None:
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, f"not within {within} s"
        time.sleep(0.05)


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Site:
    """One `var` on which launchers come and go."""

    def __init__(self, var: Path) -> None:
        self.var, self.port, self.launchers = var, unused_port(), []  # type: ignore[var-annotated]

    def up(self, port: int | None = None, **more) -> subprocess.Popen[str]:
        environment = CLEAN | {"CRM_ADOPTION_VAR": str(self.var), "PORT": str(port or self.port)}
        launcher = subprocess.Popen(
            [sys.executable, "manage.py", "up"], cwd=settings.BASE_DIR, env=environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **more,
        )  # fmt: skip
        self.launchers.append(launcher)
        return launcher

    def up_and_ready(self, **more) -> subprocess.Popen[str]:
        launcher = self.up(**more)
        said = []
        assert launcher.stdout is not None
        for line in launcher.stdout:
            said.append(line)
            if "runs at" in line:
                return launcher
        raise AssertionError("".join(said))

    def children(self) -> dict[str, int]:
        note = json.loads((self.var / "up.json").read_text())
        return {name: pid for name, (pid, _mark) in note["children"].items()}

    def status(self, path: str = "/readyz") -> int:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            link.request("GET", path)
            return link.getresponse().status
        except OSError:
            return 0
        finally:
            link.close()


@pytest.fixture
def site(tmp_path, monkeypatch):
    var = tmp_path / "var of a test"
    monkeypatch.setenv("CRM_ADOPTION_VAR", str(var))
    here = Site(var)
    yield here
    for launcher in here.launchers:
        if launcher.poll() is None:
            launcher.terminate()
        launcher.communicate(timeout=PATIENCE)
    valkey.stop()
    postgres.stop()


@pytest.mark.fault
def test_up_serves_refuses_a_second_one_and_ends_everything_by_ctrl_c(site):
    launcher = site.up_and_ready(process_group=0)
    pids = site.children()

    assert site.status() == 200
    assert set(pids) == NAMES
    assert all(alive.started(pid) for pid in pids.values())

    second = site.up(port=unused_port())
    said, _ = second.communicate(timeout=PATIENCE)
    assert second.returncode == 1
    assert said.strip() == (
        f"crm_adoption is running already at http://127.0.0.1:{site.port}/ (process {launcher.pid}). "
        f"Stop it with Ctrl-C where it was started, or with: kill {launcher.pid}"
    )

    os.killpg(launcher.pid, signal.SIGINT)  # what a terminal does: to the whole foreground group
    said, _ = launcher.communicate(timeout=PATIENCE)
    assert launcher.returncode == 0, said
    assert said.rstrip().endswith("Stopped.")
    assert "Traceback" not in said
    assert not any(alive.started(pid) for pid in pids.values())
    assert not postgres.running()
    assert not valkey.running()
    assert not (site.var / "up.json").exists()


@pytest.mark.fault
def test_what_is_killed_comes_back_and_a_killed_launcher_is_recovered_from(site):
    launcher = site.up_and_ready()
    first = site.children()

    os.kill(first["worker-bulk"], signal.SIGKILL)
    os.kill(first["web"], signal.SIGKILL)
    wait_until(
        lambda: site.children()["web"] != first["web"] and site.children()["worker-bulk"] != first["worker-bulk"]
    )
    wait_until(lambda: site.status() == 200)

    os.kill(int((site.var / "postgres" / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)
    wait_until(lambda: site.status() != 200)
    wait_until(lambda: site.status() == 200)

    before = site.children()
    launcher.kill()
    launcher.wait()
    site.up_and_ready()

    assert site.status() == 200
    assert not any(alive.started(pid) for pid in before.values())
    after = site.children()
    assert set(after) == NAMES

    site.launchers[-1].terminate()
    said, _ = site.launchers[-1].communicate(timeout=PATIENCE)
    assert site.launchers[-1].returncode == 0, said
    assert not any(alive.started(pid) for pid in after.values())
    assert not postgres.running()


@pytest.mark.fault
def test_a_port_in_use_is_one_sentence_and_starts_nothing(site):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        launcher = site.up(port=port)
        said, _ = launcher.communicate(timeout=PATIENCE)

    assert launcher.returncode == 1
    assert said.strip() == f"Port {port} is in use by another program; take another: make run PORT={port + 1}"
    assert not (site.var / "postgres").exists()


def reachable_by(user: pwd.struct_passwd, *paths: Path) -> bool:
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)
        os._exit(0 if all(os.access(path, os.R_OK | os.X_OK) for path in paths) else 1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.fault
@pytest.mark.skipif(os.geteuid() != 0, reason="whoever is not root runs every test as an ordinary user")
def test_an_ordinary_user_may_start_it_too(site, tmp_path_factory, monkeypatch):
    user = pwd.getpwnam("nobody")
    if not reachable_by(user, Path(sys.executable), Path(sys.base_prefix) / "bin", Path(settings.BASE_DIR)):
        pytest.skip("this Python lies in a directory that ordinary users may not enter")
    site.var = Path("/var/tmp") / f"crm-adoption-test-{os.getpid()}"
    site.var.mkdir()
    os.chown(site.var, user.pw_uid, user.pw_gid)

    launcher = site.up(user=user.pw_uid, group=user.pw_gid, extra_groups=[])
    wait_until(lambda: site.status() == 200)
    launcher.terminate()
    said, _ = launcher.communicate(timeout=PATIENCE)

    assert launcher.returncode == 0, said
    subprocess.run(["rm", "-rf", site.var], check=True)


# --- the parts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wanted", ["abc", "0", "65536", "-1", "80 80", "٨٠٠٠"])
def test_a_port_that_is_none_is_refused(wanted):
    with pytest.raises(ready.BadPort, match="use a whole number from 1 to 65535"):
        ready.free_port(wanted)


@pytest.fixture
def family(tmp_path, monkeypatch):
    """Small programs in the place of the real children; each writes its name when it is told to end."""
    monkeypatch.setenv("CRM_ADOPTION_VAR", str(tmp_path / "var"))
    monkeypatch.setattr(children, "signal", _QuietSignals())
    said: list[str] = []
    made: list[children.Family] = []

    def make(*groups: tuple[Process, ...]) -> tuple[children.Family, list[str]]:
        with only_one.only_one("http://127.0.0.1:1/") as note:
            made.append(children.Family(groups, directory=tmp_path, note=note, say=said.append))
            return made[-1], said

    yield make
    for one in made:
        one.stop()


class _QuietSignals:
    """The signal module, but the test's own handlers stay."""

    def __getattr__(self, name):
        return (lambda *_: None) if name == "signal" else getattr(signal, name)


def program(name: str, *, takes: float = 0.0, obeys: bool = True, patience: float = 10.0) -> Process:
    lines = [
        "import signal, sys, time",
        f"def end(*_): time.sleep({takes}); open('ended', 'a').write('{name} '); sys.exit()",
        "signal.signal(signal.SIGTERM, end)" if obeys else "signal.signal(signal.SIGTERM, signal.SIG_IGN)",
        f"open('began-{name}', 'w').close()",
        "time.sleep(60)",
    ]
    return Process(name, ("-c", "\n".join(lines)), {}, patience)


def test_children_end_group_by_group(family, tmp_path):
    group, _said = family((program("web", takes=0.3),), (program("beat", takes=0.2),), (program("worker"),))
    group.start()
    wait_until(lambda: len(list(tmp_path.glob("began-*"))) == 3)

    group.stop()

    assert (tmp_path / "ended").read_text().split() == ["web", "beat", "worker"]


def test_a_child_that_does_not_obey_is_killed_when_its_patience_is_over(family, tmp_path):
    group, _said = family((program("stubborn", obeys=False, patience=0.3),))
    group.start()
    wait_until(lambda: (tmp_path / "began-stubborn").exists())

    group.stop()

    assert group.groups[0][0].running.returncode == -signal.SIGKILL


def test_a_child_that_ends_at_once_is_tried_again_later_and_then_given_up(family, monkeypatch):
    monkeypatch.setattr(children, "TRIES", 2)
    broken = Process("web", ("-c", "print('no such table'); raise SystemExit(3)"), {}, 1.0)
    group, said = family((broken,))
    group.start()

    with pytest.raises(children.GaveUp, match=r"web ended 2 times in a row \(exit code 3\)[\s\S]*no such table"):
        wait_until(lambda: group.watch())

    assert len(said) == 1
    assert said[0].startswith("web ended (exit code 3); it starts again in 1 s, see ")


def test_a_number_that_belongs_to_another_program_now_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("CRM_ADOPTION_VAR", str(tmp_path))
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as stranger:
        left = {"pid": 1, "address": "", "children": {"web": [stranger.pid, "another boot/1"]}}
        (tmp_path / "up.json").write_text(json.dumps(left))

        with only_one.only_one("http://127.0.0.1:1/"):
            assert stranger.poll() is None

        stranger.kill()


@pytest.mark.parametrize("said", ["", "{", "[]", '{"children": 3}'])
def test_a_damaged_note_does_not_keep_the_next_from_starting(tmp_path, monkeypatch, said):
    monkeypatch.setenv("CRM_ADOPTION_VAR", str(tmp_path))
    (tmp_path / "up.json").write_text(said)

    with only_one.only_one("http://127.0.0.1:1/"):
        assert json.loads((tmp_path / "up.json").read_text())["pid"] == os.getpid()


def test_logs_of_the_last_run_are_kept_beside_the_new_ones(tmp_path, monkeypatch):
    monkeypatch.setenv("CRM_ADOPTION_VAR", str(tmp_path))
    embedded.log_file("web").write_text("yesterday")

    today = embedded.log_file("web")

    assert not today.exists()
    assert today.with_suffix(".log.1").read_text() == "yesterday"


# --- the first start -------------------------------------------------------------------------------------------------


@pytest.fixture
def first(tmp_path, monkeypatch, settings):
    """A first start whose command only notes that it was called."""
    settings.FIRST_START_COMMAND, settings.FIRST_START_WHEN_EMPTY = "load_sample", "people.Team"
    settings.VAR_DIR = tmp_path
    called: list[str] = []
    monkeypatch.setattr(first_start, "get_commands", lambda: {"load_sample": "somewhere"})
    monkeypatch.setattr(first_start, "call_command", lambda name, **_: called.append(name))
    return called


@pytest.mark.django_db
def test_the_sample_is_loaded_into_an_empty_store_once(first, django_user_model):
    said: list[str] = []
    out = OutputWrapper(sys.stdout)

    assert first_start.load_sample(said.append, out) is True
    django_user_model._meta.apps.get_model("people.Team").objects.create(name="Sales")

    assert first_start.load_sample(said.append, out) is True
    assert first == ["load_sample"]


@pytest.mark.django_db
def test_a_sample_whose_load_was_killed_is_loaded_again(first, monkeypatch, django_user_model):
    def killed(name: str, **_: object) -> None:
        django_user_model._meta.apps.get_model("people.Team").objects.create(name="Sales")
        raise KeyboardInterrupt

    monkeypatch.setattr(first_start, "call_command", killed)
    with pytest.raises(KeyboardInterrupt):
        first_start.load_sample(print, OutputWrapper(sys.stdout))
    monkeypatch.setattr(first_start, "call_command", lambda name, **_: first.append(name))

    assert first_start.load_sample(print, OutputWrapper(sys.stdout)) is True
    assert first == ["load_sample"]


@pytest.mark.django_db
def test_the_sample_never_goes_into_a_production_store(first, settings):
    settings.PRODUCTION = True

    assert first_start.load_sample(print, OutputWrapper(sys.stdout)) is False
    assert first == []


@pytest.mark.django_db
def test_a_sample_that_cannot_be_loaded_does_not_keep_the_site_from_starting(first, monkeypatch):
    def fail(name: str, **_: object) -> None:
        raise CommandError("The files are missing.")

    said: list[str] = []
    monkeypatch.setattr(first_start, "call_command", fail)

    assert first_start.load_sample(said.append, OutputWrapper(sys.stdout)) is False
    assert said[-1] == (
        "The sample company was not loaded: The files are missing. "
        "The site starts; try again with: manage.py load_sample"
    )
