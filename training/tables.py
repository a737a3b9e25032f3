"""Tables in files that people upload here: read in the disposable child, as imports are, and their columns found."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

import polars as pl
from django.utils.translation import gettext as _

from crm_adoption.kit.errors import Refusal
from dataquality.engine.headings import heading_words
from dataquality.engine.parse import DateFormat, DateTally, NumberTally, parse_dates, parse_numbers
from dataquality.intake.reading import Limits, Reading, Refused, read_file

LIMITS = Limits(bytes=20_000_000, rows=50_000, processor_seconds=30, wall_seconds=60)
EMAIL = ("email address", "email", "e mail", "e mail address", "mail", "user email", "participant email",
         "e mail adresse", "adresse de courriel",
         "adresse e mail", "correo electronico", "电子邮件地址", "邮箱", "电子邮件")  # fmt: skip
COMPLETED = ("course complete", "course completed", "completion date", "completed on", "completed", "date completed",
             "time completed", "completed at", "kurs abgeschlossen", "abschlussdatum", "abgeschlossen am", "achieve le",
             "cours acheve", "fecha de finalizacion", "课程完成", "完成日期", "完成时间")  # fmt: skip
SCORE = ("score", "grade", "final grade", "course total", "course total percentage", "result", "percentage", "points",
         "ergebnis", "bewertung", "punkte", "note", "calificacion", "成绩", "分数")  # fmt: skip
COURSE = ("course", "course code", "course short name", "course shortname", "short name", "course name",
          "course full name", "kurs", "cours", "curso", "课程")  # fmt: skip
STATE = ("status", "state", "completion status", "attendance", "attended", "present", "was there", "anwesend", "statut",
         "出席", "状态")  # fmt: skip
YES = {"yes", "y", "true", "1", "x", "present", "attended", "completed", "complete", "passed", "done", "p", "ja", "oui",
       "si", "anwesend", "是", "出席", "completed achieved pass grade"}  # fmt: skip
NO = {"no", "n", "false", "0", "absent", "not completed", "not attended", "incomplete", "in progress", "failed", "a",
      "nein", "non", "abwesend", "否", "缺席", ""}  # fmt: skip


@dataclass(frozen=True)
class Table:
    """A file's headings and rows as text, each with its number in the file, and the rows nobody can read."""

    headings: Sequence[str]
    frame: pl.DataFrame
    unreadable: Sequence[tuple[int, str, str]]
    sha256: str

    def column(self, names: Sequence[str]) -> str | None:
        """The column under the first of these headings that there is."""
        words = [heading_words(heading) for heading in self.headings]
        return next((f"c{words.index(name)}" for name in names if name in words), None)

    def heading(self, column: str) -> str:
        return self.headings[int(column[1:])]

    def texts(self, column: str | None) -> list[str]:
        if column is None:
            return [""] * self.frame.height
        return [str(text or "").strip() for text in self.frame.get_column(column)]

    def rows(self) -> list[int]:
        return [int(number) for number in self.frame.get_column("row")]


def read_table(file: IO[bytes], *, name: str) -> Table:
    """Read an upload; Refusal with the reader's sentence where it is no table."""
    digest = hashlib.sha256()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        with path.open("wb") as copy:
            while part := file.read(1 << 20):
                digest.update(part)
                copy.write(part)
        try:
            reading = read_file(path, name=name, into=Path(folder) / "read", limits=LIMITS)
        except Refused as refused:
            raise Refusal(f"{name}: {refused.sentence}", code=refused.code) from refused
        return Table(reading.headings, _frame(reading), list(_unreadable(reading)), digest.hexdigest())


def _frame(reading: Reading) -> pl.DataFrame:
    if not reading.chunks:
        schema = {"row": pl.Int64} | {f"c{place}": pl.String for place in range(len(reading.headings))}
        return pl.DataFrame(schema=schema)
    return pl.concat([pl.read_parquet(chunk) for chunk in reading.chunks])


def _unreadable(reading: Reading) -> Iterator[tuple[int, str, str]]:
    if reading.quarantine is not None:
        for row in pl.read_parquet(reading.quarantine).iter_rows(named=True):
            yield int(row["row"]), str(row["raw"])[:80], str(row["sentence"])


def moments(table: Table, column: str, *, order: str, zone: ZoneInfo) -> list[datetime | None]:
    """The column as moments, decided by all of it; `order` says day or month first where nothing in it does."""
    texts = pl.Series("dates", table.texts(column), dtype=pl.String)
    tally = DateTally()
    tally.add(texts)
    form = tally.decide()
    if order in ("DMY", "MDY") and form.order != "YMD":
        form = DateFormat(order, form.has_time, form.share, False, form.example)  # type: ignore[arg-type]
    if form.ambiguous:
        raise Refusal(
            _("Column “%(column)s”: does “%(example)s” begin with the day or with the month? Say so, and upload again.")
            % {"column": table.heading(column), "example": form.example},
            code="dates",
        )
    return [_aware(value, zone) for value in parse_dates(texts, form)]


def _aware(value: date | datetime | None, zone: ZoneInfo) -> datetime | None:
    """A day counts from its noon, so that no time zone moves it to another."""
    if value is None:
        return None
    if not isinstance(value, datetime):
        return datetime.combine(value, time(12), tzinfo=zone).astimezone(UTC)
    return value.replace(tzinfo=zone).astimezone(UTC)


def shares(table: Table, column: str) -> list[float | None]:
    """Scores as shares of 1: “85 %”, 85 or 0.85; a column that never exceeds 1 holds shares already."""
    texts = [text.replace("%", "").strip() for text in table.texts(column)]
    marked = ["%" in text for text in table.texts(column)]
    tally = NumberTally()
    series = pl.Series("scores", texts, dtype=pl.String)
    tally.add(series)
    found: list[Decimal | None] = list(parse_numbers(series, tally.decide()))
    plain = [value for value, has_sign in zip(found, marked, strict=True) if value is not None and not has_sign]
    of_hundred = any(value > 1 for value in plain)
    return [
        None if value is None else float(value) / (100 if has_sign or of_hundred else 1)
        for value, has_sign in zip(found, marked, strict=True)
    ]


def said_yes(text: str) -> bool | None:
    """Whether a cell says yes; None for what says neither. A number of minutes above nought is a yes."""
    word = heading_words(text)
    if word in YES:
        return True
    if word in NO:
        return False
    return None
