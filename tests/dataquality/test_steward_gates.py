"""A gate that asks for it stays shut while nobody answers for a table, however clean the data is (P49)."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from crm_adoption.people.models import Seat
from crm_adoption.plan.models import Phase
from crm_adoption.plan.queries.gates import phase_gate
from dataquality import outlook, reports
from dataquality.models import TableSetting
from dataquality.services import gates
from tests import make

pytestmark = pytest.mark.django_db
TABLE = "accounts.account"


@pytest.fixture
def report(monkeypatch):
    """A report on accounts alone, for as long as the test, on data that are clean."""
    made = reports.Report(
        slug="a-report", title="A report", question="How many?", leaves_out="Nothing.",
        footprint=reports.Footprint(tables=(TABLE,)), figures=lambda **_more: reports.ReportFigures((), 0, None),
    )  # fmt: skip
    monkeypatch.setitem(reports._reports, made.slug, made)
    make.account(name="Acme")
    make.score(source=None, rows=100, wrong=0, rate=0.0, passes=True, to_fix=0, strict=True)
    return made


def asks(table: str = TABLE) -> None:
    TableSetting.objects.create(table=table, needs_steward=True)


def state(report: reports.Report) -> gates.GateState:
    return gates.gate(report, now=timezone.now())


def seat(**more: Any) -> Seat:
    known: dict[str, Any] = {"holder": make.person(), "scope_key": "Accounts"}
    return make.seat(kind=Seat.Kind.STEWARD, scope=Seat.Scope.TABLE, **known | more)


def test_a_gate_asks_for_a_steward_only_where_that_is_said(report):
    before = state(report)
    asks()

    after = state(report)

    assert (before.state, after.state) == ("open", "locked")
    [reason] = after.reasons
    assert (reason.about, reason.table) == ("steward", TABLE)
    assert "name a data steward" in reason.sentence
    assert reason.url.startswith("/people/seats/")
    assert outlook.of(after, now=timezone.now()) is None  # no trend tells when somebody takes a seat


def test_a_report_may_ask_for_stewards_of_all_its_tables(report, monkeypatch):
    asking = reports.Report(**{**vars(report), "needs_stewards": True})
    monkeypatch.setitem(reports._reports, asking.slug, asking)

    assert state(asking).state == "locked"


@pytest.mark.parametrize("key", ["Accounts", " accounts ", TABLE])
def test_a_seat_that_is_held_opens_it_by_slug_or_by_name(report, key):
    asks()
    seat(scope_key=key)

    assert state(report).state == "open"


def test_a_vacant_seat_and_one_whose_holder_has_left_do_not(report):
    asks()
    seat(holder=None)
    seat(scope_key=TABLE, holder=make.person(is_active=False, left_on=timezone.localdate()))

    assert state(report).state == "locked"


def test_the_page_links_to_the_seat_and_programs_are_told_what_it_is_about(client, report):
    asks()
    client.force_login(make.person(groups=["data steward"]))

    page = client.get("/reports/a-report/").content.decode()
    [reason] = client.get("/api/v1/gates/a-report/").json()["reasons"]

    assert "/people/seats/fill/?" in page
    assert reason["about"] == "steward"


def test_a_phase_on_such_a_table_waits_for_its_steward_too(report):
    phase = Phase.objects.create(name="One", tables=[TABLE])
    now = timezone.now()

    def missing() -> list[str]:
        found = phase_gate(phase, now=now, today=timezone.localdate(now)).missing
        return [one.sentence for one in found if "Accounts" in one.sentence]

    before = missing()
    asks()
    asked = missing()
    seat()

    assert (before, missing()) == ([], [])
    assert asked == ["Nobody answers for Accounts; name a data steward."]
