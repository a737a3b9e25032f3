"""Five of one's own deals, one tap each: who of the customer plays which part; never by machine (T11)."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from contacts import queries, services
from contacts.models import ContactRole, RoleCall
from crm_adoption.kit.errors import Refusal
from dataquality import subjects
from dataquality.models import FieldSetting
from tests import make

pytestmark = pytest.mark.django_db
ROLES = ["Decision Maker", "Influencer"]


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def owner():
    return make.person(name="Olga Owner")


def of(table: str, source: Any, *rows: dict[str, Any]) -> list[Any]:
    return make.records(make.batch(source, subjects.get(table)), *rows)


@pytest.fixture
def company(owner):
    """An account with two contacts, and seven open deals of one person, which close one a day."""
    source, day = make.source(name="CRM"), timezone.localdate()
    [account] = of("accounts.account", source, {"name": "Acme"})
    anna, bert = of("contacts.contact", source, *({"full_name": name, "account": account} for name in ("Anna", "Bert")))
    deals = of(
        "accounts.opportunity", source,
        *({"name": f"Deal {n}", "account": account, "owner": owner, "close_on": day + timedelta(days=n)}
          for n in range(7)),
    )  # fmt: skip
    return account, anna, bert, deals


def test_five_open_deals_of_ones_own_are_asked_about_the_next_to_close_first(owner, company, today):
    _account, anna, bert, deals = company

    asked = queries.role_call(owner, today)

    assert [one.deal for one in asked] == deals[:5]
    assert {contact.pk for contact in asked[0].contacts} == {anna.pk, bert.pk}
    assert queries.role_call(make.person(), today) == []


def test_a_deal_that_has_a_role_in_the_crm_or_an_answer_here_is_not_asked_about(owner, company, today):
    _account, anna, _bert, deals = company
    of("contacts.contactrole", deals[0].source, {"contact": anna, "opportunity": deals[0], "role": "Influencer"})

    services.call_role(deals[1], anna, role="Decision Maker", by=owner)
    services.nobody_yet(deals[2], by=owner, today=today)

    assert queries.role_call(owner, today)[0].deal == deals[3]
    later = queries.to_call(owner, today + services.LATER)
    assert deals[2] in later
    assert deals[1] not in later


def test_a_tap_says_it_and_asks_the_next_and_writes_nothing_into_the_mirror(client, owner, company):
    _account, _anna, bert, deals = company
    client.force_login(owner)
    page = client.get("/role-call/")

    client.post("/role-call/", {"deal": deals[0].pk, "contact": bert.pk, "role": "Influencer"})
    again = client.get("/role-call/")
    client.post("/role-call/", {"deal": deals[1].pk})

    assert "Deal 0" in page.content.decode()
    assert again.context["chosen"] == "Influencer"  # the part said last is offered first
    assert [one.deal for one in again.context["asked"]] == deals[1:6]
    assert list(RoleCall.objects.order_by("pk").values_list("opportunity", "contact", "role", "said_by")) == [
        (deals[0].pk, bert.pk, "Influencer", owner.pk), (deals[1].pk, None, "", owner.pk),
    ]  # fmt: skip
    assert not ContactRole.objects.exists()


def test_nobody_answers_for_anothers_deal_or_names_a_stranger_or_an_unknown_part(client, owner, company):
    _account, anna, _bert, deals = company
    [stranger] = of("contacts.contact", deals[0].source, {"full_name": "Stranger"})
    other = make.person()
    client.force_login(other)

    with pytest.raises(Refusal, match="is not yours"):
        services.call_role(deals[0], anna, role="Influencer", by=other)
    with pytest.raises(Refusal, match="does not belong to Acme"):
        services.call_role(deals[0], stranger, role="Influencer", by=owner)
    with pytest.raises(Refusal, match="no part that the CRM knows"):
        services.call_role(deals[0], anna, role="Wizard", by=owner)
    assert (
        client.post("/role-call/", {"deal": deals[0].pk, "contact": anna.pk, "role": "Influencer"}).status_code == 404
    )
    assert not RoleCall.objects.exists()


def test_a_closed_deal_is_no_longer_asked_about_and_cannot_be_answered(owner, company, today):
    _account, anna, _bert, deals = company
    type(deals[0]).objects.filter(pk=deals[0].pk).update(outcome="won")
    deals[0].refresh_from_db()

    assert deals[0] not in queries.to_call(owner, today)
    with pytest.raises(Refusal, match="no longer open"):
        services.call_role(deals[0], anna, role="Influencer", by=owner)


def test_the_list_of_parts_is_the_one_a_steward_closed():
    before = queries.roles_offered()
    FieldSetting.objects.create(table="contacts.contactrole", field="role", choices="Buyer\nUser")

    assert "Decision Maker" in before
    assert queries.roles_offered() == ["Buyer", "User"]


def test_answers_leave_in_a_file_with_the_crms_ids_until_an_export_brings_them_back(client, owner, company):
    _account, anna, _bert, deals = company
    services.call_role(deals[0], anna, role="Influencer", by=owner)
    services.nobody_yet(deals[1], by=owner, today=timezone.localdate())
    client.force_login(make.person(groups=["data steward"]))

    def sent() -> list[dict[str, str]]:
        answer = client.get("/role-call/answers/")
        return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))

    [row] = sent()
    of("contacts.contactrole", deals[0].source, {"contact": anna, "opportunity": deals[0], "role": "Influencer"})

    assert (row["Source"], row["Opportunity ID"], row["Contact ID"], row["Role"]) == (
        "CRM", deals[0].external_id, anna.external_id, "Influencer",
    )  # fmt: skip
    assert sent() == []
    client.force_login(owner)
    assert client.get("/role-call/answers/").status_code == 403


def test_a_call_costs_the_same_for_many_contacts(client, owner, company, django_assert_max_num_queries):
    account, _anna, _bert, deals = company
    of("contacts.contact", deals[0].source, *({"full_name": f"C {n}", "account": account} for n in range(40)))
    client.force_login(owner)
    client.get("/role-call/")

    with django_assert_max_num_queries(30):
        page = client.get("/role-call/")

    assert (len(page.context["asked"][0].contacts), page.context["asked"][0].more) == (6, 36)
