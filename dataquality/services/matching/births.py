"""How many of the records that were created in a month duplicate an older one, by source."""

from __future__ import annotations

from datetime import datetime

import polars as pl
from psycopg2 import sql

from dataquality.statements import fetch
from dataquality.subjects import Subject

Births = dict[str, dict[str, list[int]]]
MONTHS = 36


def count_births(subject: Subject) -> Births:
    """By source and month of creation (as the CRM says, else when the first export with it was taken).

    Each month has two figures: live records created, and those of them whose cluster holds an older one. The last
    three years that have records are counted.
    """
    rows = fetch(
        sql.SQL(BORN).format(
            t=sql.Identifier(subject.db_table), slug=sql.Literal(subject.slug), months=sql.Literal(MONTHS)
        )
    )
    births: Births = {}
    for source, month, new, again in rows:
        births.setdefault(source, {})[month] = [new, again]
    return births


def add_births(subject: Subject, before: Births, changed: pl.Series, *, since: datetime) -> Births:
    """The figures of before, and those of the changed records that came with a batch applied since that moment."""
    rows = fetch(
        sql.SQL(ADDED).format(t=sql.Identifier(subject.db_table), slug=sql.Literal(subject.slug)),
        [changed.to_list(), since],
    )
    births: Births = {
        source: {month: list(figures) for month, figures in months.items()} for source, months in before.items()
    }
    for source, month, new, again in rows:
        known = births.setdefault(source, {}).setdefault(month, [0, 0])
        known[0], known[1] = known[0] + new, known[1] + again
    return births


ADDED = """
    SELECT s.name, to_char(date_trunc('month', coalesce(t.created_at, b.taken_at)), 'YYYY-MM'), count(*),
           count(*) FILTER (WHERE EXISTS (
               SELECT 1 FROM dataquality_membership m JOIN dataquality_membership o USING ("table", cluster_id)
                WHERE m."table" = {slug} AND m.record_id = t.id AND o.record_id < t.id))
      FROM {t} t JOIN dataquality_batch b ON b.id = t.first_batch_id JOIN dataquality_source s ON s.id = t.source_id
     WHERE t.id = ANY(%s) AND t.state = 'live' AND b.applied_at >= %s GROUP BY 1, 2 ORDER BY 1, 2"""
BORN = """
    WITH again AS (
        SELECT id FROM (SELECT t.id, row_number() OVER (PARTITION BY m.cluster_id
                               ORDER BY coalesce(t.created_at, b.taken_at), t.id) AS place
                          FROM dataquality_membership m JOIN {t} t ON t.id = m.record_id AND t.state = 'live'
                          JOIN dataquality_batch b ON b.id = t.first_batch_id
                         WHERE m."table" = {slug}) ranked WHERE place > 1),
    months AS (
        SELECT t.source_id, date_trunc('month', coalesce(t.created_at, b.taken_at)) AS month, count(*) AS new,
               count(again.id) AS again
          FROM {t} t JOIN dataquality_batch b ON b.id = t.first_batch_id LEFT JOIN again ON again.id = t.id
         WHERE t.state = 'live' GROUP BY 1, 2)
    SELECT s.name, to_char(month, 'YYYY-MM'), sum(new)::bigint, sum(again)::bigint
      FROM months JOIN dataquality_source s ON s.id = source_id
     WHERE month > (SELECT max(month) FROM months) - make_interval(months => {months})
     GROUP BY 1, 2 ORDER BY 1, 2"""
