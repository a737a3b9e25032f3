"""Pointers that are blank where they must not be, lead nowhere, or lead to a record that has left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl
from psycopg2 import sql

from dataquality import subjects
from dataquality.engine.suggest import pointer_suggestions
from dataquality.models import Identity, Source
from dataquality.queries.pointers import checkable_targets, foreign_keys, needed
from dataquality.services.findings import SETTLING
from dataquality.services.relations.judging import Judging, Repair
from dataquality.statements import fetch
from dataquality.subjects import PERSON

MOST_ASKED = 200_000  # distinct dangling values, the most frequent first; measured: 7 s against as many names


def judge_pointer(judging: Judging) -> None:
    """Blank where required, dangling, or pointing to an archived or merged record (model.md 3.1)."""
    subject, name, source = judging.subject, judging.rule.field, judging.source
    pointer = subject.pointers[name]
    keys = foreign_keys(subject, name)
    is_checkable = bool(keys) and checkable_targets(subject, name, source)
    if not (is_checkable or pointer.required or pointer.when):
        return
    blank = "WHEN btrim(t.{}) = '' THEN CASE WHEN {} THEN 'pointer_blank' END"
    branches = [sql.SQL(blank).format(judging.column, needed(subject, pointer))]
    if is_checkable:
        nowhere = sql.SQL(" AND ").join(sql.SQL("t.{} IS NULL").format(sql.Identifier(key)) for key in keys)
        branches.append(sql.SQL("WHEN {} THEN 'pointer_dangling'").format(nowhere))
        branches += [
            sql.SQL("WHEN t.{} IN (SELECT id FROM {} WHERE state <> 'live') THEN 'pointer_retired'").format(
                sql.Identifier(key), sql.Identifier(subjects.get(slug).db_table)
            )
            for key, slug in keys.items()
            if slug != PERSON
        ]
        branches += [
            sql.SQL("WHEN t.id IN ({}) THEN 'pointer_circular'").format(
                sql.SQL(CIRCULAR).format(key=sql.Identifier(key), t=judging.table)
            )
            for key, slug in keys.items()
            if slug == subject.slug
        ]
    judging.found(
        sql.SQL(
            "SELECT id, code, ref, '[]'::jsonb FROM (SELECT t.id, t.{ref} AS ref, CASE {branches} END AS code"
            " FROM {t} t WHERE {live}) judged WHERE code IS NOT NULL"
        ).format(ref=judging.column, branches=sql.SQL(" ").join(branches), t=judging.table, live=judging.live)
    )
    _suggest_targets(judging, keys.values())


# Records that their own pointers lead back to: parents that are their own grandchildren, and the like.
CIRCULAR = """
    WITH RECURSIVE above (start, at, path) AS (
        SELECT c.id, c.{key}, ARRAY[c.id] FROM {t} c WHERE c.{key} IS NOT NULL AND c.state = 'live'
        UNION ALL
        SELECT a.start, n.{key}, a.path || n.id FROM above a JOIN {t} n ON n.id = a.at
         WHERE n.{key} IS NOT NULL AND n.id <> ALL(a.path))
    SELECT start FROM above WHERE at = start"""


def _suggest_targets(judging: Judging, slugs: Iterable[str]) -> None:
    dangling = [
        value
        for (value,) in fetch(
            sql.SQL(
                "SELECT value FROM {} WHERE rule_id = %s AND code = 'pointer_dangling'"
                " GROUP BY value ORDER BY count(*) DESC, value LIMIT %s"
            ).format(sql.Identifier(SETTLING)),
            [judging.rule_id, MOST_ASKED],
        )
    ]
    if not dangling:
        return
    names = _names(slugs, judging.source)
    found = pointer_suggestions(pl.Series(dangling, dtype=pl.String), pl.Series(list(names), dtype=pl.String))
    repairs: list[Repair] = []
    for value, suggestion, candidates in found.select("value", "suggestion", "candidates").iter_rows():
        plain = suggestion if suggestion and names[suggestion] == 1 else None
        repairs.append((value, "pointer_dangling", plain, list(candidates)))
    judging.note_repairs(repairs)


def _names(slugs: Iterable[str], source: Source) -> dict[str, int]:
    """The names by which a pointer may mean a record of these tables, and how many bear each."""
    names: dict[str, int] = {}
    for slug in slugs:
        if slug == PERSON:
            found: Sequence[tuple[str, int]] = [
                (name, 1) for name in Identity.objects.filter(source=source).values_list("name", flat=True)
            ]
        elif subjects.get(slug).found_by_name:
            target = subjects.get(slug)
            found = fetch(
                sql.SQL(
                    "SELECT {c}, count(*) FROM {t} WHERE source_id = %s AND state = 'live' AND {c} <> '' GROUP BY 1"
                ).format(c=sql.Identifier(target.name_columns[0]), t=sql.Identifier(target.db_table)),
                [source.pk],
            )
        else:
            continue
        for name, n in found:
            names[name] = names.get(name, 0) + n
    return names
