"""The report gate (M1): figures are shown only while what they stand on is clean, or somebody answers for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlencode

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from psycopg2 import sql

from crm_adoption.kit import words
from crm_adoption.kit.access import ANALYST, belongs
from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person, Seat
from crm_adoption.people.queries import fill_url
from dataquality import subjects
from dataquality.engine import figures
from dataquality.models import Override, Source
from dataquality.queries import FieldScore, TableScore, field_name, scoreboard
from dataquality.queries.stewards import asking, unanswered
from dataquality.statements import fetch
from dataquality.subjects import PERSON, Subject

if TYPE_CHECKING:
    from dataquality.reports import Report

LONGEST = timedelta(days=90)
State = Literal["open", "locked", "overridden", "analyst"]


@dataclass(frozen=True)
class Reason:
    """One thing that keeps a report locked, and the work that would end it; `rate` is null where it is undefined."""

    table: str
    field: str | None
    rows: int
    wrong: int
    rate: float | None
    limit: float
    to_fix: int
    sentence: str
    about: Literal["data", "steward"] = "data"

    @property
    def url(self) -> str:
        """The page of the rows that are meant, or of the seat."""
        if self.about == "steward":
            return fill_url(Seat.Kind.STEWARD, Seat.Scope.TABLE, self.table)
        address = subjects.get(self.table).get_absolute_url()
        return f"{address}?{urlencode({'field': self.field})}" if self.field else address


@dataclass(frozen=True)
class GateState:
    """What a report's gate says now; without figures unless it `shows_figures`, and then under its `stamp`."""

    report: Report
    state: State
    reasons: tuple[Reason, ...]
    override: Override | None = None

    @property
    def is_locked(self) -> bool:
        return self.state == "locked"

    @property
    def shows_figures(self) -> bool:
        return self.state != "locked"

    @property
    def stamp(self) -> str:
        """What stands over every page of a report that is shown in spite of its gate; empty where the gate is open."""
        known = " ".join(reason.sentence for reason in self.reasons)
        if self.state == "analyst":
            return _("For analysts only: this report is locked to its readers. %(known)s") % {"known": known}
        if self.state == "overridden" and self.override:
            return _("Published with known errors until %(until)s by %(by)s: %(reason)s %(known)s") % {
                "until": date_format(self.override.until, "DATE_FORMAT"),
                "by": self.override.by,
                "reason": self.override.reason.rstrip(".") + ".",
                "known": known,
            }
        return ""


def gate(
    report: Report,
    *,
    now: datetime,
    source: Source | None = None,
    reader: Person | None = None,
    scores: list[TableScore] | None = None,
) -> GateState:
    """Is this report open? Computed from the scores, never stored.

    It is locked while a table of its footprint is at its limit or beyond, or has no rows, and while one of its fields
    or pointers is, or cannot be judged; and, where a table or the report asks for it, while no data steward holds the
    seat of the table (P49). An analyst sees a locked report under a stamp. Give the `scores` of the
    source when several gates are asked.
    """
    board = {score.slug: score for score in (scores if scores is not None else scoreboard(source))}
    empty = {table for table in report.footprint.tables if not board[table].rows}  # says so once, not a field each
    cells = [
        reason
        for table, name in report.footprint.cells
        if table not in empty and (reason := _field_reason(board, table, name))
    ]
    named = {table: [reason.field for reason in cells if reason.table == table] for table in report.footprint.tables}
    tables = [
        reason
        for table in report.footprint.tables
        if (reason := _table_reason(board[table], [name for name in named[table] if name], source))
    ]
    reasons = (*cells, *tables, *_stewards(report, board))
    if not reasons:
        return GateState(report, "open", ())
    override = in_force(report.slug, now=now)
    if override:
        return GateState(report, "overridden", reasons, override)
    if reader is not None and belongs(reader, (ANALYST,)):
        return GateState(report, "analyst", reasons)
    return GateState(report, "locked", reasons)


def _stewards(report: Report, board: Mapping[str, TableScore]) -> list[Reason]:
    """A reason for each table that nobody answers for, where that is a condition."""
    tables = report.footprint.tables
    wanted = unanswered(tables if report.needs_stewards else asking(tables))
    return [
        Reason(
            one.slug, None, board[one.slug].rows, 0, None, board[one.slug].limit, 0,
            _("Nobody answers for %(table)s; name a data steward.") % {"table": one.label}, "steward",
        )
        for one in wanted
    ]  # fmt: skip


def in_force(slug: str, *, now: datetime) -> Override | None:
    return Override.objects.filter(gate=slug, withdrawn_at=None, until__gt=now).select_related("by").first()


@transaction.atomic
def override_gate(report: Report, *, by: Person, reason: str, until: datetime, now: datetime) -> Override:
    """Open a locked report for a while; who, why and until when stand on every page of it."""
    if not reason.strip():
        raise Refusal(_("Say why “%(report)s” may be shown with known errors.") % {"report": report.title})
    if until <= now:
        raise Refusal(_("The day “%(report)s” is to be locked again lies in the past; choose a later one.")
                      % {"report": report.title})  # fmt: skip
    if until > now + LONGEST:
        raise Refusal(
            _("“%(report)s” may be overridden for %(days)s days at most; choose a day before %(last)s.")
            % {"report": report.title, "days": LONGEST.days, "last": date_format(now + LONGEST, "DATE_FORMAT")}
        )
    Override.objects.filter(gate=report.slug, withdrawn_at=None, until__gt=now).update(withdrawn_at=now)
    return Override.objects.create(gate=report.slug, by=by, reason=reason.strip(), until=until)


@transaction.atomic
def withdraw_override(override: Override, *, now: datetime) -> Override:
    """Lock the report again before its time."""
    found = Override.objects.select_for_update().get(pk=override.pk)
    if found.withdrawn_at or found.until <= now:
        raise Refusal(_("This override has already ended."))
    found.withdrawn_at = now
    found.save(update_fields=["withdrawn_at", "updated_at"])
    return found


def _field_reason(board: Mapping[str, TableScore], table: str, name: str) -> Reason | None:
    score = board[table]
    cells = score.of(name)
    if cells.passes if cells else score.rows:  # a field that is not critical is only scored while it has findings
        return None
    called = field_name(score.subject, name)
    if cells is None:
        return Reason(table, name, score.rows, 0, None, score.limit, 0, _no_rows(called, [score.label]))
    sentence = cells.sentence if cells.rate is not None else _undefined(score.subject, cells)
    return Reason(table, name, cells.rows, cells.wrong, cells.rate, cells.limit, cells.to_fix, sentence)


def _table_reason(score: TableScore, named: list[str], source: Source | None) -> Reason | None:
    """A table's own reason, or none where mending the named fields alone would bring it under its limit."""
    if score.rate_passes:
        return None
    if not score.rows:
        return Reason(score.slug, None, 0, 0, None, score.limit, 0, _no_rows(score.label, [score.label]))
    wrong = min(score.rows, _wrong_apart_from(score.subject, named, source)) if named else score.wrong
    limit = Fraction(str(score.limit))
    if figures.passes(wrong, score.rows, limit, strict=score.strict):
        return None
    rate, more = wrong / score.rows, figures.to_fix(wrong, score.rows, limit, strict=score.strict)
    if not named:
        sentence = score.sentence
    else:
        sentence = _(
            "%(table)s: apart from that %(rate)s wrong (%(wrong)s of %(rows)s); the limit is %(limit)s. Fix %(n)s more."
        ) % {
            "table": score.label, "rate": words.percent(rate), "wrong": words.number(wrong),
            "rows": words.number(score.rows), "limit": words.percent(score.limit), "n": words.number(more),
        }  # fmt: skip
    return Reason(score.slug, None, score.rows, wrong, rate, score.limit, more, sentence)


def _wrong_apart_from(subject: Subject, named: list[str], source: Source | None) -> int:
    """Live records with an open error in a field that is not named."""
    of_source = sql.SQL(" AND f.source_id = {}").format(sql.Literal(source.pk)) if source else sql.SQL("")
    rows = fetch(
        sql.SQL(
            "SELECT count(DISTINCT f.record_id) FROM dataquality_finding f"
            " JOIN {t} t ON t.id = f.record_id AND t.state = 'live'"
            " WHERE f.\"table\" = %s AND f.state = 'open' AND f.severity = 'error' AND f.field <> ALL(%s){s}"
        ).format(t=sql.Identifier(subject.db_table), s=of_source),
        [subject.slug, named],
    )
    return int(rows[0][0])


def _undefined(subject: Subject, cells: FieldScore) -> str:
    if not cells.rows:
        return _no_rows(cells.name, [subject.label])
    if not cells.pointer:
        return _("%(what)s is in no export yet; export that column as well.") % {"what": cells.name}
    targets = subject.pointers[cells.field].targets(cells.field).values()
    missing = [_("CRM users") if slug == PERSON else subjects.get(slug).label for slug in targets]
    return _("%(what)s cannot be checked yet; import %(tables)s.") % {
        "what": cells.name, "tables": _(" or ").join(missing)
    }  # fmt: skip


def _no_rows(what: str, tables: list[str]) -> str:
    return _("No data yet: %(what)s; import %(tables)s.") % {"what": what, "tables": ", ".join(tables)}
