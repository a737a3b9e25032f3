"""Fitness for a use (P45, model.md 3.1): may these records be written to, rung up, mailed?

Fit is a live record that holds something of every kind the use needs (a street and a postcode; any of two phones) and
has no open finding, a warning or an error, of a rule that is tagged with the use.
"""

from __future__ import annotations

from psycopg2 import sql

from dataquality.models import Finding
from dataquality.queries.pointers import filled
from dataquality.statements import fetch
from dataquality.subjects import Subject

Unfit = dict[int, tuple[int, int]]  # by source: live records, and those that are not fit


def unfit(subject: Subject) -> dict[str, Unfit]:
    """By use, how many live records of each source are not fit for it; one scan for all uses."""
    uses = subject.uses
    if not uses:
        return {}
    picks = [
        sql.SQL("count(*) FILTER (WHERE NOT ({}) OR {} = ANY(f.uses))").format(_holds(subject, use), sql.Literal(use))
        for use in uses
    ]
    rows = fetch(
        sql.SQL(UNFIT).format(
            picks=sql.SQL(", ").join(picks), t=sql.Identifier(subject.db_table), slug=sql.Literal(subject.slug),
            open=sql.Literal(str(Finding.State.OPEN)),
        )
    )  # fmt: skip
    return {use: {row[0]: (int(row[1]), int(row[2 + at])) for row in rows} for at, use in enumerate(uses)}


def _holds(subject: Subject, use: str) -> sql.Composable:
    """SQL: does row t hold something of every kind that the use needs?"""
    kinds = dict.fromkeys(column.kind for column in subject.columns.values() if use in column.uses)
    of_kind = [
        sql.SQL(" OR ").join(
            filled(subject, name)
            for name, column in subject.columns.items()
            if use in column.uses and column.kind is kind
        )
        for kind in kinds
    ]
    return sql.SQL(" AND ").join(sql.SQL("coalesce({}, false)").format(each) for each in of_kind)


UNFIT = """
    SELECT t.source_id, count(*), {picks}
      FROM {t} t
      LEFT JOIN (SELECT f.record_id, array_agg(DISTINCT used.word) AS uses
                   FROM dataquality_finding f JOIN dataquality_rulerow r ON r.id = f.rule_id,
                        LATERAL jsonb_array_elements_text(r.uses) used (word)
                  WHERE f."table" = {slug} AND f.state = {open} GROUP BY 1) f ON f.record_id = t.id
     WHERE t.state = 'live' GROUP BY 1"""
