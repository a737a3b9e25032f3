"""Text with delimiters: every record with its physical line, nothing guessed silently, nothing dropped."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TextIO

from dataquality.intake import encoding as codings
from dataquality.intake.gate import Admitted
from dataquality.intake.sniff import NAMES, Row, find_delimiter, lay_out, sample_rows, sep_hint
from dataquality.intake.terms import Choices, Limits, Question, Reading, Refused, printable

from .decoding import find_encoding
from .questions import no_rows
from .records import Lines, Records, unescaped
from .sink import Notes, Sink

SAMPLE_LINES = 300
SAMPLE_CHARACTERS = 1_000_000


def read(path: Path, into: Path, choices: Choices, limits: Limits, admitted: Admitted) -> Reading:
    """Read a CSV file of any usual dialect."""
    notes = Notes(admitted.notices)
    questions: list[Question] = []
    seen = find_encoding(path, choices, limits, notes, questions)
    csv.field_size_limit(2 * limits.line_characters)
    with _open(path, seen) as text:
        sample, is_cut = _sample(text)
    if not any(line.strip() for line in sample):
        raise _nothing()
    if len(sample[0]) > limits.record_characters:
        raise Refused(
            "endless_line",
            f"The first line has {len(sample[0]):,} characters, too many for headings: the line ends were lost, or "
            "this is no table; export it again.",
            "line 1",
        )
    hint = sep_hint(sample[0])
    start = 0 if hint is None else 1
    delimiter = _find_delimiter(sample[start:], hint, choices, questions)
    unescape = _find_escapes(sample[start:], delimiter, choices, questions)
    rows = [
        Row(row.number + start, row.cells)
        for row in sample_rows([unescaped(line, delimiter) if unescape else line for line in sample[start:]], delimiter)
    ]
    if len(rows) > 1 and is_cut:
        rows.pop()  # it may go on beyond the sample
    if not rows:
        raise _nothing()
    layout = lay_out(rows, choices.header_row, choices.answer("double_heading", "yes") is not None)
    _check_width(len(layout.headings), limits)
    questions += layout.questions
    notes.notices += layout.notices
    sink = Sink(into, layout.headings, limits, notes, "put quotes around cells that hold the delimiter")
    sink.text_trick, sink.look_for_controls = seen.has_text_trick, seen.has_controls
    sink.free_of_controls = not seen.has_controls
    with _open(path, seen) as text:
        lines = Lines(text, limits, delimiter if unescape else None)
        for _ in range(start):
            next(lines)
        Records(lines, delimiter, layout.header.number, sink, seen).read()
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


def _nothing() -> Refused:
    return Refused("no_header", "The file has no header and no rows, only blank lines: export it again.")


def _check_width(width: int, limits: Limits) -> None:
    if width > limits.columns:
        raise Refused(
            "too_many_columns",
            f"The file has {width:,} columns and the limit is {limits.columns}: export only the columns you need.",
            "the row of headings",
        )


def _open(path: Path, seen: codings.Survey) -> TextIO:
    """Line ends stay as they are; only LF, CR LF and CR end a line, never U+2028 or U+0085."""
    stream = path.open("rb")
    stream.seek(seen.skip)
    return io.TextIOWrapper(stream, encoding=seen.encoding, errors=seen.errors, newline="")


def _sample(text: TextIO) -> tuple[list[str], bool]:
    """The first lines, and whether the file goes on after them."""
    lines, size = [], 0
    for line in text:
        lines.append(line)
        size += len(line)
        if len(lines) >= SAMPLE_LINES or size >= SAMPLE_CHARACTERS:
            return lines, True
    return lines, False


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
    place = next((at for at, line in enumerate(sample, start=1) if unescaped(line, delimiter) != line), None)
    if place is None:
        return False
    said = choices.answer("backslash_escapes", "undo")
    if said is None:
        questions.append(
            Question(
                "backslash_escapes",
                f'Line {place} writes quotes inside quotes as \\" instead of doubling them. Shall the backslashes be '
                "undone (undo), or are they part of the text (keep)? Until then such cells stay as they are.",
                ["undo", "keep"],
                "undo",
            )
        )
    return said == "undo"
