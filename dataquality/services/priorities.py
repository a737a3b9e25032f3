"""What to fix first (model.md 3.1): severity x (1 + log2(1 + blast radius)) x (1 + reports held up), set-based.

The blast radius is counted when rows come or are judged anew, the reports whenever scores are taken; an open finding
keeps the product in its row, so that lists are read along an index. What is not open weighs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from psycopg2 import sql

from dataquality import reports, subjects
from dataquality.models import Source
from dataquality.queries import scoreboard
from dataquality.queries.pointers import foreign_keys
from dataquality.services.findings import UNSETTLED, weight_of
from dataquality.services.gates import gate
from dataquality.statements import execute
from dataquality.subjects import PERSON, Subject

ROOTS, REACH = "blast_roots", "blast_reach"  # temporary: faulty records, and the records that hang on them


def take_priorities(subject: Subject, *, now: datetime) -> int:
    """Weigh the open findings of a table anew, as its scores and its blast radii stand; returns how many changed."""
    weight = sql.SQL("({weight} * (1 + ln(1 + f.blast_radius) / ln(2::float8)) * (1 + {held_up}))").format(
        weight=weight_of("f"), held_up=_held_up(subject, now)
    )
    return execute(
        sql.SQL(
            "UPDATE dataquality_finding f SET priority = {weight}"
            " WHERE f.\"table\" = {table} AND f.state = 'open' AND f.priority IS DISTINCT FROM {weight}"
        ).format(weight=weight, table=sql.Literal(subject.slug))
    )


def take_blast_radii(subject: Subject, *, source: Source) -> None:
    """Count, for every record with a finding, the live records that point to it, directly or through others."""
    _find_roots(subject, source)
    execute(
        sql.SQL(
            "CREATE TEMPORARY TABLE {} (root bigint, node smallint, id bigint, step smallint,"
            " PRIMARY KEY (root, node, id)) ON COMMIT DROP"
        ).format(sql.Identifier(REACH))
    )
    nodes = {each.slug: at for at, each in enumerate(subjects.every())}
    step, reached = 0, _step(subject, nodes, 0, {subject.slug})
    while reached:
        step += 1
        reached = _step(subject, nodes, step, reached)
    execute(
        sql.SQL(
            "UPDATE dataquality_finding f SET blast_radius = n FROM (SELECT r.id, count(h.root) AS n FROM {roots} r"
            " LEFT JOIN {reach} h ON h.root = r.id GROUP BY 1) counted WHERE f.\"table\" = {table}"
            " AND f.record_id = counted.id AND f.state = ANY({unsettled}) AND f.blast_radius <> n"
        ).format(
            roots=sql.Identifier(ROOTS), reach=sql.Identifier(REACH), table=sql.Literal(subject.slug),
            unsettled=sql.Literal(list(UNSETTLED)),
        )
    )  # fmt: skip
    execute(sql.SQL("DROP TABLE {}, {}").format(sql.Identifier(ROOTS), sql.Identifier(REACH)))


def weigh_anew(slugs: Iterable[str], *, source: Source, now: datetime) -> None:
    """After rows of these tables came, went or were judged: the priorities there and in all they point at."""
    for subject in _pointed_at_by(set(slugs) - {PERSON}):
        take_blast_radii(subject, source=source)
        take_priorities(subject, now=now)


def _pointed_at_by(slugs: set[str]) -> list[Subject]:
    """These tables, and the ones that their pointers lead to, directly or through others."""
    known, found = set(slugs), list(slugs)
    for slug in found:
        subject = subjects.get(slug)
        for name in subject.pointers:
            new = set(foreign_keys(subject, name).values()) - known - {PERSON}
            known |= new
            found += sorted(new)
    return [subject for subject in subjects.every() if subject.slug in known]


def _held_up(subject: Subject, now: datetime) -> sql.Composable:
    """SQL: how many reports an error in this field of the finding `f` keeps locked, all sources together.

    A report that somebody opened in spite of its errors is still held up by them; a warning locks nothing.
    """
    known = [each for each in reports.every() if subject.slug in each.footprint.tables]
    if not known:
        return sql.Literal(0)
    board = scoreboard(None)
    locking = [
        {reason.field for reason in gate(report, now=now, scores=board).reasons if reason.table == subject.slug}
        for report in known
    ]
    whole = sum(None in fields for fields in locking)
    named = {name for fields in locking for name in fields if name}
    if not whole and not named:
        return sql.Literal(0)
    branches = [
        sql.SQL("WHEN f.field = {} THEN {}").format(
            sql.Literal(name), sql.Literal(sum(name in fields or None in fields for fields in locking))
        )
        for name in sorted(named)
    ]
    return sql.SQL("CASE WHEN f.severity <> 'error' THEN 0 {} ELSE {} END").format(
        sql.SQL(" ").join(branches), sql.Literal(whole)
    )


def _find_roots(subject: Subject, source: Source) -> None:
    execute(
        sql.SQL(
            "CREATE TEMPORARY TABLE {roots} ON COMMIT DROP AS SELECT DISTINCT record_id AS id FROM dataquality_finding"
            ' WHERE "table" = %s AND source_id = %s AND state = ANY(%s)'
        ).format(roots=sql.Identifier(ROOTS)),
        [subject.slug, source.pk, list(UNSETTLED)],
    )
    execute(sql.SQL("ANALYZE {}").format(sql.Identifier(ROOTS)))


def _step(subject: Subject, nodes: dict[str, int], step: int, slugs: set[str]) -> set[str]:
    """Add what points at the records reached last, which are of these tables; returns the tables of what was added."""
    added = set()
    for slug in slugs:
        for other, key in _pointing_at(slug):
            known = sql.SQL("SELECT id AS root, id FROM {}").format(sql.Identifier(ROOTS))
            if step:
                known = sql.SQL("SELECT root, id FROM {} WHERE node = {} AND step = {}").format(
                    sql.Identifier(REACH), sql.Literal(nodes[slug]), sql.Literal(step)
                )
            itself = sql.SQL(" AND t.id <> k.root") if other is subject else sql.SQL("")
            came = execute(
                sql.SQL(
                    "INSERT INTO {reach} SELECT DISTINCT k.root, {node}, t.id, {next} FROM ({known}) k"
                    " JOIN {t} t ON t.{key} = k.id WHERE t.state = 'live'{itself} ON CONFLICT DO NOTHING"
                ).format(
                    reach=sql.Identifier(REACH), node=sql.Literal(nodes[other.slug]), next=sql.Literal(step + 1),
                    known=known, t=sql.Identifier(other.db_table), key=sql.Identifier(key), itself=itself,
                )
            )  # fmt: skip
            if came:
                added.add(other.slug)
    if added:
        execute(sql.SQL("ANALYZE {}").format(sql.Identifier(REACH)))
    return added


def _pointing_at(slug: str) -> Iterator[tuple[Subject, str]]:
    """The tables with a foreign key to this one, and its column."""
    for subject in subjects.every():
        for name in subject.pointers:
            for key, target in foreign_keys(subject, name).items():
                if target == slug:
                    yield subject, key
