"""One JSON object a line (.ndjson): the union of the keys are the columns, every value becomes text."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from dataquality.intake import encoding as codings
from dataquality.intake.gate import Admitted
from dataquality.intake.sniff import name_columns
from dataquality.intake.terms import Choices, Limits, Question, Reading, Refused, printable

from .growing import Growing
from .questions import no_rows
from .sink import Notes, Sink

NO_TEXT = re.compile("[\ud800-\udfff\x00]")


class Number(float):
    """A number that remembers how the file writes it."""

    written: str

    def __new__(cls, written: str) -> Number:
        number = super().__new__(cls, written)
        number.written = written
        return number


def read(path: Path, into: Path, choices: Choices, limits: Limits, admitted: Admitted) -> Reading:
    """Read every line on its own; a line that is no object is kept out with its number."""
    notes = Notes(admitted.notices)
    marked, skip = codings.bom(path)
    if marked not in (None, "utf-8"):
        raise Refused("encoding", f"One JSON object a line must be UTF-8 and this file is {marked}: write it as UTF-8.")
    codings.survey(path, "utf-8", skip, limits)  # refuses a line that has no end
    sink = Sink(into, [], limits, notes, "send only fields that have a key")
    rows = Growing(sink)
    _read_lines(path, skip, rows)
    keys = rows.columns
    if not keys:
        first = f" ({printable(sink.quarantine.first)})" if sink.quarantine.rows else ""
        raise Refused("no_header", f"No line of the file is a JSON object with keys{first}: write one object a line.")
    rows.close()
    headings, told, doubled = name_columns(list(keys))
    notes.notices += told
    questions: list[Question] = []
    if doubled is not None and choices.answer("double_heading", "yes") is None:
        questions.append(doubled)
    if not sink.written and choices.answer("no_rows", "yes") is None:
        questions.append(no_rows(len(sink.quarantine.rows)))
    return Reading(
        kind="ndjson",
        encoding="utf-8",
        delimiter=None,
        header_row=0,
        sheet=None,
        headings=headings,
        raw_headings=list(keys),
        rows=sink.written,
        quarantined=len(sink.quarantine.rows),
        questions=questions,
        notices=notes.all(),
        chunks=sink.chunks,
        quarantine=sink.quarantine.write(into),
    )


def _read_lines(path: Path, skip: int, rows: Growing) -> None:
    sink = rows.sink
    with path.open("rb") as stream:
        stream.seek(skip)
        for number, line in enumerate(stream, start=1):
            if not line.strip():
                sink.blank += 1
                continue
            try:
                row = _row(line, rows)
            except (ValueError, RecursionError) as error:
                why = "is nested too deeply" if isinstance(error, RecursionError) else _why(error)
                raw = line.decode("utf-8", "backslashreplace").rstrip("\r\n")
                sink.quarantine.add(number, "bad_line", f"Line {number} {why}; correct it or leave it out.", raw)
                continue
            rows.add(number, row, len(line))
    if sink.blank:
        sink.notes.add("blank_rows", f"{sink.blank:,} blank lines were left out.")


def _row(line: bytes, rows: Growing) -> list[str]:
    said = json.loads(line, object_pairs_hook=_unique, parse_float=Number, parse_int=Number, parse_constant=_constant)
    if not isinstance(said, dict):
        raise ValueError("is JSON but no object, as {…}")
    limits, row = rows.sink.limits, [""] * len(rows.columns)
    for key, value in said.items():
        text = _text(value)
        if NO_TEXT.search(text) or NO_TEXT.search(key):
            raise ValueError(f"holds a character that no text has, in “{printable(key)}”")
        if len(text) > limits.cell_characters:
            raise ValueError(
                f"holds {len(text):,} characters in “{printable(key)}” and the limit is {limits.cell_characters:,}"
            )
        place = rows.place(key)
        if place >= len(row):
            row.extend([""] * (place + 1 - len(row)))
        row[place] = text
    if not any(text.strip() for text in row):
        raise ValueError("holds no value")
    return row


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    said = dict(pairs)
    if len(said) != len(pairs):
        raise ValueError("names a key twice")
    return said


def _constant(name: str) -> float:
    raise ValueError(f"holds {name}, which is no JSON")


def _why(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"is no JSON ({error.msg} at character {error.pos + 1})"
    if isinstance(error, UnicodeDecodeError):
        return f"is not valid UTF-8 at its byte {error.start + 1}"
    return str(error)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, Number):
        return value.written
    if isinstance(value, bool):
        return "true" if value else "false"
    return _json(value)


def _json(value: Any) -> str:
    """Nested values as JSON text, numbers as the file writes them."""
    if isinstance(value, Number):
        return value.written
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{json.dumps(key, ensure_ascii=False)}: {_json(one)}" for key, one in value.items()) + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(_json(one) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False)
