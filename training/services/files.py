"""Files about learning: completions of an LMS, who came to a session, results of a quiz, and statements."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from datetime import datetime, timedelta
from typing import IO, Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from training import tables
from training.models import Booking, Course, LearningImport, Quiz, Session, Via
from training.services.evidence import Evidence, record
from training.services.quizzes import note_result
from training.services.sessions import note_attendance
from training.services.statements import store_statements

Kind = LearningImport.Kind
FAULTS_KEPT = 1000
MOST_BYTES = 20_000_000
AHEAD = timedelta(days=1)


class _Rows:
    """The rows of a table with whom each is about; what cannot be used is noted with its sentence."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self.table = tables.read_table(file, name=name)
        self.counts: Counter[str] = Counter(rows=self.table.frame.height)
        self.faults: list[tuple[int, str, str]] = list(self.table.unreadable)
        self.numbers = self.table.rows()
        emails = self.table.column(tables.EMAIL)
        if emails is None:
            raise Refusal(
                _("%(name)s has no column of e-mail addresses; its headings are %(headings)s. Export it with them.")
                % {"name": name, "headings": ", ".join(self.table.headings[:20])},
                code="no_email",
            )
        self.emails = [text.lower().replace("\x00", "") for text in self.table.texts(emails)]
        known = Person.objects.filter(email__in={text for text in self.emails if text})
        self._people = {person.email: person for person in known}

    def person(self, place: int) -> Person | None:
        """Whom a row is about; noted where nobody is known by its address."""
        email = self.emails[place]
        person = self._people.get(email)
        if person is None:
            self.fault(place, email, _("Nobody here has the address “%(email)s”; invite the person, or correct it.")
                       % {"email": email} if email else _("The row names no e-mail address."))  # fmt: skip
        return person

    def fault(self, place: int, value: str, sentence: str) -> None:
        self.faults.append((self.numbers[place], value[:200], sentence))

    def keep(self, name: str, kind: str, *, by: Person | None, **about: Any) -> LearningImport:
        self.counts["faulty"] = len({row for row, _value, _sentence in self.faults})
        return LearningImport.objects.create(
            kind=kind, file_name=name[:255], sha256=self.table.sha256, read_by=by, counts=dict(self.counts),
            faults=sorted(self.faults)[:FAULTS_KEPT], **about,
        )  # fmt: skip


@transaction.atomic
def import_completions(
    file: IO[bytes], *, name: str, course: Course | None, by: Person | None, now: datetime, zone: ZoneInfo,
    dates: str = "",
) -> LearningImport:  # fmt: skip
    """Completions as an LMS lists them: one row a person (Moodle's report), or one a person and course.

    A row without a day is not completed yet. Imported twice, nothing counts twice.
    """
    rows = _Rows(file, name)
    completed = rows.table.column(tables.COMPLETED)
    if completed is None:
        raise Refusal(
            _("%(name)s has no column that says when the course was completed; its headings are %(headings)s.")
            % {"name": name, "headings": ", ".join(rows.table.headings[:20])},
            code="no_completion",
        )
    scores, named = rows.table.column(tables.SCORE), rows.table.column(tables.COURSE)
    if course is None and named is None:
        raise Refusal(_("%(name)s names no course; say which one it is about.") % {"name": name}, code="no_course")
    texts = rows.table.texts(completed)
    when = tables.moments(rows.table, completed, order=dates, zone=zone)
    score_of = tables.shares(rows.table, scores) if scores else [None] * len(texts)
    courses = rows.table.texts(None if course else named)
    by_name = _courses_by_name()
    evidence: list[Evidence] = []
    for place, text in enumerate(texts):
        at, score = when[place], score_of[place]
        if tables.said_yes(text) is False or text in ("-", "–"):
            rows.counts["open"] += 1
            continue
        person = rows.person(place)
        about = course or by_name.get(courses[place].casefold())
        if about is None:
            rows.fault(place, courses[place], _("No course has the code or the title “%(course)s”.")
                       % {"course": courses[place]})  # fmt: skip
        elif at is None:
            rows.fault(place, text, _("“%(text)s” is no day.") % {"text": text})
        elif at > now + AHEAD:
            rows.fault(place, text, _("“%(text)s” lies in the future.") % {"text": text})
        elif score is not None and not 0 <= score <= 1:
            rows.fault(place, f"{score:g}", _("The score lies outside of 0 to 100 %."))
        elif person is not None:
            rows.counts["used"] += 1
            evidence += _of_row(person, about, min(at, now), score)
    rows.counts["changed"] = record(evidence, now=now)
    return rows.keep(name, Kind.COMPLETIONS, by=by, course=course)


def _of_row(person: Person, course: Course, at: datetime, score: float | None) -> list[Evidence]:
    found = [Evidence(person.pk, course, "completed", at, Via.CSV)]
    if score is not None:
        what = "passed" if score >= course.mastery else "failed"
        found.append(Evidence(person.pk, course, what, at, Via.CSV, score))  # type: ignore[arg-type]
    return found


def _courses_by_name() -> dict[str, Course]:
    found: dict[str, Course] = {}
    for course in Course.objects.order_by("-retired_on", "pk"):
        found[course.title.casefold()] = found[course.code.casefold()] = course
    return found


@transaction.atomic
def import_attendance(
    file: IO[bytes], *, name: str, session: Session, by: Person | None, now: datetime
) -> LearningImport:
    """Who came: a column that says yes or no, or a list of those who were there."""
    rows = _Rows(file, name)
    column = rows.table.column(tables.STATE)
    said = rows.table.texts(column)
    present: list[Person] = []
    absent: list[Person] = []
    for place, text in enumerate(said):
        came = True if column is None else tables.said_yes(text)
        person = rows.person(place)
        if came is None:
            rows.fault(place, text, _("“%(text)s” says neither that somebody came nor that they did not.")
                       % {"text": text})  # fmt: skip
        elif person is not None:
            (present if came else absent).append(person)
    rows.counts["present"], rows.counts["absent"] = len(present), len(absent)
    note_attendance(session, present=present, absent=absent, via=Booking.Via.CSV, now=now)
    return rows.keep(name, Kind.ATTENDANCE, by=by, session=session, course=session.course)


@transaction.atomic
def import_results(
    file: IO[bytes], *, name: str, quiz: Quiz, by: Person | None, now: datetime, zone: ZoneInfo, dates: str = ""
) -> LearningImport:
    """Results of a quiz that was answered elsewhere: an address and a score, and a day where there is one."""
    rows = _Rows(file, name)
    scores, day = rows.table.column(tables.SCORE), rows.table.column(tables.COMPLETED)
    if scores is None:
        raise Refusal(_("%(name)s has no column of scores; its headings are %(headings)s.")
                      % {"name": name, "headings": ", ".join(rows.table.headings[:20])}, code="no_score")  # fmt: skip
    when = tables.moments(rows.table, day, order=dates, zone=zone) if day else [now] * len(rows.numbers)
    for place, score in enumerate(tables.shares(rows.table, scores)):
        person, at = rows.person(place), when[place]
        if score is None or not 0 <= score <= 1:
            rows.fault(place, rows.table.texts(scores)[place], _("The score is no number from 0 to 100 %."))
        elif at is None or at > now + AHEAD:
            rows.fault(place, rows.table.texts(day)[place], _("The day cannot be read, or lies in the future."))
        elif person is not None:
            try:
                with transaction.atomic():
                    note_result(quiz, person, score=score, at=min(at, now), now=now, via=Via.CSV)
            except Refusal as refusal:
                rows.fault(place, str(person), refusal.sentence)
            else:
                rows.counts["used"] += 1
    return rows.keep(name, Kind.RESULTS, by=by, course=quiz.course)


@transaction.atomic
def import_statements(file: IO[bytes], *, name: str, by: Person | None, now: datetime) -> LearningImport:
    """Statements in a file: a JSON list, or one a line. Those that can count do; the others are named."""
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise Refusal(_("%(name)s is larger than %(most)s MB; split it.")
                      % {"name": name, "most": MOST_BYTES // 1_000_000}, code="too_large")  # fmt: skip
    statements = _statements(content, name)
    outcome = store_statements(statements, by=by, now=now, lenient=True)
    faults = [(one.place + 1, one.id, one.sentence) for one in outcome.refused]
    return LearningImport.objects.create(
        kind=Kind.STATEMENTS, file_name=name[:255], sha256=hashlib.sha256(content).hexdigest(), read_by=by,
        counts={"rows": len(statements)} | outcome.counts, faults=faults[:FAULTS_KEPT],
    )  # fmt: skip


def _statements(content: bytes, name: str) -> list[Any]:
    try:
        text = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise Refusal(_("%(name)s is not UTF-8 text; export the statements as JSON.") % {"name": name}) from None
    try:
        if text.startswith("["):
            return list(json.loads(text))
        return [_line(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        raise Refusal(_("%(name)s is no JSON list of statements, nor one statement a line.") % {"name": name}) from None


def _line(line: str) -> Any:
    """One statement; a line that is no JSON is kept as text, which is then refused by its number."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return line
