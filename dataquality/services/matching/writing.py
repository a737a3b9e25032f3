"""Write what a detection found: set-based, in the caller's transaction, and what people said stays."""

from __future__ import annotations

import polars as pl
from psycopg2 import sql

from dataquality import subjects
from dataquality.models import MatchRun
from dataquality.queries.pointers import foreign_keys
from dataquality.services.copying import copy
from dataquality.statements import execute, fetch
from dataquality.subjects import Subject

FOUND, REACH, TOUCHED = "found_pairs", "found_reach", "touched_records"
COLUMNS = ("a", "b", "probability", "weight", "pattern", "rule", "joined")


def write_pairs(run: MatchRun, left: Subject, right: Subject, found: pl.DataFrame, *, touched: pl.Series | None) -> int:
    """Bring the stored pairs of two tables (or of one, twice) in line with those found; returns how many more stand.

    `found` has the COLUMNS, `a` being records of `left`. Pairs that were not found again disappear unless a person
    said something of them; with `touched` only those in which one of these records (of the run's table) stands. Pairs
    that a rule gave are left to `apply_rules`.
    """
    _stage(found)
    _reach(left, right)
    names = {
        "run": sql.Literal(run.pk), "table_a": sql.Literal(left.slug), "table_b": sql.Literal(right.slug),
        "ta": sql.Identifier(left.db_table), "tb": sql.Identifier(right.db_table), "f": sql.Identifier(FOUND),
        "reach": sql.Identifier(REACH), "within": sql.SQL("true"), "judged": judged_between(left, right),
        "joined": sql.SQL("f.joined" if touched is None else "p.joined"),
    }  # fmt: skip
    if touched is not None:
        _stage_touched(touched)
        sides = [side for side, one in (("a", left), ("b", right)) if one.slug == run.table]
        names["within"] = sql.SQL(" OR ").join(
            sql.SQL("p.{} = ANY(ARRAY(SELECT record_id FROM {}))").format(sql.Identifier(side), sql.Identifier(TOUCHED))
            for side in sides
        )
    lost, _changed, added = (execute(sql.SQL(statement).format(**names)) for statement in (LOST, UPDATE, INSERT))
    execute(sql.SQL("DROP TABLE {}, {}").format(sql.Identifier(FOUND), sql.Identifier(REACH)))
    execute(
        sql.SQL("DROP TABLE {}").format(sql.Identifier(TOUCHED)) if touched is not None else "ANALYZE dataquality_pair"
    )
    return added - lost


def count_pairs(left: Subject, right: Subject) -> int:
    """How many pairs of two tables (or of one, twice) stand, those that were merged left out."""
    counted = fetch(
        "SELECT count(*) FROM dataquality_pair WHERE table_a = %s AND table_b = %s AND state <> 'merged'",
        [left.slug, right.slug],
    )
    return int(counted[0][0])


LOST = """
    DELETE FROM dataquality_pair p
     WHERE p.table_a = {table_a} AND p.table_b = {table_b} AND p.state = 'open' AND p.rule = '' AND ({within})
       AND NOT EXISTS (SELECT 1 FROM {f} f WHERE f.a = p.a AND f.b = p.b)"""
UPDATE = """
    UPDATE dataquality_pair p
       SET run_id = {run}, probability = f.probability, weight = f.weight, pattern = f.pattern, rule = f.rule,
           joined = {joined}, blast_radius = f.reach
      FROM (SELECT f.*, coalesce(x.n, 0) + coalesce(y.n, 0) AS reach FROM {f} f
              LEFT JOIN {reach} x ON x.table_of = {table_a} AND x.record_id = f.a
              LEFT JOIN {reach} y ON y.table_of = {table_b} AND y.record_id = f.b) f
     WHERE p.table_a = {table_a} AND p.table_b = {table_b} AND p.a = f.a AND p.b = f.b AND p.state <> 'merged'
       AND (p.probability, p.weight, p.pattern, p.rule, p.joined, p.blast_radius)
           IS DISTINCT FROM (f.probability, f.weight, f.pattern, f.rule, {joined}, f.reach)"""
INSERT = """
    INSERT INTO dataquality_pair (run_id, table_a, a, table_b, b, probability, weight, pattern, rule, joined,
                                  blast_radius, state, judged_by_id, judged_at)
    SELECT {run}, {table_a}, f.a, {table_b}, f.b, f.probability, f.weight, f.pattern, f.rule, f.joined,
           coalesce(x.n, 0) + coalesce(y.n, 0), coalesce(j.verdict, 'open'), j.judged_by_id, j.judged_at
      FROM {f} f
      LEFT JOIN {reach} x ON x.table_of = {table_a} AND x.record_id = f.a
      LEFT JOIN {reach} y ON y.table_of = {table_b} AND y.record_id = f.b
      LEFT JOIN ({judged}) j ON j.a = f.a AND j.b = f.b
     WHERE NOT EXISTS (SELECT 1 FROM dataquality_pair p WHERE p.table_a = {table_a} AND p.a = f.a
                          AND p.table_b = {table_b} AND p.b = f.b)"""


def judged_between(left: Subject, right: Subject) -> sql.Composable:
    """SQL: the judgements between two tables (or in one, twice) with the records a and b that they are of."""
    turned = sql.SQL("ta.id > tb.id" if left is right else "false")
    return sql.SQL(
        "SELECT CASE WHEN {turned} THEN tb.id ELSE ta.id END AS a,"
        " CASE WHEN {turned} THEN ta.id ELSE tb.id END AS b, j.*"
        " FROM dataquality_judgement j"
        " JOIN {ta} ta ON ta.source_id = j.source_a_id AND ta.external_id = j.external_a"
        " JOIN {tb} tb ON tb.source_id = j.source_b_id AND tb.external_id = j.external_b"
        " WHERE j.table_a = {table_a} AND j.table_b = {table_b}"
    ).format(
        turned=turned, ta=sql.Identifier(left.db_table), tb=sql.Identifier(right.db_table),
        table_a=sql.Literal(left.slug), table_b=sql.Literal(right.slug),
    )  # fmt: skip


def write_clusters(subject: Subject, named: pl.DataFrame) -> None:
    """Put `named` (record_id, cluster_id) in the place of the table's clusters."""
    execute('DELETE FROM dataquality_membership WHERE "table" = %s', [subject.slug])
    frame = named.select("record_id", "cluster_id", table=pl.lit(subject.slug))
    copy("dataquality_membership", ["record_id", "cluster_id", "table"], frame)
    execute("ANALYZE dataquality_membership")  # what is asked next must not be planned by an empty table


def settle_joined(subject: Subject) -> None:
    """Say of the judged pairs, found again or not, whether their records stand in one cluster now."""
    execute(
        sql.SQL(
            "UPDATE dataquality_pair p SET joined = s.joined FROM (SELECT p.id, coalesce(x.cluster_id = y.cluster_id,"
            " false) AS joined FROM dataquality_pair p"
            ' LEFT JOIN dataquality_membership x ON x."table" = {t} AND x.record_id = p.a'
            ' LEFT JOIN dataquality_membership y ON y."table" = {t} AND y.record_id = p.b'
            " WHERE p.table_a = {t} AND p.table_b = {t} AND p.state IN ('same', 'different', 'later')) s"
            " WHERE p.id = s.id AND p.joined <> s.joined"
        ).format(t=sql.Literal(subject.slug))
    )


def _stage(found: pl.DataFrame) -> None:
    table = sql.Identifier(FOUND)
    execute(
        sql.SQL(
            "CREATE TEMPORARY TABLE {} (a bigint, b bigint, probability float8, weight float8, pattern bigint,"
            " rule text, joined boolean) ON COMMIT DROP"
        ).format(table)
    )
    copy(FOUND, COLUMNS, found.select(COLUMNS))
    execute(sql.SQL("CREATE UNIQUE INDEX ON {} (a, b)").format(table))
    execute(sql.SQL("ANALYZE {}").format(table))


def _stage_touched(touched: pl.Series) -> None:
    table = sql.Identifier(TOUCHED)
    execute(sql.SQL("CREATE TEMPORARY TABLE {} (record_id bigint PRIMARY KEY) ON COMMIT DROP").format(table))
    copy(TOUCHED, ["record_id"], pl.DataFrame({"record_id": touched}))
    execute(sql.SQL("ANALYZE {}").format(table))


def _reach(left: Subject, right: Subject) -> None:
    """How many records point at each record that stands in a found pair."""
    table = sql.Identifier(REACH)
    execute(
        sql.SQL("CREATE TEMPORARY TABLE {} (table_of text, record_id bigint, n bigint) ON COMMIT DROP").format(table)
    )
    for subject, side in {left.slug: (left, "a"), right.slug: (right, "b")}.values():
        sides = ("a", "b") if left is right else (side,)
        ids = sql.SQL(" UNION ").join(
            sql.SQL("SELECT {} AS id FROM {}").format(sql.Identifier(one), sql.Identifier(FOUND)) for one in sides
        )
        counted = [
            sql.SQL(
                "SELECT {key} AS id, count(*) AS n FROM {t} WHERE {key} IN ({ids}) AND state = 'live' GROUP BY 1"
            ).format(key=sql.Identifier(key), t=sql.Identifier(other.db_table), ids=ids)
            for other in subjects.every()
            for name in other.pointers
            for key, slug in foreign_keys(other, name).items()
            if slug == subject.slug
        ]
        if counted:
            execute(
                sql.SQL("INSERT INTO {} SELECT {}, id, sum(n) FROM ({}) c GROUP BY id").format(
                    table, sql.Literal(subject.slug), sql.SQL(" UNION ALL ").join(counted)
                )
            )
    execute(sql.SQL("ANALYZE {}").format(table))
