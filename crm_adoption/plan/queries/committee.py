"""The committee of champions of a company with a small IT and several groups (P21): one champion a group; together they
own process and solution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm_adoption.kit import words
from crm_adoption.people.models import Seat, Team
from crm_adoption.people.queries import fill_url
from crm_adoption.plan.models import Decision, Escalation, Feedback, Programme, Review, WorkItem
from crm_adoption.plan.queries.ownership import Owned, owned
from crm_adoption.plan.queries.phases import priors
from crm_adoption.plan.queries.reviews import Topic
from training.models import ProcessVersion

SEVERAL = 2  # groups from which on their champions form a committee
LISTED = 10  # issues an agenda names one by one
TROUBLES = (Feedback.Kind.ISSUE, Feedback.Kind.ROADBLOCK)


@dataclass(frozen=True)
class Member:
    """One group, its champion, and what of its issues is open; without a champion the group has no voice."""

    team: Team
    seat: Seat | None
    people: int
    issues: int

    @property
    def is_gap(self) -> bool:
        return self.seat is None or self.seat.is_vacant

    @property
    def fill_url(self) -> str:
        if self.seat is not None:
            return reverse("seat", args=[self.seat.pk])
        return fill_url(Seat.Kind.CHAMPION, Seat.Scope.TEAM, self.team.name)


@dataclass(frozen=True)
class Committee:
    """Its members and gaps, what it owns, when it met and when it is due."""

    programme: Programme
    members: Sequence[Member]
    owns: Sequence[Owned]
    last: Review | None
    planned: Review | None
    every_days: int
    today: date

    @property
    def is_asked_for(self) -> bool:
        """Does the way IT is organised ask for one?"""
        return self.programme.it_model == Programme.ItModel.SMALL and len(self.members) >= SEVERAL

    @cached_property
    def gaps(self) -> list[Member]:
        return [member for member in self.members if member.is_gap]

    @cached_property
    def processes(self) -> list[Owned]:
        return [one for one in self.owns if one.scope == Seat.Scope.PROCESS]

    @cached_property
    def systems(self) -> list[Owned]:
        return [one for one in self.owns if one.scope == Seat.Scope.SOURCE]

    @property
    def due_on(self) -> date | None:
        """The day by which it should meet again; none before it first met."""
        return self.last.held_on + timedelta(days=self.every_days) if self.last and self.last.held_on else None

    @property
    def overdue(self) -> int:
        return max(0, (self.today - self.due_on).days) if self.due_on else 0

    @property
    def sits(self) -> bool:
        """Does every group have a champion in it, and did it meet within its interval?"""
        return not self.gaps and self.last is not None and not self.overdue

    @property
    def lacks(self) -> str:
        """Why it does not sit, in one sentence; empty where it does."""
        if self.last is None:
            return _("The committee of champions has not met yet.")
        if self.overdue:
            return ngettext(
                "The committee of champions should have met yesterday.",
                "The committee of champions should have met %(n)s days ago.", self.overdue,
            ) % {"n": self.overdue}  # fmt: skip
        if self.gaps:
            return _("The committee of champions lacks %(n)s of %(all)s groups: %(teams)s.") % {
                "n": len(self.gaps), "all": len(self.members), "teams": ", ".join(str(one.team) for one in self.gaps),
            }  # fmt: skip
        return ""


def committee(today: date) -> Committee:
    """The committee as the seats, the reviews and the processes make it; nobody writes it down twice."""
    meetings = Review.objects.of_committee()
    return Committee(
        Programme.objects.first() or Programme(),
        _members(),
        owned(),
        meetings.filter(held_on__lte=today).select_related("led_by").order_by("-held_on", "-pk").first(),
        meetings.filter(held_on=None).select_related("led_by").order_by("planned_on", "pk").first(),
        int(priors().committee_every_days),
        today,
    )


def sits(today: date) -> tuple[bool, str] | None:
    """Whether the committee sits, and what it lacks; none where the way IT is organised asks for none."""
    found = committee(today)
    return (found.sits, found.lacks) if found.is_asked_for else None


def _members() -> list[Member]:
    seats: dict[str, Seat] = {}
    rows = Seat.objects.filter(kind=Seat.Kind.CHAMPION, scope=Seat.Scope.TEAM).select_related("holder", "deputy")
    for seat in sorted(rows, key=lambda one: (one.is_vacant, one.pk)):
        seats.setdefault(seat.scope_key.strip().casefold(), seat)
    open_ = _troubles().order_by().values_list("team").annotate(n=Count("pk"))
    issues = {team: n for team, n in open_ if team is not None}
    teams = Team.objects.annotate(people=Count("members", filter=Q(members__left_on=None))).order_by("name")
    return [
        Member(team, seats.get(team.name.strip().casefold()), team.people, issues.get(team.pk, 0))  # type: ignore[attr-defined]
        for team in teams
    ]


def _troubles() -> QuerySet[Feedback]:
    return Feedback.objects.filter(kind__in=TROUBLES).exclude(state=Feedback.State.RESOLVED)


def meetings() -> QuerySet[Review]:
    """The committee's meetings, those to come first, then the newest."""
    found = Review.objects.of_committee().select_related("led_by").annotate(decided=Count("decisions"))
    return found.order_by("-planned_on", "-pk")


def committee_agenda(*, now: datetime, today: date) -> list[Topic]:
    """What is left of earlier decisions, what stops people, whom nobody speaks for, and what changed in a process."""
    found = committee(today)
    return [*_left(today), *_issues(now), *_late(now), *_gaps(found), *_owners(found), *_changed(found, now)]


def _left(today: date) -> list[Topic]:
    open_ = Decision.objects.filter(
        review__body=Review.Body.COMMITTEE, work_item__state__in=(WorkItem.State.OPEN, WorkItem.State.DOING)
    ).select_related("work_item")
    found = []
    for one in open_:
        item = one.work_item
        if item is None:
            continue
        late = item.due_on is not None and item.due_on < today
        sentence = _("Decided and late: “%(what)s”.") if late else _("Decided and still to do: “%(what)s”.")
        found.append(Topic("decided", sentence % {"what": item}, item.get_absolute_url()))
    return found


def _issues(now: datetime) -> list[Topic]:
    """The oldest issues and roadblocks one by one, the rest as a number."""
    rows = list(_troubles().filter(created_at__lte=now).select_related("team").order_by("created_at", "pk"))
    found = [
        Topic("issue", ngettext(
            "Open for %(days)s day (%(team)s): “%(what)s”", "Open for %(days)s days (%(team)s): “%(what)s”",
            (now - one.created_at).days,
        ) % {
            "days": words.number((now - one.created_at).days), "team": one.team or _("no group"), "what": one,
        }, one.get_absolute_url())
        for one in rows[:LISTED]
    ]  # fmt: skip
    if len(rows) > LISTED:
        more = len(rows) - LISTED
        sentence = ngettext("And one more issue or roadblock is open.",
                            "And %(n)s more issues and roadblocks are open.", more)  # fmt: skip
        found.append(Topic("issue", sentence % {"n": words.number(more)}, reverse("feedback")))
    return found


def _late(now: datetime) -> list[Topic]:
    late = Escalation.objects.filter(
        answered_at=None, answer_due__lt=now, seat_kind=Seat.Kind.CHAMPION, feedback__state=Feedback.State.OPEN
    ).count()
    if not late:
        return []
    sentence = ngettext("One voice has waited for a champion longer than was agreed.",
                        "%(n)s voices have waited for a champion longer than was agreed.", late)  # fmt: skip
    return [Topic("late", sentence % {"n": words.number(late)}, f"{reverse('feedback')}?state=open")]


def _gaps(found: Committee) -> list[Topic]:
    return [
        Topic("gap", ngettext(
            "Nobody speaks for %(team)s, one person.", "Nobody speaks for %(team)s, %(n)s people.", one.people
        ) % {"team": one.team, "n": words.number(one.people)}, one.fill_url)
        for one in found.gaps
    ]  # fmt: skip


def _owners(found: Committee) -> list[Topic]:
    return [
        Topic("owner", _("“%(what)s” has no %(kind)s.") % {
            "what": one.key, "kind": str(Seat.Kind(kind).label).lower(),
        }, one.url)
        for one in found.owns if not one.by_programme for kind in one.vacant
    ]  # fmt: skip


def _changed(found: Committee, now: datetime) -> list[Topic]:
    """Processes that changed since the committee last met, or in one interval where it never did."""
    since = found.last.held_on if found.last and found.last.held_on else found.today - timedelta(days=found.every_days)
    versions = ProcessVersion.objects.filter(
        process__retired_on=None, from_on__gt=since, from_on__lte=timezone.localdate(now), number__gt=1
    ).select_related("process")
    return [
        Topic("changed", _("“%(process)s” is done otherwise since %(day)s: does everybody?") % {
            "process": one.process, "day": one.from_on.isoformat(),
        }, one.process.get_absolute_url())
        for one in versions.order_by("from_on", "pk")
    ]  # fmt: skip
