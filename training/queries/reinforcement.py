"""Reinforcement: due three to four weeks after a go-live, counted until six (3.3 row 10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from crm_adoption.people.models import Person
from training.models import Attempt, Booking, Course, GoLive, Quiz, Session, TrainingSetting
from training.queries.known import Known

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
    return _windows(GoLive.objects.filter(pk=go_live.pk), setting or TrainingSetting.now())[0]


def _windows(
    found_go_lives: QuerySet[GoLive], setting: TrainingSetting, people: Sequence[Person] | None = None
) -> list[Window]:
    """The windows of several go-lives, in two or three queries; `people` are all who are here, where they are known."""
    roles = ArrayAgg("job_roles", filter=Q(job_roles__isnull=False), default=[])
    go_lives = list(found_go_lives.annotate(of_roles=roles).order_by("on", "pk"))
    if not go_lives:
        return []
    reached = {one.pk: set(one.of_roles) for one in go_lives}
    anywhere = set().union(*reached.values())
    if people is None:
        here = Person.objects.filter(left_on=None, job_role__in=anywhere)
        people = list(here.select_related("team", "job_role").order_by("name", "pk"))
    else:
        people = sorted((one for one in people if one.job_role_id in anywhere), key=lambda one: (one.name, one.pk))
    spans = {
        one.pk: tuple(one.on + timedelta(days=days) for days in (setting.reinforce_from, setting.reinforce_until))
        for one in go_lives
    }
    days = _reinforcements(people, min(span[0] for span in spans.values()), max(span[1] for span in spans.values()))
    found = []
    for one in go_lives:
        first, last = spans[one.pk]
        members = [person for person in people if person.job_role_id in reached[one.pk]]
        done = {
            person.pk: min((day for day in days.get(person.pk, ()) if first <= day <= last), default=None)
            for person in members
        }
        found.append(Window(
            one, first, one.on + timedelta(days=setting.reinforce_by), last,
            [Reinforced(person, done[person.pk]) for person in members],
        ))  # fmt: skip
    return found


def _reinforcements(people: Sequence[Person], first: date, last: date) -> dict[int, list[date]]:
    """By person, the days of sessions and follow-ups between two days; only courses their own role asks for count."""
    begin = timezone.make_aware(datetime.combine(first, time.min))
    end = timezone.make_aware(datetime.combine(last + timedelta(days=1), time.min))
    keys = [person.pk for person in people]
    sessions = Booking.objects.filter(
        _of_own_role("session__course_id"), person__in=keys, was_there=True,
        session__purpose=Session.Purpose.REINFORCEMENT, session__starts_at__gte=begin, session__starts_at__lt=end,
    ).order_by().values_list("person_id", "session__starts_at")  # fmt: skip
    answers = Attempt.objects.filter(
        _of_own_role("quiz__course_id"), person__in=keys, quiz__kind=Quiz.Kind.FOLLOW_UP, at__gte=begin, at__lt=end
    ).order_by().values_list("person_id", "at")  # fmt: skip
    found: dict[int, list[date]] = {}
    for person, at in sessions.union(answers, all=True):
        found.setdefault(person, []).append(timezone.localdate(at))
    return found


def _of_own_role(course: str) -> Exists:
    of_role = Course.job_roles.through.objects.filter(
        course_id=OuterRef("pk"), jobrole_id=OuterRef(OuterRef("person__job_role_id"))
    )
    own = Q(kind=Course.Kind.COMMON) | Q(Exists(of_role))
    return Exists(Course.objects.filter(own, pk=OuterRef(course)))


def windows_since(today: date, known: Known | None = None) -> list[Window]:
    """Those that count today and those closed in the last 180 days, by the day people went live."""
    setting = known.setting if known else TrainingSetting.now()
    recent = GoLive.objects.filter(
        on__lte=today - timedelta(days=setting.reinforce_from),
        on__gte=today - timedelta(days=setting.reinforce_until) - LOOK_BACK,
    )
    return _windows(recent, setting, known.people if known else None)


def open_windows(today: date, windows: Sequence[Window] | None = None) -> list[Window]:
    """Go-lives for which reinforcement counts today, the one that closes first first."""
    return [one for one in (windows_since(today) if windows is None else windows) if one.until >= today]


def own_windows(person: Person, today: date) -> list[tuple[Window, Reinforced]]:
    """The open windows of one's own role, with how one stands."""
    found = []
    for window in open_windows(today):
        mine = next((one for one in window.people if one.person.pk == person.pk), None)
        if mine is not None:
            found.append((window, mine))
    return found


def reinforced(today: date, windows: Sequence[Window] | None = None) -> tuple[int, int, date | None]:
    """People reinforced in time, of all who were to be, in windows closed in the last 180 days; and the last day."""
    closed = [one for one in (windows_since(today) if windows is None else windows) if one.until < today]
    last = max((one.until for one in closed), default=None)
    return sum(one.done for one in closed), sum(len(one.people) for one in closed), last
