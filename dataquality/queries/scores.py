"""The scoreboard, read from the scores as they were last taken: no table of records is scanned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db.models import Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from psycopg2 import sql

from crm_adoption.kit import words
from dataquality import subjects
from dataquality.engine import figures
from dataquality.models import FOR, Score, Source
from dataquality.queries.limits import Limits, limits_of
from dataquality.statements import fetch
from dataquality.subjects import Subject

TREND = 30  # scores of a table that its trend goes back
Point = tuple[datetime, float | None]


@dataclass(frozen=True)
class FieldScore:
    """One field against its limit; `passes` is null where its rate is undefined, `name` is how sentences call it."""

    field: str
    label: str
    rows: int
    wrong: int
    rate: float | None
    limit: float
    strict: bool
    passes: bool | None
    to_fix: int
    critical: bool
    pointer: bool
    checkable: bool
    name: str

    @property
    def sentence(self) -> str:
        return said(self.name, self)

    def as_json(self) -> dict[str, Any]:
        """The facts for a program; the rate as a fraction of 1."""
        return _facts(self) | {name: getattr(self, name) for name in ("field", "critical", "pointer", "checkable")}


@dataclass(frozen=True)
class Fitness:
    """How many live records are fit for a use (P45)."""

    use: str
    label: str
    rows: int
    fit: int

    @property
    def rate(self) -> float | None:
        return self.fit / self.rows if self.rows else None


USES = {"mail": gettext_lazy("Letters"), "telephony": gettext_lazy("Calls"), "email": gettext_lazy("E-mail")}


@dataclass(frozen=True)
class TableScore:
    """One table against its limit, and its fields. `passes` asks for both, `rate_passes` for the table's rate alone.

    `passes` and `rate` are null without rows or before the first score; an optional pointer without a filled cell
    does not hold a table up.
    """

    subject: Subject
    rows: int
    wrong: int
    rate: float | None
    limit: float
    strict: bool
    rate_passes: bool | None
    to_fix: int
    taken_at: datetime | None
    weight: int
    trend: list[Point] = field(default_factory=list)
    fields: list[FieldScore] = field(default_factory=list)
    fitness: list[Fitness] = field(default_factory=list)

    @property
    def slug(self) -> str:
        return self.subject.slug

    @property
    def label(self) -> str:
        return self.subject.label

    @property
    def passes(self) -> bool | None:
        if self.rate_passes is None:
            return None
        return self.rate_passes and all(cells.passes for cells in self.fields if cells.critical and cells.rows)

    @property
    def blocking(self) -> list[FieldScore]:
        """The critical fields and pointers that keep the table from passing."""
        return [cells for cells in self.fields if cells.critical and cells.rows and not cells.passes]

    @property
    def work(self) -> int:
        """The most that any of its limits still asks to be mended; the same record may count for several."""
        return max([self.to_fix, *(cells.to_fix for cells in self.blocking)])

    @property
    def rates(self) -> list[float | None]:
        """Its error rates, oldest first."""
        return [rate for _at, rate in self.trend]

    @property
    def headroom(self) -> float | None:
        return figures.headroom(Fraction(self.wrong, self.rows) if self.rows else None, self.limit)

    @property
    def sentence(self) -> str:
        return said(self.label, self)

    def of(self, name: str) -> FieldScore | None:
        return next((cells for cells in self.fields if cells.field == name), None)

    def as_json(self) -> dict[str, Any]:
        """The facts for a program; rates as fractions of 1, the moment in ISO form."""
        facts = {"table": self.slug, "label": self.label} | _facts(self)
        facts |= {"rate_passes": self.rate_passes, "taken_at": self.taken_at and self.taken_at.isoformat()}
        facts |= {"fitness": [{"use": each.use, "rows": each.rows, "fit": each.fit} for each in self.fitness]}
        return facts | {"fields": [cells.as_json() for cells in self.fields]}


def scoreboard(source: Source | None = None) -> list[TableScore]:
    """Every table, the heaviest first, as last scored for one source or for all together; five queries."""
    known = subjects.every()
    limits = limits_of(known)
    latest = _latest(source)
    trends = _trends([subject.slug for subject in known], source)
    return [
        _table(subject, limits[subject.slug], latest.get(subject.slug, []), trends[subject.slug]) for subject in known
    ]


def data_health(scores: Iterable[TableScore]) -> float | None:
    """Weighted mean headroom of the tables that have rows, 0 to 100; gates never use it."""
    known = list(scores)
    return figures.data_health(
        {score.slug: score.headroom for score in known}, {score.slug: score.weight for score in known}
    )


def trend_of(subject: Subject, name: str = "", source: Source | None = None) -> list[Point]:
    """The rates of a table, or of one of its fields, oldest first."""
    found = Score.objects.filter(table=subject.slug, field=name, source=source).values_list("taken_at", "rate")
    return list(reversed(found[:TREND]))


def said(what: str, score: TableScore | FieldScore) -> str:
    """A score in a sentence: how wrong, of how many, the limit, and the work to do."""
    if not score.rows:
        return _("No data yet: %(what)s.") % {"what": what}
    if score.rate is None:
        return _("%(what)s cannot be checked yet.") % {"what": what}
    line = _("the limit is below %(limit)s") if score.strict else _("the limit is %(limit)s")
    sentence = _("%(what)s %(rate)s wrong (%(wrong)s of %(rows)s); %(line)s.") % {
        "what": what,
        "rate": words.percent(score.rate),
        "wrong": words.number(score.wrong),
        "rows": words.number(score.rows),
        "line": line % {"limit": words.percent(score.limit)},
    }
    return sentence + (_(" Fix %(n)s more.") % {"n": words.number(score.to_fix)} if score.to_fix else "")


def _facts(score: TableScore | FieldScore) -> dict[str, Any]:
    names = ("rows", "wrong", "rate", "limit", "strict", "passes", "to_fix", "sentence")
    return {name: getattr(score, name) for name in names}


def _latest(source: Source | None) -> dict[str, list[Score]]:
    """By table, the scores taken together last."""
    of_source = Score.objects.filter(source=source)
    newest = of_source.filter(field="").order_by().values("table").annotate(at=Max("taken_at"))
    moments = {row["table"]: row["at"] for row in newest}
    found: dict[str, list[Score]] = defaultdict(list)
    if moments:
        wanted = Q(pk=None)
        for table, at in moments.items():
            wanted |= Q(table=table, taken_at=at)
        for score in of_source.filter(wanted):
            found[score.table].append(score)
    return found


def _trends(slugs: Sequence[str], source: Source | None) -> dict[str, list[Point]]:
    """The last rates of each table, oldest first, by one walk along the index a table."""
    trends: dict[str, list[Point]] = {slug: [] for slug in slugs}
    found = fetch(
        sql.SQL(
            "SELECT t.slug, s.taken_at, s.rate FROM unnest(%s::text[]) t (slug), LATERAL (SELECT taken_at, rate"
            " FROM dataquality_score WHERE \"table\" = t.slug AND field = '' AND source_id {of_source}"
            " ORDER BY taken_at DESC LIMIT %s) s ORDER BY 2"
        ).format(of_source=sql.SQL("= {}").format(sql.Literal(source.pk)) if source else sql.SQL("IS NULL")),
        [list(slugs), TREND],
    )
    for slug, at, rate in found:
        trends[slug].append((at, rate))
    return trends


def _table(subject: Subject, limits: Limits, scores: Sequence[Score], trend: list[Point]) -> TableScore:
    whole = next((score for score in scores if score.field == ""), None)
    cells = {score.field: score for score in scores if score.field}
    names = [name for name in subject.columns if name in cells]
    return TableScore(
        subject=subject,
        rows=whole.rows if whole else 0,
        wrong=whole.wrong if whole else 0,
        rate=whole.rate if whole else None,
        limit=float(whole.limit if whole else limits.table),
        strict=whole.strict if whole else limits.strict,
        rate_passes=whole.passes if whole else None,
        to_fix=whole.to_fix if whole else 0,
        taken_at=whole.taken_at if whole else None,
        weight=limits.weight,
        trend=trend,
        fields=[_field(subject, limits, cells[name]) for name in names],
        fitness=[
            Fitness(use, str(USES.get(use, use)), known.rows, known.rows - known.wrong)
            for use in subject.uses
            if (known := cells.get(FOR + use))
        ],
    )


def _field(subject: Subject, limits: Limits, score: Score) -> FieldScore:
    return FieldScore(
        field=score.field,
        label=subject.columns[score.field].label,
        rows=score.rows,
        wrong=score.wrong,
        rate=score.rate,
        limit=float(score.limit),
        strict=score.strict,
        passes=score.passes,
        to_fix=score.to_fix,
        critical=score.field in limits.critical,
        pointer=score.field in subject.pointers,
        checkable=score.rate is not None or not score.rows,
        name=field_name(subject, score.field),
    )


def field_name(subject: Subject, name: str) -> str:
    """A field as sentences name it: "Opportunities: product pointer"."""
    label = subject.columns[name].label if name in subject.columns else name
    if name in subject.pointers:
        return _("%(table)s: %(field)s pointer") % {"table": subject.label, "field": label.lower()}
    return _("%(table)s: %(field)s") % {"table": subject.label, "field": label.lower()}
