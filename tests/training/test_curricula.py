"""Courses by role, their process share, and enrolments that follow the role by themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from crm_adoption.kit.access import CHAMPION, TRAINER
from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person
from tests import make
from tests.training import made
from training import queries, services
from training.models import Completion, Course, Enrolment
from training.queries import Minutes

pytestmark = pytest.mark.django_db
TODAY = made.TODAY


def asked_of(person: Person) -> set[str]:
    return set(Enrolment.objects.open().filter(person=person).values_list("course__title", flat=True))


def test_somebody_who_gets_a_role_gets_its_curriculum_by_themselves():
    seller = make.job_role()
    made.course(title="Navigation")
    made.course(title="Quotation", job_roles=[seller])
    made.course(title="Cases", job_roles=[make.job_role()])

    person = make.person()
    assert asked_of(person) == set()
    person.job_role = seller
    person.save()

    assert asked_of(person) == {"Navigation", "Quotation"}
    assert [item.course.title for item in queries.curriculum(person, TODAY)] == ["Navigation", "Quotation"]


def test_somebody_who_loses_a_role_keeps_the_history():
    seller, agent = make.job_role(), make.job_role()
    quotation = made.course(title="Quotation", job_roles=[seller])
    made.course(title="Cases", job_roles=[agent])
    person = make.person(job_role=seller)
    made.completion(person, quotation)

    person.job_role = agent
    person.save()

    assert asked_of(person) == {"Cases"}
    ended = Enrolment.objects.get(person=person, course=quotation)
    assert ended.ended_on is not None
    assert ended.job_role == seller
    assert Completion.objects.filter(person=person, course=quotation).exists()


def test_a_new_course_enrols_whom_it_is_for_and_a_retired_one_nobody():
    person = make.person(job_role=make.job_role())
    course = made.course()
    assert asked_of(person) == {course.title}
    assert Enrolment.objects.get().due_on == TODAY + timedelta(days=course.due_within_days)

    services.retire_course(course, on=TODAY)

    assert asked_of(person) == set()


def test_roles_that_were_changed_in_bulk_are_followed_at_night():
    role = make.job_role()
    course = made.course(job_roles=[role])
    people = [make.person() for _ in range(3)]
    Person.objects.filter(pk__in=[one.pk for one in people]).update(job_role=role)
    assert not Enrolment.objects.exists()

    assert services.enrol(TODAY) == {"begun": 3, "ended": 0}
    assert services.enrol(TODAY) == {"begun": 0, "ended": 0}

    assert Enrolment.objects.filter(course=course).count() == 3


def test_who_leaves_has_nothing_left_to_take():
    person = make.person(job_role=make.job_role())
    made.course()

    person.is_active, person.left_on = False, TODAY
    person.save()

    assert asked_of(person) == set()


def test_saving_what_does_not_matter_asks_nothing(django_assert_num_queries):
    person = make.person(job_role=make.job_role())
    made.course()

    with django_assert_num_queries(1):
        person.save(update_fields=["last_login"])


def test_enrolling_costs_the_same_for_many_people_as_for_few(django_assert_max_num_queries):
    role = make.job_role()
    for _ in range(5):
        made.course(job_roles=[role])
    Person.objects.bulk_create(Person(name=f"P {n}", email=f"p{n}@x.example", job_role=role) for n in range(300))

    with django_assert_max_num_queries(10):
        assert services.enrol(TODAY)["begun"] == 1500


@given(process=st.integers(0, 5000), tool=st.integers(0, 5000), limit=st.sampled_from([0.5, 0.3, 0.6, 2 / 3]))
def test_the_minutes_said_to_be_missing_are_enough_and_one_less_is_not(process, tool, limit):
    minutes = Minutes(process, tool, limit)

    if not minutes.warns:
        assert minutes.missing == 0
    else:
        assert not Minutes(process + minutes.missing, tool, limit).warns
        assert minutes.missing == 1 or Minutes(process + minutes.missing - 1, tool, limit).warns


def test_exactly_half_is_not_more_than_half():
    assert Minutes(30, 30, 0.5).warns
    assert Minutes(31, 30, 0.5).warns is False
    assert Minutes(0, 0, 0.5).share is None


def test_the_share_of_all_is_weighed_by_the_people_of_each_role():
    one, many = make.job_role(), make.job_role()
    made.course(job_roles=[one], minutes_process=0, minutes_tool=60)
    made.course(job_roles=[many], minutes_process=60, minutes_tool=0)
    make.person(job_role=one)
    for _ in range(3):
        make.person(job_role=many)

    assert queries.process_share().share == 0.75


def test_completion_counts_only_what_roles_ask_for_and_people_who_are_here():
    course, now = made.course(), timezone.now()
    role = make.job_role()
    people = [make.person(job_role=role) for _ in range(4)]
    Enrolment.objects.update(began_on=TODAY)
    made.completion(people[0], course)
    made.completion(people[1], course, done_at=None)
    made.completion(make.person(), course)
    people[3].is_active, people[3].left_on = False, TODAY
    people[3].save()

    assert queries.completion_rate(now + timedelta(minutes=1)) == (1, 3)
    assert queries.still_to_take().count() == 2


def test_a_course_that_files_could_not_tell_apart_or_that_is_for_nobody_is_refused():
    made.course(code="nav", activity_id="https://lms.example/nav")

    with pytest.raises(Refusal, match="Another course has the code"):
        made.course(code="NAV")
    with pytest.raises(Refusal, match="statements could not tell them apart"):
        made.course(activity_id="https://lms.example/nav")
    with pytest.raises(Refusal, match="for which job roles"):
        made.course(kind=Course.Kind.ROLE)
    with pytest.raises(Refusal, match="A course takes time"):
        made.course(minutes_process=0, minutes_tool=0)
    with pytest.raises(Refusal, match="nothing has to be brought up to date"):
        services.bring_up_to_date(made.course(), now=timezone.now())


def test_the_state_of_each_course_is_told_to_who_has_to_take_it():
    role, process = make.job_role(), made.process()
    done, old, failed, due = (
        made.course(job_roles=[role], title=title, processes=[process] if title == "old" else [])
        for title in ("done", "old", "failed", "due")
    )
    person = make.person(job_role=role)
    Enrolment.objects.update(due_on=TODAY)
    made.completion(person, done)
    made.completion(person, old)
    made.completion(person, failed, done_at=None, completed_at=None, failed_at=timezone.now())
    made.change(process)

    def states(today):
        return {item.course: item.state for item in queries.curriculum(person, today)}

    assert states(TODAY) == {done: "done", old: "changed", failed: "failed", due: "due"}
    assert states(TODAY + timedelta(days=1))[due] == "overdue"


# --- the pages ----------------------------------------------------------------------------------------------------
COURSE = {"title": "Quotation", "code": "quotation", "kind": "role", "minutes_process": 20, "minutes_tool": 40,
          "mastery": "0.8", "move_on": "CompletedOrPassed", "due_within_days": 30, "position": 10}  # fmt: skip


def test_a_trainer_is_warned_wherever_half_or_less_is_about_the_process(client):
    client.force_login(make.person(groups=[TRAINER]))
    role = make.job_role(name="Seller")
    make.person(job_role=role)

    answer = client.post("/training/courses/new/", COURSE | {"job_roles": [role.pk]}, follow=True)

    assert "only 33 % of its minutes are about the process" in answer.content.decode()
    course = Course.objects.get()
    for address in (course.get_absolute_url(), "/training/courses/", f"/training/roles/{role.pk}/", "/training/roles/"):
        assert "must exceed" in client.get(address).content.decode(), address
    client.post(f"/training/courses/{course.pk}/change/", COURSE | {"job_roles": [role.pk], "minutes_process": 41})
    for address in (course.get_absolute_url(), "/training/courses/", f"/training/roles/{role.pk}/", "/training/roles/"):
        assert "must exceed" not in client.get(address).content.decode(), address


def test_a_stale_course_is_brought_up_to_date_with_one_button(client):
    client.force_login(make.person(groups=[TRAINER]))
    process = made.process()
    course = made.course(processes=[process])
    person = make.person(name="Anna Trained")
    made.completion(person, course)
    made.change(process)
    assert "a process has changed" in client.get("/training/courses/?stale=true").content.decode()

    answer = client.post(f"/training/courses/{course.pk}/up-to-date/", follow=True)

    assert "in its version 2" in answer.content.decode()
    assert "Anna Trained" in answer.content.decode()
    assert client.post(f"/training/courses/{course.pk}/up-to-date/").status_code == 409


def test_the_list_of_what_is_to_be_taken_names_people_for_trainers_only(client):
    made.course()
    make.person(name="Late Larry", job_role=make.job_role())
    Enrolment.objects.update(due_on=TODAY)
    client.force_login(make.person(groups=[TRAINER]))

    page = client.get("/training/still-to-take/").content.decode()

    assert "Late Larry" in page
    assert "overdue" in page
    client.force_login(make.person(groups=[CHAMPION]))
    assert client.get("/training/still-to-take/").status_code == 403


def test_a_form_with_nothing_about_time_says_where(client):
    client.force_login(make.person(groups=[TRAINER]))

    answer = client.post("/training/courses/new/", COURSE | {"kind": "common", "minutes_process": 0, "minutes_tool": 0})

    assert answer.status_code == 422
    assert "how many minutes go to what" in answer.content.decode()
