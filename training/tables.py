"""Tables in files that people upload here: read in the disposable child, as imports are, and their columns found."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import polars as pl
from django.utils.translation import gettext as _

from crm_adoption.kit.errors import Refusal
from dataquality.engine.headings import heading_words
from dataquality.engine.parse import DateFormat, DateTally, NumberTally, parse_dates, parse_numbers
from dataquality.small_tables import Table, read_table

__all__ = ["COMPLETED", "COURSE", "EMAIL", "SCORE", "STATE", "Table", "moments", "read_table", "said_yes", "shares"]

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
