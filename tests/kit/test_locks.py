"""The lock files: every package pinned with its hashes, and no address of any index."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

BASE = Path(settings.BASE_DIR)
LOCKS = ("requirements.lock", "requirements-dev.lock")
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[[^\]]+\])?==(?P<version>[^ ;\\]+)(?P<marker> ;[^\\]+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(text: str) -> dict[str, list[str]]:
    """Versions of each package with at least one hash; a line that is neither pin, hash nor remark is refused."""
    found: dict[str, list[str]] = {}
    waiting = ""
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if pin := PIN.match(line):
            assert not waiting, f"line {number}: {waiting} has no hash"
            waiting = canonical(pin["name"])
            found.setdefault(waiting, []).append(pin["version"])
        else:
            assert HASH.match(line), f"line {number} is neither a pin nor a hash: {line}"
            waiting = ""
    assert not waiting, f"{waiting} has no hash"
    return found


def wanted(requirements: list[str]) -> set[str]:
    return {canonical(re.split(r"[\[<>=!~; ]", requirement)[0]) for requirement in requirements}


@pytest.mark.parametrize("name", LOCKS)
def test_every_line_is_pinned_with_a_hash_and_names_no_address(name):
    text = (BASE / name).read_text()

    assert "://" not in text
    assert not re.search(r"^\s*(--index|--extra-index|--find-links|-i |-f )", text, re.MULTILINE)
    assert len(pins(text)) > 50


@pytest.mark.parametrize(
    "line", ["django\n", "django==5.2 \\\n", "django>=5.2 \\\n    --hash=sha256:" + "0" * 64, "-e .\n", "django==5.2\n"]
)
def test_a_line_without_pin_or_hash_is_found(line):
    with pytest.raises(AssertionError):
        pins(line)


def test_the_locks_hold_what_pyproject_asks_for():
    project = tomllib.loads((BASE / "pyproject.toml").read_text())
    runtime = wanted(project["project"]["dependencies"] + project["project"]["optional-dependencies"]["embedded"])
    development = wanted(project["dependency-groups"]["dev"])

    assert runtime - set(pins((BASE / "requirements.lock").read_text())) == set()
    assert development - set(pins((BASE / "requirements-dev.lock").read_text())) == set()


def test_the_development_lock_runs_on_what_production_runs_on():
    runtime, development = (pins((BASE / name).read_text()) for name in LOCKS)

    assert {name: versions for name, versions in runtime.items() if development.get(name) != versions} == {}


def test_production_installs_nothing_of_development():
    runtime = set(pins((BASE / "requirements.lock").read_text()))

    assert runtime & {"pytest", "ruff", "mypy", "playwright", "hypothesis", "django-import-export"} == set()
