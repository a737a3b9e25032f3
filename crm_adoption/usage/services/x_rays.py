"""A spreadsheet held against the CRM: which of its rows, and which of its columns, the CRM knows (M7).

The sheet's cells are read in the disposable child, hashed in the store by the very expression that hashes the CRM's
cells, and forgotten; only headings and hashes stay. The hashes are salted with this install's secret.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO

import polars as pl
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg2 import sql

from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from crm_adoption.usage.models import ShadowSystem, XRay
from dataquality import subjects
from dataquality.engine.columns import Kind
from dataquality.engine.headings import heading_words
from dataquality.engine.parse import DateTally, parse_dates
from dataquality.statements import execute, fetch
from dataquality.subjects import DATES, TYPED, Subject
from training import tables
from training.tables import Table

KEYS = (Kind.EMAIL, Kind.DOMAIN, Kind.URL, Kind.PHONE)
COMPARED_NOT = (*TYPED, Kind.PHONE, Kind.URL, Kind.POINTER)  # written in too many ways to call two of them different
ID = "external_id"

# One spelling of a cell: width, case and accents do not count, nor do space, punctuation and the head of an address.
SPELLED = (
    r"regexp_replace(lower(normalize(regexp_replace({cell}::text, '^\s*(https?://)?(www\.)?', '', 'i'), NFKD)),"
    r" '[\u0300-\u036f[:space:][:punct:]]+', '', 'g')"
)
HASHED = "('x' || encode(substring(sha256(convert_to({salt} || {spelled}, 'UTF8')) FOR 8), 'hex'))::bit(64)::bigint"


@dataclass(frozen=True)
class Sheet:
    """A sheet's columns as the table knows them: heading's column to our field; the rest has no field."""

    table: Table
    subject: Subject
    fields: dict[str, str]

    @property
    def keys(self) -> dict[str, str]:
        """Field to the sheet's column, for what tells one record from another."""
        telling = {
            name
            for name, column in self.subject.columns.items()
            if column.kind in KEYS or name == self.subject.title or name in self.subject.name_columns
        } | {ID}
        return {name: column for column, name in self.fields.items() if name in telling}

    @property
    def missing(self) -> list[str]:
        """Headings of columns that hold something and that the CRM has no field for."""
        known = set(self.fields)
        return [
            heading
            for place, heading in enumerate(self.table.headings)
            if f"c{place}" not in known and any(self.table.texts(f"c{place}"))
        ]


@transaction.atomic
def take_x_ray(
    shadow: ShadowSystem,
    file: IO[bytes],
    *,
    name: str,
    by: Person | None,
    now: datetime,
    edited_on: date | None = None,
) -> XRay:
    """Hold a sheet against the table it stands beside (the likeliest, where nobody said which)."""
    table = tables.read_table(file, name=name)
    sheet = _sheet_of(table, shadow.table)
    if not sheet.keys:
        raise Refusal(
            _("%(name)s has no column by which its rows could be found in %(table)s: an id, a name, an e-mail or web "
              "address, or a phone; its headings are %(headings)s.")
            % {"name": name, "table": sheet.subject.label, "headings": ", ".join(table.headings[:20])},
            code="no_key",
        )  # fmt: skip
    if not shadow.table:
        shadow.table = sheet.subject.slug
        shadow.save(update_fields=["table", "updated_at"])
    keys = list(sheet.keys)
    columns = [_hashes(key, table.texts(sheet.keys[key])) for key in keys]
    records = _records(sheet.subject, keys, columns)
    return XRay.objects.create(
        shadow=shadow, file_name=name[:255], sha256=table.sha256, taken_at=now, taken_by=by,
        header=list(table.headings), rows=table.frame.height, key_columns=keys,
        keys=[one for row in zip(*columns, strict=True) for one in row], found=len(records),
        missing_in_crm=sheet.missing, compared=_compared(sheet, records),
        edited_on=edited_on or _newest_day(sheet, timezone.localdate(now)),
        crm_edited_on=_edited_on(sheet.subject, records.values()),
    )  # fmt: skip


@transaction.atomic
def look_again(x_ray: XRay, *, now: datetime) -> XRay:
    """Look for the same rows in the CRM as it is now, by their hashes."""
    width, subject = len(x_ray.key_columns), subjects.get(x_ray.shadow.table)
    columns = [x_ray.keys[place::width] for place in range(width)]
    records = _records(subject, x_ray.key_columns, columns)
    x_ray.found, x_ray.crm_edited_on = len(records), _edited_on(subject, records.values())
    x_ray.looked_again_at = now
    x_ray.save(update_fields=["found", "crm_edited_on", "looked_again_at", "updated_at"])
    return x_ray


def _sheet_of(table: Table, slug: str) -> Sheet:
    if slug:
        return _read_as(table, subjects.get(slug))
    return max((_read_as(table, one) for one in subjects.every()), key=lambda one: (len(one.fields), bool(one.keys)))


def _read_as(table: Table, subject: Subject) -> Sheet:
    """Columns by their headings; the first of two that say the same."""
    names: dict[str, str] = {}
    for name, column in subject.columns.items():
        if column.pointer is None:
            for heading in (name, column.label, *column.headings):
                names.setdefault(heading_words(heading), name)
    for headings in subject.id_headings.values():
        names |= {heading_words(heading): ID for heading in headings}
    found: dict[str, str] = {}
    for place, heading in enumerate(table.headings):
        field = names.get(heading_words(heading))
        if field and field not in found.values():
            found[f"c{place}"] = field
    return Sheet(table, subject, found)


def _hashes(key: str, texts: Sequence[str]) -> list[int]:
    """The hash of each cell of a key; 0 of an empty one."""
    statement = sql.SQL(
        "SELECT CASE WHEN {spelled} = '' THEN 0 ELSE {hashed} END"
        " FROM unnest(%s::text[]) WITH ORDINALITY AS r (cell, n) ORDER BY n"
    ).format(spelled=_spelled(sql.SQL("cell")), hashed=_hashed(key, sql.SQL("cell")))
    return [one for (one,) in fetch(statement, [[text.replace("\x00", "") for text in texts]])]


def _records(subject: Subject, keys: Sequence[str], columns: Sequence[Sequence[int]]) -> dict[int, int]:
    """Row of the sheet to the live record it is, found by any of its keys; the surest key is looked at first."""
    found: dict[int, int] = {}
    order = sorted(range(len(keys)), key=lambda place: (keys[place] != ID, keys[place] == subject.title))
    for place in order:
        cell = sql.SQL("t.{}").format(sql.Identifier(keys[place]))
        statement = sql.SQL(
            "SELECT r.n - 1, min(t.id) FROM unnest(%s::bigint[]) WITH ORDINALITY AS r (hash, n)"
            " JOIN {t} t ON t.state = 'live' AND {cell} IS NOT NULL AND {hashed} = r.hash WHERE r.hash <> 0 GROUP BY 1"
        ).format(t=sql.Identifier(subject.db_table), cell=cell, hashed=_hashed(keys[place], cell))
        for row, record in fetch(statement, [list(columns[place])]):
            found.setdefault(row, record)
    return found


def _compared(sheet: Sheet, records: dict[int, int]) -> dict[str, list[int]]:
    """Column of text to how many known rows fill it on both sides, and how many of them say otherwise."""
    found: dict[str, list[int]] = {}
    rows = sorted(records)
    for column, name in sheet.fields.items():
        if name == ID or sheet.subject.columns[name].kind in COMPARED_NOT:
            continue
        texts = sheet.table.texts(column)
        ours, theirs = _spelled(sql.SQL("r.cell")), _spelled(sql.SQL("t.{}").format(sql.Identifier(name)))
        statement = sql.SQL(
            "SELECT count(*), count(*) FILTER (WHERE {ours} <> {theirs})"
            " FROM unnest(%s::bigint[], %s::text[]) AS r (id, cell) JOIN {t} t USING (id)"
            " WHERE {ours} <> '' AND {theirs} <> ''"
        ).format(ours=ours, theirs=theirs, t=sql.Identifier(sheet.subject.db_table))
        cells = [texts[row].replace("\x00", "") for row in rows]
        ((both, otherwise),) = fetch(statement, [[records[row] for row in rows], cells])
        if both:
            found[sheet.subject.columns[name].label] = [both, otherwise]
    return found


def _edited_on(subject: Subject, records: Iterable[int]) -> date | None:
    """The newest day on which one of these records was changed."""
    statement = sql.SQL(
        "SELECT max(coalesce(modified_at, created_at)) FROM {} WHERE id = ANY(%s)"
    ).format(sql.Identifier(subject.db_table))  # fmt: skip
    ((at,),) = fetch(statement, [list(records)])
    return timezone.localdate(at) if at else None


def _newest_day(sheet: Sheet, today: date) -> date | None:
    """The newest day up to today that any of its date columns holds, where the column's order is plain."""
    newest: date | None = None
    for place, heading in enumerate(sheet.table.headings):
        column = f"c{place}"
        known = sheet.fields.get(column)
        dated = known not in (None, ID) and sheet.subject.columns[known].kind in DATES  # type: ignore[index]
        if not dated and not {"date", "datum", "day", "updated", "edited"} & set(heading_words(heading).split()):
            continue
        series = pl.Series("days", sheet.table.texts(column), dtype=pl.String)
        tally = DateTally()
        tally.add(series)
        form = tally.decide()
        if form.ambiguous:
            continue
        for value in parse_dates(series, form):
            day = value.date() if isinstance(value, datetime) else value
            if day is not None and day <= today and (newest is None or day > newest):
                newest = day
    return newest


def _spelled(cell: sql.Composable) -> sql.Composable:
    return sql.SQL(SPELLED).format(cell=cell)


def _hashed(key: str, cell: sql.Composable) -> sql.Composable:
    salt = hmac.new(settings.SECRET_KEY.encode(), f"x-ray {key}".encode(), hashlib.sha256).hexdigest()
    return sql.SQL(HASHED).format(salt=sql.Literal(salt), spelled=_spelled(cell))


def forget_keys(shadow: ShadowSystem) -> int:
    """Forget the hashes of all sheets of a shadow system; what was counted stays."""
    return execute("UPDATE usage_xray SET keys = '{}', key_columns = '{}' WHERE shadow_id = %s", [shadow.pk])
