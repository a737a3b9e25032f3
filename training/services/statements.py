"""xAPI statements: each counts once, whatever order they come in and however often they are sent."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import CrmUser
from crm_adoption.people.models import Person
from training import xapi
from training.models import Course, Statement, Via
from training.services.evidence import Evidence, record


@dataclass(frozen=True)
class RefusedStatement:
    """Why one does not count: its place from 0, its id where it has one, a word and a sentence."""

    place: int
    id: str
    code: str
    sentence: str


@dataclass
class Outcome:
    """What became of each: stored now, known before, let pass (a verb that does not count), or refused."""

    ids: list[str] = field(default_factory=list)
    stored: int = 0
    repeated: int = 0
    ignored: int = 0
    refused: list[RefusedStatement] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        return {"stored": self.stored, "repeated": self.repeated, "ignored": self.ignored, "refused": len(self.refused)}


class NothingStored(Exception):
    """Some were refused, so none was stored, as xAPI asks; the outcome says which and why."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(f"{len(outcome.refused)} statements are refused")
        self.outcome = outcome


@transaction.atomic
def store_statements(
    statements: Sequence[Any], *, by: Person | None, now: datetime, lenient: bool = False, given_id: str = ""
) -> Outcome:
    """Store what counts and merge it into completions.

    Strictly, one that is refused refuses all (NothingStored). Leniently the others are stored, and each refused one
    is named with its reason.
    """
    outcome, read = Outcome(), []
    for place, statement in enumerate(statements):
        try:
            read.append((place, xapi.read(statement, now=now, given_id=given_id)))
        except xapi.Malformed as malformed:
            told = str(statement.get("id", ""))[:60] if isinstance(statement, dict) else ""
            outcome.refused.append(RefusedStatement(place, told, malformed.code, malformed.sentence))
    kept = _new(read, outcome)
    people, courses = _people({said.actor for _place, said in kept}), _courses({said.activity for _place, said in kept})
    rows, evidence = [], []
    for place, said in kept:
        try:
            person, course = _resolve(said, people, courses)
            xapi.require_mastery(said, course.mastery)
        except xapi.Malformed as malformed:
            outcome.refused.append(RefusedStatement(place, str(said.id), malformed.code, malformed.sentence))
            continue
        rows.append(Statement(
            id=said.id, person_id=person, course=course, verb=said.counts, at=said.at, score=said.score,
            digest=said.digest, said=said.raw, sent_by=by,
        ))  # fmt: skip
        evidence += _evidence(said, person, course)
    outcome.refused.sort(key=lambda one: one.place)
    if outcome.refused and not lenient:
        raise NothingStored(outcome)
    Statement.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    record(evidence, now=now)
    outcome.stored = len(rows)
    refused = {one.place for one in outcome.refused}
    outcome.ids = [str(said.id) for place, said in read if place not in refused]
    return outcome


def _new(read: list[tuple[int, xapi.Said]], outcome: Outcome) -> list[tuple[int, xapi.Said]]:
    """Those that count and were not sent before; another statement under a known id is refused."""
    ids = [said.id for _place, said in read]
    known: dict[uuid.UUID, str] = dict(Statement.objects.filter(id__in=ids).values_list("id", "digest"))
    kept = []
    for place, said in read:
        if not said.counts:
            outcome.ignored += 1
        elif said.id not in known:
            known[said.id] = said.digest
            kept.append((place, said))
        elif known[said.id] == said.digest:
            outcome.repeated += 1
        else:
            sentence = _("Another statement was sent under the id %(id)s; each has its own.") % {"id": said.id}
            outcome.refused.append(RefusedStatement(place, str(said.id), "conflict", sentence))
    return kept


def _people(actors: Collection[xapi.Actor]) -> dict[xapi.Actor, int]:
    """Whom each actor stands for: by address, its digest, or the address or the CRM's id as the account's name."""
    wanted = {one.email or one.account.lower() for one in actors if one.email or one.account}
    by_email: dict[str | None, int] = dict(Person.objects.filter(email__in=wanted).values_list("email", "pk"))
    ids = {one.account for one in actors if one.account}
    users = CrmUser.objects.live().filter(external_id__in=ids).exclude(person=None)
    by_id: dict[str, int | None] = dict(users.values_list("external_id", "person_id"))
    by_digest = {}
    if any(one.sha1 for one in actors):
        for email, pk in Person.objects.exclude(email=None).values_list("email", "pk"):
            by_digest[hashlib.sha1(f"mailto:{email}".encode(), usedforsecurity=False).hexdigest()] = pk
    found: dict[xapi.Actor, int] = {}
    for one in actors:
        pk = by_email.get(one.email or one.account.lower()) or by_id.get(one.account) or by_digest.get(one.sha1)
        if pk is not None:
            found[one] = pk
    return found


def _courses(activities: Collection[str]) -> dict[str, Course]:
    named = Course.objects.filter(activity_id__in=[one for one in activities if one])
    return {course.activity_id: course for course in named}


def _resolve(said: xapi.Said, people: dict[xapi.Actor, int], courses: dict[str, Course]) -> tuple[int, Course]:
    if said.actor not in people:
        raise xapi.Malformed(
            _("Nobody here is known as “%(who)s”; add the person, or correct the actor.") % {"who": str(said.actor)},
            code="unknown_person",
        )
    if said.activity not in courses:
        raise xapi.Malformed(
            _("No course has the activity id “%(id)s”; enter it with the course.") % {"id": said.activity[:200]},
            code="unknown_course",
        )
    return people[said.actor], courses[said.activity]


def _evidence(said: xapi.Said, person: int, course: Course) -> list[Evidence]:
    score = said.score if said.counts != "completed" else None
    found = [Evidence(person, course, said.counts, said.at, Via.XAPI, score)]  # type: ignore[arg-type]
    if said.is_completion and said.counts != "completed":
        found.append(Evidence(person, course, "completed", said.at, Via.XAPI))
    return found
