"""What the web process has loaded before its first request."""

from __future__ import annotations

import subprocess
import sys

SAID = """
import gc, sys
import crm_adoption.wsgi
print("dataquality.views.records" in sys.modules, gc.get_freeze_count() > 100_000)
"""


def test_the_pages_are_loaded_before_the_first_request_and_not_looked_through_for_garbage():
    said = subprocess.run([sys.executable, "-c", SAID], capture_output=True, text=True, check=True, timeout=120)

    assert said.stdout.split() == ["True", "True"]
