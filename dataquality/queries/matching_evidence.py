"""Why a pair is as probable as it is, and what teaching has done."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from psycopg2 import sql

from dataquality import subjects
from dataquality.engine.matching import Evidence, Model, explain
from dataquality.models import Judgement, MatchRun, Pair
from dataquality.queries.matching import last_run
from dataquality.statements import fetch


@lru_cache(maxsize=8)
def model_of(run_id: int) -> Model:
    """The model of a run, as the engine takes it, read once a process: it never changes."""
    return Model.from_json(json.dumps(MatchRun.objects.values_list("model", flat=True).get(pk=run_id)))


def evidence_of(pair: Pair) -> list[Evidence]:
    """The waterfall of a pair: where it starts, then column after column in bits; empty for one a rule alone gave."""
    if pair.pattern is None:
        return []
    run = MatchRun.objects.only("pk", "learnt_in").get(pk=pair.run_id)
    return explain(model_of(run.taught_by), pair.pattern)


@dataclass(frozen=True)
class Measured:
    """How well the engine agrees with people, on pairs that never taught it: figures null where they are undefined."""

    n: int
    precision: float | None
    recall: float | None


@dataclass(frozen=True)
class Learned:
    """Judgements that taught, and those held back: as the engine saw them when they were judged, and as it does now."""

    taught: int
    before: Measured
    now: Measured


def learned(table: str, beside: str = "") -> Learned:
    """What teaching has done, on the held-back judgements of a table.

    Pairs were judged in an order that people chose, so that the figures compare two moments and are no estimate for
    all pairs.
    """
    table_a, table_b = sorted((table, beside or table))
    run = last_run(table, beside)
    threshold = run.threshold if run else 0.5
    left, right = subjects.get(table_a), subjects.get(table_b)
    rows = fetch(
        sql.SQL(HELD_BACK).format(
            ta=sql.Identifier(left.db_table), tb=sql.Identifier(right.db_table), table_a=sql.Literal(table_a),
            table_b=sql.Literal(table_b),
        )
    )  # fmt: skip
    taught = Judgement.objects.filter(table_a=table_a, table_b=table_b, held_back=False, acceptance=None).count()
    return Learned(
        taught,
        _measured([(row[0], row[1] is not None and row[1] >= threshold) for row in rows]),
        _measured([(row[0], row[2] is not None and row[2] >= threshold) for row in rows]),
    )


HELD_BACK = """
    SELECT j.verdict = 'same', j.probability, p.probability
      FROM dataquality_judgement j
      JOIN {ta} ta ON ta.source_id = j.source_a_id AND ta.external_id = j.external_a
      JOIN {tb} tb ON tb.source_id = j.source_b_id AND tb.external_id = j.external_b
      LEFT JOIN dataquality_pair p ON p.table_a = {table_a} AND p.table_b = {table_b}
       AND p.a = CASE WHEN {table_a} = {table_b} THEN least(ta.id, tb.id) ELSE ta.id END
       AND p.b = CASE WHEN {table_a} = {table_b} THEN greatest(ta.id, tb.id) ELSE tb.id END
     WHERE j.table_a = {table_a} AND j.table_b = {table_b} AND j.held_back AND j.acceptance_id IS NULL"""


def _measured(said: Iterable[tuple[bool, bool]]) -> Measured:
    """Of (person, engine): both true is right."""
    listed = list(said)
    right = sum(person and engine for person, engine in listed)
    taken, true = sum(engine for _person, engine in listed), sum(person for person, _engine in listed)
    return Measured(len(listed), right / taken if taken else None, right / true if true else None)


@dataclass(frozen=True)
class Births:
    """Records of one source created in one month, and those of them that duplicate an older one."""

    source: str
    month: str  # YYYY-MM
    new: int
    duplicates: int

    @property
    def rate(self) -> float | None:
        return self.duplicates / self.new if self.new else None


def births_of(table: str) -> list[Births]:
    """By source and month, oldest first, as the last run of a table counted them."""
    run = last_run(table)
    return births_in(run) if run else []


def births_in(run: MatchRun) -> list[Births]:
    """By source and month, oldest first, as one run counted them."""
    return [
        Births(source, month, *figures)
        for source, months in sorted(run.births.items())
        for month, figures in sorted(months.items())
    ]
