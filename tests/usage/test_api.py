"""Use over the API: what programs send and read, and that nobody is named in what they read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from crm_adoption.kit.access import INTEGRATION, LEAD
from crm_adoption.usage.models import Capability, EffortRelease, UsageDay
from tests import make
from tests.usage import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(client):
    """Asks as a program does; posts, or patches where it says so."""
    owner = make.person(name="Program", groups=[INTEGRATION, LEAD])
    key = make.token(owner, scopes=["read", "import", "admin"])[1]

    def ask(address, said=None, *, patch=False):
        method = client.get if said is None else client.patch if patch else client.post
        more = {} if said is None else {"data": said, "content_type": "application/json"}
        return method(f"/api/v1/{address}", HTTP_AUTHORIZATION=f"Bearer {key}", **more)

    return ask


def test_days_of_use_are_kept_once_however_often_they_are_sent(program):
    make.person(name="Ada", email="ada@company.example")
    made.capability(code="deals")
    said = {"days": [
        {"person": "ADA@company.example", "capability": "deals", "day": "2026-03-02", "count": 3},
        {"person": "ada@company.example", "day": "2026-03-02"},
    ]}  # fmt: skip

    answers = [program("usage-days/", said).json() for _ in range(2)]

    assert answers == [{"received": 2, "changed": 2}, {"received": 2, "changed": 0}]
    assert set(UsageDay.objects.values_list("capability__code", "count", "via")) == {
        ("deals", 3, "api"),
        (None, 1, "api"),
    }


def test_one_day_that_cannot_be_used_refuses_all_and_is_named_with_its_place(program):
    make.person(email="ada@company.example")
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    rows = [{"person": "ada@company.example", "day": "2026-03-02"},
            {"person": "nobody@company.example", "day": "2026-03-02"},
            {"person": "ada@company.example", "day": "2026-03-02", "capability": "boat"},
            {"person": "ada@company.example", "day": tomorrow}]  # fmt: skip

    answer = program("usage-days/", {"days": rows})

    assert answer.status_code == 400
    assert sorted(error["attr"] for error in answer.json()["errors"]) == ["days.1", "days.2", "days.3"]
    assert not UsageDay.objects.exists()


def test_figures_name_nobody_and_say_nothing_of_fewer_than_five(program):
    role = make.job_role(name="Pair")
    people = made.people(4, role)
    capability = made.capability(code="deals", job_roles=[role])
    made.use_case(role, capability=capability)
    for person in people:
        made.used(person, capability, timezone.localdate())

    use, adoption = program("utilisation/"), program("adoption/")

    assert use.json()["roles"] == [{"label": "Pair", "u": None, "capabilities": 1}]
    assert use.json()["capabilities"] == [{"code": "deals", "share": None, "decay": None, "is_decayed": False}]
    assert adoption.json()["roles"] == [{"role": "Pair", "median": None, "adopted": None, "days_a_week": None}]
    for person in people:
        assert person.name not in use.content.decode() + adoption.content.decode()


def test_a_capability_is_made_and_changed_by_the_rules_of_its_page(program):
    make.job_role(name="Seller")
    said = {"code": "deals", "name": "Keep deals", "kind": "input", "value": 5, "job_roles": ["Seller"],
            "tables": ["accounts.opportunity"], "fields": ["accounts.opportunity.stage"],
            "derived": "changed"}  # fmt: skip

    answer = program("capabilities/", said)
    changed = program(f"capabilities/{answer.json()['id']}/", {"value": 4}, patch=True)

    assert (answer.status_code, changed.json()["value"], changed.json()["job_roles"]) == (201, 4, ["Seller"])
    assert Capability.objects.get().fields == ["accounts.opportunity.stage"]
    refused = program("capabilities/", said | {"code": "x", "name": "Keep deals too", "tables": ["accounts.boat"]})
    assert (refused.status_code, "no table" in refused.json()["errors"][0]["detail"]) == (409, True)


def test_a_use_case_is_kept_with_whom_it_serves_and_what_matters_on_its_screen(program):
    make.job_role(name="Seller")
    made.capability(code="deals")
    said = {"job_role": "Seller", "name": "Note a visit", "capability": "deals", "serves": ["Seller"],
            "dimensions": ["role"], "ideal_clicks": 4, "actual_clicks": 8, "inputs": 2, "prefilled": 1,
            "elements": [{"name": "Next step", "importance": 5, "on_screen": True}]}  # fmt: skip

    found = program("use-cases/", said).json()

    assert (found["context"], round(found["personalization"], 3), found["serves"]) == (0.5, 0.143, ["Seller"])
    assert program("use-cases/?counted=true").json()["results"][0]["elements"] == said["elements"]
    assert program("use-cases/", said).status_code == 409


def test_the_click_ledger_is_kept_and_closed_over_the_api(program):
    case = made.use_case()
    release = program("effort-releases/", {"release": "spring", "name": "Spring", "on": "2026-03-01"}).json()
    address = f"effort-releases/{release['id']}"

    balance = program(f"{address}/entries/", {"use_case": case.pk, "clicks_added": 2, "times_a_week": 10}).json()[
        "balance"
    ]
    refused = program(f"{address}/settle/", {})
    assert (balance["seconds"], balance["state"], refused.status_code) == (-30, "owes", 409)

    made.entry(EffortRelease.objects.get(), clicks_removed=1, times_a_week=1)
    assert program(f"{address}/").json()["entries"][0]["use_case"] == case.pk


def test_shadow_systems_and_lines_are_read_and_written(program):
    shadow = program("shadow-systems/", {"name": "Loans", "found_on": "2026-03-01", "state": "found"})
    line = program("ledger-lines/", {"kind": "cost", "line": "project", "name": "Team", "amount": "500.00"})

    assert (shadow.status_code, shadow.json()["x_ray"], line.status_code) == (201, None, 201)
    refused = program(f"shadow-systems/{shadow.json()['id']}/", {"state": "understood"}, patch=True)
    assert refused.status_code == 409
    assert program("return/").json()["costs"] == "500.00"
    assert program("shadow-systems/?colour=red").status_code == 400
