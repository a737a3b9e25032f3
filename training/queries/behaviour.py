"""Training beside behaviour: what trained people then do in the CRM, and how true it is (3.3 row 10, 3.4).

For somebody of a role with targets x_u (new records of table u in the window) and done y_u, b = mean of
clamp(y_u / x_u). Below the share set in the constants, somebody who was trained is not doing. Groups are shown from
five people on; only one's own figures are one's own by name.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, Value

from crm_adoption.people.models import JobRole, Person
from dataquality import subjects
from dataquality.models import Batch, Finding
from training import doings
from training.models import Completion, RoleTarget
from training.queries.known import Known

TARGET_DAYS = 28


@dataclass(frozen=True)
class Done:
    """New records of one table that somebody owns, beside what their role expects of them."""

    table: str
    label: str
    expected: float
    done: int
    wrong: int

    @property
    def share(self) -> float:
        return min(1.0, self.done / self.expected)


@dataclass(frozen=True)
class Doing:
    """Somebody's doing in the window."""

    person: Person
    until: datetime
    rows: Sequence[Done]
    others: Sequence[doings.Share]
    trained: bool
    doing_from: float

    @property
    def share(self) -> float:
        """b: the mean over what is expected of clamp(done / expected)."""
        shares = [row.share for row in self.rows]
        shares += [min(1.0, max(0.0, done / expected)) for done, expected in self.others]
        return sum(shares) / len(shares)

    @property
    def is_doing(self) -> bool:
        return self.share >= self.doing_from

    @property
    def created(self) -> int:
        return sum(row.done for row in self.rows)

    @property
    def quality(self) -> float | None:
        """1 - wrong / created; undefined where nothing was created."""
        return 1 - sum(row.wrong for row in self.rows) / self.created if self.created else None


@dataclass(frozen=True)
class Group:
    """A role or a team: of the trained, how many do not do it. Below the floor there is no figure."""

    label: str
    key: int
    n: int
    not_doing: int | None
    quality: float | None

    @property
    def share(self) -> float | None:
        return None if self.not_doing is None else self.not_doing / self.n


@dataclass(frozen=True)
class Findings:
    """Trained but not doing, by role and by team, as of a day."""

    until: datetime | None
    days: int
    shown_from: int
    roles: Sequence[Group] = field(default_factory=tuple)
    teams: Sequence[Group] = field(default_factory=tuple)
    trained: int = 0
    not_doing: int = 0


def mirrored_until(tables: Collection[str]) -> datetime | None:
    """Until when the mirror knows all these tables: the oldest of their newest exports."""
    newest = Batch.objects.applied().filter(table__in=tables).values_list("table").annotate(at=Max("taken_at"))
    moments = dict(newest)
    return min(moments.values()) if moments else None


def doing(people: Collection[int] | None = None, known: Known | None = None) -> list[Doing]:
    """Everybody here whose role has targets, or those of them who are named."""
    of_page = known or Known()
    setting = of_page.setting
    targets: dict[int, list[RoleTarget]] = {}
    for target in RoleTarget.objects.all():
        targets.setdefault(target.job_role_id, []).append(target)
    until = mirrored_until({target.table for several in targets.values() for target in several})
    if until is None:
        return []
    since = until - timedelta(days=setting.window_days)
    if people is None:
        here = [person for person in of_page.people if person.job_role_id in targets]
    else:
        named = Person.objects.filter(left_on=None, job_role__in=targets, pk__in=people)
        here = list(named.select_related("team", "job_role").order_by("pk"))
    keys = [person.pk for person in here]
    counts = _created({one.table for several in targets.values() for one in several}, keys, since, until)
    others = [one(keys, since, until) for one in doings.registered()]
    trained = _trained(here, since, of_page)
    found = []
    for person in here:
        rows = [
            Done(
                one.table, str(subjects.get(one.table).label), one.per_28_days * setting.window_days / TARGET_DAYS,
                *counts.get((one.table, person.pk), (0, 0)),
            )
            for one in targets[person.job_role_id or 0]
        ]  # fmt: skip
        more = [share for one in others for share in one.get(person.pk, ())]
        found.append(Doing(person, until, rows, more, person.pk in trained, setting.doing_from))
    return found


def _created(
    tables: Collection[str], people: Collection[int], since: datetime, until: datetime
) -> dict[tuple[str, int], tuple[int, int]]:
    """By table and owner: live records created in the window, and those of them with an open error."""
    each = []
    for table in sorted(tables):
        errors = Finding.objects.filter(table=table, record_id=OuterRef("pk"), state="open", severity="error")
        records: Any = subjects.get(table).model.objects.live()
        records = records.filter(owner__in=people, created_at__gt=since, created_at__lte=until)
        counted = records.annotate(is_wrong=Exists(errors)).order_by().values("owner").annotate(
            done=Count("pk"), wrong=Count("pk", filter=Q(is_wrong=True)), of=Value(table)
        )  # fmt: skip
        each.append(counted.values_list("of", "owner", "done", "wrong"))
    rows = each[0].union(*each[1:], all=True) if each else []
    return {(table, owner): (done, wrong) for table, owner, done, wrong in rows}


def _trained(people: Sequence[Person], by: datetime, known: Known) -> set[int]:
    """Who had done the whole curriculum of their role by then; an empty curriculum trains nobody."""
    done = set(Completion.objects.filter(done_at__lte=by).values_list("person_id", "course_id"))
    courses = known.curricula
    return {
        person.pk
        for person in people
        if (asked := courses.get(person.job_role_id or 0)) and all((person.pk, course.pk) in done for course in asked)
    }


def trained_not_doing(known: Known | None = None) -> Findings:
    """By role and by team; a group of fewer than five (or what is set) has no figure."""
    known = known or Known()
    setting, everybody = known.setting, doing(known=known)
    trained = [one for one in everybody if one.trained]
    until = everybody[0].until if everybody else None
    by_role: dict[JobRole, list[Doing]] = {}
    by_team: dict[Any, list[Doing]] = {}
    for one in trained:
        if one.person.job_role is not None:
            by_role.setdefault(one.person.job_role, []).append(one)
        if one.person.team is not None:
            by_team.setdefault(one.person.team, []).append(one)
    return Findings(
        until, setting.window_days, setting.shown_from, _groups(by_role, setting.shown_from),
        _groups(by_team, setting.shown_from), len(trained), sum(not one.is_doing for one in trained),
    )  # fmt: skip


def _groups(members: dict[Any, list[Doing]], shown_from: int) -> list[Group]:
    """The worst first; those without a figure last, by name."""
    found = []
    for group, several in members.items():
        n, enough = len(several), len(several) >= shown_from
        created = sum(one.created for one in several)
        wrong = sum(row.wrong for one in several for row in one.rows)
        found.append(Group(
            str(group), group.pk, n, sum(not one.is_doing for one in several) if enough else None,
            1 - wrong / created if enough and created else None,
        ))  # fmt: skip
    return sorted(found, key=lambda one: (one.share is None, -(one.share or 0), one.label))


def own_doing(person: Person) -> Doing | None:
    """One's own figures; None where one's role has no targets or nothing is mirrored."""
    return next(iter(doing([person.pk])), None)
