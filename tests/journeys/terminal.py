"""Management commands in a process of their own, as somebody at a terminal runs them."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management import CommandError

from tests.jobs.workers import environment


def manage(*words: object, **more: str) -> dict[str, Any]:
    """What a command prints as JSON on the test's store; `more` is added to its environment."""
    ended = subprocess.run(
        [sys.executable, "manage.py", *map(str, words), "--json"],
        cwd=settings.BASE_DIR, env=environment(**more), capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    if ended.returncode:
        raise CommandError(f"It ended with {ended.returncode}: {ended.stderr}")
    return json.loads(ended.stdout)  # type: ignore[no-any-return]
