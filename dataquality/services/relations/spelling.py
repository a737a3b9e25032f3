"""Words that are misspelt, that only a person can read, or that are rare beside a frequent one like them."""

from __future__ import annotations

import polars as pl
from psycopg2 import sql

from dataquality.engine.noise import near_neighbours
from dataquality.engine.rules import Rule
from dataquality.engine.spelling import spelling
from dataquality.services.findings import SETTLING
from dataquality.services.relations.judging import DISTINCT_VALUES, Judging, Repair
from dataquality.statements import execute
from dataquality.subjects import Subject


def judge_spelling(judging: Judging) -> None:
    """Each distinct value once; a value that was already found off its list is not found again."""
    counts = pl.DataFrame(judging.counts(), schema={"value": pl.String, "n": pl.Int64}, orient="row")
    if not counts.height:
        return
    judging.found_values(_misspelt(judging.subject, judging.rule, counts))
    execute(
        sql.SQL(
            "DELETE FROM {settling} s USING {settling} o WHERE s.rule_id = {rule} AND o.record_id = s.record_id"
            " AND o.field = s.field AND o.rule_id <> s.rule_id AND starts_with(o.code, 'choice')"
        ).format(settling=sql.Identifier(SETTLING), rule=sql.Literal(judging.rule_id))
    )


def _misspelt(subject: Subject, rule: Rule, counts: pl.DataFrame) -> list[Repair]:
    """What is misspelt, what only a person can say, and what is rare beside a frequent value like it."""
    kind = subject.columns[rule.field].kind
    known = [str(value) for value in rule.params.get("known", ())]
    plain = spelling(counts, kind=kind, known=known)
    repairs: list[Repair] = [
        (value, "spelling_misspelt" if suggestion else "spelling_question", suggestion, list(candidates))
        for value, suggestion, candidates in plain.select("value", "suggestion", "candidates").iter_rows()
    ]
    meant = {value: suggestion for value, _, suggestion, _ in repairs}
    if kind == "choice":
        near = near_neighbours(counts, limit=DISTINCT_VALUES)
        for value, other in near.select("value", "near").iter_rows():
            if value not in meant and value not in known:
                right = meant.get(other) or other
                repairs.append((value, "spelling_rare", right, [right]))
    return repairs
