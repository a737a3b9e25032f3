"""Loaded before Django's settings: tests run on embedded servers of their own, with a cluster that need not be safe.

`pytest -n 2 --dist loadgroup` runs the files side by side, each process with servers of its own. What starts workers or
a browser, or kills something, stays in one process, one test after the other: such tests wait for real time to pass.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest

from crm_adoption.kit import embedded

BESIDE = os.environ.get("PYTEST_XDIST_WORKER", "")  # gw0, gw1 … in the processes that run tests side by side
ALONE = {"start_worker", "live_server", "page_as"}  # fixtures of tests that stay in one process
MARKS = ("fault", "browser", "journey")

os.environ.setdefault("CRM_ADOPTION_ENV", "test")
os.environ.setdefault("CRM_ADOPTION_VAR", str(Path(__file__).resolve().parents[1] / "var" / "test"))
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser's loop lives in the test's thread
os.environ["CRM_ADOPTION_VAR"] = str(Path(os.environ["CRM_ADOPTION_VAR"]) / BESIDE)
ONE_BROKER = bool(os.environ.get("REDIS_URL"))  # named from outside: all processes would ring the same bell

_held = contextlib.ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    if BESIDE or not config.getoption("numprocesses", None):
        _held.enter_context(embedded.hold(broker=True))


def pytest_unconfigure() -> None:
    _held.close()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        alone = ONE_BROKER or ALONE & set(getattr(item, "fixturenames", ())) or any(map(item.get_closest_marker, MARKS))
        item.add_marker(pytest.mark.xdist_group("alone" if alone else item.path.stem))
