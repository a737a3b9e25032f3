"""Readings for the ledger of returns, a floor below: which checks there are, and what they read on a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from crm_adoption.plan.ingredients import CHECKS, TEN
from crm_adoption.plan.models import Ingredient, Reading
from crm_adoption.plan.templatetags.plan import in_unit
from crm_adoption.usage.evidence import Shown


def find(check_slug: str, on: date) -> Shown | None:
    """The newest reading of everything up to that day."""
    check = CHECKS.get(check_slug)
    if check is None:
        return None
    reading = Reading.objects.filter(check_slug=check_slug, scope="", taken_on__lte=on).order_by("-taken_on").first()
    if reading is None:
        return None
    better = 1 if check.target > check.floor else -1
    return Shown(reading.value, reading.n, reading.taken_on, better, in_unit(reading.value, check))


def choices() -> list[tuple[Any, Any]]:
    """Every check under its ingredient, for a choice."""
    names = {row.slug: str(row) for row in Ingredient.objects.all()}
    groups: list[tuple[Any, Any]] = [("", "—")]
    for one in TEN:
        groups.append((names.get(one.slug, one.label), [(check.slug, check.label) for check in one.checks]))
    return groups
