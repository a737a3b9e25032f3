"""How many of the records that were created in a month duplicate an older one, by source."""

from __future__ import annotations

from datetime import datetime

import polars as pl
from psycopg2 import sql

from dataquality.statements import array, fetch
from dataquality.subjects import Subject

Births = dict[str, dict[str, list[int]]]
MONTHS = 36


def count_births(subject: Subject) -> Births:
    """By source and month of creation (as the CRM says, else when the first export with it was taken).

    Each month has two figures: live records created, and those of them whose cluster holds an older one. The last
    three years that have records are counted.
    """
    names = {"t": sql.Identifier(subject.db_table), "slug": sql.Literal(subject.slug), "months": sql.Literal(MONTHS)}
    births: Births = {}
    for source, month, new in fetch(sql.SQL(BORN).format(**names)):
        births.setdefault(source, {})[month] = [new, 0]
    for source, month, again in fetch(sql.SQL(AGAIN).format(**names)):
        if month in births.get(source, {}):
            births[source][month][1] = again
    return births


def add_births(subject: Subject, before: Births, changed: pl.Series, *, since: datetime) -> Births:
    """The figures of before, and those of the changed records that came with a batch applied since that moment."""
    rows = fetch(
        sql.SQL(ADDED).format(t=sql.Identifier(subject.db_table), slug=sql.Literal(subject.slug)),
        [array(changed), since],
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
     WHERE t.id = ANY(%s::bigint[]) AND t.state = 'live' AND b.applied_at >= %s GROUP BY 1, 2 ORDER BY 1, 2"""
# Two questions, so that the store may count a large table with several processes.
BORN = """
    SELECT s.name, to_char(month, 'YYYY-MM'), new
      FROM (SELECT source_id, month, new, max(month) OVER () AS last
              FROM (SELECT t.source_id, count(*) AS new,
                           date_trunc('month', coalesce(t.created_at, b.taken_at)) AS month
                      FROM {t} t JOIN dataquality_batch b ON b.id = t.first_batch_id WHERE t.state = 'live'
                     GROUP BY 1, 3) counted) known JOIN dataquality_source s ON s.id = source_id
     WHERE month > last - make_interval(months => {months}) ORDER BY 1, 2"""
AGAIN = """
    SELECT s.name, to_char(month, 'YYYY-MM'), count(*)
      FROM (SELECT t.source_id, date_trunc('month', coalesce(t.created_at, b.taken_at)) AS month,
                   row_number() OVER (PARTITION BY m.cluster_id
                                      ORDER BY coalesce(t.created_at, b.taken_at), t.id) AS place
              FROM dataquality_membership m JOIN {t} t ON t.id = m.record_id AND t.state = 'live'
              JOIN dataquality_batch b ON b.id = t.first_batch_id
             WHERE m."table" = {slug}) born JOIN dataquality_source s ON s.id = source_id
     WHERE place > 1 GROUP BY 1, 2"""
