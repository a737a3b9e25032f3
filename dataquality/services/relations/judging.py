"""What every judge of a whole table is given, and how it writes down what it found."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg2 import sql

from dataquality.engine.rules import Rule
from dataquality.models import Source
from dataquality.services.findings import SETTLING
from dataquality.statements import execute, fetch
from dataquality.subjects import Subject

DISTINCT_VALUES = 20_000  # of a column, the most frequent first, that are looked at
Repair = tuple[str, str, str | None, list[str]]  # value, code, suggestion, candidates


@dataclass(frozen=True)
class Judging:
    """One rule, to be judged over the live records of one source; faults go into the settling table."""

    subject: Subject
    rule: Rule
    rule_id: int
    source: Source
    now: datetime

    @property
    def table(self) -> sql.Identifier:
        return sql.Identifier(self.subject.db_table)

    @property
    def column(self) -> sql.Identifier:
        return sql.Identifier(self.subject.stored_name(self.rule.field))

    @property
    def live(self) -> sql.Composable:
        """SQL: rows `t` that are judged."""
        return sql.SQL("t.source_id = {} AND t.state = 'live'").format(sql.Literal(self.source.pk))

    def found(self, rows: sql.Composable) -> int:
        """Note the rows (record, code, value, candidates) of a query as faults of the rule; returns how many."""
        return execute(
            sql.SQL(
                "INSERT INTO {settling} SELECT record_id, {rule}, {field}, {severity}, code, coalesce(value, ''), NULL,"
                " candidates FROM ({rows}) found (record_id, code, value, candidates)"
            ).format(
                settling=sql.Identifier(SETTLING), rule=sql.Literal(self.rule_id), field=sql.Literal(self.rule.field),
                severity=sql.Literal(self.rule.severity), rows=rows,
            )
        )  # fmt: skip

    def counts(self) -> list[tuple[str, int]]:
        """The filled values of the rule's column and how often they stand there, the most frequent first."""
        counted: list[tuple[str, int]] = fetch(  # type: ignore[assignment]
            sql.SQL(
                "SELECT t.{c}, count(*) FROM {t} t WHERE {live} AND btrim(t.{c}) <> '' GROUP BY 1 ORDER BY 2 DESC, 1"
                " LIMIT {most}"
            ).format(c=self.column, t=self.table, live=self.live, most=sql.Literal(DISTINCT_VALUES))
        )
        return counted

    def found_values(self, repairs: Sequence[Repair]) -> None:
        """Note every live record that holds one of these values as a fault, with what was meant."""
        if not repairs:
            return
        self.found(
            sql.SQL(
                "SELECT t.id, v.code, t.{c}, '[]'::jsonb FROM {t} t"
                " JOIN unnest({values}::text[], {codes}::text[]) v (value, code) ON t.{c} = v.value WHERE {live}"
            ).format(
                c=self.column, t=self.table, values=sql.Literal([each[0] for each in repairs]),
                codes=sql.Literal([each[1] for each in repairs]), live=self.live,
            )
        )  # fmt: skip
        self.note_repairs(repairs)

    def note_repairs(self, repairs: Sequence[Repair]) -> None:
        """Write suggestion and candidates beside the faults of these values."""
        if not repairs:
            return
        said = [
            {"value": value, "code": code, "suggestion": suggestion, "candidates": candidates}
            for value, code, suggestion, candidates in repairs
        ]
        execute(
            sql.SQL(
                "UPDATE {} s SET suggestion = v.suggestion, candidates = v.candidates"
                " FROM jsonb_to_recordset(%s::jsonb) v (value text, code text, suggestion text, candidates jsonb)"
                " WHERE s.rule_id = %s AND s.value = v.value AND s.code = v.code"
            ).format(sql.Identifier(SETTLING)),
            [json.dumps(said), self.rule_id],
        )
