"""From physical lines to records: quotes, ragged and undecodable rows, each record with its first line."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import TextIO

from dataquality.intake.encoding import Survey
from dataquality.intake.terms import Limits, Notice, Refused, printable

from .sink import CHUNK_CHARACTERS, HELD_BACK, Sink

SURROGATE = re.compile("[\ud800-\udfff]")
CTRL_Z = "\x1a"


def unescaped(line: str, delimiter: str) -> str:
    r"""The line with \" inside a quoted cell written as "", unless the quote may end the cell."""
    if '\\"' not in line or '"' not in line.replace('\\"', ""):
        return line
    ends = re.escape(delimiter) + r"|[\r\n]|$" if delimiter else r"[\r\n]|$"
    return re.sub(rf'\\"(?!{ends})', '""', line)


class Lines:
    """The physical lines, counted; it watches the record that is being read for a quote that never closes."""

    def __init__(self, text: TextIO, limits: Limits, unescape: str | None) -> None:
        self._next = iter(text).__next__
        self._unescape = unescape
        self._most_lines, self._most_characters = limits.record_lines, limits.record_characters
        self.number = self.characters = 0
        self.record_line = 1
        self.record_from = 0
        self.last = ""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._next()
        spread = self.number - self.record_line + 1
        if spread > self._most_lines or (spread > 0 and self.characters - self.record_from > self._most_characters):
            raise never_closed(self.record_line)
        if self._unescape is not None:
            line = unescaped(line, self._unescape)
        self.number += 1
        self.characters += len(line)
        self.last = line
        return line


def never_closed(line: int) -> Refused:
    return Refused(
        "unterminated_quote",
        f"A quote that opens on line {line} is never closed, so the lines after it cannot be told apart: close or "
        "double the quote on that line, or export the file again if it was cut off.",
        f"line {line}",
    )


class Records:
    """From lines to rows of the sink."""

    def __init__(self, lines: Lines, delimiter: str, header: int, sink: Sink, seen: Survey) -> None:
        self.lines, self.header, self.sink, self.seen = lines, header, sink, seen
        self.limit = sink.limits.cell_characters
        self.reader = csv.reader(lines, delimiter=delimiter or "\x00", strict=True)
        mark = re.escape(delimiter or "\x00")
        # A cell in proper quotes, or else whatever stands before the next delimiter, quotes and all.
        self.cell = re.compile(rf'("(?:[^"]+|"")*+"(?=[{mark}\r\n]|$)|[^{mark}\r\n]*)({mark})?')
        self.undecodable = 0

    def read(self) -> None:
        """Read to the end of the file; the hot loop handles what is regular, `_odd` the rest."""
        lines, sink, reader, width = self.lines, self.sink, self.reader, self.sink.width
        rows, numbers, most = sink.rows, sink.numbers, sink.chunk_rows
        suspicious = self.seen.has_nul or self.seen.undecodable_bytes > 0
        limit, flushed = self.limit, 0
        while True:
            start = lines.number + 1
            before = lines.characters
            lines.record_line, lines.record_from = start, before
            try:
                cells = next(reader)
            except StopIteration:
                break
            except csv.Error:
                self._broken(start)
                continue
            if start <= self.header:
                self._count_undecodable(cells)
                continue
            if len(cells) != width or suspicious or not cells[0].strip() or lines.characters - before > limit:
                self._odd(start, cells)
            else:
                rows.append(cells)
                numbers.append(start)
            if len(rows) >= most + HELD_BACK or lines.characters - flushed > CHUNK_CHARACTERS:
                flushed = lines.characters
                sink.flush(min(most, len(rows) - HELD_BACK))
        self._strip_ctrl_z()

    def _broken(self, start: int) -> None:
        """A line whose quotes follow no rule: read literally if that gives every cell, else kept out."""
        if self.lines.number > start or self._is_open(self.lines.last):
            raise never_closed(start)
        line = self.lines.last
        cells = [
            found[1][1:-1].replace('""', '"') if found[1][:1] == '"' and self._is_quoted(found) else found[1]
            for found in self._split(line.rstrip("\r\n"))
        ]
        if start < self.header:
            return
        if start == self.header:
            raise Refused(
                "broken_header",
                f"The headings on line {start} hold a quote in the middle of a cell: correct that line.",
                f"line {start}",
            )
        if len(cells) != self.sink.width:
            self.sink.quarantine.add(
                start,
                "broken_quotes",
                f"Row {start} holds quotes that are neither closed nor doubled, so its cells cannot be told apart: "
                "write a quote inside a cell twice.",
                line.rstrip("\r\n"),
            )
            return
        self.sink.notes.add(
            "stray_quotes",
            f"Row {start} holds quotes in the middle of a cell that begins with one; that cell was taken as it stands.",
            start,
        )
        self._odd(start, cells)

    def _split(self, line: str) -> Iterator[re.Match[str]]:
        at = 0
        while found := self.cell.match(line, at):
            yield found
            if found[2] is None:
                return
            at = found.end()

    @staticmethod
    def _is_quoted(found: re.Match[str]) -> bool:
        return len(found[1]) > 1 and found[1].endswith('"') and '"' not in found[1][1:-1].replace('""', "")

    def _is_open(self, line: str) -> bool:
        """Whether the last cell of a line opens a quote that this line does not close."""
        last = ""
        for found in self._split(line.rstrip("\r\n")):
            last = found[1]
        return last.startswith('"') and last.count('"') % 2 == 1

    def _odd(self, start: int, cells: list[str]) -> None:
        joined = "".join(cells)
        if SURROGATE.search(joined):
            return self._keep_out_undecodable(start, cells)
        if "\x00" in joined:
            return self._keep_out(start, cells, "nul", "holds a NUL byte, which no text has; correct it in the CRM")
        if len(joined) > self.limit:
            for place, cell in enumerate(cells):
                if len(cell) > self.limit:
                    said = f"holds {len(cell):,} characters and a cell may have {self.limit:,}; shorten it in the CRM"
                    return self._keep_out(start, cells, "long_cell", said, place)
        return self.sink.add(start, cells)

    def _keep_out(self, start: int, cells: list[str], code: str, said: str, place: int | None = None) -> None:
        if place is None:
            place = next((at for at, cell in enumerate(cells) if "\x00" in cell), 0)
        heading = self._heading(place)
        raw = "\t".join(cells)
        self.sink.quarantine.add(start, code, f"Row {start}, column “{printable(heading)}” {said}.", raw, heading)

    def _keep_out_undecodable(self, start: int, cells: list[str]) -> None:
        first = self._count_undecodable(cells)
        place = next(at for at, cell in enumerate(cells) if SURROGATE.search(cell))
        heading = self._heading(place)
        where = f" at byte {first:,}" if first is not None else ""
        self.sink.quarantine.add(
            start,
            "undecodable",
            f"Row {start}, column “{printable(heading)}” is not valid {self.seen.encoding.upper()}{where}: save "
            "the file as CSV UTF-8, or correct the cell in the CRM.",
            "\t".join(SURROGATE.sub(lambda one: f"\\x{ord(one[0]) - 0xDC00:02x}", cell) for cell in cells),
            heading,
        )

    def _count_undecodable(self, cells: list[str]) -> int | None:
        """The byte offset of the first undecodable byte of this record; they come in the order of the survey."""
        found = sum(len(SURROGATE.findall(cell)) for cell in cells)
        offsets = self.seen.undecodable
        first = offsets[self.undecodable] if found and self.undecodable < len(offsets) else None
        self.undecodable += found
        return first

    def _heading(self, place: int) -> str:
        return self.sink.headings[place] if place < self.sink.width else f"column_{place + 1}"

    def _strip_ctrl_z(self) -> None:
        """The end-of-file sign of old DOS programs, alone on the last line or at its end."""
        rows = self.sink.rows
        if not rows or not any(cell.endswith(CTRL_Z) for cell in rows[-1]):
            return
        last = next(place for place in range(len(rows[-1]) - 1, -1, -1) if rows[-1][place])
        if not rows[-1][last].endswith(CTRL_Z):
            return
        number = self.sink.numbers[-1]
        rows[-1][last] = rows[-1][last].removesuffix(CTRL_Z)
        if not any(rows[-1]):
            self.sink.drop_last()
        self.sink.notes.notices.append(
            Notice("ctrl_z", f"The file ends with the DOS end-of-file sign (line {number}); it was left out.", number)
        )
