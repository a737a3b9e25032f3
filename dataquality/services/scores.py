"""Take the scores of a table and its fields (model.md 3.1): exact arithmetic over two grouped scans."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from django.db import transaction
from psycopg2 import sql

from dataquality.engine import figures
from dataquality.models import FOR, Batch, Finding, Score, Source
from dataquality.queries.limits import Limits, limits_of
from dataquality.queries.pointers import checkable_targets, filled, holds, needed
from dataquality.rules import active_rules
from dataquality.services.fitness import unfit
from dataquality.services.priorities import take_priorities
from dataquality.statements import fetch
from dataquality.subjects import Subject

WHOLE = "-"  # in the place of a field, for faults of a record as a whole
UNSETTLED = [Finding.State.OPEN, Finding.State.CORRECTED, Finding.State.WAIVED]


@dataclass
class Cells:
    """What is known of one field in one source, or in all: cells it applies to, wrong ones, and may it be judged."""

    rows: int = 0
    wrong: int = 0
    judged: bool = True

    def __add__(self, other: Cells) -> Cells:
        judged = all(cells.judged for cells in (self, other) if cells.rows)  # a source without such cells says nothing
        return Cells(self.rows + other.rows, self.wrong + other.wrong, judged)


@dataclass
class Tally:
    """The live records of a source, the wrong ones among them, and its fields."""

    rows: int = 0
    wrong: int = 0
    fields: dict[str, Cells] = field(default_factory=dict)
    uses: dict[str, Cells] = field(default_factory=dict)  # live records, and those not fit for the use


@transaction.atomic
def take_scores(subject: Subject, *, source: Source | None, batch: Batch | None, now: datetime) -> None:
    """Write the scores of a table, its critical fields and pointers, and the fields with findings.

    They are written for the source and for all sources together, with the records that are not fit for each use. A
    record is wrong with one open error or more; corrected and waived findings do not count, and a waiver that has run
    out is open again. A critical field that no row ever filled and nobody judged was not exported: its rate is
    undefined, as is that of a pointer whose targets have not come.
    """
    reopen_expired(now, subject=subject)
    limits = limits_of([subject])[subject.slug]
    tallies = _tallies(subject, limits)
    wanted: list[tuple[Source | None, Tally]] = [(None, _together(tallies.values()))]
    if source is not None:
        wanted.append((source, tallies.get(source.pk, _nothing(limits))))
    Score.objects.filter(table=subject.slug, taken_at=now, source__in=[source] if source else []).delete()
    Score.objects.filter(table=subject.slug, taken_at=now, source=None).delete()
    Score.objects.bulk_create(
        score for owner, tally in wanted for score in _scores(subject, limits, tally, owner, batch, now)
    )
    take_priorities(subject, now=now)


def reopen_expired(now: datetime, *, subject: Subject | None = None) -> int:
    """Open the findings again whose waiver ran out before today; returns how many."""
    expired = Finding.objects.filter(state=Finding.State.WAIVED, waived_until__lt=now.date())
    if subject is not None:
        expired = expired.filter(table=subject.slug)
    return expired.update(state=Finding.State.OPEN)


def _tallies(subject: Subject, limits: Limits) -> dict[int, Tally]:
    found = _findings(subject)
    fields = sorted({*limits.critical, *(name for name in found if name in subject.columns)})
    always = {rule.field for rule in active_rules(subject) if rule.kind == "required" and "when" not in rule.params}
    sometimes = {
        rule.field: holds(rule.params["when"])
        for rule in active_rules(subject)
        if rule.kind == "required" and "when" in rule.params and rule.severity == "error"
    }
    picks = [pick for name in fields for pick in _counted(subject, name, always, sometimes)]
    rows = fetch(
        sql.SQL("SELECT t.source_id, count(*){} FROM {} t WHERE t.state = 'live' GROUP BY 1").format(
            sql.SQL("").join(sql.SQL(", count(*) FILTER (WHERE {})").format(pick) for pick in picks),
            sql.Identifier(subject.db_table),
        )
    )
    sources, not_fit = Source.objects.in_bulk([row[0] for row in rows]), unfit(subject)
    tallies = {}
    for source_id, live, *counts in rows:
        tally = Tally(live, min(live, found[""].get(source_id, (0, 0))[0]))
        for at, name in enumerate(fields):
            wrong, known = found[name].get(source_id, (0, 0))
            applicable, holding = counts[2 * at : 2 * at + 2]
            cells = Cells(max(applicable, wrong), wrong)
            if name in subject.pointers:
                cells.judged = not holding or checkable_targets(subject, name, sources[source_id])
            else:
                cells.judged = bool(holding or known)
            tally.fields[name] = cells
        tally.uses = {use: Cells(*found_in[source_id]) for use, found_in in not_fit.items() if source_id in found_in}
        tallies[source_id] = tally
    return tallies


def _findings(subject: Subject) -> dict[str, dict[int, tuple[int, int]]]:
    """By field ("" for the whole record) and source: live records with an open error, and findings known at all."""
    rows = fetch(
        sql.SQL(
            "SELECT f.source_id, CASE WHEN GROUPING(f.field) = 1 THEN '' ELSE coalesce(nullif(f.field, ''), %s) END,"
            " count(DISTINCT f.record_id) FILTER"
            " (WHERE f.state = 'open' AND f.severity = 'error'), count(*)"
            " FROM dataquality_finding f JOIN {} t ON t.id = f.record_id AND t.state = 'live'"
            ' WHERE f."table" = %s AND f.state = ANY(%s) GROUP BY GROUPING SETS ((f.source_id, f.field), (f.source_id))'
        ).format(sql.Identifier(subject.db_table)),
        [WHOLE, subject.slug, [str(state) for state in UNSETTLED]],
    )
    found: dict[str, dict[int, tuple[int, int]]] = defaultdict(dict)
    for source_id, name, wrong, known in rows:
        found[name][source_id] = (wrong, known)
    return found


def _counted(
    subject: Subject, name: str, always: set[str], sometimes: dict[str, sql.Composable]
) -> tuple[sql.Composable, sql.Composable]:
    """SQL: does the field apply to row t, and does its cell hold anything?"""
    holding = filled(subject, name)
    if name in always:
        return sql.SQL("true"), holding
    pointer = subject.pointers.get(name)
    must = needed(subject, pointer) if pointer else sometimes.get(name)
    return (sql.SQL("({} OR {})").format(must, holding) if must else holding), holding


def _together(tallies: Iterable[Tally]) -> Tally:
    whole = Tally()
    for tally in tallies:
        whole.rows += tally.rows
        whole.wrong += tally.wrong
        for name, cells in tally.fields.items():
            whole.fields[name] = whole.fields.get(name, Cells()) + cells
        for use, cells in tally.uses.items():
            whole.uses[use] = whole.uses.get(use, Cells()) + cells
    return whole


def _nothing(limits: Limits) -> Tally:
    return Tally(fields={name: Cells() for name in limits.critical})


def _scores(
    subject: Subject, limits: Limits, tally: Tally, source: Source | None, batch: Batch | None, now: datetime
) -> list[Score]:
    def score(name: str, cells: Cells, limit: Fraction, strict: bool) -> Score:
        rate = figures.error_rate(cells.wrong, cells.rows) if cells.judged else None
        return Score(
            source=source, table=subject.slug, field=name, rows=cells.rows, wrong=cells.wrong,
            rate=None if rate is None else float(rate), limit=_decimal(limit), strict=strict,
            passes=None if rate is None else figures.passes(cells.wrong, cells.rows, limit, strict=strict),
            to_fix=figures.to_fix(cells.wrong, cells.rows, limit, strict=strict) if cells.rows else 0,
            batch=batch, taken_at=now,
        )  # fmt: skip

    table = score("", Cells(tally.rows, tally.wrong), limits.table, limits.strict)
    fields = tally.fields or {name: Cells() for name in limits.critical}
    uses = [score(FOR + use, cells, limits.table, limits.strict) for use, cells in tally.uses.items()]
    return [table, *(score(name, cells, *limits.of(name)) for name, cells in sorted(fields.items())), *uses]


def _decimal(limit: Fraction) -> Decimal:
    return (Decimal(limit.numerator) / Decimal(limit.denominator)).quantize(Decimal("0.0001"))
