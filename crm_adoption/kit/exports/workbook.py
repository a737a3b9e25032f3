"""XLSX for people: text stays text, whatever it looks like; memory stays flat, however many rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import IO, Any

import xlsxwriter

from crm_adoption.kit.exports.delimited import plain

ROWS_A_SHEET = 1_048_576
LONGEST_CELL = 32_767
EXACT_DIGITS = 15  # a spreadsheet keeps no more of a number
CUT = "… [cut: a cell holds 32,767 characters; the CSV has them all]"
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}


def write_workbook(file: IO[bytes], headings: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str) -> None:
    """Write a workbook; rows beyond a sheet's limit go on in the next one, under the same headings."""
    book = xlsxwriter.Workbook(file, OPTIONS)
    bold = book.add_format({"bold": True})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    inert = book.add_format({"quote_prefix": True})
    sheet, at = None, ROWS_A_SHEET
    for row in rows:
        if at >= ROWS_A_SHEET:
            sheet, at = _new_sheet(book, headings, bold), 1
        for place, value in enumerate(row):
            _write(sheet, at, place, value, moment, inert)
        at += 1
    if sheet is None:
        _new_sheet(book, headings, bold)
    book.set_properties({"title": title})
    book.close()


def _new_sheet(book: Any, headings: Sequence[str], bold: Any) -> Any:
    sheet = book.add_worksheet()
    sheet.set_column(0, max(len(headings) - 1, 0), 18)
    for place, heading in enumerate(headings):
        sheet.write_string(0, place, heading, bold)
    sheet.freeze_panes(1, 0)
    return sheet


def _write(sheet: Any, row: int, place: int, value: Any, moment: Any, inert: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, place, value)
    elif isinstance(value, (int, float, Decimal)) and _exact(value):
        sheet.write_number(row, place, value)
    elif isinstance(value, datetime):
        in_utc = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
        sheet.write_datetime(row, place, in_utc, moment) if value.year >= 1900 else sheet.write_string(
            row, place, value.isoformat()
        )
    elif isinstance(value, date) and value.year >= 1900:
        sheet.write_datetime(row, place, value)
    else:
        text = plain(value)
        if len(text) > LONGEST_CELL:
            text = text[: LONGEST_CELL - len(CUT)] + CUT
        if text:
            sheet.write_string(row, place, text, inert)


def _exact(value: float | Decimal) -> bool:
    """Would a spreadsheet keep every digit?"""
    if value != value or value in (float("inf"), float("-inf")):
        return False
    return isinstance(value, float) or len(Decimal(value).as_tuple().digits) <= EXACT_DIGITS
