"""What is free goes back to the system between the stages of a run."""

import ctypes
from collections.abc import Callable
from functools import cache


def give_back() -> None:
    """Ask the C library to return the memory that was freed and not reused; nothing where it knows no such call."""
    trim = _trim()
    if trim is not None:
        trim(0)


@cache
def _trim() -> Callable[[int], int] | None:
    try:
        return ctypes.CDLL(None).malloc_trim  # type: ignore[no-any-return]
    except (AttributeError, OSError, TypeError):
        return None
