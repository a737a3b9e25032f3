"""The cycle of reviews: how often, what is overdue, and what should stand on the agenda (P50-P54)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm_adoption.kit import words
from crm_adoption.people.models import Person, Seat
from crm_adoption.plan.models import Feedback, Phase, Programme, Promise, Review
from crm_adoption.plan.queries.communication import leader_grid
from crm_adoption.plan.queries.phases import phase_states, priors
from crm_adoption.plan.queries.standing import standing
from crm_adoption.usage import queries as use
from crm_adoption.usage.models import UsageSetting
from dataquality import queries as data
from dataquality.models import FieldSetting

CADENCES = {Programme.Cadence.SIX_WEEKS: 42, Programme.Cadence.QUARTER: 91, Programme.Cadence.YEAR: 364}
LARGE, SMALL = 100, 20  # people who work with the CRM
DRIFT = -0.05  # an ingredient whose evidence fell by so much is drift


def cadence_days(programme: Programme) -> int:
    """Days between reviews; "continuously" is looked at every two weeks."""
    return CADENCES.get(Programme.Cadence(programme.cadence), 14)


def suggested_cadence(people: int, *, quick_changes: bool) -> str:
    """Large companies every six weeks or quarter, small ones every year, or all the time where somebody can change
    it quickly (P53)."""
    if quick_changes and people < LARGE:
        return Programme.Cadence.CONTINUOUS
    if people >= LARGE:
        return Programme.Cadence.SIX_WEEKS
    return Programme.Cadence.QUARTER if people >= SMALL else Programme.Cadence.YEAR


@dataclass(frozen=True)
class Cycle:
    """Where the cycle stands: the last review, the day the next is due, and how late that is."""

    last: Review | None
    due_on: date
    days: int  # between reviews
    suggested: str
    is_as_suggested: bool
    today: date

    @property
    def suggested_label(self) -> str:
        return str(Programme.Cadence(self.suggested).label)

    @property
    def overdue(self) -> int:
        return max(0, (self.today - self.due_on).days)

    @property
    def overdue_share(self) -> float:
        return self.overdue / self.days


def cycle(today: date) -> Cycle:
    programme = Programme.objects.first() or Programme()
    last = Review.objects.of_programme().filter(held_on__lte=today).order_by("-held_on").first()
    begun = last.held_on if last and last.held_on else programme.created_at.date() if programme.created_at else today
    quick = Seat.objects.filter(kind=Seat.Kind.CHAMPION, holder__isnull=False).exists()
    suggested = suggested_cadence(Person.objects.active().count(), quick_changes=quick)
    days = cadence_days(programme)
    return Cycle(last, begun + timedelta(days=days), days, suggested, programme.cadence == suggested, today)


@dataclass(frozen=True)
class Topic:
    """One point of an agenda: its kind, a sentence, and where it is looked at."""

    kind: str
    sentence: str
    url: str

    def as_json(self) -> dict[str, str]:
        return {"kind": self.kind, "sentence": self.sentence, "url": self.url}


def agenda(*, now: datetime, today: date) -> list[Topic]:
    """What drifted, what is overdue and what waits for a word, computed from the tables (P51, P54)."""
    return [*_drift(now), *_phases(today), *_data(), *_fields(today), *_use(today), *_people(now, today)]


def _drift(now: datetime) -> list[Topic]:
    before = {one.ingredient.pk: one.score for one in standing(now - timedelta(days=28)).ingredients}
    found = []
    for state in standing(now).ingredients:
        earlier = before.get(state.ingredient.pk)
        if state.score is not None and earlier is not None and state.score - earlier <= DRIFT:
            sentence = _("%(name)s fell from %(before)s to %(now)s in four weeks.") % {
                "name": state.ingredient, "before": words.percent(earlier, 0), "now": words.percent(state.score, 0),
            }  # fmt: skip
            found.append(Topic("drift", sentence, state.ingredient.get_absolute_url()))
    return found


def _phases(today: date) -> list[Topic]:
    found = []
    for state in phase_states(today):
        url = state.phase.get_absolute_url()
        if state.is_late:
            days = (today - state.phase.planned_end).days if state.phase.planned_end else 0
            found.append(Topic("late", _("“%(phase)s” should have opened %(n)s days ago.")
                               % {"phase": state.phase, "n": days}, url))  # fmt: skip
        if state.is_stale:
            found.append(Topic("stale", _("The design of “%(phase)s” is %(n)s days old.")
                               % {"phase": state.phase, "n": state.design_age}, url))  # fmt: skip
        if state.phase.state == Phase.State.DRAFT and state.is_over:
            found.append(Topic("load", _("“%(phase)s” takes on more than there is time for.")
                               % {"phase": state.phase}, url))  # fmt: skip
    return found


def _data() -> list[Topic]:
    return [
        Topic("data", blocked.sentence, score.subject.get_absolute_url())
        for score in data.scoreboard()
        if score.passes is False
        for blocked in ([score] if not score.rate_passes else score.blocking[:1])
    ]


def _fields(today: date) -> list[Topic]:
    overdue = FieldSetting.objects.filter(next_review_on__lt=today).count()
    if not overdue:
        return []
    said = ngettext("%(n)s field review is overdue.", "%(n)s field reviews are overdue.", overdue) % {"n": overdue}
    return [Topic("fields", said, reverse("scoreboard"))]


def _use(today: date) -> list[Topic]:
    """Capabilities that people stopped using (P54), the one that lost most first, and how many who began went on."""
    until = use.known_until(today)
    if until is None:
        return []
    known, days = use.decays(until), UsageSetting.now().decay_days
    found = []
    for one in sorted(use.decayed(until)[0], key=lambda one: -known[one.pk].rate):
        sentence = _("“%(capability)s” is used %(rate)s less than at its best.") % {
            "capability": one, "rate": words.percent(known[one.pk].rate, 0)
        }  # fmt: skip
        stayed = [point for point in use.abandonment(one, until) if point.share is not None]
        if len(stayed) > 1:
            went_on = _("Of %(n)s people who began, %(share)s still used it after %(days)s days.") % {
                "n": stayed[-1].people, "share": words.percent(stayed[-1].share, 0), "days": stayed[-1].period * days
            }  # fmt: skip
            sentence = f"{sentence} {went_on}"
        found.append(Topic("decayed", sentence, one.get_absolute_url()))
    return found


def _people(now: datetime, today: date) -> list[Topic]:
    known, found = priors(), []
    for row in leader_grid(now):
        if row.silent_days is None or row.silent_days > known.silent_after_days:
            since = _("has not been heard of yet")
            if row.silent_days is not None:
                since = _("has been silent for %(n)s days") % {"n": row.silent_days}
            found.append(Topic("silent", f"{row.leader} {since}.", reverse("leader-acts")))
    waiting = Feedback.objects.filter(state=Feedback.State.OPEN, created_at__lt=now - timedelta(days=14)).count()
    if waiting:
        said = ngettext(
            "%(n)s voice has waited for an answer for two weeks.",
            "%(n)s voices have waited for an answer for two weeks.",
            waiting,
        )
        found.append(Topic("feedback", said % {"n": waiting}, f"{reverse('feedback')}?state=open"))
    outdated = Feedback.objects.filter(
        kind=Feedback.Kind.OUTDATED, created_at__gt=now - timedelta(days=91)
    ).count()  # fmt: skip
    if outdated:
        said = ngettext(
            "One person called it outdated in the last quarter.",
            "%(n)s people called it outdated in the last quarter.",
            outdated,
        )
        found.append(Topic("outdated", said % {"n": outdated}, f"{reverse('feedback')}?kind=outdated"))
    broken = Promise.objects.filter(state=Promise.State.BROKEN, settled_on__gt=today - timedelta(days=91)).count()
    if broken:
        said = ngettext(
            "One promise was broken in the last quarter.", "%(n)s promises were broken in the last quarter.", broken
        )
        found.append(Topic("promise", said % {"n": broken}, f"{reverse('promises')}?state=broken"))
    return found
