"""Imports through the API with real jobs, gates as status codes, scopes, retries, lists page by page."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import Account
from crm_adoption.jobs.models import Job
from crm_adoption.jobs.services import run_here
from crm_adoption.kit.access import INTEGRATION, SPONSOR, STEWARD
from dataquality.models import Batch
from tests import make

BATCHES = "/api/v1/batches/"
DATES = "Opportunity ID,Opportunity Name,Close Date\nO-1,One,03/04/2026\nO-2,Two,05/06/2026\n"


def program(*scopes, groups=(INTEGRATION,), owner=None):
    """A client with a token, as an integration sends requests."""
    text = make.token(owner or make.person(groups=groups), scopes=scopes)[1]
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    return client


def file_of(text, name="accounts.csv"):
    return SimpleUploadedFile(name, text.encode(), content_type="text/csv")


def work():
    """Do in this process what workers would do, until nothing waits."""
    while (job := Job.objects.filter(state=Job.State.WAITING).order_by("pk").first()) is not None:
        run_here(job)


def posted(client, text=make.ACCOUNTS, **more):
    answer = client.post(BATCHES, {"file": file_of(text), "source": "Sales CRM", **more})
    assert answer.status_code == 201, answer.content
    return answer.json()["id"]


@pytest.mark.django_db(transaction=True)
def test_a_file_is_posted_previewed_and_applied_by_a_program():
    client = program("read", "import")

    pk = posted(client, table="account")
    work()
    preview = client.get(f"{BATCHES}{pk}/preview/").json()
    applying = client.post(f"{BATCHES}{pk}/apply/").json()
    work()

    assert preview["counts"]["new"] == 2
    assert {fault["field"] for fault in preview["faults"]} == {"name", "website"}
    assert applying["job"]["state"] == "waiting"
    assert client.get(f"{BATCHES}{pk}/").json()["state"] == "applied"
    assert sorted(Account.objects.values_list("external_id", flat=True)) == ["A-1", "A-2"]


@pytest.mark.django_db(transaction=True)
def test_lines_of_json_are_read_as_a_file_is():
    client = program("read", "import")
    lines = "".join(json.dumps({"Account ID": f"A-{n}", "Account Name": f"Company {n}"}) + "\n" for n in range(300))

    answer = client.generic(
        "POST", f"{BATCHES}?source=Stream&table=account&full=true", lines, content_type="application/x-ndjson"
    )
    work()

    batch = Batch.objects.get(pk=answer.json()["id"])
    assert (batch.state, batch.is_full, batch.counts["new"]) == ("checked", True, 300)


@pytest.mark.django_db(transaction=True)
def test_a_program_answers_a_question_changes_the_mapping_and_discards():
    client = program("read", "import")

    pk = posted(client, DATES, table="opportunity")
    work()
    asked = client.get(f"{BATCHES}{pk}/").json()["questions"]
    early = client.post(f"{BATCHES}{pk}/apply/")
    client.post(f"{BATCHES}{pk}/answers/", {"answers": {asked[0]["code"]: "DMY"}}, format="json")
    work()
    answered = client.get(f"{BATCHES}{pk}/").json()
    mapping = {"Opportunity ID": "external_id", "Opportunity Name": "stage"}
    said = {"table": "opportunity", "mapping": mapping, "key": ["Opportunity ID"]}
    client.post(f"{BATCHES}{pk}/mapping/", said, format="json")
    work()
    mapped = client.get(f"{BATCHES}{pk}/").json()
    gone = client.post(f"{BATCHES}{pk}/discard/").json()

    assert [question["code"] for question in asked] == ["date_order.close_on"]
    assert (early.status_code, early.json()["errors"][0]["code"]) == (409, "unanswered")
    assert (answered["state"], answered["questions"]) == ("checked", [])
    assert (mapped["state"], mapped["mapping"]) == ("checked", mapping)
    assert gone["state"] == "discarded"


@pytest.mark.django_db
def test_a_retry_with_its_key_gets_the_first_batch_and_another_body_is_refused():
    owner = make.person(groups=[INTEGRATION])
    client, other = program("import", owner=owner), program("import")
    key = {"HTTP_IDEMPOTENCY_KEY": "nightly 2026-05-17"}

    def send(client, text):
        return client.post(BATCHES, {"file": file_of(text), "source": "Sales CRM"}, **key)

    first, again = send(client, make.ACCOUNTS), send(client, make.ACCOUNTS)
    changed, somebody_else = send(client, make.ACCOUNTS + "A-3,Cobb,\n"), send(other, make.ACCOUNTS)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json()["id"] == first.json()["id"]
    assert (changed.status_code, changed.json()["errors"][0]["code"]) == (422, "another_request")
    assert somebody_else.json()["id"] != first.json()["id"]
    assert Batch.objects.count() == 2


@pytest.mark.django_db
def test_a_token_does_what_its_scopes_say_and_no_more():
    owner = make.person(groups=[INTEGRATION, STEWARD, SPONSOR])
    body = {"source": "Sales CRM", "file": file_of(make.ACCOUNTS)}
    override = {"reason": "The board meets.", "until": "2099-01-01T00:00:00Z"}

    reading, importing = program("read", owner=owner), program("import", owner=owner)
    answers = {
        "read reads": reading.get(BATCHES),
        "read posts": reading.post(BATCHES, body),
        "import reads": importing.get(BATCHES),
        "import overrides": importing.post("/api/v1/gates/pipeline/override/", override),
        "nobody reads": APIClient().get(BATCHES),
    }

    assert {what: answer.status_code for what, answer in answers.items()} == {
        "read reads": 200, "read posts": 403, "import reads": 403, "import overrides": 403, "nobody reads": 401,
    }  # fmt: skip
    assert answers["read posts"].json()["errors"][0]["detail"].startswith("This token lacks the scope import")


@pytest.mark.django_db
def test_a_shut_gate_is_423_with_its_reasons_and_200_once_it_is_opened():
    owner = make.person(groups=[SPONSOR])
    client = program("read", "admin", owner=owner)

    shut = client.get("/api/v1/gates/pipeline/")
    made = client.post(
        "/api/v1/gates/pipeline/override/",
        {"reason": "The board meets.", "until": (timezone.now() + timedelta(days=2)).isoformat()},
    )
    opened = client.get("/api/v1/gates/pipeline/")

    assert (shut.status_code, shut.json()["state"]) == (423, "locked")
    assert all(reason["sentence"] for reason in shut.json()["reasons"])
    assert made.status_code == 201
    assert (opened.status_code, opened.json()["state"]) == (200, "overridden")
    assert client.get("/api/v1/gates/no-such-report/").status_code == 404


LISTS = ("batches", "sources", "findings", "corrections", "records/accounts.account", "people", "jobs")


@pytest.mark.django_db
@pytest.mark.parametrize("name", LISTS)
def test_every_list_pages_by_key_and_refuses_what_it_does_not_know(name):
    admin = make.superuser()
    client = program("read", owner=admin)
    for n in range(3):
        make.person()
        row = make.account()
        make.finding(row, "name.required")
        make.correction(row)
        Job.objects.create(kind="check_table", scope=str(n), queue="bulk", asked_by=admin)

    seen, address = [], f"/api/v1/{name}/?page_size=2"
    while address:
        page = client.get(address).json()
        seen += [row["id"] for row in page["results"]]
        address = page["next"]
    unknown = client.get(f"/api/v1/{name}/?no_such_parameter=1")

    assert len(seen) == len(set(seen)) >= 3
    assert (unknown.status_code, unknown.json()["errors"][0]["attr"]) == (400, "no_such_parameter")
