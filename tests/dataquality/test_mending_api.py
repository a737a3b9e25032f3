"""Programs mend as people do: the same services, the same refusals, by token and scope."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from crm_adoption.kit.access import STEWARD
from dataquality.models import Correction, Finding
from tests import make
from tests.dataquality.test_api import program

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture
def finding():
    account = make.account(name="Ahlborn", industry="technolgy")
    return make.finding(account, "industry.spelling", code="spelling", value="technolgy", suggestion="technology")


@pytest.fixture
def steward():
    return program("read", "import", owner=make.person(groups=[STEWARD]))


def test_a_program_accepts_the_suggestions_of_findings_it_names(steward, finding):
    answer = steward.post(f"{API}/findings/accept/", {"ids": [finding.pk]}, format="json")

    assert (answer.status_code, answer.json()) == (200, {"corrected": 1})
    assert steward.post(f"{API}/findings/accept/", {"ids": [finding.pk]}, format="json").status_code == 409


def test_a_program_waives_findings_and_ends_the_waiver(steward, finding):
    until = (timezone.now() + timedelta(days=30)).date().isoformat()
    sent = {"ids": [finding.pk], "reason": "Renamed in May.", "until": until}

    waived = steward.post(f"{API}/findings/waive/", sent, format="json")
    assert (waived.json(), Finding.objects.get().state) == ({"waived": 1}, "waived")
    ended = steward.post(f"{API}/findings/end-waivers/", {"ids": [finding.pk]}, format="json")

    assert (ended.json(), Finding.objects.get().state) == ({"opened": 1}, "open")


def test_a_program_tries_a_correction_makes_it_and_withdraws_it(steward, finding):
    cell = {"table": finding.table, "record_id": finding.record_id, "field": "industry", "new": "technology "}

    tried = steward.post(f"{API}/corrections/check/", cell, format="json")
    assert (tried.json(), Correction.objects.count()) == ({"new": "technology"}, 0)
    made = steward.post(f"{API}/corrections/", cell | {"reason": "A known misspelling."}, format="json")
    assert (made.status_code, made.json()["old"], made.json()["reason"]) == (201, "technolgy", "A known misspelling.")
    taken = steward.post(f"{API}/corrections/withdraw/", {"ids": [made.json()["id"]]}, format="json")

    assert (taken.json(), Correction.objects.get().fate) == ({"withdrawn": 1}, "withdrawn")


def test_a_correction_that_a_rule_objects_to_is_refused_with_its_sentence(steward, finding):
    cell = {"table": finding.table, "record_id": finding.record_id, "field": "name", "new": ""}

    answers = [steward.post(f"{API}/corrections/{end}", cell, format="json") for end in ("check/", "")]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert answers[0].json() == answers[1].json()
    assert "Name is blank" in answers[0].json()["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("address", "sent", "attr"),
    [
        ("findings/accept/", {"ids": []}, "ids"),
        ("findings/accept/", {"ids": [987654321]}, "ids"),
        ("findings/waive/", {"ids": [2**63]}, "ids.0"),
        ("corrections/", {"table": make.ACCOUNT, "record_id": 987654321, "field": "name", "new": "x"}, "record_id"),
        ("corrections/check/", {"table": make.ACCOUNT, "record_id": 1, "new": "x"}, "field"),
    ],
)
def test_what_is_not_there_is_named(steward, address, sent, attr):
    answer = steward.post(f"{API}/{address}", sent, format="json")

    assert answer.status_code == 400
    assert attr in {error["attr"] for error in answer.json()["errors"]}


def test_a_table_or_field_nobody_knows_is_refused_by_name(steward, finding):
    cell = {"table": "accounts.nothing", "record_id": finding.record_id, "field": "name", "new": "x"}

    table = steward.post(f"{API}/corrections/", cell, format="json")
    field = steward.post(f"{API}/corrections/", cell | {"table": finding.table, "field": "password"}, format="json")

    assert [answer.status_code for answer in (table, field)] == [409, 409]
    assert "accounts.nothing" in table.json()["errors"][0]["detail"]
    assert "no field “password”" in field.json()["errors"][0]["detail"]
