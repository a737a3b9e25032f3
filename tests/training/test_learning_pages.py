"""Files, quizzes and reinforcement on their pages."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from crm_adoption.kit.access import CHAMPION, END_USER, TRAINER
from tests import make
from tests.training import made
from tests.training.moodle import MOODLE
from training.models import Completion, LearningImport, Quiz

pytestmark = pytest.mark.django_db


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
