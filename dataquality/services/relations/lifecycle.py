"""Records that time has overtaken: nobody answers for them, nobody touched them, or their day has passed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from psycopg2 import sql

from dataquality import subjects
from dataquality.models import TableSetting
from dataquality.queries.pointers import filled, foreign_keys, holds
from dataquality.services.relations.judging import Judging

MONTH = timedelta(days=365.25 / 12)


def judge_lifecycle(judging: Judging) -> None:
    """One of the five ways of growing old, as the rule's `as` says; `when` limits it to some records."""
    when = judging.rule.params.get("when")
    among = sql.SQL("{} AND {}").format(judging.live, holds(when)) if when else judging.live
    WAYS[judging.rule.params["as"]](judging, among)


def _overdue(judging: Judging, among: sql.Composable) -> None:
    """The day in the field has passed."""
    _note(judging, "lifecycle_overdue", sql.SQL("{} AND t.{} < {}::date").format(
        among, judging.column, sql.Literal(judging.now.date())
    ))  # fmt: skip


def _stale(judging: Judging, among: sql.Composable) -> None:
    """Nobody touched the record for longer than the cut-off of its table (12 to 36 months, P41).

    Touched is the last of what the CRM says: last activity, last change, creation. Where it says nothing of the kind,
    nothing is known.
    """
    setting = TableSetting.objects.filter(table=judging.subject.slug).first() or TableSetting()
    since = judging.now - setting.cutoff_months * MONTH
    touched = sql.SQL("greatest(t.last_touched_at, t.modified_at, t.created_at)")
    condition = sql.SQL("{} AND {} < {}").format(among, touched, sql.Literal(since))
    _note(judging, "lifecycle_stale", condition, sql.SQL("{}::date").format(touched))


def _unfilled(judging: Judging, among: sql.Composable) -> None:
    """Blank, in a column that the source fills elsewhere: what was never exported is not missing."""
    holding = filled(judging.subject, judging.rule.field)
    _note(judging, judging.rule.params["code"], sql.SQL(
        "{} AND NOT {} AND EXISTS (SELECT 1 FROM {} t WHERE {} AND {})"
    ).format(among, holding, judging.table, judging.live, holding))  # fmt: skip


def _retired(judging: Judging, among: sql.Composable) -> None:
    """The person is in the CRM's list of users, and switched off there."""
    users = subjects.get(judging.rule.params["in"])
    (owner,) = foreign_keys(judging.subject, judging.rule.field)
    _note(judging, "lifecycle_retired", sql.SQL(
        "{} AND t.{} IN (SELECT u.{} FROM {} u WHERE u.source_id = {} AND u.state = 'live' GROUP BY 1"
        " HAVING bool_and(u.{} IS FALSE))"
    ).format(
        among, sql.Identifier(owner), sql.Identifier(judging.rule.params["person"]), sql.Identifier(users.db_table),
        sql.Literal(judging.source.pk), sql.Identifier(judging.rule.params["enabled"]),
    ))  # fmt: skip


def _note(judging: Judging, code: str, condition: sql.Composable, value: sql.Composable | None = None) -> None:
    shown = value or sql.SQL("t.{}").format(judging.column)
    judging.found(
        sql.SQL("SELECT t.id, {code}, {value}::text, '[]'::jsonb FROM {t} t WHERE {condition}").format(
            code=sql.Literal(code), value=shown, t=judging.table, condition=condition
        )
    )


WAYS: dict[str, Callable[[Judging, sql.Composable], None]] = {
    "overdue": _overdue,
    "stale": _stale,
    "unfilled": _unfilled,
    "retired": _retired,
}
