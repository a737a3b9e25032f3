"""What a CRM is bought for (M7), measured: structure, accountability, visibility, history, collaboration between
departments, customers that are claimed, and processes that are enforced."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from psycopg2 import sql

from crm_adoption.plan.ingredients.base import Measured
from crm_adoption.plan.models import GateAct, Reading, StepRule
from crm_adoption.plan.queries import customers
from crm_adoption.plan.queries.phases import priors
from dataquality import queries as data
from dataquality import reports, subjects
from dataquality.models import Finding, RuleRow
from dataquality.services.gates import gate
from dataquality.statements import fetch
from dataquality.subjects import Subject
from training.models import Process, ProcessVersion

SEEN = ("accounts.account", "accounts.opportunity", "accounts.case")
HANDED = ("accounts.account", "accounts.opportunity", "accounts.case")
OVER = timedelta(days=180)  # days over which teams are seen to work on a customer


@dataclass(frozen=True)
class Brought:
    """One thing a CRM brings: what it is, how it is computed, what to record where nothing is known yet."""

    slug: str
    label: Promise | str
    means: Promise | str
    formula: Promise | str
    to_record: Promise | str
    url_name: str
    measure: Callable[[datetime], Measured | None]

    @property
    def check_slug(self) -> str:
        return f"brought.{self.slug}"


# --- structure ----------------------------------------------------------------------------------------------------
def _must_hold(subject: Subject) -> list[str]:
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
        names, at = _must_hold(subject), customers.known_at(now, subject.slug)
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


# --- accountability -----------------------------------------------------------------------------------------------
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


# --- visibility ---------------------------------------------------------------------------------------------------
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


# --- history ------------------------------------------------------------------------------------------------------
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
TOUCHES = """
    SELECT coalesce(a.account_id, o.account_id, c.account_id) AS account_id, a.owner_id, a.happened_at
    FROM accounts_activity a
    LEFT JOIN accounts_opportunity o ON o.id = a.opportunity_id
    LEFT JOIN accounts_case c ON c.id = a.case_id
    WHERE a.state = 'live' AND coalesce(a.account_id, o.account_id, c.account_id) IS NOT NULL
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


# --- collaboration between departments ----------------------------------------------------------------------------
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


# --- customers that are claimed -----------------------------------------------------------------------------------
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


# --- process enforcement ------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Step:
    """A step of a process in force, what enforces it, and how many records break that today."""

    process: Process
    text: str
    rule: StepRule | None
    holds: bool  # the rule is there and active, or the CRM itself asks for it
    broken: int


def steps() -> list[Step]:
    """Every step of the processes in force, in their order."""
    versions = ProcessVersion.objects.filter(process__retired_on=None, number=F("process__version"))
    known = {(rule.process_id, rule.step): rule for rule in StepRule.objects.all()}
    slugs = {rule.rule_slug for rule in known.values() if rule.rule_slug}
    active = {row.slug: row.pk for row in RuleRow.objects.filter(slug__in=slugs, active=True)}
    broken = dict(
        fetch(
            "SELECT rule_id, count(DISTINCT record_id) FROM dataquality_finding"
            " WHERE state = %s AND rule_id = ANY(%s) GROUP BY 1",
            [Finding.State.OPEN.value, list(active.values())],
        )
    )
    found = []
    for version in versions.select_related("process").order_by("process__name"):
        for text in version.steps:
            rule = known.get((version.process_id, text))
            holds = rule is not None and (rule.by == StepRule.By.CRM or rule.rule_slug in active)
            n = broken.get(active.get(rule.rule_slug, 0), 0) if rule else 0
            found.append(Step(version.process, text, rule, holds, n))
    return found


def enforcement(now: datetime) -> Measured | None:
    """Steps of the processes in force that a rule on records, or the CRM itself, makes sure of, of all steps."""
    every = steps()
    if not every:
        return None
    held = [step for step in every if step.holds]
    acts = GateAct.objects.filter(at__gt=now - timedelta(days=365), at__lte=now)
    opened = acts.filter(outcome=GateAct.Outcome.OPENED)
    detail = {
        "broken": sum(step.broken for step in held),
        "opened": opened.count(),
        "overridden": opened.exclude(reason="").count(),
    }
    return Measured(len(held) / len(every), len(every), now, detail)


SEVEN: tuple[Brought, ...] = (
    Brought(
        "structure", _("Structure"), _("What must be known of a customer, a deal or a case is known."),
        _("Filled cells of critical fields and of pointers a record cannot be without / all such cells, live records."),
        _("Import a CRM export."), "scoreboard", structure,
    ),
    Brought(
        "accountability", _("Accountability"), _("Somebody who is here answers for each record."),
        _("Live records owned by a person who is here / live records of all tables that have owners."),
        _("Import exports with their column of owners."), "scoreboard", accountability,
    ),
    Brought(
        "visibility", _("Visibility"), _("Whoever wants to know sees figures that can be trusted."),
        _("Reports whose gate is open by itself / all reports; an override opens no eyes."),
        _("Import a CRM export."), "reports", visibility,
    ),
    Brought(
        "history", _("History"), _("What happened with a customer can be read."),
        _("Live customers, deals and cases with at least one activity / all of them; what was done on a deal or a case "
          "counts for its customer."),
        _("Import activities."), "scoreboard", history,
    ),
    Brought(
        "collaboration", _("Collaboration between departments"), _("More than one department works on a customer."),
        _("Customers on whom people of at least two teams wrote activities in 180 days / customers anybody of a team "
          "wrote one on."),
        _("Import activities, and say in which team people work."), "scoreboard", collaboration,
    ),
    Brought(
        "claimed", _("No customer unclaimed"), _("Every customer has somebody who cares, and who was seen to."),
        _("Customers with an owner who is here and an activity within the days agreed / all live customers."),
        _("Import accounts and activities."), "unclaimed", claimed,
    ),
    Brought(
        "enforcement", _("Process enforcement"), _("Steps of a process are made sure of, not hoped for."),
        _("Steps of processes in force that an active rule or the CRM itself makes sure of / all their steps."),
        _("Describe processes with their steps, and say what enforces each."), "step-rules", enforcement,
    ),
)  # fmt: skip
BY_SLUG = {one.check_slug: one for one in SEVEN}


@dataclass(frozen=True)
class Shown:
    """One of the seven with its newest reading and those before, oldest first; without any there is no evidence."""

    brought: Brought
    readings: Sequence[Reading]

    @property
    def reading(self) -> Reading | None:
        return self.readings[-1] if self.readings else None

    @property
    def value(self) -> float | None:
        return self.reading.value if self.reading else None

    @property
    def values(self) -> list[float]:
        return [one.value for one in self.readings]

    @property
    def detail(self) -> dict[str, Any]:
        return dict(self.reading.detail) if self.reading else {}

    @property
    def tables(self) -> list[tuple[str, float]]:
        """The share of each table, the lowest first, where the reading is of several."""
        shares = self.detail.get("tables") or {}
        return sorted(((subjects.get(slug).label, share) for slug, share in shares.items()), key=lambda pair: pair[1])


TREND = 26


def shown(now: datetime) -> list[Shown]:
    """The seven as they were read until now; one query."""
    rows = Reading.objects.filter(check_slug__in=BY_SLUG, scope="", taken_on__lte=now.date()).order_by("-taken_on")
    found: dict[str, list[Reading]] = {}
    for row in rows[: TREND * len(SEVEN)]:
        found.setdefault(row.check_slug, []).append(row)
    return [Shown(one, found.get(one.check_slug, [])[:TREND][::-1]) for one in SEVEN]
