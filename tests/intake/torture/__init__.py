"""What each of the 103 torture files is to get, by what is wrong with it."""

from __future__ import annotations

from . import encodings, shapes, values, workbooks
from .terms import Expect

EXPECTED: dict[str, Expect] = {
    file: expect for part in (encodings, shapes, values, workbooks) for file, expect in part.EXPECTED.items()
}
