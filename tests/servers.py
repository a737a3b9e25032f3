"""Loaded before Django's settings: tests run on embedded servers of their own, with a cluster that need not be safe."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

os.environ.setdefault("CRM_ADOPTION_ENV", "test")
os.environ.setdefault("CRM_ADOPTION_VAR", str(Path(__file__).resolve().parents[1] / "var" / "test"))
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser's loop lives in the test's thread

from crm_adoption.kit import embedded

_held = contextlib.ExitStack()


def pytest_configure() -> None:
    _held.enter_context(embedded.hold(broker=True))


def pytest_unconfigure() -> None:
    _held.close()
