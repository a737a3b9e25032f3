"""Every change of a record leaves its old row and who was behind it: pages, programs, jobs, raw SQL."""

from __future__ import annotations

import pytest
from django.db import connection
from rest_framework.test import APIClient

from accounts.models import Account
from crm_adoption.jobs.models import Job
from crm_adoption.jobs.services import run_here, start
from crm_adoption.kit.access import INTEGRATION, STEWARD
from dataquality import subjects
from dataquality.models import Batch
from dataquality.queries.audit import audit_of
from tests import make

FILE = "Account ID,Account Name,Industry\nA-1,Ahlborn,{}\n"


def changes(record):
    return [change for touch in audit_of(type(record).objects.get(pk=record.pk)) for change in touch.changes]


@pytest.mark.django_db
def test_a_bulk_update_and_raw_sql_are_caught_with_old_and_new():
    record = make.account(name="Ahlborn", industry="retail")

    Account.objects.filter(pk=record.pk).update(industry="medical")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_account SET industry = 'finance' WHERE id = %s", [record.pk])

    assert changes(record) == [("industry", "medical", "finance"), ("industry", "retail", "medical")]


@pytest.mark.django_db
def test_the_bookkeeping_of_imports_is_no_change():
    record = make.account(name="Ahlborn")
    later = make.batch(record.source, subjects.get(make.ACCOUNT))

    Account.objects.filter(pk=record.pk).update(last_batch=later, row_number=7)

    assert audit_of(record) == []


@pytest.mark.django_db
def test_a_suggestion_accepted_on_a_page_names_the_person_the_page_and_the_field(client):
    steward = make.person(groups=[STEWARD])
    record = make.account(name="Ahlborn", industry="technolgy")
    make.finding(record, "industry.spelling", value="technolgy", suggestion="technology")
    client.force_login(steward)

    client.post(f"/tables/{make.ACCOUNT}/accept/", {"field": "industry", "value": "technolgy", "new": "technology"})

    (touch,) = audit_of(Account.objects.get(pk=record.pk))
    assert ("industry", "technolgy", "technology") in touch.changes
    assert (touch.by, touch.url) == (steward.pk, f"/tables/{make.ACCOUNT}/accept/")
    assert touch.correction == f"{make.ACCOUNT}.industry"


@pytest.mark.django_db
def test_a_suggestion_accepted_by_a_program_names_the_owner_of_its_token():
    owner = make.person(groups=[INTEGRATION])
    record = make.account(name="Ahlborn", industry="technolgy")
    make.finding(record, "industry.spelling", value="technolgy", suggestion="technology")
    program = APIClient()
    program.credentials(HTTP_AUTHORIZATION=f"Bearer {make.token(owner, scopes=['import'])[1]}")

    said = {"table": make.ACCOUNT, "field": "industry", "value": "technolgy", "new": "technology"}
    answer = program.post("/api/v1/corrections/accept/", said | {"source": record.source.name})

    assert answer.json() == {"corrected": 1}
    assert [touch.by for touch in audit_of(Account.objects.get(pk=record.pk))] == [owner.pk]


@pytest.mark.django_db(transaction=True)
def test_an_import_names_its_job_and_who_asked_for_it():
    steward = make.person(groups=[STEWARD])
    source = make.source()

    for industry in ("retail", "medical"):
        batch = make.checked(FILE.format(industry), source=source)
        job = run_here(start("apply_batch", scope=str(batch.pk), by=steward))
        assert job.state == Job.State.DONE, job.message

    (touch,) = audit_of(Account.objects.get(external_id="A-1"))
    assert ("industry", "retail", "medical") in touch.changes
    assert (touch.by, touch.job) == (steward.pk, job.pk)


@pytest.mark.django_db
def test_the_admin_site_shows_the_audit_of_a_record(client):
    steward = make.person(name="Mareike", groups=[STEWARD])
    record = make.account(name="Ahlborn", industry="technolgy")
    make.finding(record, "industry.spelling", value="technolgy", suggestion="technology")
    client.force_login(steward)
    client.post(f"/tables/{make.ACCOUNT}/accept/", {"field": "industry", "value": "technolgy", "new": "technology"})

    page = client.get(f"/admin/accounts/account/{record.pk}/change/").content.decode()

    assert "Mareike" in page
    assert "industry: “technolgy” → “technology”" in page
    assert Batch.objects.count() == 1
