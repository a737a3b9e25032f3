"""What is expected of a torture file, and the rows that most of them hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

SECONDS = 5


@dataclass
class Expect:
    """Cell texts of the rows in order (or only their number), what was kept out, asked and told; or the refusal."""

    rows: int | Sequence[tuple[str, ...]] | None = None
    headings: list[str] | None = None
    kept_out: list[tuple[int, str]] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)
    suggestion: str | None = None
    encoding: str | None = None
    refused: str | None = None
    place: str | None = None
    within: float = SECONDS


PEOPLE = [
    ("1", "Anna Müller", "anna@example.com", "+49 30 1234567", "Köln"),
    ("2", "李小龍", "li@example.cn", "+86 10 62345678", "北京市"),
    ("3", "Иван Петров", "ivan@example.ru", "8 (495) 123-45-67", "Москва"),
]
PEOPLE_HEADINGS = ["id", "name", "email", "phone", "city"]
TWO = [("1", "Anna", "a@x.de"), ("2", "Bob", "b@x.de")]


def people(**more) -> Expect:
    return Expect(rows=PEOPLE, headings=PEOPLE_HEADINGS, **more)


def refused(code: str, **more) -> Expect:
    return Expect(refused=code, **more)
