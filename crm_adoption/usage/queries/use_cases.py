"""Use cases by role: what they cost, how they feel, whom their input serves, and the UX score (3.9, 3.10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Avg, Count, Q

from crm_adoption.people.models import JobRole, Person
from crm_adoption.usage.models import Opinion, UsageSetting, UseCase
from crm_adoption.usage.queries.use import people_by_role
from dataquality import subjects

OPINION_DAYS = 90


@dataclass(frozen=True)
class Voices:
    """What people said of a use case in 90 days, each person's newest word; means from five people on."""

    n: int
    feels: float | None
    outcomes: float | None  # O of 3.9, 0 to 1


@dataclass(frozen=True)
class CaseState:
    """One use case with its four parts of the UX score; a part that nobody measured is None, and so is the score."""

    case: UseCase
    voices: Voices
    unused: float | None

    @property
    def relevance(self) -> float | None:
        """R: importance that is on the screen / all importance, x (1 - share of fields nobody fills)."""
        elements = list(self.case.elements.all())
        if not elements:
            return None
        there = sum(one.importance for one in elements if one.on_screen)
        return there / sum(one.importance for one in elements) * (1 - (self.unused or 0.0))

    @property
    def ux(self) -> float | None:
        """100 (R + root of P x C + O) / 3: personalization without context is worth nothing, nor the other way."""
        relevance, context, outcomes = self.relevance, self.case.context, self.voices.outcomes
        if relevance is None or context is None or outcomes is None:
            return None
        return 100 * (relevance + float((self.case.personalization * context) ** 0.5) + outcomes) / 3

    @property
    def missing(self) -> list[str]:
        """Which parts nobody has measured yet: `relevance`, `context`, `outcomes`."""
        parts = {"relevance": self.relevance, "context": self.case.context, "outcomes": self.voices.outcomes}
        return [name for name, value in parts.items() if value is None]

    @property
    def extra_clicks(self) -> int | None:
        case = self.case
        if case.actual_clicks is None or case.ideal_clicks is None:
            return None
        return case.actual_clicks - case.ideal_clicks


@dataclass(frozen=True)
class RoleCases:
    """A role with its use cases, its UX (by priority), and what it gets for what it puts in."""

    role: JobRole
    people: int
    cases: Sequence[CaseState]
    own_minutes: float
    other_minutes: float

    @property
    def ux(self) -> float | None:
        known = [(one.ux, one.case.priority) for one in self.cases if one.ux is not None]
        return sum(ux * priority for ux, priority in known) / sum(p for _u, p in known) if known else None

    @property
    def reciprocity(self) -> float | None:
        """rho: minutes of input that serve the role itself / minutes that serve only others."""
        return self.own_minutes / self.other_minutes if self.other_minutes else None


def roles_with_cases(today: date, *, role: JobRole | None = None) -> list[RoleCases]:
    """Every role that has use cases, or the one named."""
    cases = UseCase.objects.filter(retired_on=None).select_related("job_role", "capability")
    if role is not None:
        cases = cases.filter(job_role=role)
    voices, people = voices_of(today), people_by_role()
    found: dict[JobRole, list[CaseState]] = {}
    fills: dict[str, float | None] = {}
    for case in cases.prefetch_related("elements", "serves").order_by("job_role__name", "-priority", "name"):
        state = CaseState(case, voices.get(case.pk, Voices(0, None, None)), _unused(case, fills))
        found.setdefault(case.job_role, []).append(state)
    return [RoleCases(one, people.get(one.pk, 0), states, *_minutes(states)) for one, states in found.items()]


def _minutes(states: Sequence[CaseState]) -> tuple[float, float]:
    """Minutes in 28 days of one person: of input that serves their own role, and of input that serves only others."""
    own = other = 0.0
    for state in states:
        case, serves = state.case, {one.pk for one in state.case.serves.all()}
        if case.minutes and serves:
            minutes = case.minutes * case.per_28_days
            if case.job_role_id in serves:
                own += minutes
            else:
                other += minutes
    return own, other


def reciprocity(today: date) -> tuple[float | None, int]:
    """Minutes that serve those who type them / minutes that serve only others, of all people; and of how many."""
    roles = [one for one in roles_with_cases(today) if one.people and (one.own_minutes or one.other_minutes)]
    own = sum(one.own_minutes * one.people for one in roles)
    other = sum(one.other_minutes * one.people for one in roles)
    return (own / other if other else None), sum(one.people for one in roles)


def voices_of(today: date) -> dict[int, Voices]:
    """By use case; a mean of fewer than five people is not said."""
    floor = UsageSetting.now().shown_from
    newest = (
        Opinion.objects.filter(on__gt=today - timedelta(days=OPINION_DAYS), on__lte=today)
        .order_by("use_case_id", "person_id", "-on").distinct("use_case_id", "person_id").values("pk")
    )  # fmt: skip
    rows = Opinion.objects.filter(pk__in=newest).order_by().values_list("use_case").annotate(
        n=Count("pk"), full=Count("pk", filter=Q(predictable__isnull=False, convenient__isnull=False,
                                                 timely__isnull=False)),
        feels=Avg("feels"), one=Avg("predictable"), two=Avg("convenient"), three=Avg("timely"),
    )  # fmt: skip
    return {
        case: Voices(
            n, feels if n >= floor else None,
            ((one + two + three) / 3 - 1) / 4 if full >= floor else None,
        )
        for case, n, full, feels, one, two, three in rows
    }  # fmt: skip


def feels_by_month(case: UseCase, today: date) -> list[tuple[date, int, float | None]]:
    """(first of the month, people, mean) of the last twelve months with a word; a mean from five people on."""
    floor = UsageSetting.now().shown_from
    since = date(today.year - 1, today.month, 1)
    rows = (
        case.opinions.filter(on__gte=since).order_by().values_list("on__year", "on__month")
        .annotate(n=Count("person", distinct=True), mean=Avg("feels")).order_by("on__year", "on__month")
    )  # fmt: skip
    return [(date(year, month, 1), n, mean if n >= floor else None) for year, month, n, mean in rows]


def own_cases(person: Person) -> list[UseCase]:
    """Use cases of one's own role, the most important first."""
    if person.job_role_id is None:
        return []
    return list(UseCase.objects.filter(job_role=person.job_role_id, retired_on=None).order_by("-priority", "name"))


def _unused(case: UseCase, known: dict[str, float | None]) -> float | None:
    """The share of the fields of its capability that hardly any live record fills; None where none are named."""
    places = list(case.capability.fields) if case.capability else []
    for place in places:
        if place not in known:
            known[place] = _filled(place)
    filled = [share for place in places if (share := known[place]) is not None]
    return sum(share < HARDLY for share in filled) / len(filled) if filled else None


HARDLY = 0.02  # of live records; below it a field is not used


def _filled(place: str) -> float | None:
    """The share of live records of its table that fill a field; None without records."""
    table, _dot, name = place.rpartition(".")
    subject = next((one for one in subjects.every() if one.slug == table), None)
    if subject is None or name not in subject.columns:
        return None
    records: Any = subject.model.objects
    blank = Q(**{f"{name}__isnull": True})
    if subject.model._meta.get_field(name).get_internal_type() in ("TextField", "CharField"):
        blank |= Q(**{name: ""})
    counts = records.live().aggregate(n=Count("pk"), empty=Count("pk", filter=blank))
    return 1 - counts["empty"] / counts["n"] if counts["n"] else None


def own_opinions(person: Person) -> dict[int, Opinion]:
    """One's own newest word on each use case."""
    newest = Opinion.objects.filter(person=person).order_by("use_case_id", "-on").distinct("use_case_id")
    return {one.use_case_id: one for one in newest}
