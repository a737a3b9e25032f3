"""`manage.py scoreboard`: how wrong the data is, what is locked by it, and what to mend first."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from crm_adoption.kit import words
from dataquality import reports
from dataquality.models import Source
from dataquality.queries import FieldScore, Problem, TableScore, data_health, problems, scoreboard
from dataquality.services import GateState, gate

PROBLEMS = 12  # shown, the largest of all tables


class Command(BaseCommand):
    help = "Print the scoreboard: tables and fields against their limits, report gates, the problems that weigh most."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--source", metavar="NAME", help="one source; without it, all sources together")
        parser.add_argument("--json", action="store_true", help="the same facts for a program")

    def handle(self, *args: Any, source: str | None, json: bool, **options: Any) -> None:
        asked = _source(source)
        board = scoreboard(asked)
        now = timezone.now()
        gates = [gate(report, source=asked, now=now, scores=board) for report in reports.every()]
        found = sorted(
            (each for score in board if score.rows for each in problems(score.subject, asked, limit=PROBLEMS)),
            key=lambda each: (-each.priority, each.severity, -each.rows),
        )[:PROBLEMS]
        if json:
            self.stdout.write(_as_json(asked, board, gates, found))
        else:
            self.stdout.write("\n".join(_as_text(asked, board, gates, found)))


def _source(name: str | None) -> Source | None:
    if name is None:
        return None
    found = Source.objects.filter(name=name).first()
    if found is None:
        known = ", ".join(Source.objects.values_list("name", flat=True)) or "none yet"
        raise CommandError(f"There is no source “{name}”; there are: {known}.")
    return found


def _as_text(
    source: Source | None, board: Sequence[TableScore], gates: Sequence[GateState], found: Sequence[Problem]
) -> Iterable[str]:
    health = data_health(board)
    yield f"Scoreboard of {source or 'all sources'}: data health {'–' if health is None else f'{health:.0f} of 100'}"
    yield ""
    lines: list[tuple[str, ...]] = [("table", "rows", "wrong", "rate", "limit", "", "fix")]
    for score in board:
        if score.rows:
            lines.append(_line(score.label, score, score.passes))
            gating = (cells for cells in score.fields if cells.critical)
            lines += [_line(f"  {cells.label.lower()}", cells, cells.passes) for cells in gating]
    yield from _aligned(lines) if len(lines) > 1 else ["No table has been imported yet: manage.py import_crm FILE…"]
    yield ""
    for state in gates:
        yield f"{state.report.title}: {state.state}"
        yield from (f"  {reason.sentence}" for reason in state.reasons)
    if found:
        yield ""
        yield from _aligned(
            [("problem", "rows", "", "suggestion"), *(_problem(each) for each in found)], right=frozenset({1})
        )


def _line(label: str, score: TableScore | FieldScore, passes: bool | None) -> tuple[str, ...]:
    sign = "<" if score.strict else "≤"
    return (
        label,
        words.number(score.rows),
        words.number(score.wrong),
        words.percent(score.rate),
        f"{sign} {words.percent(score.limit)}",
        {True: "passes", False: "FAILS", None: "unchecked" if score.rows else "no data"}[passes],
        words.number(score.to_fix) if score.to_fix else "",
    )


def _problem(problem: Problem) -> tuple[str, ...]:
    shown = f"“{problem.value[:60]}”" if problem.value else "blank"
    meant = problem.suggestion or " or ".join(problem.candidates)
    return (f"{problem.table}.{problem.field} {shown}", words.number(problem.rows), problem.severity, meant)


def _aligned(lines: Sequence[tuple[str, ...]], right: frozenset[int] = frozenset({1, 2, 3, 4, 6})) -> Iterable[str]:
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
    for line in lines:
        cells = [
            cell.rjust(width) if at in right else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def _as_json(
    source: Source | None, board: Sequence[TableScore], gates: Sequence[GateState], found: Sequence[Problem]
) -> str:
    facts = {
        "source": source.name if source else None,
        "data_health": data_health(board),
        "tables": [score.as_json() for score in board],
        "gates": [
            {"report": state.report.slug, "state": state.state,
             "reasons": [{name: getattr(reason, name) for name in
                          ("table", "field", "rows", "wrong", "rate", "limit", "to_fix", "sentence")}
                         for reason in state.reasons]}
            for state in gates
        ],
        "problems": [
            {name: getattr(each, name) for name in
             ("table", "field", "code", "severity", "value", "suggestion", "candidates", "rows", "sentence")}
            for each in found
        ],
    }  # fmt: skip
    return json.dumps(facts, ensure_ascii=False, indent=2)
