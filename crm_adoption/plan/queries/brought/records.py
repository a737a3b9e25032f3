"""What records themselves show of a CRM: structure, accountability, visibility, history (M7)."""

from __future__ import annotations

from datetime import datetime

from psycopg2 import sql

from crm_adoption.plan.ingredients.base import Measured
from crm_adoption.plan.queries import customers
from crm_adoption.plan.queries.brought.together import TOUCHES
from dataquality import queries as data
from dataquality import reports, subjects
from dataquality.services.gates import gate
from dataquality.statements import fetch
from dataquality.subjects import Subject


def must_hold(subject: Subject) -> list[str]:
    """The fields every record of a table must have: the critical ones, and pointers it cannot be without."""
    return [
        name for name, column in subject.columns.items()
        if column.critical or (column.pointer and column.pointer.required and column.pointer.when is None)
    ]  # fmt: skip


def _filled(subject: Subject, name: str) -> sql.Composable:
    pointer = subject.columns[name].pointer
    if pointer is not None:
        keys = sql.SQL(", ").join(sql.Identifier(f"{key}_id") for key in pointer.targets(name))
        return sql.SQL("count(*) FILTER (WHERE num_nonnulls({keys}) > 0)").format(keys=keys)
    return sql.SQL("count(*) FILTER (WHERE nullif(btrim({name}::text), '') IS NOT NULL)").format(
        name=sql.Identifier(name)
    )


def structure(now: datetime) -> Measured | None:
    """Filled cells of what every live record must hold, of all such cells."""
    filled, cells, tables, taken = 0, 0, {}, []
    for subject in subjects.every():
        names, at = must_hold(subject), customers.known_at(now, subject.slug)
        if not names or at is None:
            continue
        rows, *counts = fetch(
            sql.SQL("SELECT count(*), {counts} FROM {table} WHERE state = 'live'").format(
                counts=sql.SQL(", ").join(_filled(subject, name) for name in names),
                table=sql.Identifier(subject.db_table),
            )
        )[0]
        if rows:
            tables[subject.slug] = sum(counts) / (rows * len(names))
            filled, cells = filled + sum(counts), cells + rows * len(names)
            taken.append(at)
    return Measured(filled / cells, cells, min(taken), {"tables": tables}) if cells else None


def accountability(now: datetime) -> Measured | None:
    """Live records whose owner is somebody who is here, of all live records of tables that have an owner."""
    here, n, tables, taken = 0, 0, {}, []
    for subject in subjects.every():
        at = customers.known_at(now, subject.slug)
        if "owner" not in subject.columns or at is None:
            continue
        rows, owned = fetch(
            sql.SQL(
                "SELECT count(*), count(p.id) FROM {table} r"
                " LEFT JOIN people_person p ON p.id = r.owner_id AND p.left_on IS NULL WHERE r.state = 'live'"
            ).format(table=sql.Identifier(subject.db_table))
        )[0]
        if rows:
            tables[subject.slug] = owned / rows
            here, n = here + owned, n + rows
            taken.append(at)
    return Measured(here / n, n, min(taken), {"tables": tables}) if n else None


def visibility(now: datetime) -> Measured | None:
    """Reports whose figures stand on clean tables, of all reports; before any score there is nothing to see."""
    board = data.scoreboard()
    taken = [score.taken_at for score in board if score.taken_at]
    every = reports.every()
    if not taken or not every:
        return None
    states = {report.slug: gate(report, now=now, scores=board).state for report in every}
    open_ = sum(1 for state in states.values() if state == "open")
    return Measured(open_ / len(every), len(every), min(taken), {"reports": states})


HISTORY = """
    SELECT 'accounts.account', count(*), count(*) FILTER (WHERE a.id IN (SELECT account_id FROM seen)) FROM
        accounts_account a WHERE state = 'live'
    UNION ALL
    SELECT 'accounts.opportunity', count(*), count(*) FILTER (WHERE o.id IN (
        SELECT opportunity_id FROM accounts_activity WHERE state = 'live' AND opportunity_id IS NOT NULL))
        FROM accounts_opportunity o WHERE state = 'live'
    UNION ALL
    SELECT 'accounts.case', count(*), count(*) FILTER (WHERE c.id IN (
        SELECT case_id FROM accounts_activity WHERE state = 'live' AND case_id IS NOT NULL))
        FROM accounts_case c WHERE state = 'live'
"""


def history(now: datetime) -> Measured | None:
    """Live customers, deals and cases on which something that happened is written down, of all of them."""
    at = customers.known_at(now)
    if at is None:
        return None
    rows = fetch(f"WITH seen AS ({TOUCHES}) {HISTORY}")
    n, told = sum(row[1] for row in rows), sum(row[2] for row in rows)
    tables = {table: with_history / every for table, every, with_history in rows if every}
    return Measured(told / n, n, at, {"tables": tables}) if n else None
