"""What may change in the plan: seeds, readings and claims."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from crm_adoption.plan.ingredients import CHECKS, TEN
from crm_adoption.plan.ingredients.base import Measured
from crm_adoption.plan.models import Claim, Ingredient, Phase, Programme, Reading, RiskConstant
from crm_adoption.plan.priors import MEANINGS as PLAN_MEANINGS
from crm_adoption.plan.priors import Priors
from crm_adoption.plan.queries import backslide
from crm_adoption.plan.queries.brought import SEVEN
from crm_adoption.plan.risk import Constants

MEANINGS = {
    "midpoint": "The load at which failure is as likely as not.",
    "softness": "How gently the risk passes that midpoint; above 0.",
    "total_weight": "What the ten weights are scaled to sum to.",
    "missing_below": "An ingredient whose score is below this is missing.",
    "insufficient_below": "Below this it is insufficient.",
    "sufficient_below": "Below this it is sufficient, from here on strong.",
    "little_evidence_below": "Below this share of evidence a page says that there is little.",
    "claims_shown_from": "The number of answers from which a mean may be shown.",
}


@transaction.atomic
def seed() -> None:
    """Make sure that the ten ingredients, the programme and the constants exist; what people re-worded stays."""
    Programme.objects.get_or_create(pk=1)
    for declared in TEN:
        Ingredient.objects.get_or_create(
            slug=declared.slug,
            defaults={"order": declared.order, "name": declared.name, "meaning": declared.meaning},
        )
    for priors, meanings in ((Constants(), MEANINGS), (Priors(), PLAN_MEANINGS)):
        for field in fields(priors):
            RiskConstant.objects.get_or_create(
                slug=field.name.replace("_", "-"),
                defaults={"value": getattr(priors, field.name), "meaning": meanings[field.name]},
            )


def take_readings(now: datetime, *, report: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Measure every check that has something to measure; a second time on one day replaces the first."""
    measurable = [check for check in CHECKS.values() if check.measure]
    taken = []
    for place, check in enumerate(measurable):
        measured = check.measure(now) if check.measure else None
        if measured is not None:
            taken.append(_reading(check.slug, measured, now))
        report(place + 1, len(measurable))
    return _keep(taken)


def _reading(slug: str, found: Measured, now: datetime) -> Reading:
    return Reading(check_slug=slug, value=found.value, n=found.n, at=found.at, taken_on=now.date(), detail=found.detail)


def _keep(taken: list[Reading]) -> int:
    """A second reading of one day takes the place of the first."""
    Reading.objects.bulk_create(
        taken,
        update_conflicts=True,
        unique_fields=["check_slug", "scope", "taken_on"],
        update_fields=["value", "n", "at", "detail"],
    )
    return len(taken)


def measure_brought(now: datetime) -> int:
    """Measure the seven things a CRM is bought for (M7); a second time on one day replaces the first."""
    measured = [(one.check_slug, one.measure(now)) for one in SEVEN]
    return _keep([_reading(slug, found, now) for slug, found in measured if found is not None])


def watch_releases(now: datetime) -> int:
    """Look for what fell after each release that went live lately (T3); one reading a release and day."""
    live = Phase.objects.filter(opened_at__gt=now - backslide.WATCHED, opened_at__lte=now)
    found = [release for phase in live if (release := backslide.release_after(phase, now=now)) and release.measures]
    return _keep([
        Reading(
            check_slug=backslide.CHECK, scope=backslide.scope_of(release.phase), value=len(release.alarms),
            n=release.people, at=now, taken_on=now.date(), detail=backslide.as_detail(release),
        )
        for release in found
    ])  # fmt: skip


@transaction.atomic
def make_claim(ingredient: Ingredient, *, by: Person, score: int, at: datetime) -> Claim:
    """Say what one thinks of an ingredient; a second answer replaces one's first."""
    if score not in range(1, 6):
        raise Refusal(
            _("%(ingredient)s: %(score)s is no answer; choose a number from 1 to 5.")
            % {"ingredient": ingredient, "score": score}
        )
    claim, _made = Claim.objects.update_or_create(
        ingredient=ingredient, respondent=by, defaults={"score": score, "at": at}
    )
    return claim
