"""A web page with one table, as Salesforce and older CRMs write it under the name .xls.

Only text is taken: scripts, styles and links are neither run nor followed. Merged cells say their text once, in their
first row and column, so that every other cell stays below its heading.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from dataquality.intake.gate import Admitted
from dataquality.intake.sniff import Row, lay_out
from dataquality.intake.terms import Choices, Limits, Question, Reading, Refused

from .decoding import find_encoding
from .questions import no_rows
from .sink import Notes, Sink

SAMPLE_ROWS = 300
BLOCK = 1 << 16
CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
SILENT = frozenset({"script", "style", "head", "title", "noscript", "template"})
BREAKS = frozenset({"br", "p", "div", "li"})
NO_TEXT = re.compile("[\ud800-\udfff\x00]")
SPACE = re.compile(r"[ \t\r\n\f]+")
WAY_OUT = "open it in a spreadsheet program, save it as .xlsx, and upload that"


class Table(HTMLParser):
    """Collects the rows of the first table with two columns or more; later tables are counted."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(convert_charrefs=True)
        self.limits = limits
        self.rows: list[Row] = []
        self.others = 0
        self._depth = self._number = self._size = 0
        self._is_ours = self._is_over = False
        self._cells: list[str] | None = None
        self._text: list[str] | None = None
        self._silent = ""
        self._span = 1
        self._below: dict[int, int] = {}  # column to rows in which a merged cell still covers it

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._silent:
            return
        if tag in SILENT:
            self._silent = tag
        elif tag == "table":
            self._begin_table()
        elif not self._depth or self._is_over:
            return
        elif tag == "tr":
            self._end_row()
            self._cells = []
        elif tag in ("td", "th") and self._cells is not None:
            self._end_cell()
            self._begin_cell(dict(attrs))
        elif tag in BREAKS and self._text:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._silent:
            self._silent = ""
        elif self._silent:
            return
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag == "tr":
            self._end_row()
        elif tag == "table" and self._depth:
            self._end_row()
            self._depth -= 1
            self._is_over = self._is_over or self._is_ours
            if not self._is_over:
                self.rows.clear()

    def handle_data(self, data: str) -> None:
        if self._text is not None and not self._silent:
            self._size += len(data)
            if self._size > self.limits.cell_characters:
                raise Refused(
                    "long_cell",
                    f"A cell of row {self._number + 1} has more than {self.limits.cell_characters:,} characters: "
                    f"shorten it, or {WAY_OUT}.",
                    f"row {self._number + 1}",
                )
            self._text.append(SPACE.sub(" ", data))

    def taken(self) -> list[Row]:
        """The rows that are complete, handed over."""
        if not (self._is_ours or self._is_over):
            return []
        rows, self.rows = self.rows, []
        return rows

    def _begin_table(self) -> None:
        if self._depth and not self._is_over:
            raise Refused("nested_table", f"The page has a table inside another, so its rows are not plain: {WAY_OUT}.")
        if self._is_over:
            self.others += 1
        else:
            self._number = 0
        self._depth += 1
        self._below.clear()

    def _begin_cell(self, said: dict[str, str | None]) -> None:
        assert self._cells is not None
        self._cover()
        self._span = self._spans(said.get("colspan"))
        rows = self._spans(said.get("rowspan"))
        if rows > 1:
            for place in range(len(self._cells), len(self._cells) + self._span):
                self._below[place] = rows  # this row takes one of them off again
        self._text, self._size = [], 0

    def _spans(self, said: str | None) -> int:
        """How far a cell reaches; nobody's table needs more than the limit of columns."""
        wanted = int(said) if said and said.isascii() and said.isdecimal() and len(said) < 9 else 1
        return max(1, min(wanted, self.limits.columns))

    def _cover(self) -> None:
        """Blank cells where merged cells of rows above reach down."""
        assert self._cells is not None
        while self._below.get(len(self._cells), 0) > 0:
            self._cells.append("")

    def _end_cell(self) -> None:
        if self._text is None or self._cells is None:
            return
        lines = (line.strip() for line in "".join(self._text).replace("\xa0", " ").split("\n"))
        self._cells += ["\n".join(line for line in lines if line), *[""] * (self._span - 1)]
        self._text = None
        if len(self._cells) > 2 * self.limits.columns:
            raise Refused("too_many_columns", f"A row has more than {self.limits.columns} columns: {WAY_OUT}.")

    def _end_row(self) -> None:
        self._end_cell()
        if self._cells is None:
            return
        self._cover()
        self._below = {place: rows - 1 for place, rows in self._below.items() if rows > 1}
        self._number += 1
        if not self._is_over:
            self.rows.append(Row(self._number, self._cells))
            self._is_ours = self._is_ours or sum(map(bool, self._cells)) > 1
        self._cells = None


def read(path: Path, into: Path, choices: Choices, limits: Limits, admitted: Admitted) -> Reading:
    """Read the table of a page; a row's number counts the rows of its table."""
    notes = Notes(admitted.notices)
    questions: list[Question] = []
    with path.open("rb") as stream:
        declared = CHARSET.search(stream.read(4096))
    if declared and choices.encoding is None:
        choices = Choices.from_json(choices.as_json() | {"encoding": declared[1].decode("ascii")})
    seen = find_encoding(path, choices, limits, notes, questions)
    table = Table(limits)
    with path.open("rb") as stream:
        stream.seek(seen.skip)
        found = _rows(table, io.TextIOWrapper(stream, encoding=seen.encoding, errors=seen.errors, newline=""))
        first = [row for _, row in zip(range(SAMPLE_ROWS), found, strict=False)]
        filled = [row for row in first if row.filled()]
        if not filled:
            raise Refused("html", f"This is a web page without a table of two columns or more: {WAY_OUT}.")
        layout = lay_out(filled, choices.header_row, choices.answer("double_heading", "yes") is not None)
        questions += layout.questions
        notes.notices += layout.notices
        if len(layout.headings) > limits.columns:
            raise Refused("too_many_columns", f"The table has more than {limits.columns} columns: {WAY_OUT}.")
        sink = Sink(into, layout.headings, limits, notes, WAY_OUT)
        sink.look_for_controls = seen.has_controls
        for rows in (first, found):
            for row in rows:
                if row.number > layout.header.number:
                    _keep(sink, row)
        sink.close()
    if table.others:
        notes.add("other_tables", f"{table.others} more table(s) of the page were left out; the first was read.")
    if not sink.written and choices.answer("no_rows", "yes") is None:
        questions.append(no_rows(len(sink.quarantine.rows)))
    return Reading(
        kind="html", encoding=seen.encoding, delimiter=None, header_row=layout.header.number, sheet=None,
        headings=layout.headings, raw_headings=layout.header.cells, rows=sink.written,
        quarantined=len(sink.quarantine.rows), questions=questions, notices=notes.all(), chunks=sink.chunks,
        quarantine=sink.quarantine.write(into),
    )  # fmt: skip


def _keep(sink: Sink, row: Row) -> None:
    if any(NO_TEXT.search(cell) for cell in row.cells):
        sentence = f"Row {row.number} holds bytes that are no text: correct it, or choose the encoding of the file."
        sink.quarantine.add(row.number, "encoding", sentence, "\t".join(row.cells))
        return
    sink.add(row.number, row.cells)
    if sink.full():
        sink.flush(sink.chunk_rows)


def _rows(table: Table, text: io.TextIOWrapper) -> Iterator[Row]:
    while block := text.read(BLOCK):
        table.feed(block)
        if len(table.rawdata) > 16 * BLOCK:
            raise Refused("damaged", f"The page has a tag or a comment that does not end: {WAY_OUT}.")
        yield from table.taken()
    table.close()
    table.handle_endtag("table")
    yield from table.taken()
