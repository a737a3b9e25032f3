"""One record's page: what stands now, what is over, and where each thing leads."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.models import Opportunity
from crm_adoption.kit.access import LEAD, STEWARD
from crm_adoption.people.models import Person
from dataquality import subjects
from dataquality.services import correct
from tests import make
from tests.dataquality.imports import applied, deal, deals, table

pytestmark = pytest.mark.django_db


def _page(client, group: str) -> str:
    client.force_login(make.person(groups=[group]))
    return str(client.get(Opportunity.objects.get(external_id="A").get_absolute_url()).content.decode())


def test_a_finding_that_is_over_moves_into_the_history(client):
    source = make.source()
    applied(source, deals(deal("A", opened="25-01-2017", closed="20-01-2017"), deal("B", opened="01-12-2016")))
    assert "What is wrong" in _page(client, STEWARD)

    applied(source, deals(deal("A", opened="25-01-2017", closed="30-01-2017")))

    page = _page(client, STEWARD)
    assert "No longer wrong" in page
    assert "comes first" not in page.split("What happened")[0]


def test_the_crm_s_own_text_stands_beside_a_correction(client):
    source = make.source()
    applied(source, deals(deal("A", stage="Wonn"), deal("B")))

    correct(Opportunity.objects.get(external_id="A"), "stage", "Won", by=make.person(), now=timezone.now())

    page = _page(client, STEWARD)
    assert "corrected, pending export" in page
    assert "“Wonn”" in page


def test_an_owner_leads_to_their_page_only_for_those_who_may_open_it(client):
    source = make.source()
    users = table(["sales_agent", "manager", "regional_office"], ["Ann", "Max", "East"])
    applied(source, users, name="sales_teams.csv")
    applied(source, table(["opportunity_id", "deal_stage", "sales_agent"], ["A", "Won", "Ann"]))
    address = Person.objects.get(name="Ann").get_absolute_url()

    assert address in _page(client, LEAD)
    assert address not in _page(client, STEWARD)


def test_a_list_shows_the_records_of_one_fault_and_no_others(client):
    applied(make.source(), deals(deal("A", opened="25-01-2017", closed="20-01-2017"), deal("B", opened="01-12-2016")))
    client.force_login(make.person(groups=[STEWARD]))

    found = client.get("/records/accounts.opportunity/", {"field": "close_on", "code": "order_reversed"})
    other = client.get("/records/accounts.opportunity/", {"field": "close_on", "value": "nowhere"})

    assert [row["record"].external_id for row in found.context["rows"]] == ["A"]
    assert other.context["rows"] == []


def test_a_search_shows_names_in_their_order_and_ids_in_theirs(client):
    batch = make.batch(make.source(), subjects.get(make.ACCOUNT))
    make.records(
        batch,
        *({"name": name, "external_id": key} for name, key in [("zeta", "Q-3"), ("Zeus", "Q-1"), ("ZEBRA", "Q-2")]),
        {"name": "Ahlborn", "external_id": "ze-9"},
        {"name": "Nobody", "external_id": "R-1"},
    )
    client.force_login(make.person(groups=[STEWARD]))

    def found(text: str) -> list[str]:
        answer = client.get("/records/accounts.account/", {"q": text})
        return [row["record"].external_id for row in answer.context["rows"]]

    assert found("zeu") == ["Q-1"]
    assert found("Q-") == ["Q-1", "Q-2", "Q-3"]
    assert found("ze") == ["ze-9", "Q-2", "Q-3", "Q-1"]
    assert found("nowhere") == []


def test_a_search_of_names_goes_on_where_its_page_ended(client):
    batch = make.batch(make.source(), subjects.get(make.ACCOUNT))
    make.records(batch, *({"name": f"zeta {n:03}", "external_id": f"Z{n}"} for n in range(70, 0, -1)))
    client.force_login(make.person(groups=[STEWARD]))

    first = client.get("/records/accounts.account/", {"q": "Zeta"})
    rest = client.get(f"/records/accounts.account/{first.context['older']}")

    names = [row["record"].name for page in (first, rest) for row in page.context["rows"]]
    assert names == [f"zeta {n:03}" for n in range(1, 71)]


def test_what_points_at_a_record_is_counted(client, django_assert_max_num_queries):
    batch = make.batch(make.source(), subjects.get("accounts.account"))
    top, one, other = make.records(batch, {"name": "Top"}, {"name": "One"}, {"name": "Other"})
    for child in (one, other):
        child.parent = top
        child.save()
    make.record(make.batch(batch.source, subjects.get("contacts.contact")), full_name="Ann", account=top)
    client.force_login(make.person(groups=[STEWARD]))

    with django_assert_max_num_queries(60):
        page = client.get(top.get_absolute_url()).content.decode()

    here = page.split("What points here")[1].split("</ul>")[0]
    assert "<strong>2</strong> accounts" in here
    assert "<strong>1</strong> contacts" in here
    assert "What points here" not in client.get(one.get_absolute_url()).content.decode()
