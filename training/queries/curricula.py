"""Curricula by role, their process share, and how far people are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Field, Min, OuterRef, Prefetch, Q, QuerySet, Subquery, prefetch_related_objects
from django.utils import timezone

from crm_adoption.people.models import JobRole, Person, Team
from training import in_time
from training.models import Completion, Course, CourseProcess, Enrolment, RoleProfile, TeamRating, TrainingSetting
from training.queries.impacts import Load, RoleLoad, TeamLoad, role_loads, team_loads
from training.queries.known import Known


@dataclass(frozen=True)
class Minutes:
    """Minutes of a curriculum; the process share must exceed the limit, strictly (P60)."""

    process: int
    tool: int
    limit: float

    @property
    def all(self) -> int:
        return self.process + self.tool

    @property
    def share(self) -> float | None:
        """Of all minutes those about process; undefined without a minute."""
        return self.process / self.all if self.all else None

    @property
    def warns(self) -> bool:
        return self.share is not None and self.share <= self.limit

    @property
    def missing(self) -> int:
        """Minutes about process to add, at the least, until the share exceeds the limit."""
        if not self.warns or self.limit >= 1:
            return 0
        return int((self.limit * self.all - self.process) / (1 - self.limit) + 1e-9) + 1


@dataclass(frozen=True)
class Item:
    """One course of somebody's curriculum and how far they are with it."""

    course: Course
    enrolment: Enrolment | None
    completion: Completion | None
    today: date

    @property
    def is_done(self) -> bool:
        return self.completion is not None and self.completion.done_at is not None

    @property
    def is_old(self) -> bool:
        """Done, but of something that has changed since."""
        if not self.is_done or self.completion is None:
            return False
        return self.completion.course_version < self.course.version or bool(getattr(self.course, "is_stale", False))

    @property
    def state(self) -> str:
        if self.is_done:
            return "changed" if self.is_old else "done"
        if self.completion is not None and self.completion.state == "failed":
            return "failed"
        late = self.enrolment is not None and self.enrolment.due_on < self.today
        return "overdue" if late else "due"


@dataclass(frozen=True)
class RoleState:
    """A role as its trainer sees it."""

    role: JobRole
    people: int
    courses: Sequence[Course]
    minutes: Minutes
    loads: Sequence[Load]

    @property
    def profile(self) -> RoleProfile:
        """What training knows of the role; an empty one where nobody has said anything."""
        known: RoleProfile = getattr(self.role, "profile", None) or RoleProfile(job_role=self.role)
        return known

    @property
    def fields_known(self) -> int:
        """How many of the five fields of U12 say something."""
        role = self.role
        return sum(map(bool, (role.tasks, role.content_needs, role.devices, self.profile.use_cases, role.expectations)))

    @property
    def clauses_known(self) -> int:
        """How many of the four clauses of the goal of U11 say something."""
        goal = (self.role.goal_experience, self.role.goal_user, self.role.goal_time, self.role.goal_device)
        return sum(bool(clause) for clause in goal)


@dataclass(frozen=True)
class TeamState:
    """A team: what lands on it and, of structure, skill and culture, what it has and by when it needs it (M14)."""

    team: Team
    load: TeamLoad
    rating: TeamRating | None
    outlook: in_time.Outlook | None
    by: date | None  # the next go-live that reaches somebody of the team

    @property
    def in_time(self) -> bool | None:
        return self.outlook.in_time(self.by) if self.outlook else None

    @property
    def weakest(self) -> str:
        """The part that gets there last, in the reader's words."""
        field = TeamRating._meta.get_field(self.outlook.part) if self.outlook else None
        return str(field.verbose_name) if isinstance(field, Field) else ""


def setting() -> TrainingSetting:
    return TrainingSetting.now()


def courses() -> QuerySet[Course]:
    return Course.objects.live().with_staleness().prefetch_related("job_roles")


def minutes_of(taken: Iterable[Course], limit: float) -> Minutes:
    known = list(taken)
    return Minutes(sum(one.minutes_process for one in known), sum(one.minutes_tool for one in known), limit)


def role_states(today: date) -> list[RoleState]:
    """Every role that has people, courses of its own, or impacts."""
    known = Known()
    limit, by_role = known.setting.process_share_above, known.curricula
    loads = {one.role.pk: one for one in role_loads(today)}
    return [
        _state(role, by_role[role.pk], loads.get(role.pk), limit)
        for role in known.roles
        if role.pk in loads or any(one.kind == Course.Kind.ROLE for one in by_role[role.pk])
    ]


def one_sided(known: Known) -> list[tuple[JobRole, Minutes]]:
    """Roles with people or courses of their own whose curriculum is not about the process for more than the limit."""
    found = [
        (role, minutes_of(taken, known.setting.process_share_above))
        for role in known.roles
        if (taken := known.curricula[role.pk])
        and (known.headcount.get(role.pk) or any(one.kind == Course.Kind.ROLE for one in taken))
    ]
    return [(role, minutes) for role, minutes in found if minutes.warns]


def role_state(role: JobRole, today: date) -> RoleState:
    load = next((one for one in role_loads(today) if one.role == role), None)
    taken = list(Course.objects.of_role(role).with_staleness())
    return _state(role, taken, load, setting().process_share_above)


def _state(role: JobRole, taken: Sequence[Course], load: RoleLoad | None, limit: float) -> RoleState:
    return RoleState(role, load.people if load else 0, taken, minutes_of(taken, limit), load.loads if load else ())


def team_states(today: date) -> list[TeamState]:
    """Every team with people; five queries, however many there are."""
    needed, ratings, days = setting().rating_needed, _ratings(), _next_go_lives(today)
    found = []
    for load in team_loads(today):
        rated = ratings.get(load.team.pk, [])
        known = [(one.rated_on, {part: getattr(one, part) for part in in_time.PARTS}) for one in rated]
        expected = in_time.outlook(known, needed)
        found.append(TeamState(load.team, load, rated[-1] if rated else None, expected, days.get(load.team.pk)))
    return found


def _ratings() -> dict[int, list[TeamRating]]:
    by_team: dict[int, list[TeamRating]] = {}
    for one in TeamRating.objects.order_by("team", "rated_on", "pk"):
        by_team.setdefault(one.team_id, []).append(one)
    return by_team


def _next_go_lives(today: date) -> dict[int, date]:
    """The next day on which a release reaches somebody of a team, by the team's key."""
    here = Person.objects.filter(left_on=None, job_role__go_lives__on__gte=today).exclude(team=None)
    return dict(here.order_by().values_list("team_id").annotate(on=Min("job_role__go_lives__on")))


def curriculum(person: Person, today: date) -> list[Item]:
    """What somebody's role asks of them, and how far they are; the newest completion of each course counts."""
    taken = list(Course.objects.of_role(person.job_role).with_staleness())
    enrolled = {one.course_id: one for one in Enrolment.objects.open().filter(person=person)}
    known: dict[int, Completion] = {}
    for one in Completion.objects.filter(person=person, course__in=taken).order_by("course_version"):
        before = known.get(one.course_id)
        if before is None or one.done_at is not None or before.done_at is None:
            known[one.course_id] = one
    return [Item(course, enrolled.get(course.pk), known.get(course.pk), today) for course in taken]


def process_share(known: Known | None = None) -> Minutes:
    """All minutes of all curricula together, each role's weighed by its people (3.3 row 10)."""
    known, process, tool = known or Known(), 0, 0
    for role, n in known.headcount.items():
        found = minutes_of(known.curricula.get(role, ()), 0)
        process, tool = process + n * found.process, tool + n * found.tool
    return Minutes(process, tool, known.setting.process_share_above)


def open_enrolments() -> QuerySet[Any]:
    """What people still have to take: enrolments in force, with when the course was done: `done_at`."""
    done = Completion.objects.done().filter(person=OuterRef("person"), course=OuterRef("course"))
    return (
        Enrolment.objects.open()
        .filter(person__left_on=None, course__retired_on=None)
        .select_related("person__team", "person__job_role", "course")
        .annotate(done_at=Subquery(done.order_by("done_at").values("done_at")[:1]))
    )


def still_to_take() -> QuerySet[Any]:
    return open_enrolments().filter(done_at=None)


def completion_rate(now: datetime) -> tuple[int, int]:
    """Courses done, of those that people's roles ask for; done means before or on that moment."""
    return completed(now)[:2]


def completed(now: datetime) -> tuple[int, int, int]:
    """Courses done, of those that people's roles ask for, and how many of the rest are overdue."""
    today = timezone.localdate(now)
    began = Q(began_on__lte=today)
    counted = open_enrolments().aggregate(
        asked=Count("pk", filter=began), done=Count("pk", filter=began & Q(done_at__lte=now)),
        overdue=Count("pk", filter=Q(done_at=None, due_on__lt=today)),
    )  # fmt: skip
    return counted["done"], counted["asked"], counted["overdue"]


def stale_courses(known: Known | None = None) -> list[Course]:
    """Live courses that teach an older version of a process, with which they are: `old`."""
    stale = [one for one in (known or Known()).courses if one.is_stale]  # type: ignore[attr-defined]
    if stale:
        old = CourseProcess.objects.filter(process__version__gt=F("process_version")).select_related("process")
        prefetch_related_objects(stale, Prefetch("teaches", old, to_attr="old"))
    return sorted(stale, key=lambda one: one.title)


def completions() -> QuerySet[Completion]:
    return Completion.objects.select_related("person", "course")
