"""What a CRM is bought for (M7), measured: structure, accountability, visibility, history, collaboration between
departments, customers that are claimed, and processes that are enforced."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm_adoption.plan.ingredients.base import Measured
from crm_adoption.plan.models import Reading
from crm_adoption.plan.queries.brought.records import accountability, history, must_hold, structure, visibility
from crm_adoption.plan.queries.brought.steps import Step, enforcement, rule_said, step_rules, steps
from crm_adoption.plan.queries.brought.together import claimed, collaboration
from dataquality import subjects

__all__ = ["BY_SLUG", "SEVEN", "Brought", "Shown", "Step", "must_hold", "rule_said", "shown", "step_rules", "steps"]


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
