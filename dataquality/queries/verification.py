"""What of the data is attested true and for how long yet: by field, of one record, and what is due (P47).

Truth is asked of what money or trust is spent on: critical fields, and those that are declared for a use (mail,
telephony, e-mail). Pointers are judged against the mirror and not attested. A value is *in force* while its newest
attestation says it holds, has not expired, and was about the value that the record has today.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from psycopg2 import sql

from dataquality import subjects
from dataquality.models import FieldSetting, Record, Verification
from dataquality.queries.pointers import filled
from dataquality.statements import fetch
from dataquality.subjects import Subject

CHUNK = 2000


def verifiable(subject: Subject) -> list[str]:
    """Fields whose truth is asked for, as declared or as a steward set them, in the order of the table."""
    said = dict(
        FieldSetting.objects.filter(table=subject.slug, critical__isnull=False).values_list("field", "critical")
    )
    return [
        name
        for name, column in subject.columns.items()
        if column.pointer is None and (said.get(name, column.critical) or column.uses)
    ]


def critical(subject: Subject) -> list[str]:
    """Of those, the critical ones."""
    said = dict(
        FieldSetting.objects.filter(table=subject.slug, critical__isnull=False).values_list("field", "critical")
    )
    return [name for name in verifiable(subject) if said.get(name, subject.columns[name].critical)]


def digest(subject: Subject, name: str) -> sql.Composable:
    """SQL: the digest of a cell of row t."""
    return sql.SQL("encode(sha256(convert_to(coalesce(t.{}::text, ''), 'UTF8')), 'hex')").format(
        sql.Identifier(subject.stored_name(name))
    )


@dataclass(frozen=True)
class Freshness:
    """One field over the live records of its table."""

    table: str
    field: str
    label: str
    critical: bool
    filled: int
    in_force: int
    expired: int
    changed: int  # attested once, and another value since
    wrong: int  # found wrong, and still so
    expected: float  # of those in force, how many are still true by the half-life of how they were found out

    @property
    def share(self) -> float | None:
        return self.in_force / self.filled if self.filled else None

    @property
    def due(self) -> int:
        return max(0, self.filled - self.in_force)

    @property
    def still_true(self) -> float | None:
        """Expected share still true, of those in force."""
        return self.expected / self.in_force if self.in_force else None


def freshness(subject: Subject, today: date) -> list[Freshness]:
    """Every field whose truth is asked for; two statements a table."""
    names, important = verifiable(subject), set(critical(subject))
    if not names:
        return []
    table = sql.Identifier(subject.db_table)
    counts = sql.SQL(", ").join(sql.SQL("count(*) FILTER (WHERE {})").format(filled(subject, one)) for one in names)
    [row] = fetch(sql.SQL("SELECT {} FROM {} t WHERE t.state = 'live'").format(counts, table))
    cells = sql.SQL(" ").join(
        sql.SQL("WHEN {} THEN {}").format(sql.Literal(one), digest(subject, one)) for one in names
    )
    said = {
        field: (int(in_force), int(expired), int(changed), int(wrong), float(expected or 0))
        for field, in_force, expired, changed, wrong, expected in fetch(
            sql.SQL(STATES).format(cells=cells, t=table, slug=sql.Literal(subject.slug)), [today, today, today, names]
        )
    }
    return [
        Freshness(
            subject.slug, one, subject.columns[one].label, one in important, int(row[at]),
            *said.get(one, (0, 0, 0, 0, 0.0)),
        )
        for at, one in enumerate(names)
    ]  # fmt: skip


STATES = """
    SELECT field,
           count(*) FILTER (WHERE same AND holds AND expires_on >= %s),
           count(*) FILTER (WHERE same AND holds AND expires_on < %s),
           count(*) FILTER (WHERE NOT same),
           count(*) FILTER (WHERE same AND NOT holds),
           sum(power(0.5, age / half_life)) FILTER (WHERE same AND holds AND age >= 0 AND fresh)
      FROM (SELECT v.*, v.digest = (CASE v.field {cells} END) AS same, day.today - v.verified_on AS age,
                   v.expires_on >= day.today AS fresh, coalesce(term.half_life_days, 365)::float AS half_life
              FROM (SELECT DISTINCT ON (source_id, external_id, field) *
                      FROM dataquality_verification WHERE "table" = {slug}
                     ORDER BY source_id, external_id, field, verified_on DESC, id DESC) v
              JOIN {t} t ON t.source_id = v.source_id AND t.external_id = v.external_id AND t.state = 'live'
             CROSS JOIN (SELECT %s::date AS today) day
              LEFT JOIN dataquality_verificationterm term ON term.method = v.method
             WHERE v.field = ANY(%s)) known
     GROUP BY field"""


@dataclass(frozen=True)
class Attested:
    """What is known of the truth of one value: `verified`, `expired`, `changed` since, or found `wrong`."""

    state: str
    verification: Verification


def attested(record: Record, today: date) -> dict[str, Attested]:
    """The newest attestation of each field of one record, beside what the field says today."""
    subject_slug = record._meta.label_lower
    rows = Verification.objects.filter(
        table=subject_slug, source=record.source_id, external_id=record.external_id
    ).select_related("by").order_by("field", "-verified_on", "-pk").distinct("field")  # fmt: skip
    newest = {row.field: row for row in rows}
    if not newest:
        return {}
    now = _digests(record, list(newest))
    return {name: Attested(_state(row, now.get(name), today), row) for name, row in newest.items() if name in now}


def _state(row: Verification, now: str | None, today: date) -> str:
    if row.digest != now:
        return "changed"
    if not row.holds:
        return "wrong"
    return "verified" if row.expires_on >= today else "expired"


def _digests(record: Record, names: Sequence[str]) -> dict[str, str]:
    subject = subjects.get(record._meta.label_lower)
    known = [name for name in names if name in subject.columns]
    picks = sql.SQL(", ").join(digest(subject, name) for name in known)
    if not known:
        return {}
    rows = fetch(
        sql.SQL("SELECT {} FROM {} t WHERE t.id = %s").format(picks, sql.Identifier(subject.db_table)), [record.pk]
    )
    return dict(zip(known, rows[0], strict=True)) if rows else {}


def due_records(subject: Subject, today: date) -> sql.Composable:
    """SQL: the keys of live records with a value that is due."""
    return sql.SQL("SELECT t.id FROM {} t WHERE t.state = 'live' AND ({})").format(
        sql.Identifier(subject.db_table),
        sql.SQL(" OR ").join([sql.SQL("false"), *(_is_due(subject, name, today) for name in verifiable(subject))]),
    )


def due_cells(subject: Subject, today: date) -> Iterator[tuple[Any, ...]]:
    """Values that are due: (record's key, source, id in the CRM, field, value), record after record."""
    names, after = verifiable(subject), 0
    if not names:
        return
    parts = [
        sql.SQL(
            "SELECT t.id, t.source_id, t.external_id, {field} AS field, {place} AS place, t.{column}::text AS value"
            " FROM page t WHERE {due}"
        ).format(
            field=sql.Literal(name), place=sql.Literal(place), column=sql.Identifier(subject.stored_name(name)),
            due=_is_due(subject, name, today),
        )
        for place, name in enumerate(names)
    ]  # fmt: skip
    statement = sql.SQL(
        "WITH page AS (SELECT * FROM {t} WHERE state = 'live' AND id > %s ORDER BY id LIMIT {most}),"
        " due AS ({cells}) SELECT d.id, s.name, d.external_id, d.field, d.value"
        " FROM due d JOIN dataquality_source s ON s.id = d.source_id ORDER BY d.id, d.place"
    ).format(t=sql.Identifier(subject.db_table), most=sql.Literal(CHUNK), cells=sql.SQL(" UNION ALL ").join(parts))
    last = subject.model._default_manager.order_by("-pk").values_list("pk", flat=True).first() or 0
    while after < last:
        yield from fetch(statement, [after])
        after = _end_of_page(subject, after)


def _end_of_page(subject: Subject, after: int) -> int:
    [[last]] = fetch(
        sql.SQL(
            "SELECT max(id) FROM (SELECT id FROM {} WHERE state = 'live' AND id > %s ORDER BY id LIMIT {}) page"
        ).format(sql.Identifier(subject.db_table), sql.Literal(CHUNK)),
        [after],
    )
    return int(last) if last else 2**62


def _is_due(subject: Subject, name: str, today: date) -> sql.Composable:
    """SQL: is this cell of row t filled, and no attestation of its value in force?"""
    return sql.SQL(
        "({filled} AND NOT EXISTS (SELECT 1 FROM dataquality_verification v WHERE v.\"table\" = {slug}"
        " AND v.source_id = t.source_id AND v.external_id = t.external_id AND v.field = {field} AND v.holds"
        " AND v.expires_on >= {today} AND v.digest = {digest}))"
    ).format(
        filled=filled(subject, name), slug=sql.Literal(subject.slug), field=sql.Literal(name), today=sql.Literal(today),
        digest=digest(subject, name),
    )  # fmt: skip
