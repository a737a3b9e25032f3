"""What a long-lived process has loaded stays for good, and need not be looked through for garbage."""

from __future__ import annotations

import gc


def keep_loaded() -> None:
    """Leave everything that is there now out of all later looks for garbage.

    Half a million objects are there once the application is loaded, and each look through all of them would stop every
    request of the process for a quarter of a second.
    """
    gc.freeze()
