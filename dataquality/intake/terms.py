"""The words that the application and the disposable reader exchange, each to and from JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Choices:
    """A person's answers about one file; None leaves the decision to the reader.

    `header_row` is a physical line (CSV) or sheet row (XLSX); 0 says that the file has no headings.
    `delimiter` may be "" for a file of one column. `confirmed` holds the codes of questions answered
    with their suggestion, or `code:option` for another of their options.
    """

    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = None
    sheet: str | None = None
    confirmed: frozenset[str] = frozenset()

    def answer(self, code: str, suggestion: str) -> str | None:
        """The chosen option of a question, or None while nobody has answered it."""
        if code in self.confirmed:
            return suggestion
        prefix = code + ":"
        return next((said[len(prefix) :] for said in self.confirmed if said.startswith(prefix)), None)

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"confirmed": sorted(self.confirmed)}

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> Choices:
        return cls(**said | {"confirmed": frozenset(said.get("confirmed", ()))})

    @classmethod
    def from_answers(cls, said: dict[str, Any]) -> Choices:
        """An answer to a question of the reader itself (`sheet:New`) is that choice, unless the choice is given too."""
        confirmed = frozenset(said.get("confirmed", ()))
        answers = dict(one.split(":", 1) for one in sorted(confirmed) if ":" in one)
        chosen: dict[str, Any] = {name: answers[name] for name in ("encoding", "delimiter", "sheet") if name in answers}
        if answers.get("header_row", "").isdecimal():
            chosen["header_row"] = int(answers["header_row"])
        given = {name: value for name, value in said.items() if value is not None}
        return cls(**chosen | given | {"confirmed": confirmed})


@dataclass(frozen=True)
class Limits:
    """What one file may cost. Sizes are bytes unless the name says otherwise."""

    bytes: int = 300_000_000
    unpacked: int = 2_000_000_000
    ratio: int = 100
    ratio_from: int = 1_000_000
    parts: int = 2_000
    rows: int = 2_000_000
    columns: int = 500
    cell_characters: int = 32_767
    line_characters: int = 8_000_000
    record_lines: int = 1_000
    record_characters: int = 1_000_000
    quarantined: int = 100_000
    chunk_rows: int = 100_000
    memory: int = 1_500_000_000
    processor_seconds: int = 300
    wall_seconds: float = 600
    open_files: int = 64
    written: int = 2_000_000_000

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> Limits:
        return cls(**said)


@dataclass(frozen=True)
class Notice:
    """Something a person should know; it stops nothing."""

    code: str
    sentence: str
    row: int | None = None
    column: str | None = None
    value: str | None = None


@dataclass(frozen=True)
class Question:
    """Something a person must answer before the file may be applied; the reading used the suggestion."""

    code: str
    sentence: str
    options: list[str]
    suggestion: str | None


@dataclass(frozen=True)
class Sheet:
    """One worksheet: `state` is visible, hidden or veryHidden; `rows` counts row elements, headings included."""

    name: str
    state: str
    rows: int


@dataclass(frozen=True)
class Reading:
    """What a file holds. `rows` are in `chunks`, `quarantined` rows are not.

    A chunk is a parquet file with "row" (Int64: physical line, or sheet row) and "c0".."cN" (text as in
    the file, blank is ""). `quarantine` has row, code, sentence, column, raw: one line a fault, so a row
    may stand there twice.
    """

    kind: str
    encoding: str | None
    delimiter: str | None
    header_row: int
    sheet: str | None
    headings: list[str]
    raw_headings: list[str]
    rows: int
    quarantined: int
    sheets: list[Sheet] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    chunks: list[Path] = field(default_factory=list)
    quarantine: Path | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {
            "chunks": [str(path) for path in self.chunks],
            "quarantine": None if self.quarantine is None else str(self.quarantine),
        }

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> Reading:
        kept = said.get("quarantine")
        return cls(
            **said
            | {
                "sheets": [Sheet(**one) for one in said["sheets"]],
                "questions": [Question(**one) for one in said["questions"]],
                "notices": [Notice(**one) for one in said["notices"]],
                "chunks": [Path(one) for one in said["chunks"]],
                "quarantine": None if kept is None else Path(kept),
            }
        )


class Refused(Exception):
    """The file cannot be read. `sentence` says what is wrong and the way out, `place` where in the file."""

    def __init__(self, code: str, sentence: str, place: str | None = None) -> None:
        super().__init__(sentence)
        self.code, self.sentence, self.place = code, sentence, place

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "sentence": self.sentence, "place": self.place}

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> Refused:
        return cls(**said)


def printable(text: str, most: int = 80) -> str:
    """A value safe for a sentence or a log line: one line, controls spelt out, cut with an ellipsis."""
    shown = "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text[:most])
    return shown + "…" if len(text) > most else shown
