"""Records that stand for the same one, as people confirmed: all but one of each group are wrong (model.md 3.1)."""

from __future__ import annotations

from psycopg2 import sql

from dataquality.services.relations.judging import Judging
from dataquality.statements import execute
from dataquality.subjects import Subject

GROUPED = "confirmed_groups"  # temporary: the live records of confirmed pairs, each with the first of its group


def judge_confirmed(judging: Judging) -> None:
    """All but the oldest live record of each group; groups reach over sources, and are chained by confirmed pairs."""
    _group(judging.subject)
    judging.found(
        sql.SQL(
            "SELECT t.id, 'unique_confirmed', '', '[]'::jsonb FROM {grouped} g JOIN {t} t ON t.id = g.id"
            " WHERE g.root <> g.id AND {live}"
        ).format(grouped=sql.Identifier(GROUPED), t=judging.table, live=judging.live)
    )
    execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(GROUPED)))


def _group(subject: Subject) -> None:
    """Let every record know the smallest id it is chained to: neighbours tell each other until nobody learns more."""
    named = {"t": sql.Identifier(subject.db_table), "slug": sql.Literal(subject.slug), "g": sql.Identifier(GROUPED)}
    named["pairs"] = sql.SQL(PAIRS).format(**named)
    execute(sql.SQL(BEGIN).format(**named))
    while execute(sql.SQL(LEARN).format(**named)):
        execute(sql.SQL(FOLLOW).format(**named))


PAIRS = """
    SELECT p.a, p.b FROM dataquality_pair p
      JOIN {t} x ON x.id = p.a AND x.state = 'live' JOIN {t} y ON y.id = p.b AND y.state = 'live'
     WHERE p.table_a = {slug} AND p.table_b = {slug} AND p.state = 'same'"""
BEGIN = """
    CREATE TEMPORARY TABLE {g} ON COMMIT DROP AS
    SELECT DISTINCT side.id, side.id AS root FROM ({pairs}) p, LATERAL (VALUES (p.a), (p.b)) side (id);
    CREATE UNIQUE INDEX ON {g} (id); ANALYZE {g}"""
LEARN = """
    UPDATE {g} g SET root = told.root
      FROM (SELECT id, min(root) AS root
              FROM (SELECT p.b AS id, x.root FROM ({pairs}) p JOIN {g} x ON x.id = p.a
                    UNION ALL SELECT p.a, y.root FROM ({pairs}) p JOIN {g} y ON y.id = p.b) told GROUP BY id) told
     WHERE told.id = g.id AND told.root < g.root"""
FOLLOW = "UPDATE {g} g SET root = r.root FROM {g} r WHERE r.id = g.root AND r.root < g.root"
