"""Where the programme stands: evidence and claim of each ingredient, and the range of the risk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import Avg, Count

from crm_adoption.people.models import Person
from crm_adoption.plan import ingredients, risk  # the ten files stand on queries, so they are asked, not imported
from crm_adoption.plan.ingredients.base import Check, Declared
from crm_adoption.plan.models import CheckSetting, Claim, Ingredient, Pulse, PulseAnswer, Reading, RiskConstant

TREND_READINGS = 26
CHANGE_OVER = timedelta(days=28)


def constants() -> risk.Constants:
    """The priors as they are set now."""
    known = {field.name for field in fields(risk.Constants)}
    return risk.Constants(**{c.slug.replace("-", "_"): c.value for c in RiskConstant.objects.all()
                             if c.slug.replace("-", "_") in known})  # fmt: skip


@dataclass(frozen=True)
class CheckState:
    """A check with its newest reading; without a fresh one there is no evidence."""

    check: Check
    reading: Reading | None
    is_fresh: bool

    @property
    def attainment(self) -> float | None:
        if self.reading is None or not self.is_fresh:
            return None
        return risk.attainment(self.reading.value, floor=self.check.floor, target=self.check.target)


@dataclass(frozen=True)
class IngredientState:
    """Evidence and claim of one ingredient, side by side and never mixed."""

    ingredient: Ingredient
    declared: Declared
    checks: Sequence[CheckState]
    claim: float | None  # 0 to 1; None while fewer answered than may be shown
    answers: int
    constants: risk.Constants

    @cached_property
    def _metrics(self) -> list[risk.Weighed]:
        return [risk.Weighed(state.check.weight, state.attainment) for state in self.checks]

    @cached_property
    def score(self) -> float | None:
        return risk.score(self._metrics)

    @cached_property
    def coverage(self) -> float:
        return risk.coverage(self._metrics)

    @property
    def status(self) -> risk.Status:
        return risk.status(self.score, self.constants)

    @property
    def has_little_evidence(self) -> bool:
        return self.coverage < self.constants.little_evidence_below

    @property
    def gap(self) -> float | None:
        return risk.gap(self.claim, self.score)

    @property
    def dose(self) -> risk.Dose:
        return risk.Dose(self.ingredient.weight, self.score, self.coverage)

    @property
    def evidence_at(self) -> datetime | None:
        """From when the oldest evidence counted here is."""
        fresh = [state.reading.at for state in self.checks if state.reading and state.is_fresh]
        return min(fresh, default=None)

    @property
    def measured(self) -> int:
        return sum(1 for state in self.checks if state.attainment is not None)

    @property
    def has_enough_answers(self) -> bool:
        return self.answers >= self.constants.claims_shown_from


@dataclass(frozen=True)
class Contribution:
    """What one ingredient adds to the load at best and at worst, and the risk it would remove at most."""

    state: IngredientState
    at_best: float
    at_worst: float
    removes: float


@dataclass(frozen=True)
class Standing:
    """All ten ingredients and the risk, as the readings of that moment say."""

    ingredients: Sequence[IngredientState]
    constants: risk.Constants
    now: datetime

    @cached_property
    def risk(self) -> risk.Range:
        return risk.risk_range([state.dose for state in self.ingredients], self.constants)

    @cached_property
    def with_evidence(self) -> list[IngredientState]:
        return [state for state in self.ingredients if state.score is not None]

    @property
    def has_little_evidence(self) -> bool:
        return self.risk.coverage < self.constants.little_evidence_below

    @cached_property
    def evidence_at(self) -> datetime | None:
        return min((s.evidence_at for s in self.with_evidence if s.evidence_at), default=None)

    @cached_property
    def contributions(self) -> list[Contribution]:
        """The largest first, by what it adds at worst."""
        worst = [(s.ingredient.weight, s.dose.worst) for s in self.ingredients]
        best = [(s.ingredient.weight, s.dose.best) for s in self.ingredients]
        low, high = risk.contributions(best, self.constants), risk.contributions(worst, self.constants)
        found = [
            Contribution(state, low[n], high[n], risk.removed_by(n, worst, self.constants))
            for n, state in enumerate(self.ingredients)
        ]
        return sorted(found, key=lambda one: (-one.at_worst, one.state.ingredient.order))

    @cached_property
    def widest_gap(self) -> IngredientState | None:
        """Where what people say and what records say are furthest apart."""
        with_gap = [state for state in self.ingredients if state.gap is not None]
        return max(with_gap, key=lambda state: abs(state.gap or 0.0), default=None)

    @cached_property
    def weakest(self) -> IngredientState | None:
        """The ingredient with evidence that adds most to the risk."""
        known = [(state.ingredient.weight * (1 - state.score) ** 2, state) for state in self.with_evidence
                 if state.score is not None]  # fmt: skip
        return max(known, key=lambda pair: pair[0])[1] if known else None


def standing(now: datetime) -> Standing:
    """What was known at that moment, in five queries for all ten.

    The claim is that of the newest pulse that was over and answered by enough; without one, of what people say here.
    """
    priors = constants()
    readings = {r.check_slug: r for r in Reading.objects.newest_of(list(ingredients.CHECKS), now)}
    claims = {
        ingredient: (mean, n)
        for ingredient, mean, n in Claim.objects.filter(at__lte=now)
        .values_list("ingredient")
        .annotate(Avg("score"), Count("pk"))
    }
    heard = _heard(now, priors.claims_shown_from)
    settings = {setting.check_slug: setting for setting in CheckSetting.objects.all()}
    states = []
    for ingredient in Ingredient.objects.all():
        declared = ingredients.BY_SLUG[ingredient.slug]
        checks = [_check_state(as_set(check, settings), readings.get(check.slug), now) for check in declared.checks]
        mean, answers = heard.get(ingredient.slug) or claims.get(ingredient.pk, (None, 0))
        shown = mean if answers >= priors.claims_shown_from else None
        states.append(IngredientState(ingredient, declared, checks, risk.claim(shown), answers, priors))
    return Standing(states, priors, now)


def _heard(now: datetime, least: float) -> dict[str, tuple[float, int]]:
    """Ingredient to mean and people, of the newest pulse that was over by then; its least answered sentence decides."""
    over = Pulse.objects.filter(closes_on__lt=now.date()).order_by("-closes_on").first()
    if over is None:
        return {}
    found: dict[str, list[tuple[float, int]]] = {}
    rows = PulseAnswer.objects.filter(item__pulse=over).values_list("item__ingredient_slug", "item")
    for slug, _item, mean, n in rows.annotate(Avg("score"), Count("pk")):
        found.setdefault(slug, []).append((mean, n))
    return {
        slug: (sum(mean * n for mean, n in cells) / sum(n for _m, n in cells), min(n for _m, n in cells))
        for slug, cells in found.items()
        if min(n for _m, n in cells) >= least
    }


def as_set(check: Check, settings: dict[str, CheckSetting]) -> Check:
    """A check with what a lead set over what its file declares."""
    setting = settings.get(check.slug)
    if setting is None:
        return check
    names = ("floor", "target", "weight", "fresh_days")
    changed = {name: getattr(setting, name) for name in names if getattr(setting, name) is not None}
    over = replace(check, **changed)
    return check if over.floor == over.target else over


def _check_state(check: Check, reading: Reading | None, now: datetime) -> CheckState:
    fresh = reading is not None and now - reading.at <= timedelta(days=check.fresh_days)
    return CheckState(check, reading, fresh)


def trends(slugs: Sequence[str], now: datetime) -> dict[str, list[Reading]]:
    """The last readings of these checks, oldest first."""
    found: dict[str, list[Reading]] = {slug: [] for slug in slugs}
    since = now.date() - timedelta(days=400)
    rows = Reading.objects.filter(check_slug__in=slugs, scope="", taken_on__gt=since, taken_on__lte=now.date())
    for reading in rows.order_by("taken_on"):
        found[reading.check_slug].append(reading)
    return {slug: readings[-TREND_READINGS:] for slug, readings in found.items()}


def own_claim(ingredient: Ingredient, person: Person) -> Claim | None:
    return Claim.objects.filter(ingredient=ingredient, respondent=person).first()


def own_answers(person: Person) -> dict[int, int]:
    """This person's answers, by ingredient."""
    return dict(Claim.objects.filter(respondent=person).values_list("ingredient", "score"))
