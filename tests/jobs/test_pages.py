"""The pages and the API about jobs: who sees what, the bar, cancel and try again."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from crm_adoption.jobs import services
from crm_adoption.jobs.models import Job, JobLease
from crm_adoption.jobs.templatetags.jobs import elapsed
from crm_adoption.kit.access import INTEGRATION, LEAD, STEWARD, TRAINER
from crm_adoption.people.models import Person

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def person(email: str, group: str) -> Person:
    made = Person.objects.create_user(email, name=email.partition("@")[0])
    made.groups.add(Group.objects.get_or_create(name=group)[0])
    return made


@pytest.fixture
def owner():
    return person("tessa@example.com", TRAINER)


@pytest.fixture
def job(owner):
    return services.start("test_rows", scope="7", by=owner)


def running(job: Job, **lease: object) -> Job:
    Job.objects.filter(pk=job.pk).update(state="running", attempts=1, started_at=timezone.now())
    JobLease.objects.create(job=job, attempt=1, until=timezone.now() + timedelta(minutes=1), **lease)
    return Job.objects.get(pk=job.pk)


def ended(job: Job, state: str, **more: object) -> None:
    Job.objects.filter(pk=job.pk).update(state=state, finished_at=timezone.now(), **more)


# --- who sees what -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("group", [STEWARD, LEAD, INTEGRATION])
def test_those_who_answer_for_jobs_see_everybodys(job, group):
    assert job in Job.objects.visible_to(person("sam@example.com", group))


def test_an_integration_reads_jobs_that_others_started(client, job):
    client.force_login(person("robot@example.com", INTEGRATION))

    assert client.get(reverse("api-job-detail", args=[job.pk])).json()["id"] == job.pk
    assert [row["id"] for row in client.get("/api/v1/jobs/").json()["results"]] == [job.pk]


@pytest.mark.parametrize("name", ["job", "job-progress", "api-job-detail"])
def test_somebody_elses_job_is_not_found(client, job, name):
    client.force_login(person("olga@example.com", TRAINER))

    assert client.get(reverse(name, args=[job.pk])).status_code == 404
    assert client.get("/api/v1/jobs/").json()["results"] == []


@pytest.mark.parametrize("name", ["job-cancel", "job-try-again", "api-job-cancel", "api-job-try-again"])
def test_somebody_elses_job_cannot_be_changed(client, job, name):
    client.force_login(person("olga@example.com", TRAINER))

    assert client.post(reverse(name, args=[job.pk])).status_code == 404
    job.refresh_from_db()
    assert job.state == "waiting"


@pytest.mark.parametrize("name", ["job-cancel", "job-try-again"])
def test_nothing_changes_by_get(client, job, owner, name):
    client.force_login(owner)

    assert client.get(reverse(name, args=[job.pk])).status_code == 405


# --- the API -----------------------------------------------------------------------------------------------------


def test_the_api_tells_the_progress_of_a_running_job(client, job, owner):
    running(job, progress=30, total=120, message="Reading row 30")
    client.force_login(owner)

    told = client.get(reverse("api-job-detail", args=[job.pk])).json()

    assert (told["state"], told["progress"], told["total"], told["percent"]) == ("running", 30, 120, 25)
    assert (told["message"], told["is_finished"], told["cancel_asked"]) == ("Reading row 30", False, False)


def test_the_api_filters_by_kind_state_and_scope_and_refuses_what_it_does_not_know(client, job, owner):
    other = services.start("test_steps", scope="8", by=owner)
    client.force_login(owner)

    def ids(query: str) -> list[int]:
        return [row["id"] for row in client.get(f"/api/v1/jobs/?{query}").json()["results"]]

    assert ids("kind=test_rows") == [job.pk]
    assert ids("scope=8") == [other.pk]
    assert ids("state=waiting&state=running") == [other.pk, job.pk]
    assert ids("state=done") == []
    assert client.get("/api/v1/jobs/?status=done").status_code == 400
    assert client.get("/api/v1/jobs/?state=asleep").status_code == 400


def test_the_api_cancels_a_job_and_refuses_a_finished_one_with_its_reason(client, job, owner):
    client.force_login(owner)

    assert client.post(reverse("api-job-cancel", args=[job.pk])).json()["state"] == "cancelled"
    assert client.post(reverse("api-job-try-again", args=[job.pk])).json()["state"] == "waiting"
    ended(job, "done")
    refused = client.post(reverse("api-job-cancel", args=[job.pk]))

    assert refused.status_code == 409
    assert "nothing to cancel" in refused.json()["errors"][0]["detail"]


# --- the bar -----------------------------------------------------------------------------------------------------


def test_the_bar_of_a_running_job_asks_again_every_second(client, job, owner):
    running(job, progress=1, total=4, message="Reading")
    client.force_login(owner)

    answer = client.get(reverse("job-progress", args=[job.pk]))

    assert answer.status_code == 200
    text = answer.content.decode()
    assert 'hx-trigger="every 1s"' in text
    assert '<progress class="progress w-100" max="100" value="25"' in text
    assert reverse("job-cancel", args=[job.pk]) in text
    assert "style=" not in text
    assert "<script" not in text


def test_the_bar_of_a_finished_job_stops_asking_and_says_so(client, job, owner):
    ended(job, "done", message="50 rows read")
    client.force_login(owner)

    answer = client.get(reverse("job-progress", args=[job.pk]), {"next": "/imports/7/"})

    assert answer.status_code == 286
    assert json.loads(answer["HX-Trigger"]) == {"job-finished": {"id": job.pk, "state": "done"}}
    assert answer["HX-Redirect"] == "/imports/7/"
    assert "hx-trigger" not in answer.content.decode()


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_bar_never_sends_anybody_to_another_site(client, job, owner, elsewhere):
    ended(job, "done")
    client.force_login(owner)

    answer = client.get(reverse("job-progress", args=[job.pk]), {"next": elsewhere})

    assert "HX-Redirect" not in answer
    assert "evil" not in answer.content.decode()
    assert "javascript:" not in answer.content.decode()


def test_a_failed_job_stays_on_its_page_with_its_sentence_and_a_way_to_try_again(client, job, owner):
    ended(job, "failed", message="The file is encrypted; save it without a password.", reason="file_refused")
    client.force_login(owner)

    answer = client.get(reverse("job-progress", args=[job.pk]), {"next": "/imports/7/"})

    assert "HX-Redirect" not in answer
    assert "save it without a password" in answer.content.decode()
    assert reverse("job-try-again", args=[job.pk]) in answer.content.decode()


def test_cancel_by_htmx_answers_with_the_bar_and_by_form_with_the_page(client, job, owner):
    client.force_login(owner)

    in_place = client.post(reverse("job-cancel", args=[job.pk]), headers=HTMX)
    by_form = client.post(reverse("job-try-again", args=[job.pk]))

    assert (in_place.status_code, "Cancelled" in in_place.content.decode()) == (286, True)
    assert by_form["Location"] == reverse("job", args=[job.pk])


# --- the list and the page ---------------------------------------------------------------------------------------


def test_the_list_is_live_while_something_runs_and_still_afterwards(client, job, owner):
    client.force_login(owner)

    live = client.get(reverse("jobs"), headers=HTMX)
    ended(job, "done")
    still = client.get(reverse("jobs"), headers=HTMX)

    assert (live.status_code, "every 2s" in live.content.decode()) == (200, True)
    assert (still.status_code, "every 2s" in still.content.decode()) == (286, False)


def test_the_list_pages_by_key(client, owner):
    jobs = [Job(kind="test_rows", scope=str(n), asked_by=owner) for n in range(60)]
    Job.objects.bulk_create(jobs)
    client.force_login(owner)

    first = client.get(reverse("jobs"))
    second = client.get(reverse("jobs"), {"before": first.context["older"]})

    assert (len(first.context["jobs"]), len(second.context["jobs"])) == (50, 10)
    assert second.context["older"] is None


def test_the_list_needs_as_many_queries_for_fifty_jobs_as_for_one(client, owner, django_assert_max_num_queries):
    Job.objects.bulk_create([Job(kind="test_rows", scope=str(n), asked_by=owner) for n in range(50)])
    client.force_login(owner)

    with django_assert_max_num_queries(8):
        client.get(reverse("jobs"))


def test_the_page_of_a_job_shows_counts_reason_and_request(client, job, owner):
    ended(job, "failed", counts={"rows": 8800}, reason="bug", request_id="abc-123", message="It met an error.")
    client.force_login(owner)

    text = client.get(reverse("job", args=[job.pk])).content.decode()

    for shown in ("8,800", "<code>bug</code>", "abc-123", "It met an error."):
        assert shown in text


def test_the_time_taken_reads_as_people_say_it():
    start = timezone.now()

    def took(**span: float) -> str:
        return elapsed(Job(started_at=start, finished_at=start + timedelta(**span)))

    assert [took(seconds=8), took(seconds=200), took(hours=2, minutes=5)] == ["8 s", "3 min 20 s", "2 h 5 min"]
    assert elapsed(Job()) == ""
