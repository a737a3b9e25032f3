"""Reports and their footprints: which tables, fields and pointers must be clean before a figure is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.utils.translation import gettext as _

from crm_adoption.kit.access import ANALYST, LEAD, SPONSOR, STEWARD
from crm_adoption.kit.errors import Refusal

if TYPE_CHECKING:
    from crm_adoption.people.models import Person
    from dataquality.models import Source


@dataclass(frozen=True)
class Footprint:
    """What a report stands on: slugs of tables, and `<table>.<field>` of the fields and pointers it reads."""

    tables: tuple[str, ...]
    fields: tuple[str, ...] = ()
    pointers: tuple[str, ...] = ()

    @property
    def cells(self) -> tuple[tuple[str, str], ...]:
        """(table, field) of every field and pointer, fields first."""
        return tuple((table, name) for table, _, name in (each.rpartition(".") for each in self.fields + self.pointers))


@dataclass(frozen=True)
class Line:
    """One named row of values, as long as the categories of its figure; null where there is none."""

    name: str
    values: Sequence[float | int | None]


@dataclass(frozen=True)
class Figure:
    """What a chart draws and its table twin says: categories, and a value of each line for every category.

    `unit` is "" for counts, "%" for rates from 0 to 1, or a currency; amounts of two currencies never share a figure.
    """

    title: str
    head: str
    categories: Sequence[str]
    lines: Sequence[Line]
    n: int
    unit: str = ""

    @property
    def header(self) -> list[str]:
        return [self.head, *(line.name for line in self.lines)]

    @property
    def rows(self) -> list[list[Any]]:
        return [[category, *(line.values[at] for line in self.lines)] for at, category in enumerate(self.categories)]


@dataclass(frozen=True)
class ReportFigures:
    """The figures of a report with their sample and the day of the data they are made from."""

    figures: Sequence[Figure]
    n: int
    taken_at: datetime | None
    notes: Sequence[str] = field(default=())


class Drawing(Protocol):
    """Draws a report from one source, or from all; a reader may see more about themselves than others may."""

    def __call__(self, *, source: Source | None = None, reader: Person | None = None) -> ReportFigures: ...


@dataclass(frozen=True)
class Report:
    """A report, the question it answers, who may read it, what it stands on, and what it leaves out (T27)."""

    slug: str
    title: str
    question: str
    footprint: Footprint
    figures: Drawing
    leaves_out: str
    groups: tuple[str, ...] = (LEAD, SPONSOR, STEWARD, ANALYST)
    needs_stewards: bool = False  # does its gate ask for a data steward of every table, whatever the tables ask?


_reports: dict[str, Report] = {}


def declare(report: Report) -> Report:
    """Register a report; saying the same twice is a mistake."""
    if report.slug in _reports:
        raise ValueError(f"The report {report.slug} is declared twice")
    _reports[report.slug] = report
    return report


def get(slug: str) -> Report:
    try:
        return _reports[slug]
    except KeyError:
        raise Refusal(
            _("There is no report “%(slug)s”; there are %(known)s.")
            % {"slug": slug, "known": ", ".join(sorted(_reports))}
        ) from None


def every() -> list[Report]:
    return sorted(_reports.values(), key=lambda report: report.title)
