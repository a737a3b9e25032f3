"""Completions by hand and from files, quizzes, what is kept, and reinforcement."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from crm_adoption.jobs.models import Job
from crm_adoption.jobs.services import run_here
from crm_adoption.kit.access import CHAMPION, END_USER, TRAINER
from crm_adoption.kit.errors import Refusal
from tests import make
from tests.training import made
from tests.training.test_statements import statement
from training import queries, services, tasks
from training.models import Attempt, Completion, Course, LearningImport, Quiz, Reminder
from training.move_on import done_at

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
# As Moodle's report/completion writes it: its own id, the name, the address, each activity with its day, the course.
MOODLE = """ID,Name,"Email address","Read the guide","Read the guide - Completion date","Final test","Final test - Completion date","Course complete"
12,"Anna Able",anna@company.example,Completed,"2/03/26, 09:10","Completed (achieved pass grade)","13/03/26, 10:15","13/03/26, 10:16"
13,"Bert Bold",bert@company.example,Completed,"2/03/26, 09:40","Not completed",,
14,"Cleo Calm",cleo@elsewhere.example,Completed,"3/03/26, 11:00",Completed,"4/03/26, 11:30","4/03/26, 11:31"
15,"Dora Dent",dora@company.example,Completed,"3/03/26, 12:00",Completed,"5/03/26, 08:00","31/04/26, 08:00"
"""  # noqa: E501


@pytest.fixture
def staff() -> dict[str, Any]:
    return {name: make.person(name=name, email=f"{name}@company.example") for name in ("anna", "bert", "dora")}


def completions(text: str, **more: Any) -> LearningImport:
    known: dict[str, Any] = {"name": "completion-crm.csv", "course": None, "by": None, "now": NOW, "zone": BERLIN}
    return services.import_completions(io.BytesIO(text.encode()), **known | more)


# --- files --------------------------------------------------------------------------------------------------------
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


# --- by hand ------------------------------------------------------------------------------------------------------
def test_a_completion_noted_by_hand_passes_or_fails_by_the_mastery_score():
    person, course = make.person(), made.course(mastery=0.8, move_on="Passed")

    assert services.note_completion(person, course, at=NOW, now=NOW, score=0.79).done_at is None
    assert services.note_completion(person, course, at=NOW, now=NOW, score=0.8).done_at == NOW
    with pytest.raises(Refusal, match="day to come"):
        services.note_completion(person, course, at=NOW + timedelta(days=1), now=NOW)
    with pytest.raises(Refusal, match="0 and 100"):
        services.note_completion(person, course, at=NOW, now=NOW, score=80)


MOMENT = st.one_of(st.none(), st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2026, 12, 31)))


@given(completed=MOMENT, passed=MOMENT, begun=st.datetimes(max_value=datetime(2025, 12, 31)))
def test_more_evidence_never_makes_a_course_undone_or_done_later_than_both(completed, passed, begun):
    for rule in Course.MoveOn:
        found = done_at(rule, completed=completed, passed=passed, begun=begun)
        fuller = done_at(rule, completed=completed or begun, passed=passed or begun, begun=begun)
        assert fuller is not None
        assert found is None or fuller <= found


def test_a_completion_taken_back_takes_its_statements_with_it_and_the_audit_keeps_it():
    person, course = make.person(), made.course(activity_id="https://lms.example/a")
    said = statement(person, course)
    services.store_statements([said], by=None, now=NOW + timedelta(days=1))
    completion = Completion.objects.get()

    services.withdraw_completion(completion)

    assert not Completion.objects.exists()
    assert services.store_statements([said], by=None, now=NOW + timedelta(days=1)).stored == 1
    event = Completion.events.rel.related_model.objects.get(pgh_label="delete")  # type: ignore[attr-defined]
    assert event.person_id == person.pk


# --- quizzes ------------------------------------------------------------------------------------------------------
def quiz_of(course: Course, kind: str = "exit", questions: int = 4) -> Quiz:
    quiz = services.make_quiz(course, kind)
    for n in range(questions):
        services.add_question(quiz, text=f"Question {n}?", options=["yes", "no", "perhaps"], right=1)
    return services.open_quiz(quiz, is_open=True)


def take(quiz: Quiz, person: Any, right: int, *, now: datetime = NOW) -> Attempt:
    questions = list(quiz.questions.all())
    answers = {one.pk: one.right if place < right else 2 for place, one in enumerate(questions)}
    return services.answer_quiz(quiz, person, answers=answers, now=now)


def test_an_exit_quiz_decides_by_mastery_and_may_be_taken_again():
    person, course = make.person(), made.course(mastery=0.75, move_on="Passed")
    quiz = quiz_of(course)

    take(quiz, person, 2)
    assert Completion.objects.get().done_at is None
    take(quiz, person, 3, now=NOW + timedelta(hours=1))

    done = Completion.objects.get()
    assert (done.exit_score, done.done_at) == (0.75, NOW + timedelta(hours=1))
    assert Attempt.objects.count() == 2


def test_a_follow_up_is_answered_once_and_after_the_course_only():
    person, course = make.person(), made.course()
    quiz = quiz_of(course, "follow_up")
    with pytest.raises(Refusal, match="has not taken"):
        take(quiz, person, 4)
    made.completion(person, course)

    take(quiz, person, 2)

    with pytest.raises(Refusal, match="would measure practice"):
        take(quiz, person, 4, now=NOW + timedelta(days=1))
    assert Completion.objects.get().follow_up_score == 0.5


def test_a_quiz_that_was_answered_keeps_its_questions():
    course = made.course()
    quiz = quiz_of(course)
    first = quiz.questions.first()
    assert first is not None
    services.remove_question(first)
    assert [one.position for one in quiz.questions.order_by("position")] == [1, 2, 3]
    copy = services.make_quiz(course, "follow_up")
    assert services.copy_questions(copy, source=quiz) == 3
    take(quiz, make.person(), 1)

    for act in (
        lambda: services.add_question(quiz, text="x", options=["a", "b"], right=1),
        lambda: services.remove_question(quiz.questions.all()[0]),
        lambda: services.copy_questions(quiz, source=copy),
    ):
        with pytest.raises(Refusal, match="stay as they are"):
            act()


@pytest.mark.parametrize(
    ("options", "right", "says"),
    [(["a"], 1, "at least two"), (["a", "b"], 3, "which of 1 to 2"), (["a", "a"], 1, "read the same")],
)
def test_a_question_nobody_could_answer_is_refused(options, right, says):
    quiz = services.make_quiz(made.course(), "exit")

    with pytest.raises(Refusal, match=says):
        services.add_question(quiz, text="x", options=options, right=right)
    with pytest.raises(Refusal, match="without questions"):
        services.open_quiz(quiz, is_open=True)


def test_what_is_kept_is_the_follow_up_beside_the_exit_score_and_shown_from_five_people_on():
    course = made.course()
    for n in range(4):
        made.completion(make.person(), course, exit_score=0.8, follow_up_score=0.6, follow_up_at=NOW + timedelta(n))
    made.completion(make.person(), course, exit_score=0.9)

    share, n, newest = queries.retention()
    assert share == pytest.approx(0.75)
    assert (n, newest) == (4, NOW + timedelta(days=3))
    assert queries.retention_by_course()[0].share is None
    made.completion(make.person(), course, exit_score=0.8, follow_up_score=0.6)

    assert queries.retention_by_course()[0].share == pytest.approx(0.75)
    assert queries.retention(until=NOW - timedelta(days=1)) == (None, 0, None)


def test_the_weakest_questions_are_those_most_people_get_wrong_at_their_last_try():
    quiz = quiz_of(made.course())
    people = [make.person() for _ in range(5)]
    take(quiz, people[0], 0)
    for n, person in enumerate(people):
        take(quiz, person, 4 - n if n < 4 else 2, now=NOW + timedelta(hours=1))

    weak = queries.weakest_questions()

    assert [(one.question.position, one.n, round(one.right, 1)) for one in weak] == [
        (4, 5, 0.2),
        (3, 5, 0.4),
        (2, 5, 0.8),
    ]


# --- reinforcement ------------------------------------------------------------------------------------------------
GO_LIVE = date(2026, 3, 2)


def at(days: int) -> datetime:
    return datetime.combine(GO_LIVE + timedelta(days=days), time(10), tzinfo=UTC)


@pytest.mark.parametrize(("day", "counts"), [(20, False), (21, True), (28, True), (42, True), (43, False)])
def test_reinforcement_counts_from_the_third_to_the_sixth_week(day, counts):
    role = make.job_role()
    course, go_live = made.course(job_roles=[role]), made.go_live(role, on=GO_LIVE)
    person = make.person(job_role=role)
    session = made.session(now=at(1), course=course, starts_at=at(day), purpose="reinforcement")
    services.note_attendance(session, present=[person], via="list", now=at(day))

    assert queries.window_of(go_live).done == counts


def test_a_follow_up_quiz_in_the_window_reinforces_too_and_another_roles_course_does_not():
    role, other = make.job_role(), make.job_role()
    course, foreign = made.course(job_roles=[role]), made.course(job_roles=[other])
    go_live = made.go_live(role, on=GO_LIVE)
    one, two = make.person(job_role=role), make.person(job_role=role)
    for person, taken in ((one, course), (two, foreign)):
        made.completion(person, taken)
        take(quiz_of(taken, "follow_up"), person, 4, now=at(25))

    window = queries.window_of(go_live)

    assert [(entry.person, entry.done_on) for entry in sorted(window.people, key=lambda e: e.person.pk)] == [
        (one, GO_LIVE + timedelta(days=25)), (two, None)
    ]  # fmt: skip
    assert [window.state_of(GO_LIVE + timedelta(days=n)) for n in (20, 21, 29, 43)] == [
        "later", "due", "overdue", "closed"
    ]  # fmt: skip
    assert queries.reinforced(GO_LIVE + timedelta(days=42)) == (0, 0, None)
    assert queries.reinforced(GO_LIVE + timedelta(days=43)) == (1, 2, GO_LIVE + timedelta(days=42))


def test_who_is_due_is_reminded_when_it_is_due_and_in_the_last_week_and_never_twice():
    role = make.job_role()
    course = made.course(job_roles=[role])
    made.go_live(role, on=GO_LIVE, name="Quotations")
    due, done = make.person(job_role=role), make.person(job_role=role)
    make.person(job_role=role, email=None)
    session = made.session(now=at(1), course=course, starts_at=at(21), purpose="reinforcement")
    services.note_attendance(session, present=[done], via="list", now=at(21))

    sent = {day: services.remind(at(day)) for day in (20, 21, 21, 30, 36, 37, 42, 43)}

    assert sent == {20: 0, 21: 0, 30: 0, 36: 1, 37: 0, 42: 0, 43: 0}
    assert [message.to for message in mail.outbox] == [[due.email], [due.email]]
    assert "until 2026-04-13" in mail.outbox[0].body
    assert Reminder.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_nightly_job_reminds_and_running_it_again_writes_to_nobody():
    role, today = make.job_role(), timezone.localdate()
    made.course(job_roles=[role])
    made.go_live(role, on=today - timedelta(days=22))
    make.person(job_role=role)

    tasks.ask_to_remind()
    assert run_here(Job.objects.get(kind="remind_reinforcement")).counts == {"letters": 1}
    tasks.ask_to_remind()
    assert run_here(Job.objects.latest("pk")).counts == {"letters": 0}
    tasks.ask_to_follow_roles()
    assert run_here(Job.objects.latest("pk")).counts == {"begun": 0, "ended": 0}

    assert len(mail.outbox) == 1


# --- the pages ----------------------------------------------------------------------------------------------------
def test_a_trainer_reads_a_file_and_sees_what_did_not_count(client, staff):
    client.force_login(make.person(groups=[TRAINER]))
    course = made.course()
    sent = {"kind": "completions", "course": course.pk, "file": SimpleUploadedFile("moodle.csv", MOODLE.encode())}

    page = client.post("/training/imports/new/", sent, follow=True).content.decode()

    assert "cleo@elsewhere.example" in page
    read = LearningImport.objects.get()
    faults = b"".join(client.get(f"/training/imports/{read.pk}/faults.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert "31/04/26, 08:00" in faults
    assert "anna" in client.get("/training/completions/?done=true").content.decode()
    ask = f"/training/completions/{Completion.objects.get().pk}/withdraw/"
    assert "Take it back" in client.get(ask).content.decode()
    client.post(ask)
    assert not Completion.objects.exists()


def test_a_form_that_lacks_what_the_file_is_about_says_so(client):
    client.force_login(make.person(groups=[TRAINER]))

    for kind, says in (("attendance", "Choose the session"), ("results", "Choose the course")):
        sent = {"kind": kind, "file": SimpleUploadedFile("a.csv", b"Email\na@b.example\n")}
        answer = client.post("/training/imports/new/", sent)
        assert answer.status_code == 422
        assert says in answer.content.decode()


def test_a_trainer_writes_a_quiz_and_somebody_answers_it(client):
    client.force_login(make.person(groups=[TRAINER]))
    course = made.course(mastery=0.5)
    quiz_page = client.post(f"/training/courses/{course.pk}/quiz/exit/", follow=True)
    quiz = Quiz.objects.get()
    assert quiz_page.status_code == 200
    for text in ("Where is a quotation written?", "Who answers for it?"):
        client.post(f"/training/quizzes/{quiz.pk}/", {"text": text, "options": "CRM\nWord", "right": 1})
    client.post(f"/training/quizzes/{quiz.pk}/open/", {"open": "1"})
    assert client.post(f"/training/courses/{course.pk}/quiz/never/").status_code == 404
    me = make.person(groups=[END_USER])
    client.force_login(me)
    address = f"/my-training/quizzes/{quiz.pk}/"
    questions = list(quiz.questions.all())

    assert "Where is a quotation written?" in client.get(address).content.decode()
    assert client.post(address, {f"q{questions[0].pk}": 1}).status_code == 422
    page = client.post(address, {f"q{questions[0].pk}": 1, f"q{questions[1].pk}": 2}, follow=True).content.decode()

    assert "1 of 2 right" in page
    assert Completion.objects.get(person=me).exit_score == 0.5
    Quiz.objects.update(is_open=False)
    assert "not open" in client.get(address).content.decode()


def test_a_go_live_names_people_to_trainers_and_shows_shares_of_five_or_more(client):
    role = make.job_role()
    go_live = made.go_live(role)
    for n in range(4):
        make.person(name=f"Named {n}", job_role=role)
    client.force_login(make.person(groups=[CHAMPION]))
    page = client.get(go_live.get_absolute_url()).content.decode()
    assert "Named" not in page
    assert "Reinforced in time" not in page

    client.force_login(make.person(groups=[TRAINER]))
    make.person(name="Named 5", job_role=role)

    page = client.get(go_live.get_absolute_url()).content.decode()
    assert "Named 5" in page
    assert "Reinforced in time" in page
