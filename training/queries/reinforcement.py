"""Reinforcement: due three to four weeks after a go-live, counted until six (3.3 row 10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from crm_adoption.people.models import Person
from training.models import Attempt, Booking, Course, GoLive, Quiz, Session, TrainingSetting

LOOK_BACK = timedelta(days=180)


@dataclass(frozen=True)
class Reinforced:
    person: Person
    done_on: date | None


@dataclass(frozen=True)
class Window:
    """One go-live: who was reinforced between the first and the last day that count."""

    go_live: GoLive
    due_from: date
    due_by: date
    until: date
    people: Sequence[Reinforced]

    @property
    def done(self) -> int:
        return sum(one.done_on is not None for one in self.people)

    @property
    def share(self) -> float | None:
        return self.done / len(self.people) if self.people else None

    def state_of(self, today: date) -> str:
        """`later`, `due`, `overdue` (past the fourth week, still counts) or `closed`."""
        if today < self.due_from:
            return "later"
        if today > self.until:
            return "closed"
        return "due" if today <= self.due_by else "overdue"


def window_of(go_live: GoLive, setting: TrainingSetting | None = None) -> Window:
    """Everybody of the roles it reaches, with the first reinforcement in the window: a session, or a follow-up."""
    setting = setting or TrainingSetting.now()
    first, last = (go_live.on + timedelta(days=days) for days in (setting.reinforce_from, setting.reinforce_until))
    reached = Person.objects.filter(job_role__go_lives=go_live, left_on=None).select_related("team", "job_role")
    people = list(reached.order_by("name", "pk"))
    done = _first_reinforcement(people, first, last)
    return Window(
        go_live, first, go_live.on + timedelta(days=setting.reinforce_by), last,
        [Reinforced(person, done.get(person.pk)) for person in people],
    )  # fmt: skip


def _first_reinforcement(people: Sequence[Person], first: date, last: date) -> dict[int, date]:
    """By person, the first day in the window; only courses that their own role asks for count."""
    begin = timezone.make_aware(datetime.combine(first, time.min))
    end = timezone.make_aware(datetime.combine(last + timedelta(days=1), time.min))
    keys = [person.pk for person in people]
    sessions = Booking.objects.filter(
        _of_own_role("session__course_id"), person__in=keys, was_there=True,
        session__purpose=Session.Purpose.REINFORCEMENT, session__starts_at__gte=begin, session__starts_at__lt=end,
    ).values_list("person_id", "session__starts_at")  # fmt: skip
    answers = Attempt.objects.filter(
        _of_own_role("quiz__course_id"), person__in=keys, quiz__kind=Quiz.Kind.FOLLOW_UP, at__gte=begin, at__lt=end
    ).values_list("person_id", "at")
    found: dict[int, date] = {}
    for person, at in [*sessions, *answers]:
        day = timezone.localdate(at)
        found[person] = min(day, found.get(person, day))
    return found


def _of_own_role(course: str) -> Exists:
    of_role = Course.job_roles.through.objects.filter(
        course_id=OuterRef("pk"), jobrole_id=OuterRef(OuterRef("person__job_role_id"))
    )
    own = Q(kind=Course.Kind.COMMON) | Q(Exists(of_role))
    return Exists(Course.objects.filter(own, pk=OuterRef(course)))


def open_windows(today: date) -> list[Window]:
    """Go-lives for which reinforcement counts today, the one that closes first first."""
    setting = TrainingSetting.now()
    due = GoLive.objects.filter(
        on__lte=today - timedelta(days=setting.reinforce_from), on__gte=today - timedelta(days=setting.reinforce_until)
    )
    return [window_of(one, setting) for one in due.order_by("on", "pk")]


def own_windows(person: Person, today: date) -> list[tuple[Window, Reinforced]]:
    """The open windows of one's own role, with how one stands."""
    found = []
    for window in open_windows(today):
        mine = next((one for one in window.people if one.person.pk == person.pk), None)
        if mine is not None:
            found.append((window, mine))
    return found


def reinforced(today: date) -> tuple[int, int, date | None]:
    """People reinforced in time, of all who were to be, in windows closed in the last 180 days; and the last day."""
    setting = TrainingSetting.now()
    closed = GoLive.objects.filter(
        on__lt=today - timedelta(days=setting.reinforce_until),
        on__gte=today - timedelta(days=setting.reinforce_until) - LOOK_BACK,
    )
    windows = [window_of(one, setting) for one in closed]
    last = max((one.until for one in windows), default=None)
    return sum(one.done for one in windows), sum(len(one.people) for one in windows), last
