"""Six months of training at the sample company: taught twice, tested, reinforced, and not all of it done."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from crm_adoption.people.models import JobRole, Person, Team
from training import services
from training.models import (
    Course,
    Enrolment,
    GoLive,
    Impact,
    Process,
    Quiz,
    RoleProfile,
    Session,
)
from training.sample import words

FIRST, SECOND = "first-release", "second-release"
LIVE_BEFORE, TRAINED_BEFORE, NEXT_IN = 50, 64, 24  # days
SEATS = 12


@transaction.atomic
def load(*, now: datetime, seed: int) -> dict[str, int]:
    """Make the story for the job roles that there are; nothing happens where it was made before.

    It writes through the services that people use; only the days of enrolments are set back to when it was.
    """
    roles = {role.name: role for role in JobRole.objects.filter(name__in=words.TARGETS)}
    if not roles or Process.objects.filter(name__in=words.PROCESSES).exists():
        return {"processes": 0, "courses": 0, "sessions": 0}
    chance, today = random.Random(seed), timezone.localdate(now)  # noqa: S311 - a story, no secret
    trainer = Person.objects.filter(job_role__name=words.TRAINER_ROLE, left_on=None).first()
    began = today - timedelta(days=TRAINED_BEFORE)
    processes = _processes(roles, began)
    _roles(roles)
    _rated(trainer, today)
    courses = _courses(roles, processes, began)
    _impacts(roles, processes, today)
    people = list(Person.objects.filter(job_role__in=roles.values(), left_on=None).order_by("pk"))
    sessions = _taught(courses, people, trainer, now=now, began=began, chance=chance)
    _tested(courses, people, now=now, chance=chance)
    _released(roles, processes, today)
    sessions += _reinforced(courses, people, trainer, now=now, chance=chance)
    sessions += _planned(courses, people, trainer, now=now)
    services.change_process(
        processes["Write a quotation"], from_on=today - timedelta(days=7), by=trainer, **words.CHANGED
    )
    _asked(people, trainer, now)
    return {"processes": len(processes), "courses": len(courses), "sessions": sessions}


def _processes(roles: dict[str, JobRole], began: date) -> dict[str, Process]:
    made = {}
    for name, said in words.PROCESSES.items():
        known = dict(said)
        owner = Person.objects.filter(job_role=roles.get(known.pop("owner")), left_on=None).order_by("pk").first()
        made[name] = services.make_process(name=name, owner=owner, from_on=began - timedelta(days=60), **known)
    return made


def _roles(roles: dict[str, JobRole]) -> None:
    for name, role in roles.items():
        RoleProfile.objects.update_or_create(job_role=role, defaults=words.PROFILES[name])
        services.set_targets(role, targets=words.TARGETS[name])


def _rated(trainer: Person | None, today: date) -> None:
    """Two ratings a team, a quarter apart; the freer its ways, the less it has and the more slowly it gets there."""
    if trainer is None:
        return
    for place, team in enumerate(Team.objects.order_by("name")):
        for days, gained in ((120, 0), (30, 1 if place % 3 else 0)):
            said: dict[str, Any] = {"structure": 4 - place % 2, "skill": 2 + gained, "culture": 3 + place % 2}
            services.rate_team(team, free=team.culture, on=today - timedelta(days=days), by=trainer, **said)


def _courses(roles: dict[str, JobRole], processes: dict[str, Process], began: date) -> dict[str, Course]:
    made = {}
    for place, said in enumerate(words.COURSES):
        known: dict[str, Any] = dict(said)
        wanted = [roles[name] for name in known.pop("roles") if name in roles]
        taught = [processes[name] for name in known.pop("processes")]
        if known["kind"] == Course.Kind.ROLE and not wanted:
            continue
        course = Course(position=10 * (place + 1), activity_id=f"https://lms.norvane.example/{known['code']}", **known)
        made[course.code] = services.save_course(
            course, job_roles=wanted, processes=taught, today=began - timedelta(days=20)
        )
    return made


def _impacts(roles: dict[str, JobRole], processes: dict[str, Process], today: date) -> None:
    for place, said in enumerate(words.IMPACTS):
        known = dict(said)
        role = roles.get(known.pop("role"))
        if role is not None:
            told_on = today - timedelta(days=LIVE_BEFORE + 20) if place < 2 else None
            services.describe_impact(Impact(
                process=processes[known.pop("process")], job_role=role, told_on=told_on,
                lands_on=today - timedelta(days=LIVE_BEFORE - 20 * place), **known,
            ))  # fmt: skip


def _session(course: Course, on: date, trainer: Person | None, **more: Any) -> Session:
    begins = timezone.make_aware(datetime.combine(on, time(9, 30)))
    known: dict[str, Any] = {"ends_at": begins + timedelta(hours=2), "place": "Training room", "seats": SEATS}
    session = Session(course=course, starts_at=begins, trainer=trainer, practice="Your own open deals and cases.",
                      **known | more)  # fmt: skip
    return services.plan_session(session, now=begins - timedelta(days=14))


def _asked_for(course: Course, people: list[Person]) -> list[Person]:
    asked = set(Enrolment.objects.open().filter(course=course).values_list("person_id", flat=True))
    return [person for person in people if person.pk in asked]


def _taught(
    courses: dict[str, Course], people: list[Person], trainer: Person | None, *, now: datetime, began: date,
    chance: random.Random,
) -> int:  # fmt: skip
    """Two rounds of every course; some miss both."""
    held = 0
    for place, course in enumerate(courses.values()):
        asked = _asked_for(course, people)
        missed = set(chance.sample(range(len(asked)), k=len(asked) // 8))
        for half in (0, 1):
            session = _session(course, began + timedelta(days=place + 5 * half), trainer, seats=max(SEATS, len(asked)))
            group = [(n, person) for n, person in enumerate(asked) if n % 2 == half]
            services.note_attendance(
                session, present=[person for n, person in group if n not in missed], via="list",
                now=session.ends_at + timedelta(hours=1),
            )  # fmt: skip
            held += 1
    return held


def _tested(courses: dict[str, Course], people: list[Person], *, now: datetime, chance: random.Random) -> None:
    """An exit quiz on the day, and the same questions five weeks later."""
    for code, asked in words.QUESTIONS.items():
        if code not in courses:
            continue
        course, quizzes = courses[code], []
        for kind in (Quiz.Kind.EXIT, Quiz.Kind.FOLLOW_UP):
            quiz = services.make_quiz(course, kind)
            for text, options in asked:
                services.add_question(quiz, text=text, options=options, right=1)
            quizzes.append(services.open_quiz(quiz, is_open=True))
        done = course.completions.done().select_related("person").order_by("pk")
        for place, completion in enumerate(done):
            assert completion.done_at is not None
            _answer(quizzes[0], completion.person, completion.done_at + timedelta(minutes=5), 0.9, now, chance)
            if place % 3:
                later = completion.done_at + timedelta(days=40)
                _answer(quizzes[1], completion.person, later, 0.7, now, chance)


def _answer(quiz: Quiz, person: Person, at: datetime, sure: float, now: datetime, chance: random.Random) -> None:
    questions = list(quiz.questions.order_by("position"))
    knows = [chance.random() < sure - 0.12 * place for place, _question in enumerate(questions)]
    answers = {one.pk: 1 if known else 2 for one, known in zip(questions, knows, strict=True)}
    services.answer_quiz(quiz, person, answers=answers, now=min(at, now))


def _released(roles: dict[str, JobRole], processes: dict[str, Process], today: date) -> None:
    services.announce_go_live(
        FIRST, name="Quotations and cases", on=today - timedelta(days=LIVE_BEFORE),
        job_roles=list(roles.values()), processes=list(processes.values()),
    )  # fmt: skip
    sellers = [role for name, role in roles.items() if name != words.SERVICE]
    services.announce_go_live(
        SECOND, name="Prices in the quotation", on=today + timedelta(days=NEXT_IN), job_roles=sellers,
        processes=[processes["Write a quotation"]],
    )  # fmt: skip


def _reinforced(
    courses: dict[str, Course], people: list[Person], trainer: Person | None, *, now: datetime, chance: random.Random
) -> int:
    """A session four weeks after the go-live, to which half of them came."""
    live = GoLive.objects.get(release=FIRST).on
    for course in courses.values():
        session = _session(course, live + timedelta(days=26), trainer, purpose=Session.Purpose.REINFORCEMENT,
                           seats=max(SEATS, len(people)))  # fmt: skip
        came = [person for person in _asked_for(course, people) if chance.random() < 0.4]
        services.note_attendance(session, present=came, via="qr", now=session.ends_at)
    return len(courses)


def _planned(courses: dict[str, Course], people: list[Person], trainer: Person | None, *, now: datetime) -> int:
    """Two sessions to come: one with seats free, one with people waiting."""
    today, planned = timezone.localdate(now), 0
    for code, days, seats, wish in (("navigation", 9, SEATS, 4), ("quotation", 12, 5, 8)):
        if code in courses:
            begins = timezone.make_aware(datetime.combine(today + timedelta(days=days), time(9, 30)))
            session = services.plan_session(
                Session(course=courses[code], starts_at=begins, ends_at=begins + timedelta(hours=2), seats=seats,
                        place="Training room", trainer=trainer, practice="Your own open deals."),
                now=now,
            )  # fmt: skip
            for person in _asked_for(courses[code], people)[:wish]:
                services.book(session, person, now=now)
            planned += 1
    return planned


def _asked(people: list[Person], trainer: Person | None, now: datetime) -> None:
    for place, (text, answer) in enumerate(words.ENQUIRIES):
        if place < len(people):
            at = now - timedelta(days=3 + place)
            enquiry = services.ask(people[place], text=text, now=at)
            if answer and trainer is not None:
                services.answer(enquiry, text=answer, by=trainer, now=at + timedelta(hours=5))
