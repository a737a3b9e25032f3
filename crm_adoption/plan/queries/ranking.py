"""What to take up next of what people say: by rule, not by loudness (T2), by whom it stops (P37), and how fast (P19).

A request's points: each voice counts one, divided by the number of open requests its giver has raised or voted for, so
that everybody has one voice to spend; each further team that wants it adds `TEAM`, each further job role `ROLE`. Ties
go to the older one. Who shouts often gains nothing by it, and the points and their parts are shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from crm_adoption.people.models import Person, Seat
from crm_adoption.plan.models import Escalation, Feedback, RoleValue

TEAM, ROLE = 1.0, 1.0
STOPS = (Feedback.Kind.ROADBLOCK, Feedback.Kind.ISSUE)
OVER = timedelta(days=90)


@dataclass(frozen=True)
class Ranked:
    """An open request with its points and what they are made of."""

    feedback: Feedback
    voices: int
    spent: float  # the voices, each divided by the requests its giver wants
    teams: int
    roles: int

    @property
    def points(self) -> float:
        return self.spent + TEAM * max(0, self.teams - 1) + ROLE * max(0, self.roles - 1)


@dataclass(frozen=True)
class Asking:
    """How many requests come from how many people: loud is not many (T2)."""

    requests: int
    requesters: int

    @property
    def each(self) -> float | None:
        return self.requests / self.requesters if self.requesters else None


def _open(kinds: Sequence[str]) -> list[Feedback]:
    rows = Feedback.objects.filter(kind__in=kinds).exclude(state=Feedback.State.RESOLVED)
    return list(rows.select_related("raised_by").prefetch_related("votes__by").order_by("created_at", "pk"))


def _voices(feedback: Feedback) -> list[Person]:
    """Everybody who wants it or is stopped by it, each once."""
    return [feedback.raised_by, *(vote.by for vote in feedback.votes.all() if vote.by_id != feedback.raised_by_id)]


def requests() -> tuple[list[Ranked], Asking]:
    """Open requests that are no work yet, the most points first."""
    rows = [one for one in _open((Feedback.Kind.REQUEST,)) if one.work_item_id is None]
    wanted = {one.pk: _voices(one) for one in rows}
    wishes = Counter(person.pk for people in wanted.values() for person in people)
    ranked = [
        Ranked(
            one, len(wanted[one.pk]), sum(1 / wishes[person.pk] for person in wanted[one.pk]),
            len({person.team_id for person in wanted[one.pk]} - {None}),
            len({person.job_role_id for person in wanted[one.pk]} - {None}),
        )
        for one in rows
    ]  # fmt: skip
    ranked.sort(key=lambda one: (-round(one.points, 9), one.feedback.created_at, one.feedback.pk))
    return ranked, Asking(len(rows), len({one.raised_by_id for one in rows}))


@dataclass(frozen=True)
class Stopping:
    """A roadblock or an issue, weighed by the people it stops and what an hour of their roles counts."""

    feedback: Feedback
    voices: int
    weight: int
    days: int


def stopping(now: datetime) -> list[Stopping]:
    """Of what is not resolved, the heaviest first."""
    values = dict(RoleValue.objects.values_list("job_role", "value"))
    found = [
        Stopping(one, len(people), sum(values.get(person.job_role_id or 0, 1) for person in people),
                 (now - one.created_at).days)
        for one in _open(STOPS)
        for people in [_voices(one)]
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.weight, -one.days, one.feedback.pk))


@dataclass(frozen=True)
class SeatHours:
    """How soon a kind of seat answers what is passed to it: the seat, never its holder."""

    kind: str
    label: str
    rungs: int
    answered: int
    median_hours: float | None
    in_time: int


def hours_by_seat(now: datetime) -> list[SeatHours]:
    """Of what was passed to each seat in 90 days: what was answered there, and the median hours to that."""
    rows = Escalation.objects.filter(at__gt=now - OVER, at__lte=now).values_list(
        "seat_kind", "at", "answer_due", "answered_at"
    )
    found: dict[str, list[tuple[datetime, datetime, datetime | None]]] = {}
    for kind, at, due, answered in rows:
        found.setdefault(kind, []).append((at, due, answered if answered and answered <= now else None))
    return [
        SeatHours(
            kind.value, str(kind.label), len(mine), len(took), median(took) if took else None,
            sum(1 for _at, due, answered in mine if answered and answered <= due),
        )
        for kind in Seat.Kind
        if (mine := found.get(kind.value))
        for took in [[(answered - at).total_seconds() / 3600 for at, _due, answered in mine if answered]]
    ]  # fmt: skip


def hours_to_resolve(now: datetime, area: str) -> tuple[float, int] | None:
    """Median hours from an issue of an area to its end, of those resolved in 90 days, and how many they are."""
    rows = Feedback.objects.filter(
        kind__in=STOPS, area=area, resolved_at__gt=now - OVER, resolved_at__lte=now
    ).values_list("created_at", "resolved_at")
    took = [(end - begun).total_seconds() / 3600 for begun, end in rows if end]
    return (median(took), len(took)) if took else None
