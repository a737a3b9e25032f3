"""Makers of training's rows, beside those of tests/make.py."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from crm_adoption.people.models import JobRole, Person
from tests import make
from training import services
from training.models import (
    Completion,
    Course,
    GoLive,
    Impact,
    LearningImport,
    Process,
    Question,
    RoleProfile,
    RoleTarget,
    Session,
    TrainingSetting,
)

_numbers = count(1)
TODAY = date(2026, 3, 2)


def process(**more: Any) -> Process:
    known: dict[str, Any] = {
        "name": f"Process {next(_numbers)}",
        "after": "In the CRM.",
        "why": "Everybody knows.",
        "from_on": TODAY,
    }
    return services.make_process(**known | more)


def change(process: Process, **more: Any) -> Process:
    known: dict[str, Any] = {
        "after": f"Otherwise, {next(_numbers)}.",
        "why": "It is quicker.",
        "from_on": TODAY + timedelta(days=1),
    }
    return services.change_process(process, **known | more)


def course(
    *, job_roles: list[JobRole] | None = None, processes: list[Process] | None = None, today: date = TODAY, **more: Any
) -> Course:
    """For everybody unless roles are named; 40 minutes about process and 20 about the tool."""
    number = next(_numbers)
    known: dict[str, Any] = {
        "title": f"Course {number}", "code": f"c-{number}", "minutes_process": 40, "minutes_tool": 20,
        "kind": Course.Kind.ROLE if job_roles else Course.Kind.COMMON,
    }  # fmt: skip
    return services.save_course(
        Course(**known | more), job_roles=job_roles or [], processes=processes or [], today=today
    )


def impact(**more: Any) -> Impact:
    known: dict[str, Any] = {
        "job_role": None,
        "size": 2,
        "lands_on": TODAY,
        "gives": "Two evenings.",
        "gets": "One list.",
    }
    known["job_role"] = more.pop("job_role", None) or make.job_role()
    if "process" not in more and "release" not in more:
        more["process"] = process()
    return services.describe_impact(Impact(**known | more))


def go_live(*job_roles: JobRole, on: date = TODAY, **more: Any) -> GoLive:
    number = next(_numbers)
    known: dict[str, Any] = {"name": f"Release {number}", "on": on}
    return services.announce_go_live(
        more.pop("release", f"release-{number}"), job_roles=job_roles or [make.job_role()], **known | more
    )


def completion(person: Person, course: Course, **more: Any) -> Completion:
    """Done just now, unless said otherwise."""
    now = timezone.now()
    known: dict[str, Any] = {"course_version": course.version, "completed_at": now, "done_at": now, "via": "manual"}
    return Completion.objects.create(person=person, course=course, **known | more)


def session(*, now: datetime, course: Course | None = None, starts_at: datetime | None = None, **more: Any) -> Session:
    """Two hours, in three days, unless said otherwise."""
    begins = starts_at or now + timedelta(days=3)
    known: dict[str, Any] = {"starts_at": begins, "ends_at": begins + timedelta(hours=2)}
    return services.plan_session(Session(course=course or _course(), **known | more), now=now)


def question(**more: Any) -> Question:
    known: dict[str, Any] = {"text": "Where?", "options": ["here", "there"], "right": 1}
    return services.add_question(services.make_quiz(course(), "exit"), **known | more)


_course = course  # its own name is an argument above


# --- what stands for the arguments of addresses in tests/test_access.py -------------------------------------------
def _of(made: Callable[[], Any]) -> Callable[[], dict[str, Any]]:
    return lambda: {"pk": made().pk}


def _session() -> Session:
    return session(now=timezone.now())


_ADDRESSES: dict[Callable[[], Any], tuple[str, ...]] = {
    process: ("processes", "", "change/", "owner/", "retire/"),
    impact: ("impacts", "", "told/"),
    make.job_role: ("roles", "", "change/"),
    make.team: ("teams", ""),
    _session: (
        "sessions",
        "",
        "change/",
        "cancel/",
        "seat/",
        "unseat/",
        "attendance/",
        "screen/",
        "code.svg",
        "session.ics",
    ),
    course: ("courses", "", "change/", "up-to-date/", "retire/"),
}
_ADDRESSES |= {
    (lambda: completion(make.person(), course())): ("completions", "withdraw/"),
    (lambda: LearningImport.objects.create(kind="completions", file_name="a.csv", sha256="0")): (
        "imports", "", "faults.csv"
    ),
    (lambda: services.make_quiz(course(), "exit")): ("quizzes", "", "open/", "copy/"),
    (lambda: question()): ("questions", "remove/"),
    (lambda: go_live()): ("go-lives", ""),
}  # fmt: skip
make.ARGUMENTS["training/enquiries/<int:pk>/"] = lambda: {
    "pk": services.ask(make.person(), text="Why?", now=timezone.now()).pk
}
make.ARGUMENTS["training/courses/<int:pk>/quiz/<slug:kind>/"] = lambda: {"pk": course().pk, "kind": "exit"}
make.ARGUMENTS["my-training/quizzes/<int:pk>/"] = lambda: {"pk": question().quiz_id}


def _setting() -> TrainingSetting:
    services.seed()
    return TrainingSetting.objects.get()


def _target() -> RoleTarget:
    return RoleTarget.objects.create(job_role=make.job_role(), table=make.ACCOUNT, per_28_days=1)


_ADMIN: dict[str, Callable[[], Any]] = {
    "process": process,
    "course": course,
    "completion": lambda: completion(make.person(), course()),
    "trainingsetting": _setting,
    "roletarget": _target,
    "roleprofile": lambda: RoleProfile.objects.create(job_role=make.job_role()),
}
for _model, _row in _ADMIN.items():
    _object = make._object_of(_row)
    for _act in ("", "change/", "delete/", "history/"):
        make.ARGUMENTS[f"admin/training/{_model}/<path:object_id>/{_act}"] = _object
make.ARGUMENTS |= {
    "api/v1/processes/<pk>/": _of(process),
    "api/v1/courses/<pk>/": _of(course),
    "api/v1/sessions/<pk>/": _of(_session),
    "api/v1/completions/<pk>/": _of(lambda: completion(make.person(), course())),
}
for _maker, _acts in _ADDRESSES.items():
    _place, *_rest = _acts
    _values = _of(_maker)
    make.ARGUMENTS |= {f"training/{_place}/<int:pk>/{act}": _values for act in _rest}
for _act in ("take/", "give-back/"):
    make.ARGUMENTS[f"my-training/seats/<int:pk>/{_act}"] = lambda: {"pk": session(now=timezone.now()).pk}
make.ARGUMENTS["my-training/here/<str:key>/"] = lambda: {"key": services.key_of(session(now=timezone.now()))}
