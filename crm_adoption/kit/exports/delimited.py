"""CSV in two dialects. The machine's is byte-exact: a correction file goes back into a CRM, where a quote mark added to
"+49 30 1234" would be an error. The people's is made inert for spreadsheets by marks that `unmark` takes off again.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

BOM = "\ufeff"
NOTE = (
    "# crm_adoption marked CSV 1: an added ' keeps a spreadsheet from running a cell; import it here to take them off"
)
_STARTS_A_FORMULA = "=+\\-@\t\r\n＝＋－＠"
_SEPARATES = ',;|\t\r\n"'
_DANGER = re.compile(rf"(?:^|(?<=[{_SEPARATES}]))(?=[' ]*[{_STARTS_A_FORMULA}])")
_MARKED = re.compile(rf"(?:^|(?<=[{_SEPARATES}]))'(?=[' ]*[{_STARTS_A_FORMULA}])")


def plain(value: Any) -> str:
    """A value as text without any locale: ISO dates, `true` and `false`, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return str(value)


class _Line:
    """A file for csv.writer that hands each line on instead of keeping it."""

    def write(self, text: str) -> str:
        return text


def machine_csv(headings: Sequence[str], rows: Iterable[Sequence[Any]], *, bom: bool = False) -> Iterator[bytes]:
    """RFC 4180, UTF-8, CRLF; values as they are. A byte order mark only when somebody asks for it."""
    writer = csv.writer(_Line(), lineterminator="\r\n")
    yield ((BOM if bom else "") + writer.writerow(headings)).encode()
    for row in rows:
        yield writer.writerow([plain(value) for value in row]).encode()


def marked_csv(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """For spreadsheets: every field quoted, cells that could run marked, a note on the first line, a BOM for Excel."""
    writer = csv.writer(_Line(), lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    yield (BOM + NOTE + "\r\n" + writer.writerow([mark(heading) for heading in headings])).encode()
    for row in rows:
        yield writer.writerow([mark(plain(value)) for value in row]).encode()


def mark(cell: str) -> str:
    """Put one ' before whatever a spreadsheet could take for a formula, at the start or after a separator."""
    return _DANGER.sub("'", cell)


def unmark(cell: str) -> str:
    """Take off exactly what `mark` put on; `unmark(mark(x)) == x` for every text."""
    return _MARKED.sub("", cell)


def is_marked(first_line: str) -> bool:
    """Is this the first line of a marked CSV?"""
    return first_line.lstrip(BOM).strip().strip('"').startswith(NOTE.split(":")[0])
