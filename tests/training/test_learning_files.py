"""Completions, attendance, results and statements from files."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from crm_adoption.kit.errors import Refusal
from tests.training import made
from tests.training.moodle import MOODLE
from tests.training.test_statements import statement
from training import services
from training.models import Completion, LearningImport, Quiz

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def completions(text: str, **more: Any) -> LearningImport:
    known: dict[str, Any] = {"name": "completion-crm.csv", "course": None, "by": None, "now": NOW, "zone": BERLIN}
    return services.import_completions(io.BytesIO(text.encode()), **known | more)


def test_a_moodle_completion_report_counts_row_by_row(staff):
    course = made.course()

    read = completions(MOODLE, course=course)

    assert read.counts == {"rows": 4, "used": 1, "open": 1, "changed": 1, "faulty": 2}
    done = Completion.objects.get()
    assert done.person == staff["anna"]
    assert done.done_at == datetime(2026, 3, 13, 9, 16, tzinfo=UTC)
    assert [(row, value) for row, value, _sentence in read.faults] == [
        (4, "cleo@elsewhere.example"), (5, "31/04/26, 08:00")
    ]  # fmt: skip
    assert "invite the person" in read.faults[0][2]


def test_a_report_read_twice_counts_once(staff):
    course = made.course()
    completions(MOODLE, course=course)

    assert completions(MOODLE, course=course).counts["changed"] == 0
    assert Completion.objects.count() == 1


def test_days_that_could_begin_with_day_or_month_are_asked_for(staff):
    course = made.course()
    text = "Email address,Course complete\nanna@company.example,2/03/2026\n"

    with pytest.raises(Refusal, match="begin with the day or with the month"):
        completions(text, course=course)
    completions(text, course=course, dates="DMY")
    assert Completion.objects.get().done_at == datetime(2026, 3, 2, 11, tzinfo=UTC)
    Completion.objects.all().delete()
    completions(text, course=course, dates="MDY", now=NOW)
    assert Completion.objects.get().done_at == datetime(2026, 2, 3, 11, tzinfo=UTC)


def test_a_file_may_name_courses_by_code_or_title_and_bring_scores(staff):
    made.course(code="nav", title="Navigation")
    quotation = made.course(code="quo", title="Quotation", mastery=0.8)
    text = (
        "E-Mail;Course;Completed on;Grade\n"
        "ANNA@company.example;quo;2026-03-02;85.00 %\n"
        "bert@company.example;Quotation;2026-03-02;60 %\n"
        "dora@company.example;navigation;2026-03-03;-\n"
        "dora@company.example;unknown;2026-03-03;\n"
        "bert@company.example;nav;2027-03-03;90 %\n"
        "anna@company.example;nav;2026-03-03;900 %\n"
    )

    read = completions(text)

    assert read.counts["used"] == 3
    assert {value for _row, value, _sentence in read.faults} == {"unknown", "2027-03-03", "9"}
    scores = dict(Completion.objects.filter(course=quotation).values_list("person__name", "exit_score"))
    assert scores == {"anna": 0.85, "bert": 0.6}
    assert Completion.objects.get(person=staff["bert"], course=quotation).failed_at is not None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Name,Course complete\nAnna,2026-03-02\n", "no column of e-mail addresses"),
        ("Email,Name\nanna@company.example,Anna\n", "no column that says when"),
        ("Email,Completed on\nanna@company.example,2026-03-02\n", "names no course"),
        ("<html><body>Sign in</body></html>", "HTML"),
        ("", "empty"),
    ],
)
def test_a_file_that_is_none_of_this_is_refused_with_the_way_out(staff, text, says):
    with pytest.raises(Refusal, match=says):
        completions(text)
    assert not LearningImport.objects.exists()


def test_a_list_of_who_came_says_so_by_a_column_or_by_being_the_list(staff):
    now = timezone.now()
    session = made.session(now=now, starts_at=now + timedelta(minutes=5))
    text = "Email,Attended\nanna@company.example,yes\nbert@company.example,no\ndora@company.example,perhaps\n"
    services.book(session, staff["bert"], now=now)

    read = services.import_attendance(io.BytesIO(text.encode()), name="a.csv", session=session, by=None, now=now)

    assert (read.counts["present"], read.counts["absent"], read.counts["faulty"]) == (1, 1, 1)
    assert dict(session.bookings.values_list("person__name", "was_there")) == {"anna": True, "bert": False}
    plain = b"Email\nbert@company.example\n"
    services.import_attendance(io.BytesIO(plain), name="b.csv", session=session, by=None, now=now)
    assert session.bookings.get(person=staff["bert"]).was_there


def test_results_of_a_quiz_answered_elsewhere_count_as_if_answered_here(staff):
    course = made.course(mastery=0.7)
    quiz = services.make_quiz(course, Quiz.Kind.EXIT)
    text = "Email address,Score,Completed\nanna@company.example,8.5,2026-03-02\nbert@company.example,x,2026-03-02\n"

    read = services.import_results(io.BytesIO(text.encode()), name="r.csv", quiz=quiz, by=None, now=NOW, zone=BERLIN)

    assert read.counts["used"] == 1
    assert Completion.objects.get().exit_score == 0.085
    assert [value for _row, value, _sentence in read.faults] == ["x"]
    later = "Email,Result\nbert@company.example,0.5\nanna@company.example,0.9\n"
    follow_up = services.make_quiz(course, Quiz.Kind.FOLLOW_UP)
    refused = services.import_results(
        io.BytesIO(later.encode()), name="f.csv", quiz=follow_up, by=None, now=NOW, zone=BERLIN
    )
    assert all("has not taken" in sentence for _row, _value, sentence in refused.faults)


def test_statements_in_a_file_count_line_by_line(staff):
    course = made.course(activity_id="https://lms.example/a")
    lines = [json.dumps(statement(staff["anna"], course)), "no json", json.dumps({"verb": 1})]

    read = services.import_statements(
        io.BytesIO("\n".join(lines).encode()), name="s.jsonl", by=None, now=NOW + timedelta(days=1)
    )

    assert read.counts == {"rows": 3, "stored": 1, "repeated": 0, "ignored": 0, "refused": 2}
    assert [row for row, _id, _sentence in read.faults] == [2, 3]
    with pytest.raises(Refusal, match="no JSON list"):
        services.import_statements(io.BytesIO(b"[1, 2"), name="s.json", by=None, now=NOW)
    with pytest.raises(Refusal, match="not UTF-8"):
        services.import_statements(io.BytesIO(b"\xff\xfe"), name="s.json", by=None, now=NOW)
