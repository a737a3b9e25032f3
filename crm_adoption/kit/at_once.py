"""Ask the store and compute at the same time: two processors, and still one connection and one transaction."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Asked = TypeVar("Asked")
Computed = TypeVar("Computed")


def at_once(ask: Callable[[], Asked], compute: Callable[[], Computed]) -> tuple[Asked, Computed]:
    """What both give. `compute` runs in a thread of its own, and so may not ask the store, nor who acts, nor in which
    language; it gains as far as it leaves Python for compiled code, and as `ask` waits.

    What either raises is raised here, the store's first, and not before both have ended.
    """
    with ThreadPoolExecutor(max_workers=1) as other:
        computing = other.submit(compute)
        asked = ask()
        return asked, computing.result()
