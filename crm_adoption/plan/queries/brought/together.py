"""Who works on a customer: more than one department, the new owner after a hand-over, or nobody (M7)."""

from __future__ import annotations

from datetime import datetime, timedelta

from psycopg2 import sql

from crm_adoption.plan.ingredients.base import Measured
from crm_adoption.plan.queries import customers
from crm_adoption.plan.queries.phases import priors
from dataquality import subjects
from dataquality.statements import fetch

HANDED = ("accounts.account", "accounts.opportunity", "accounts.case")
OVER = timedelta(days=180)  # days over which teams are seen to work on a customer
TOUCHES = """
    SELECT coalesce(a.account_id, o.account_id, c.account_id) AS account_id, a.owner_id, a.happened_at
    FROM accounts_activity a
    LEFT JOIN accounts_opportunity o ON o.id = a.opportunity_id
    LEFT JOIN accounts_case c ON c.id = a.case_id
    WHERE a.state = 'live' AND coalesce(a.account_id, o.account_id, c.account_id) IS NOT NULL
"""
TOGETHER = """
    SELECT count(*), count(*) FILTER (WHERE teams > 1) FROM (
        SELECT t.account_id, count(DISTINCT p.team_id) AS teams
        FROM seen t
        JOIN people_person p ON p.id = t.owner_id AND p.team_id IS NOT NULL
        JOIN accounts_account k ON k.id = t.account_id AND k.state = 'live'
        WHERE t.happened_at > %s AND t.happened_at <= %s
        GROUP BY 1) AS touched
"""
HANDED_OVER = """
    SELECT count(*), count(*) FILTER (WHERE EXISTS (
        SELECT FROM accounts_activity a
         WHERE a.state = 'live' AND a.owner_id = h.owner_id AND a.{key} = h.id
           AND a.happened_at > h.taken_at - %s AND a.happened_at <= h.taken_at + %s))
    FROM (
        SELECT DISTINCT ON (r.id) r.id, r.owner_id, b.taken_at
        FROM dataquality_version v
        JOIN dataquality_batch b ON b.id = v.batch_id
        JOIN {table} r ON r.id = v.record_id AND r.state = 'live'
        JOIN people_person p ON p.id = r.owner_id AND p.left_on IS NULL
        WHERE v."table" = {slug} AND v.changed ? 'owner_ref' AND b.taken_at > %s AND b.taken_at <= %s
        ORDER BY r.id, b.taken_at DESC) AS h
"""


def collaboration(now: datetime) -> Measured | None:
    """Customers on whom people of more than one team worked in 180 days, of all somebody of a team worked on."""
    until = customers.known_at(now)
    if until is None:
        return None
    together = f"WITH seen AS ({TOUCHES}) {TOGETHER}"
    n, shared = fetch(together, [until - OVER, until])[0]
    handed, accepted = hand_overs(until)
    detail = {"hand_overs": handed, "accepted": accepted, "within_days": int(priors().hand_over_days)}
    return Measured(shared / n, n, until, detail) if n else None


def hand_overs(until: datetime) -> tuple[int, int]:
    """Records that got another owner in 180 days, as exports tell it, and those at which the new owner was seen within
    the days agreed, before or after the export that told; the newest, whose days are not over, are left out."""
    within = timedelta(days=priors().hand_over_days)
    n = accepted = 0
    for slug in HANDED:
        subject = subjects.get(slug)
        statement = sql.SQL(HANDED_OVER).format(
            table=sql.Identifier(subject.db_table), slug=sql.Literal(slug),
            key=sql.Identifier(f"{slug.rpartition('.')[2]}_id"),
        )  # fmt: skip
        found = fetch(statement, [within, within, until - OVER, until - within])[0]
        n, accepted = n + found[0], accepted + found[1]
    return n, accepted


def claimed(now: datetime) -> Measured | None:
    """Live customers with an owner who is here and something done in 180 days, of all live customers."""
    when = customers.since(now)
    if when is None:
        return None
    found = customers.unclaimed(when)
    if not found.all:
        return None
    detail = {name: getattr(found, name) for name in ("unclaimed", "unowned", "unseen", "unprofitable")}
    return Measured(1 - found.unclaimed / found.all, found.all, when.until, detail | {"days": when.days})
