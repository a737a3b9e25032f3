"""Expectations with an agreed measure (T1): a check, or one figure of it, a target and a day; readings say the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import DateField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Least
from django.utils import timezone
from django.utils.translation import gettext as _

from crm_adoption.kit import words
from crm_adoption.plan.ingredients import CHECKS, TEN
from crm_adoption.plan.ingredients.base import Check
from crm_adoption.plan.models import Feedback, Ingredient, Promise, Reading

UNAGREED, UNMEASURABLE, MET, NOT_MET = "unagreed", "unmeasurable", "met", "not_met"
AT = "/"  # between the steps of the way to a figure in a reading's detail
BY = "#"  # between a check and its figure, in a choice


@dataclass(frozen=True)
class Expectation:
    """One expectation beside the reading that decides it: the newest until its day, or until today."""

    feedback: Feedback
    reading: Reading | None
    value: float | None  # of a fresh reading; none where it was not measured, or too long before
    today: date

    @property
    def check(self) -> Check | None:
        return CHECKS.get(self.feedback.check_slug)

    @property
    def is_agreed(self) -> bool:
        return bool(self.feedback.check_slug)

    @property
    def outcome(self) -> str:
        if not self.is_agreed:
            return UNAGREED
        if self.value is None:
            return UNMEASURABLE
        return MET if meets(self.feedback, self.value) else NOT_MET

    @property
    def is_open(self) -> bool:
        """May it still be met in time?"""
        return self.feedback.due_on is not None and self.today <= self.feedback.due_on

    @property
    def label(self) -> str:
        """What is measured, in words."""
        named = str(self.check.label) if self.check else self.feedback.check_slug
        return f"{named}: {said_figure(self.feedback.figure)}" if self.feedback.figure else named

    def said(self, value: float | None) -> str:
        """A value in the check's unit; a figure of its detail is a plain number."""
        if value is None:
            return _("no figure")
        if self.check is None or self.feedback.figure:
            return words.number(value, 3)
        return self.check.said(value)

    @property
    def value_said(self) -> str:
        return self.said(self.value)

    @property
    def target(self) -> str:
        return _("%(how)s %(target)s until %(day)s") % {
            "how": self.feedback.get_comparator_display(), "target": self.said(self.feedback.threshold),
            "day": self.feedback.due_on and self.feedback.due_on.isoformat(),
        }  # fmt: skip

    @property
    def badge(self) -> tuple[str, str]:
        """Its state as a word of the house, and in words."""
        if self.outcome == UNAGREED:
            return "pending", _("no measure is agreed")
        if self.outcome == UNMEASURABLE:
            return "pending", _("not yet measurable")
        if self.outcome == MET:
            return "done", _("met")
        return ("due", _("not met yet")) if self.is_open else ("bad", _("not met"))


def meets(feedback: Feedback, value: float) -> bool:
    """Does a value reach the agreed target? The target itself does."""
    target = feedback.threshold or 0.0
    return value >= target if feedback.comparator == Promise.Comparator.AT_LEAST else value <= target


def expectations(today: date, *, of: QuerySet[Feedback] | None = None) -> list[Expectation]:
    """All of them, or those asked for, the newest first; two queries for any number."""
    known = Feedback.objects.all() if of is None else of
    deciding = Reading.objects.filter(
        check_slug=OuterRef("check_slug"), scope="",
        taken_on__lte=Least(OuterRef("due_on"), Value(today, DateField())),
    ).order_by("-taken_on")  # fmt: skip
    rows = list(
        known.filter(kind=Feedback.Kind.EXPECTATION)
        .select_related("raised_by", "team", "job_role")
        .annotate(deciding=Subquery(deciding.values("pk")[:1]))
        .order_by("-pk")
    )
    readings = Reading.objects.in_bulk([row.deciding for row in rows if row.deciding])  # type: ignore[attr-defined]
    return [_told(row, readings.get(row.deciding), today) for row in rows]  # type: ignore[attr-defined]


def expectation(feedback: Feedback, today: date) -> Expectation | None:
    """The same of one piece of feedback; none where it is no expectation."""
    found = expectations(today, of=Feedback.objects.filter(pk=feedback.pk))
    return found[0] if found else None


def _told(row: Feedback, reading: Reading | None, today: date) -> Expectation:
    check = CHECKS.get(row.check_slug)
    until = min(today, row.due_on) if row.due_on else today
    fresh = reading is not None and (check is None or (until - timezone.localdate(reading.at)).days <= check.fresh_days)
    return Expectation(row, reading, value_of(reading, row.figure) if fresh and reading else None, today)


@dataclass(frozen=True)
class Agreed:
    """How many expectations have an agreed measure, and how many of those are met."""

    all: int
    agreed: int
    measurable: int
    met: int

    @property
    def share_agreed(self) -> float | None:
        return self.agreed / self.all if self.all else None

    @property
    def share_met(self) -> float | None:
        """Of those that can be measured."""
        return self.met / self.measurable if self.measurable else None


def agreed(found: Sequence[Expectation]) -> Agreed:
    """Expectations that were withdrawn by resolving them without a measure are not asked about any more."""
    asked = [one for one in found if one.is_agreed or one.feedback.state != Feedback.State.RESOLVED]
    outcomes = [one.outcome for one in asked]
    measurable = [outcome for outcome in outcomes if outcome in (MET, NOT_MET)]
    return Agreed(
        len(asked), sum(1 for one in asked if one.is_agreed), len(measurable), sum(1 for o in measurable if o == MET)
    )


# --- figures of a check -------------------------------------------------------------------------------------------
def value_of(reading: Reading, figure: str) -> float | None:
    """The reading's value, or one figure of its detail."""
    if not figure:
        return reading.value
    found: Any = reading.detail
    for step in figure.split(AT):
        found = found.get(step) if isinstance(found, Mapping) else None
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else None


def said_figure(figure: str) -> str:
    """The way to a figure as people read it: “rates/Accounts” is “rates, Accounts”."""
    return ", ".join(step.replace("_", " ") for step in figure.split(AT))


def _figures(detail: Mapping[str, Any], before: str = "") -> Iterator[str]:
    for name, value in detail.items():
        if AT in name or BY in name:
            continue
        if isinstance(value, Mapping):
            yield from _figures(value, f"{before}{name}{AT}")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield f"{before}{name}"


def measures() -> list[tuple[str, list[tuple[str, str]]]]:
    """What an expectation can be measured by, under its ingredient: each check, and the figures its newest reading
    holds."""
    newest = {one.check_slug: one for one in Reading.objects.newest_of(list(CHECKS), timezone.now())}
    names = {row.slug: str(row) for row in Ingredient.objects.all()}
    found = []
    for declared in TEN:
        choices: list[tuple[str, str]] = []
        for check in declared.checks:
            choices.append((check.slug, str(check.label)))
            reading = newest.get(check.slug)
            choices += [
                (f"{check.slug}{BY}{figure}", f"{check.label}: {said_figure(figure)}")
                for figure in (_figures(reading.detail) if reading else ())
            ]
        found.append((names.get(declared.slug, declared.label), choices))
    return found
