"""What one spreadsheet cell says, as text: exact numbers, ISO dates, unescaped strings."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum

ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
WHOLE = re.compile(r"-?\d{1,15}")
DIGITS = re.compile(r"\d")
BUILT_IN_DATES = {14, 15, 17, *range(27, 37), *range(50, 59), 16}
BUILT_IN_MOMENTS = {22}
BUILT_IN_TIMES = {18, 19, 20, 21, 45, 46, 47}
NO_CODE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
LAST_SERIAL = 2_958_465  # 9999-12-31 in the 1900 calendar
CALENDARS_APART = 1_462
SMALLEST_SPELT_OUT = 1e-30
MILLISECONDS = 86_400_000
# Day 0 of each calendar. Excel's 1900 calendar has a 29 February 1900 (serial 60) that never was, so serials
# above it count from one day earlier.
EPOCH_1900 = datetime(1899, 12, 31)
EPOCH_1904 = datetime(1904, 1, 1)


class Shape(Enum):
    """How a number format shows a number."""

    NUMBER = "number"
    DATE = "date"
    MOMENT = "moment"
    TIME = "time"


def shape_of(number_format: int, code: str | None) -> Shape:
    """Whether a number format shows a day, a moment, a time of day, or a plain number."""
    if code is None:
        if number_format in BUILT_IN_DATES:
            return Shape.DATE
        if number_format in BUILT_IN_MOMENTS:
            return Shape.MOMENT
        return Shape.TIME if number_format in BUILT_IN_TIMES else Shape.NUMBER
    plain = NO_CODE.sub("", code.split(";")[0]).lower()
    if "general" in plain:
        return Shape.NUMBER
    has_day = "y" in plain or "d" in plain
    has_time = "h" in plain or "s" in plain
    if has_day:
        return Shape.MOMENT if has_time else Shape.DATE
    if has_time:
        return Shape.TIME
    return Shape.DATE if "m" in plain else Shape.NUMBER


def unescaped(text: str) -> str:
    """OOXML writes characters that XML cannot hold as _xHHHH_, and a literal _xHHHH_ as _x005F_xHHHH_; undone once."""
    return ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def number_text(written: str) -> tuple[str, bool]:
    """The shortest text of a number, and whether it has more digits than a spreadsheet keeps exactly.

    A number beyond 15 digits stays as the file writes it: any other form would invent digits.
    """
    if WHOLE.fullmatch(written):
        return ("0" if written == "-0" else written), False
    value = float(written)
    if value != value or value in (float("inf"), float("-inf")):
        raise ValueError(written)
    if abs(value) >= 1e15:
        return written, True
    if value.is_integer():
        return str(int(value)), False
    shortest = repr(value)
    if "e" in shortest:
        shortest = format(Decimal(shortest), "f") if abs(value) > SMALLEST_SPELT_OUT else written
    return shortest, False


def date_text(written: str, shape: Shape, from_1904: bool) -> str | None:
    """ISO text of a serial number, or None for a serial that is no day in this calendar."""
    value = float(written)
    if not 0 <= value < LAST_SERIAL + 1 - (CALENDARS_APART if from_1904 else 0):
        return None
    days = int(value)
    rest = round((value - days) * MILLISECONDS)
    if rest == MILLISECONDS:
        # A date format shows the day as it is; a time format rounds up, as spreadsheets do.
        days, rest = (days, MILLISECONDS - 1) if shape is Shape.DATE else (days + 1, 0)
    if shape is Shape.TIME and days == 0:
        return _iso(EPOCH_1904 + timedelta(milliseconds=rest))[11:]
    if from_1904:
        moment = EPOCH_1904 + timedelta(days=days, milliseconds=rest)
    elif days in (0, 60):
        return None
    else:
        moment = EPOCH_1900 + timedelta(days=days - (days > 60), milliseconds=rest)
    return _iso(moment) if rest or shape is not Shape.DATE else moment.date().isoformat()


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds")
