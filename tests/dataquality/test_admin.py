"""What stewards may do in the admin site, and that its lists never count a big table."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm_adoption.jobs.models import Job
from crm_adoption.kit.access import STEWARD
from dataquality import subjects
from dataquality.admin import shapes
from dataquality.models import Batch, Correction, FieldSetting, Finding, RuleRow
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def steward(client):
    client.force_login(make.person(groups=[STEWARD]))
    return client


def act(client, model, action, *rows, **more):
    chosen = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(f"/admin/dataquality/{model}/", chosen | more, follow=True).content.decode()


def test_a_changed_rule_judges_its_table_anew_and_a_changed_owner_does_not(steward):
    record = make.account(name="Ahlborn")
    rule = RuleRow.objects.get(slug=f"{make.ACCOUNT}.name.required")
    page = f"/admin/dataquality/rulerow/{rule.pk}/change/"
    same = {"severity": rule.severity, "active": "on", "params": json.dumps(rule.params), "owner": ""}
    softer = "warning" if rule.severity == "error" else "error"

    steward.post(page, same | {"owner": make.person().pk})
    after_owner = Job.objects.count()
    steward.post(page, same | {"severity": softer})

    rule.refresh_from_db()
    assert rule.severity == softer
    assert after_owner == 0
    assert [(job.kind, job.scope) for job in Job.objects.all()] == [
        ("check_table", f"{make.ACCOUNT} {record.source_id}")
    ]


def test_findings_are_waived_with_a_reason_only(steward):
    found = make.finding(make.account(name=""), "name.required")

    refused = act(steward, "finding", "waive", found)
    before = Finding.objects.get(pk=found.pk).state
    act(steward, "finding", "waive", found, reason="The owner is on leave.")

    found.refresh_from_db()
    assert "Say why these findings may be left as they are." in refused
    assert (before, found.state, found.waiver_reason) == ("open", "waived", "The owner is on leave.")


def test_an_import_is_discarded_and_an_applied_one_says_that_it_stays(steward):
    open_one, applied = make.upload(make.ACCOUNTS), make.batch(make.source(), subjects.get(make.ACCOUNT))

    said = act(steward, "batch", "discard", open_one, applied)

    assert Batch.objects.get(pk=open_one.pk).state == "discarded"
    assert Batch.objects.get(pk=applied.pk).state == "applied"
    assert "1 import discarded." in said
    assert "is applied already" in said


def test_a_pending_correction_is_withdrawn_and_the_cell_says_again_what_the_crm_says(steward):
    record = make.account(name="Ahlborn", industry="technolgy")
    make.finding(record, "industry.spelling", value="technolgy", suggestion="technology")
    steward.post(f"/tables/{make.ACCOUNT}/accept/", {"field": "industry", "value": "technolgy", "new": "technology"})

    act(steward, "correction", "withdraw", Correction.objects.get())

    record.refresh_from_db()
    assert record.industry == "technolgy"
    assert Correction.objects.get().fate == "withdrawn"


def test_a_setting_names_a_field_that_exists(steward):
    said = {"table": make.ACCOUNT, "field": "colour", "cutoff_months": 24}

    page = steward.post("/admin/dataquality/fieldsetting/add/", said).content.decode()

    assert "have no field “colour”" in page


def test_the_list_of_a_field_is_closed_with_the_values_in_use_and_its_table_is_judged_anew(steward):
    batch = make.batch(make.source(), subjects.get(make.ACCOUNT))
    make.records(
        batch, *({"name": f"C{n}", "segment": word} for n, word in enumerate(["Key", "Partner"] * 5 + ["Kee"]))
    )
    choice, text = (make.setting(FieldSetting, field=field) for field in ("segment", "name"))

    said = act(steward, "fieldsetting", "list_what_is_in_use", choice, text)

    choice.refresh_from_db()
    assert choice.listed == ["Key", "Partner"]
    assert "The list is closed; it has 2 values." in said
    assert "Name of Accounts is no choice" in said
    assert Job.objects.filter(kind="check_table", scope=f"{make.ACCOUNT} {batch.source_id}").exists()


def test_a_review_of_a_field_says_how_many_records_prove_its_limit(steward):
    critical, plain = (make.setting(FieldSetting, field=field) for field in ("name", "segment"))
    own = FieldSetting.objects.create(table="accounts.opportunity", field="stage", limit="0")

    pages = [
        steward.get(f"/admin/dataquality/fieldsetting/{each.pk}/change/").content.decode()
        for each in (critical, plain, own)
    ]

    assert "381 records without a fault, or" in pages[0]
    assert "prove that less than 1 % are wrong" in pages[0].replace("\xa0", " ")
    assert "73 records without a fault, or" in pages[1]
    assert "No sample can prove a limit of 0" in pages[2]


def test_a_list_written_down_by_hand_judges_its_table_anew_and_another_answer_does_not(steward):
    account = make.account()
    setting = make.setting(FieldSetting, field="segment")
    known = {"table": make.ACCOUNT, "field": "segment"}
    address = f"/admin/dataquality/fieldsetting/{setting.pk}/change/"

    steward.post(address, {**known, "misuse": "Yes."})
    assert not Job.objects.filter(kind="check_table").exists()

    steward.post(address, {**known, "choices": "Key\r\nPartner"})
    setting.refresh_from_db()
    assert setting.listed == ["Key", "Partner"]
    assert Job.objects.get(kind="check_table").scope == f"{make.ACCOUNT} {account.source_id}"


@pytest.mark.parametrize("table", ["accounts/account", "contacts/contact", "dataquality/finding", "dataquality/score"])
def test_a_list_counts_no_further_than_its_bound(steward, monkeypatch, table):
    monkeypatch.setattr(shapes, "MOST_COUNTED", 3)
    batch = make.batch(make.source(), subjects.get(make.ACCOUNT))
    for record in make.records(batch, *({"name": f"Company {n}"} for n in range(6))):
        make.finding(record, "name.required")
        make.score()

    with CaptureQueriesContext(
        connection,
    ) as ran:
        answer = steward.get(f"/admin/{table}/")

    counts = [
        query["sql"] for query in ran if "COUNT(" in query["sql"].upper() and table.replace("/", "_") in query["sql"]
    ]
    assert answer.status_code == 200
    assert counts
    assert all("LIMIT 3" in statement for statement in counts)


def test_records_are_found_by_number_id_and_name_and_nothing_breaks_on_odd_words(steward):
    record = make.account(name="Ahlborn Logistik", external_id="0015-XYZ")
    make.account(name="Cobb")

    found = {
        words: steward.get("/admin/accounts/account/", {"q": words}).context["cl"].result_count
        for words in (str(record.pk), "0015", "ahlborn", "nobody", "9" * 40, "%", "O'Neil")
    }

    assert found == {str(record.pk): 1, "0015": 1, "ahlborn": 1, "nobody": 0, "9" * 40: 0, "%": 0, "O'Neil": 0}


def test_libraries_are_not_in_the_side_bar(steward):
    page = steward.get("/admin/").content.decode()

    assert "/admin/dataquality/rulerow/" in page
    assert "/admin/people/apitoken/" not in page  # leads only
    assert all(f"/admin/{library}/" not in page for library in ("auth", "axes", "knox", "mfa", "pghistory", "account"))
