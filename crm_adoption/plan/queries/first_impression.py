"""The first days after a go-live, with tighter limits: there is one chance to make a first impression (P38)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm_adoption.kit import words
from crm_adoption.plan.models import Feedback, Phase, Trial
from crm_adoption.plan.priors import Priors
from crm_adoption.plan.queries.phases import priors

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Line:
    """One figure of the watch beside its limit; a value of None has nothing to stand on and breaches nothing."""

    label: str
    value: float | None
    limit: float
    unit: str
    n: int
    to_do: str  # what a breach asks for
    url: str

    @property
    def is_breached(self) -> bool:
        return self.value is not None and self.value > self.limit

    @property
    def said(self) -> str:
        return self._say(self.value)

    @property
    def limit_said(self) -> str:
        return self._say(self.limit)

    def _say(self, value: float | None) -> str:
        """Counts are whole; where nothing was measured there is no unit either."""
        if value is None or not self.unit:
            return words.number(value)
        return f"{words.number(value, 1)} {self.unit}"


@dataclass(frozen=True)
class Watch:
    """A release in its first days: which day it is, and the four figures."""

    phase: Phase
    day: int
    days: int
    lines: Sequence[Line]

    @property
    def breaches(self) -> list[Line]:
        return [line for line in self.lines if line.is_breached]


def watch(phase: Phase, *, now: datetime) -> Watch | None:
    """None before the go-live and once its first days are over."""
    known = priors()
    days = int(known.first_impression_days)
    if phase.opened_at is None or not timedelta() <= now - phase.opened_at < timedelta(days=days):
        return None
    return _watch(phase, phase.opened_at, now, days, known)


def watches(now: datetime) -> list[Watch]:
    """Every release in its first days, the newest first."""
    since = now - timedelta(days=int(priors().first_impression_days))
    live = Phase.objects.filter(opened_at__gt=since, opened_at__lte=now).prefetch_related("job_roles")
    found = [watch(phase, now=now) for phase in live.order_by("-opened_at")]
    return [one for one in found if one]


def _watch(phase: Phase, live_at: datetime, now: datetime, days: int, known: Priors) -> Watch:
    said = Feedback.objects.filter(created_at__gte=live_at, created_at__lte=now)
    roles = [role.pk for role in phase.job_roles.all()]
    if roles:
        said = said.filter(job_role__in=roles)
    days_so_far = (timezone.localdate(live_at), timezone.localdate(now))
    trials = Trial.objects.filter(phase=phase, seconds__isnull=False, on__range=days_so_far)
    seconds = [one for one in trials.values_list("seconds", flat=True) if one is not None]
    raised = said.filter(kind=Feedback.Kind.ROADBLOCK).exclude(state=Feedback.State.RESOLVED)
    answered = [
        (end - begun).total_seconds() / 3600
        for begun, end in said.values_list("created_at", "answered_at")
        if end and end <= now
    ]
    waiting = [
        (now - begun).total_seconds() / 3600
        for begun in said.filter(state=Feedback.State.OPEN).values_list("created_at", flat=True)
    ]
    hours = answered + [one for one in waiting if one > known.first_answer_hours_most]  # what waits too long counts
    voices = reverse("feedback")
    lines = (
        Line(
            _("Open roadblocks"), float(raised.count()), known.first_roadblocks_most, "", said.count(),
            _("Remove the roadblock that stops most people today; tell those who raised it."),
            f"{voices}?kind=roadblock",
        ),
        Line(
            _("Time to an answer"), median(hours) if hours else None, known.first_answer_hours_most, _("hours"),
            len(hours), _("Give the champions of these roles the morning to answer; pass up what they cannot."),
            f"{voices}?state=open",
        ),
        Line(
            _("Work stopped, in seven days"), float(said.filter(is_incident=True, created_at__gt=now - WEEK).count()),
            known.first_incidents_most, "", said.filter(is_incident=True).count(),
            _("Stop what is rolled out next until the technology owner has found the cause."),
            f"{voices}?area=technology",
        ),
        Line(
            _("Slowest screen, p95"), max(seconds, default=None), known.first_seconds_most, _("seconds"),
            len(seconds), _("Measure the screen on the devices people have; mend that before anything new."),
            reverse("trials"),
        ),
    )  # fmt: skip
    return Watch(phase, (now - live_at).days + 1, days, lines)
