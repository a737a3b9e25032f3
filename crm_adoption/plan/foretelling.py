"""Tells the reports when they will open: dataquality knows the scores, and the plan how to continue them (M3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from crm_adoption.plan.queries.forecasts import report_forecast
from dataquality.outlook import Outlook
from dataquality.reports import Report


def tell(report: Report, now: datetime, falls: Mapping[tuple[str, str], float]) -> Outlook:
    """By the trend of everything the report stands on, its newest rates lowered by what is thought to be mended.

    Where that brings all of them under their limits it opens today, without any trend.
    """
    today = timezone.localdate(now)
    found = report_forecast(report.slug, now=now, today=today, falls=falls)
    if falls and found.is_open:
        return Outlook(today, today, found.last_day)
    return Outlook(found.likely, found.nearly_sure, found.last_day, found.short)
