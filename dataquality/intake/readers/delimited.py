"""Text with delimiters: every record with its physical line, nothing guessed silently, nothing dropped."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from .. import encoding as codings
from ..gate import Admitted
from ..sniff import NAMES, Row, find_delimiter, lay_out, sample_rows, sep_hint
from ..terms import Choices, Limits, Notice, Question, Reading, Refused, printable
from .sink import CHUNK_CHARACTERS, Notes, Sink

SAMPLE_LINES = 300
SAMPLE_CHARACTERS = 1_000_000
SURROGATE = re.compile("[\ud800-\udfff]")
CTRL_Z = "\x1a"
BACKSLASH_QUOTE = re.compile(r'\\"(?!\s*$)')


def read(path: Path, into: Path, choices: Choices, limits: Limits, admitted: Admitted) -> Reading:
    """Read a CSV file of any usual dialect."""
    notes = Notes(admitted.notices)
    questions: list[Question] = []
    seen = _find_encoding(path, choices, limits, notes, questions)
    csv.field_size_limit(2 * limits.line_characters)
    with _open(path, seen) as text:
        sample = _sample(text)
    if not any(line.strip() for line in sample):
        raise Refused("no_header", "The file has no header and no rows, only blank lines: export it again.")
    if len(sample[0]) > limits.record_characters:
        raise Refused(
            "endless_line",
            f"The first line has {len(sample[0]):,} characters, too many for headings: the line ends were lost, or this is "
            "no table; export it again.",
            "line 1",
        )
    hint = sep_hint(sample[0])
    start = 0 if hint is None else 1
    delimiter = _find_delimiter(sample[start:], hint, choices, questions)
    unescape = _find_escapes(sample[start:], delimiter, choices, questions)
    rows = [
        Row(row.number + start, row.cells)
        for row in sample_rows([_unescaped(line, delimiter) if unescape else line for line in sample[start:]], delimiter)
    ]
    if len(rows) > 1 and rows[-1].number + start >= len(sample) and len(sample) >= SAMPLE_LINES:
        rows.pop()  # it may go on beyond the sample
    _check_width(min(len(row.cells) for row in rows), limits)
    layout = lay_out(rows, choices.header_row, choices.answer("double_heading", "yes") is not None)
    _check_width(len(layout.headings), limits)
    questions += layout.questions
    notes.notices += layout.notices
    sink = Sink(into, layout.headings, limits, notes)
    sink.text_trick, sink.look_for_controls = seen.has_text_trick, seen.has_controls
    with _open(path, seen) as text:
        lines = _Lines(text, limits, delimiter if unescape else None)
        for _ in range(start):
            next(lines)
        _Records(lines, delimiter, layout.header.number, sink, seen).read()
    sink.close()
    if not sink.written and choices.answer("no_rows", "yes") is None:
        questions.append(no_rows(len(sink.quarantine.rows)))
    return Reading(
        kind="csv",
        encoding=seen.encoding,
        delimiter=delimiter,
        header_row=layout.header.number,
        sheet=None,
        headings=layout.headings,
        raw_headings=layout.header.cells,
        rows=sink.written,
        quarantined=len(sink.quarantine.rows),
        questions=questions,
        notices=notes.all(),
        chunks=sink.chunks,
        quarantine=sink.quarantine.write(into),
    )


def no_rows(quarantined: int) -> Question:
    """A file without records may be an empty table or a failed export; only a person knows."""
    rest = f" apart from {quarantined:,} that were kept out" if quarantined else ""
    return Question(
        "no_rows",
        f"The file has headings but no rows{rest}. Is the table empty in the CRM? If not, export it again.",
        ["yes"],
        None,
    )


def _check_width(width: int, limits: Limits) -> None:
    if width > limits.columns:
        raise Refused(
            "too_many_columns",
            f"The file has {width:,} columns and the limit is {limits.columns}: export only the columns you need.",
            "the row of headings",
        )


def _find_encoding(
    path: Path, choices: Choices, limits: Limits, notes: Notes, questions: list[Question]
) -> codings.Survey:
    marked, skip = codings.bom(path)
    if choices.encoding is not None:
        return codings.survey(path, _known(choices.encoding), skip if marked else 0, limits)
    if marked is not None:
        seen = codings.survey(path, marked, skip, limits)
        return _tell_undecodable(seen, notes)
    wide = codings.wide_without_mark(path)
    if wide is not None:
        questions.append(_ask_encoding([wide, "utf-16-be" if wide == "utf-16-le" else "utf-16-le"]))
        return codings.survey(path, wide, 0, limits)
    if codings.looks_binary(path):
        raise Refused("not_text", codings.NO_TEXT)
    seen = codings.survey(path, "utf-8", 0, limits)
    if not seen.undecodable_bytes or codings.damaged_utf8(seen.odd_sample):
        return _tell_undecodable(seen, notes)
    guess = codings.judge(seen.odd_sample)
    if not guess.ranked:
        raise Refused(
            "encoding",
            f"The file is not UTF-8 (first at byte {seen.undecodable[0]:,}) nor in any encoding known here: save it as "
            "CSV UTF-8 and upload it again.",
            f"byte {seen.undecodable[0]:,}",
        )
    best = guess.ranked[0]
    if guess.is_plain_latin:
        notes.add("encoding_cp1252", "The file is not UTF-8; it was read as Windows Western (cp1252).")
    else:
        questions.append(_ask_encoding(guess.ranked))
    return codings.survey(path, best, 0, limits)


def _known(encoding: str) -> str:
    try:
        name = codecs.lookup(encoding)
        b"".decode(encoding)
    except (LookupError, UnicodeError):
        raise Refused(
            "encoding", f"“{printable(encoding)}” is no encoding known here: choose utf-8, cp1252 or gb18030, for example."
        ) from None
    return {"utf-16": "utf-16-le", "utf-32": "utf-32-le", "utf-8-sig": "utf-8"}.get(name.name, name.name)


def _ask_encoding(ranked: list[str]) -> Question:
    return Question(
        "encoding",
        f"The file is not UTF-8 and does not say what it is; it was read as {ranked[0]}. Are the names below right? "
        "If not, choose another encoding, or save the file as CSV UTF-8.",
        [*ranked, "utf-8"],
        ranked[0],
    )


def _tell_undecodable(seen: codings.Survey, notes: Notes) -> codings.Survey:
    if seen.undecodable_bytes:
        notes.add(
            "damaged_encoding",
            f"Bytes that are not valid {seen.encoding.upper()}: {seen.undecodable_bytes:,}, the first at byte "
            f"{seen.undecodable[0]:,}; the rows that hold them were kept out.",
        )
    return seen


def _open(path: Path, seen: codings.Survey) -> TextIO:
    """Line ends stay as they are; only LF, CR LF and CR end a line, never U+2028 or U+0085."""
    stream = path.open("rb")
    stream.seek(seen.skip)
    return io.TextIOWrapper(stream, encoding=seen.encoding, errors=seen.errors, newline="")


def _sample(text: TextIO) -> list[str]:
    lines, size = [], 0
    for line in text:
        lines.append(line)
        size += len(line)
        if len(lines) >= SAMPLE_LINES or size >= SAMPLE_CHARACTERS:
            break
    return lines


def _find_delimiter(sample: list[str], hint: str | None, choices: Choices, questions: list[Question]) -> str:
    if choices.delimiter is not None:
        if choices.delimiter in NAMES.values():
            return next(sign for sign, name in NAMES.items() if name == choices.delimiter)
        if len(choices.delimiter) > 1 or choices.delimiter in ('"', "\n", "\r"):
            raise Refused(
                "delimiter",
                f"“{printable(choices.delimiter)}” cannot separate columns: choose comma, semicolon, tab, bar ( | ), "
                "caret ( ^ ) or backtick ( ` ).",
            )
        return choices.delimiter
    if hint is not None:
        return hint
    delimiter, question = find_delimiter(sample)
    if question is not None:
        questions.append(question)
    return delimiter


def _find_escapes(sample: list[str], delimiter: str, choices: Choices, questions: list[Question]) -> bool:
    r"""Whether quotes inside quotes are written \" (as MySQL does) and not doubled; a person decides."""
    place = next((at for at, line in enumerate(sample, start=1) if _unescaped(line, delimiter) != line), None)
    if place is None:
        return False
    said = choices.answer("backslash_escapes", "undo")
    if said is None:
        questions.append(
            Question(
                "backslash_escapes",
                f"Line {place} writes quotes inside quotes as \\\" instead of doubling them. Shall the backslashes be "
                "undone (undo), or are they part of the text (keep)? Until then such cells stay as they are.",
                ["undo", "keep"],
                "undo",
            )
        )
    return said == "undo"


def _unescaped(line: str, delimiter: str) -> str:
    r"""The line with \" inside a quoted cell written as "", unless the quote may end the cell."""
    if '\\"' not in line or '"' not in line.replace('\\"', ""):
        return line
    ends = re.escape(delimiter) + r"|[\r\n]|$" if delimiter else r"[\r\n]|$"
    return re.sub(rf'\\"(?!{ends})', '""', line)


class _Lines:
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
            line = _unescaped(line, self._unescape)
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


class _Records:
    """From lines to rows of the sink."""

    def __init__(self, lines: _Lines, delimiter: str, header: int, sink: Sink, seen: codings.Survey) -> None:
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
            if len(cells) != width or suspicious or not cells[0] or lines.characters - before > limit:
                self._odd(start, cells)
            else:
                rows.append(cells)
                numbers.append(start)
            if len(rows) >= most + 20 or lines.characters - flushed > CHUNK_CHARACTERS:
                flushed = lines.characters
                sink.flush(min(most, len(rows) - 20))
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
        if start <= self.header:
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
                    said = f"holds {len(cell):,} characters and the limit of a cell is {self.limit:,}; shorten it in the CRM"
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
            f"Row {start}, column “{printable(heading)}” is not valid {self.seen.encoding.upper()}{where}: save the file "
            "as CSV UTF-8, or correct the cell in the CRM.",
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
