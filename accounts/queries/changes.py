"""How often accounts change their name, parent or owner: the top of the pyramid should hardly move (T9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from accounts.models import Account
from dataquality import subjects
from dataquality.models import Version
from dataquality.statements import fetch

SLUG = Account._meta.label_lower
WATCHED = ("name", "parent", "owner")
MONTHS = 12
COMPARED = 3  # months, with as many before
LATEST = 10


@dataclass(frozen=True)
class ChangeMonth:
    """One month: accounts known by its end, whether an export told of it, and how many of them it changed."""

    month: date
    known: int
    told: bool
    changed: dict[str, int]  # by watched field
    accounts: int  # that changed in at least one

    @property
    def rate(self) -> float | None:
        """The share of known accounts that changed; None without an export, from which nothing is known."""
        return self.accounts / self.known if self.told and self.known else None


@dataclass(frozen=True)
class Change:
    """One change of one account, as an export told it."""

    record: Account
    field: str
    label: str
    old: str
    new: str
    at: datetime


def changes_by_month(today: date) -> list[ChangeMonth]:
    """The twelve months up to today's; an account's first export is no change."""
    months = [_before(today, back) for back in range(MONTHS - 1, -1, -1)]
    columns = _columns()
    zone = timezone.get_current_timezone_name()
    rows = fetch(CHANGED, [zone, SLUG, list(columns), months[0]])
    told = {month for (month,) in fetch(TOLD, [zone, SLUG])}
    born = fetch(BORN, [zone])
    found = []
    for month in months:
        of_month = {column: n for at, column, n in rows if at == month}
        found.append(
            ChangeMonth(
                month, sum(n for at, n in born if at <= month), month in told,
                {name: of_month.get(column, 0) for column, name in columns.items()}, of_month.get(None, 0),
            )
        )  # fmt: skip
    return found


CHANGED = """
    WITH changed AS (
        SELECT date_trunc('month', b.taken_at AT TIME ZONE %s)::date AS month, v.record_id, c.name
          FROM dataquality_version v JOIN dataquality_batch b ON b.id = v.batch_id,
               LATERAL jsonb_object_keys(v.changed) c (name)
         WHERE v."table" = %s AND c.name = ANY(%s) AND v.changed -> c.name ->> 0 <> '')
    SELECT month, name, count(DISTINCT record_id) FROM changed WHERE month >= %s
     GROUP BY GROUPING SETS ((month, name), (month))"""
TOLD = """
    SELECT DISTINCT date_trunc('month', taken_at AT TIME ZONE %s)::date FROM dataquality_batch
     WHERE "table" = %s AND state = 'applied'"""
BORN = """
    SELECT date_trunc('month', b.taken_at AT TIME ZONE %s)::date, count(*)
      FROM accounts_account t JOIN dataquality_batch b ON b.id = t.first_batch_id GROUP BY 1"""


def leaning(months: list[ChangeMonth]) -> float | None:
    """By how much the share of accounts that change in a month has moved: the mean of the last three months that were
    told of, less that of the three before; None with fewer than four."""
    rates = [one.rate for one in months if one.rate is not None]
    last, before = rates[-COMPARED:], rates[-2 * COMPARED : -COMPARED]
    if not before:
        return None
    return sum(last) / len(last) - sum(before) / len(before)


def latest_changes() -> list[Change]:
    """The last changes that exports told of, the newest first."""
    columns = _columns()
    versions = (
        Version.objects.filter(table=SLUG, changed__has_any_keys=list(columns))
        .select_related("batch")
        .order_by("-batch__taken_at", "-pk")[: 3 * LATEST]
    )
    accounts = Account.objects.in_bulk([version.record_id for version in versions])
    known = subjects.get(SLUG).columns
    found = [
        Change(accounts[version.record_id], name, known[name].label, _said(old), _said(new), version.batch.taken_at)
        for version in versions
        if version.record_id in accounts
        for column, name in columns.items()
        if column in version.changed
        for old, new in [version.changed[column]]
        if _said(old)
    ]
    return found[:LATEST]


def _columns() -> dict[str, str]:
    """Stored column to the watched field."""
    subject = subjects.get(SLUG)
    return {subject.stored_name(name): name for name in WATCHED}


def _said(value: object) -> str:
    return "" if value is None else str(value)


def _before(today: date, months: int) -> date:
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, 1)
