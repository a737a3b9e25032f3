"""What happened to a release's users after it went live: four figures by week, four weeks before and after (T3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import median
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm_adoption.kit import words
from crm_adoption.kit.charts import Chart, Series
from crm_adoption.plan import backslide
from crm_adoption.plan.models import Phase, Reading
from crm_adoption.plan.priors import Priors
from crm_adoption.plan.queries.phases import priors
from crm_adoption.plan.queries.release_weeks import WEEK, lag_by_week, records_by_week, stopped_by_week
from crm_adoption.plan.queries.standing import constants
from dataquality import subjects

WEEKS = 4  # on either side
WATCHED = 2 * WEEKS * WEEK  # a release is looked at every night for so long after it went live
CHECK = "release.backslide"  # readings of it are scoped to their phase


@dataclass(frozen=True)
class Week:
    """One week of a measure, counted from the go-live: -4 to 3."""

    start: datetime
    value: float | None
    n: int


@dataclass(frozen=True)
class Kind:
    """What is looked at around a release, and where a fall of it is mended."""

    name: Any  # lazily translated
    unit: Any
    more_is_better: bool
    of: Any  # what n counts
    url_name: str
    url_label: Any

    def say(self, value: float) -> str:
        if self.unit == "%":
            return words.percent(value)
        return f"{words.number(value, 1)} {self.unit}".strip()

    def fell(self, before: float, after: float, noise: float) -> str:
        sentence = _("%(name)s went from %(before)s to %(after)s; noise alone does that in %(noise)s of all cases.")
        return sentence % self._facts(before, after, noise)

    def stayed(self, before: float, after: float, noise: float) -> str:
        sentence = _("%(name)s: %(before)s before, %(after)s after; nothing beyond noise (%(noise)s).")
        return sentence % self._facts(before, after, noise)

    def _facts(self, before: float, after: float, noise: float) -> dict[str, str]:
        return {"name": str(self.name), "before": self.say(before), "after": self.say(after),
                "noise": words.percent(noise, 0)}  # fmt: skip


KINDS = {
    "capture-lag": Kind(gettext_lazy("Hours until it is written down"), gettext_lazy("hours"), False,
                        gettext_lazy("activities"), "access-paths", gettext_lazy("Ways to the CRM")),
    "records": Kind(gettext_lazy("New records per person"), "", True, gettext_lazy("records"), "motivators",
                    gettext_lazy("Motivation")),
    "findings": Kind(gettext_lazy("New records with an error"), "%", False, gettext_lazy("records"), "scoreboard",
                     gettext_lazy("Data quality")),
    "stopped": Kind(gettext_lazy("Voices about work that stopped"), "", False, gettext_lazy("voices"), "feedback",
                    gettext_lazy("Feedback")),
}  # fmt: skip


@dataclass(frozen=True)
class Measure:
    """One figure around a release, by week, and what the test says of it."""

    slug: str
    weeks: Sequence[Week]
    verdict: backslide.Verdict | None

    @property
    def kind(self) -> Kind:
        return KINDS[self.slug]

    @property
    def key(self) -> str:
        return f"after-{self.slug}"

    @property
    def question(self) -> str:
        return _("%(name)s, week by week") % {"name": self.kind.name}

    @property
    def is_alarm(self) -> bool:
        return self.verdict is not None and self.verdict.is_alarm

    @property
    def sentence(self) -> str:
        if self.verdict is None:
            return _("%(name)s: too few weeks with a figure yet.") % {"name": self.kind.name}
        facts = (self.verdict.before, self.verdict.after, self.verdict.probability)
        return self.kind.fell(*facts) if self.is_alarm else self.kind.stayed(*facts)

    def chart(self) -> Chart:
        """By week, with the median of each side beside it."""
        values = [one.value for one in self.weeks]
        sides = [_median(values[:WEEKS])] * WEEKS + [_median(values[WEEKS:])] * (len(values) - WEEKS)
        return Chart(
            "line",
            [timezone.localtime(one.start).date().isoformat() for one in self.weeks],
            [Series(str(self.kind.name), values), Series(_("Median of that side"), sides, line=True, dashed=True)],
            unit=str(self.kind.unit), head=_("Week from"),
        )  # fmt: skip


def _median(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None


@dataclass(frozen=True)
class Release:
    """A phase that went live, with its four measures."""

    phase: Phase
    live_at: datetime
    people: int  # who own records in these weeks
    shown_from: int
    measures: Sequence[Measure] = field(default_factory=tuple)

    @property
    def is_shown(self) -> bool:
        """Figures of people stand on groups that are large enough, or not at all."""
        return self.people >= self.shown_from

    @property
    def alarms(self) -> list[Measure]:
        return [one for one in self.measures if one.is_alarm]

    @property
    def weeks_after(self) -> int:
        return len(self.measures[0].weeks) - WEEKS if self.measures else 0


def release_after(phase: Phase, *, now: datetime) -> Release | None:
    """None while the phase is not live. Only whole weeks count, and only people of the roles it touches."""
    if phase.opened_at is None or phase.opened_at > now:
        return None
    live_at, known = phase.opened_at, priors()
    shown_from = int(constants().claims_shown_from)
    whole = min(WEEKS, (now - live_at) // WEEK)
    weeks = [live_at + number * WEEK for number in range(-WEEKS, whole)]
    roles = [role.pk for role in phase.job_roles.all()]
    if not whole:
        return Release(phase, live_at, 0, shown_from)
    tables = phase.tables or [subject.slug for subject in subjects.every()]
    counted = records_by_week(tables, roles, weeks)
    if counted.people < shown_from:
        return Release(phase, live_at, counted.people, shown_from)
    figures: dict[str, Sequence[tuple[float | None, int]]] = {
        "capture-lag": lag_by_week(roles, weeks),
        "records": [(n / counted.people, n) for n in counted.made],
        "findings": [(bad / n if n else None, n) for bad, n in zip(counted.wrong, counted.made, strict=True)],
        "stopped": stopped_by_week(roles, weeks),
    }
    measures = [_measure(slug, values, weeks, known) for slug, values in figures.items()]
    return Release(phase, live_at, counted.people, shown_from, measures)


def _measure(
    slug: str, values: Sequence[tuple[float | None, int]], starts: Sequence[datetime], known: Priors
) -> Measure:  # fmt: skip
    weeks = [Week(start, value, n) for start, (value, n) in zip(starts, values, strict=True)]
    before, after = ([one.value for one in side if one.value is not None] for side in (weeks[:WEEKS], weeks[WEEKS:]))
    verdict = backslide.judge(
        before, after, more_is_better=KINDS[slug].more_is_better, surely=known.backslide_noise_most,
        at_least=known.backslide_change_least,
    )  # fmt: skip
    return Measure(slug, weeks, verdict)


@dataclass(frozen=True)
class Alarm:
    """What the last look at a release found, for the first page."""

    phase: Phase
    sentences: Sequence[str]
    taken_on: date


def scope_of(phase: Phase) -> str:
    return f"phase:{phase.pk}"


def as_detail(release: Release) -> dict[str, Any]:
    """What a reading keeps of a release, without words."""
    fallen = [
        {"slug": one.slug, "before": one.verdict.before, "after": one.verdict.after, "noise": one.verdict.probability}
        for one in release.alarms
        if one.verdict
    ]
    return {"fallen": fallen, "weeks_after": release.weeks_after}


def alarms(now: datetime) -> list[Alarm]:
    """Releases that are still watched and whose newest reading found a fall."""
    live = {scope_of(one): one for one in Phase.objects.filter(opened_at__gt=now - WATCHED, opened_at__lte=now)}
    if not live:
        return []
    rows = Reading.objects.filter(check_slug=CHECK, scope__in=live, taken_on__lte=now.date())
    rows = rows.order_by("scope", "-taken_on").distinct("scope")
    return [
        Alarm(live[row.scope], [KINDS[one["slug"]].fell(one["before"], one["after"], one["noise"])
                                for one in row.detail["fallen"]], row.taken_on)
        for row in rows if row.value > 0
    ]  # fmt: skip
