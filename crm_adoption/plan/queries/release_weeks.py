"""What people did week by week around a go-live, counted by the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    Value,
)
from django.db.models.functions import Extract, Floor

from crm_adoption.plan.models import Feedback
from dataquality import subjects
from dataquality.models import Finding
from dataquality.statements import fetch

WEEK = timedelta(days=7)
LAG_BY_WEEK = """
    SELECT floor(extract(epoch FROM a.created_at - %s) / %s)::int, count(*),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM a.created_at - a.happened_at))
    FROM accounts_activity a LEFT JOIN people_person p ON p.id = a.owner_id
    WHERE a.state = 'live' AND a.created_at >= %s AND a.created_at < %s
      AND a.happened_at <= a.created_at AND (%s OR p.job_role_id = ANY(%s))
    GROUP BY 1
"""


def _between(field_name: str, weeks: Sequence[datetime]) -> Q:
    return Q(**{f"{field_name}__gte": weeks[0], f"{field_name}__lt": weeks[-1] + WEEK})


def _of_roles(roles: Sequence[int], to: str) -> Q:
    return Q(**{f"{to}__in": roles}) if roles else Q()


@dataclass(frozen=True)
class Records:
    """New records by week: all, and those with an error; and how many people own any."""

    people: int
    made: Sequence[int]
    wrong: Sequence[int]


def _week(column: str, weeks: Sequence[datetime]) -> Any:
    """In which of the weeks a moment lies, counted from 0 by the database."""
    seconds = Extract(ExpressionWrapper(F(column) - Value(weeks[0]), DurationField()), "epoch")
    return Floor(seconds / WEEK.total_seconds(), output_field=IntegerField())


def records_by_week(tables: Sequence[str], roles: Sequence[int], weeks: Sequence[datetime]) -> Records:
    """New records by week, those with an error among them (mended since or not), and how many people own any."""
    made, wrong = [0] * len(weeks), [0] * len(weeks)
    owners: set[int] = set()
    errors: Any = Finding.objects.filter(record_id=OuterRef("pk"), severity="error").exclude(state=Finding.State.WAIVED)
    for slug in tables:
        rows = subjects.get(slug).model._default_manager.filter(
            _between("created_at", weeks), _of_roles(roles, "owner__job_role"), owner__isnull=False
        )
        owners.update(rows.order_by().values_list("owner", flat=True).distinct())
        by_week = (
            rows.annotate(week=_week("created_at", weeks), is_wrong=Exists(errors.filter(table=slug)))
            .order_by()
            .values_list("week")
            .annotate(n=Count("pk"), bad=Count("pk", filter=Q(is_wrong=True)))
        )
        for week, n, bad in by_week:
            made[week] += n
            wrong[week] += bad
    return Records(len(owners), made, wrong)


def lag_by_week(roles: Sequence[int], weeks: Sequence[datetime]) -> list[tuple[float | None, int]]:
    """Median hours from what happened to its record, of the activities written in each week."""
    found: list[tuple[float | None, int]] = [(None, 0)] * len(weeks)
    first, last = weeks[0], weeks[-1] + WEEK
    rows = fetch(LAG_BY_WEEK, [first, WEEK.total_seconds(), first, last, not roles, list(roles)])
    for week, n, seconds in rows:
        found[week] = (float(seconds) / 3600, n)
    return found


def stopped_by_week(roles: Sequence[int], weeks: Sequence[datetime]) -> list[tuple[float | None, int]]:
    """Voices of each week that say that something stopped work."""
    found = [0] * len(weeks)
    raised = Feedback.objects.filter(_between("created_at", weeks), _of_roles(roles, "job_role"), is_incident=True)
    for at in raised.values_list("created_at", flat=True):
        found[(at - weeks[0]) // WEEK] += 1
    return [(float(n), n) for n in found]
