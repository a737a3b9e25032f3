"""Quizzes, and what is kept of what they ask."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm_adoption.kit.errors import Refusal
from tests import make
from tests.training import made
from tests.training.quizzes import NOW, quiz_of, take
from training import queries, services
from training.models import Attempt, Completion

pytestmark = pytest.mark.django_db


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
