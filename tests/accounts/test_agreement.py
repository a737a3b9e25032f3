"""Accounts that several systems hold: which they are, in which cells they agree, how often they change (T9)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import queries
from accounts.models import Account, Agreement, AgreementSetting, Disagreement
from accounts.services import compare_sources
from crm_adoption.jobs.models import Job
from crm_adoption.jobs.services import run_here, start
from crm_adoption.kit.access import ANALYST, END_USER, LEAD, STEWARD
from dataquality import subjects
from dataquality.models import Batch, Finding, Pair, Source
from dataquality.queries.merging import chosen_fields
from dataquality.services.matching import judge
from dataquality.services.merging import merge, set_merge_rules
from tests import make
from tests.dataquality.imports import applied, table
from tests.dataquality.matching.makers import pair
from tests.dataquality.matching.makers import run as detection
from tests.dataquality.merging.cases import ACCOUNTS, accounts

pytestmark = pytest.mark.django_db
HEAD = ["Account ID", "Account Name", "Parent Account", "Account Owner", "Phone"]


def two_sources(**more: Any) -> tuple[Source, Source]:
    return make.source(name="CRM", default_country="DE"), make.source(name="ERP", default_country="DE", **more)


def same(a: Account, b: Account) -> None:
    judge(pair(a, b, run=detection(ACCOUNTS.slug)), "same", by=make.person(), now=timezone.now())


def linked() -> tuple[Account, Account, Account]:
    """One account in the CRM and the ERP, confirmed; and one that only the CRM holds."""
    crm, erp = two_sources()
    one, alone = accounts(
        {"name": "Ahlborn GmbH", "phone": "+49 40 1234567", "city": "Hamburg", "employees": 120, "country": "Germany"},
        {"name": "Someone else"}, source=crm,
    )  # fmt: skip
    (other,) = accounts(
        {"name": "AHLBORN", "phone": "040 / 1234567", "city": "Bremen", "employees": 120, "website": "ahlborn.example"},
        source=erp,
    )
    same(one, other)
    return one, other, alone


def figures(made: Agreement) -> dict[tuple[str, str], tuple[int, int, int]]:
    return {
        (field.field, one.source): (one.compared, one.agreed, one.blank)
        for field in queries.agreement_of(made)
        for one in field.sources
    }


def test_cells_that_two_systems_fill_are_compared_as_what_they_mean(now):
    one, other, _alone = linked()

    made = compare_sources(now)

    assert (made.linked, made.cells, made.agreed) == (1, 4, 3)
    (differs,) = Disagreement.objects.all()
    assert {differs.record_id, differs.against_id} == {one.pk, other.pk}
    assert (differs.field, {differs.value, differs.against_value}) == ("city", {"Hamburg", "Bremen"})
    assert {differs.external_id, differs.against_external_id} == {one.external_id, other.external_id}
    known = figures(made)
    assert known["name", "CRM"] == known["phone", "ERP"] == known["employees", "CRM"] == (1, 1, 0)
    assert known["city", "CRM"] == known["city", "ERP"] == (1, 0, 0)
    assert ("website", "CRM") not in known  # one system alone fills it


def test_a_cell_that_one_of_three_systems_leaves_blank_is_told_and_not_called_different(now):
    one, _other, _alone = linked()
    (third,) = accounts({"name": "Ahlborn", "city": "Hamburg"}, source=make.source(name="Shop"))
    same(one, third)

    made = compare_sources(now)

    known = figures(made)
    assert known["phone", "Shop"] == (0, 0, 1)
    assert known["city", "ERP"] == (1, 0, 0)  # differs from both, counted once
    assert known["city", "CRM"] == (1, 0, 0)
    assert Disagreement.objects.filter(field="city").count() == 2


def test_where_a_master_is_declared_the_others_are_compared_with_it_alone(now):
    one, other, _alone = linked()
    (third,) = accounts({"name": "Ahlborn", "city": "Hamburg"}, source=make.source(name="Shop"))
    same(one, third)
    set_merge_rules(ACCOUNTS, {"city": "source"}, sources=[one.source_id])

    made = compare_sources(now)

    known = figures(made)
    assert known["city", "Shop"] == (1, 1, 0)
    assert known["city", "ERP"] == (1, 0, 0)
    (differs,) = Disagreement.objects.filter(field="city")
    assert (differs.record_id, differs.against_id, differs.by_master) == (other.pk, one.pk, True)
    assert {field.field: field.master for field in queries.agreement_of(made)}["city"] == "CRM"


def test_a_merge_across_systems_links_them_and_a_pending_correction_is_not_what_the_system_says(now):
    crm, erp = two_sources()
    (one,) = accounts({"name": "Ahlborn", "city": "Bremen"}, source=crm)
    (other,) = accounts({"name": "Ahlborn", "city": "Hamburg"}, source=erp)
    merge(ACCOUNTS, [one.pk, other.pk], survivor=one.pk, chosen={"city": other.pk}, by=None, now=now)
    one.refresh_from_db()
    assert one.city == "Hamburg"

    made = compare_sources(now)

    assert made.linked == 1
    (differs,) = Disagreement.objects.all()
    assert (differs.field, {differs.value, differs.against_value}) == ("city", {"Bremen", "Hamburg"})


@pytest.mark.parametrize(("key", "n"), [("external_id", 1), ("website", 1), ("name", 0)])
def test_a_key_links_what_it_names_alone_in_each_system(key, n, now):
    crm, erp = two_sources()
    accounts(
        {"name": "Ahlborn", "external_id": "7", "website": "https://www.ahlborn.example/home"},
        {"name": "Ahlborn GmbH", "external_id": "8"}, source=crm,
    )  # fmt: skip
    accounts({"name": "Ahlborn", "external_id": "7", "website": "ahlborn.example"}, source=erp)
    assert compare_sources(now).linked == 0
    AgreementSetting(pk=1, keys=[key]).save()

    assert compare_sources(now).linked == n


def test_what_agrees_again_is_no_longer_listed(now):
    one, other, _alone = linked()
    compare_sources(now)
    Account.objects.filter(pk=other.pk).update(city=one.city)

    made = compare_sources(now)

    assert made.rate == 1
    assert not Disagreement.objects.exists()
    assert Agreement.objects.count() == 2


def test_parents_are_compared_by_the_names_of_what_they_lead_to(now):
    one, other, _alone = linked()
    (ours,) = accounts({"name": "Holding AG", "external_id": "H-1"}, source=one.source)
    (theirs,) = accounts({"name": "HOLDING", "external_id": "99"}, source=other.source)
    Account.objects.filter(pk=one.pk).update(parent=ours, parent_ref="H-1")
    Account.objects.filter(pk=other.pk).update(parent=theirs, parent_ref="99")

    assert figures(compare_sources(now))["parent", "ERP"] == (1, 1, 0)
    Account.objects.filter(pk=theirs.pk).update(name="Somebody")
    assert figures(compare_sources(now))["parent", "ERP"] == (1, 0, 0)


def test_every_compared_column_is_read_in_one_spelling(now):
    crm, erp = two_sources()
    row = {"name": "Ahlborn", "website": "a.example", "phone": "+49 40 1234567", "street": "Hauptstraße 5",
           "city": "München", "region": "Bayern", "postcode": "80331", "country": "Germany", "industry": "Retail",
           "segment": "A", "employees": 5, "revenue": "1234.5", "parent_ref": "P-1", "owner_ref": "Ann"}  # fmt: skip
    other = row | {"street": "Hauptstr. 5", "city": "Muenchen", "country": "DE", "industry": "RETAIL"}
    (one,), (two,) = accounts(row, source=crm), accounts(other, source=erp)
    same(one, two)

    made = compare_sources(now)

    assert made.cells == len(chosen_fields(subjects.get("accounts.account")))
    assert list(Disagreement.objects.values_list("field", "value", "against_value")) == []


# --- changes ---------------------------------------------------------------------------------------------------------


def export(source: Source, on: date, *rows: list[str]) -> Batch:
    at = timezone.make_aware(datetime(on.year, on.month, on.day, 8))
    return applied(source, table(HEAD, *rows), name="accounts.csv", table="account", taken_at=at)


def test_changes_of_name_parent_and_owner_are_counted_by_month_and_others_are_not():
    source = make.source()
    first = [["A-1", "Ahlborn", "", "Ann", "1"], ["A-2", "Borg", "A-1", "Ann", "2"], ["A-3", "Cord", "", "Ann", "3"]]
    export(source, date(2026, 7, 1), *first)
    export(source, date(2026, 8, 1), ["A-1", "Ahlborn AG", "", "Ben", "9"], first[1], ["A-3", "Cord", "", "Ann", "77"])
    export(
        source, date(2026, 10, 1), ["A-1", "Ahlborn AG", "", "Ben", "9"], ["A-2", "Borg", "A-3", "Ann", "2"], first[2]
    )

    months = {one.month: one for one in queries.changes_by_month(date(2026, 10, 20))}

    assert len(months) == 12
    august, september, october = (months[date(2026, n, 1)] for n in (8, 9, 10))
    assert (august.changed, august.accounts, august.known) == ({"name": 1, "parent": 0, "owner": 1}, 1, 3)
    assert august.rate == pytest.approx(1 / 3)
    assert (september.told, september.rate) == (False, None)
    assert (october.changed, october.accounts) == ({"name": 0, "parent": 1, "owner": 0}, 1)
    assert (months[date(2026, 7, 1)].accounts, months[date(2026, 7, 1)].rate) == (0, 0)
    assert months[date(2026, 6, 1)].known == 0
    assert [(one.record.external_id, one.field, one.old, one.new) for one in queries.latest_changes()] == [
        ("A-2", "parent", "A-1", "A-3"), ("A-1", "name", "Ahlborn", "Ahlborn AG"), ("A-1", "owner", "Ann", "Ben"),
    ]  # fmt: skip


def test_where_changes_lean_is_told_from_four_months_on():
    def month(n: int, accounts: int) -> queries.ChangeMonth:
        return queries.ChangeMonth(date(2026, n, 1), 100, True, {}, accounts)

    assert queries.leaning([month(n, 1) for n in range(1, 4)]) is None
    assert queries.leaning([month(n, 1) for n in range(1, 7)]) == 0
    assert queries.leaning([month(1, 0), month(2, 3), month(3, 3), month(4, 3)]) == pytest.approx(0.03)


# --- the milestone ---------------------------------------------------------------------------------------------------


def holding() -> dict[str, bool | None]:
    return dict(zip(("hierarchy", "agreement", "once"), [one.holds for one in queries.certified()], strict=True))


def test_accounts_are_certified_when_the_hierarchy_is_clean_systems_agree_and_each_stands_there_once(now):
    assert holding() == {"hierarchy": None, "agreement": None, "once": None}
    one, other, alone = linked()
    detection(ACCOUNTS.slug)
    compare_sources(now)
    finding = make.finding(one, "parent.pointer", field="parent")
    twin = pair(alone, accounts({"name": "Someone else"}, source=alone.source)[0], 0.9, run=detection(ACCOUNTS.slug))
    assert holding() == {"hierarchy": False, "agreement": False, "once": False}

    Finding.objects.filter(pk=finding.pk).update(state=Finding.State.CLOSED)
    Account.objects.filter(pk=other.pk).update(city=one.city)
    compare_sources(now)
    judge(twin, "different", by=make.person(), now=now)

    assert holding() == {"hierarchy": True, "agreement": True, "once": True}


def test_a_pair_called_the_same_within_one_system_is_still_there_twice_until_it_is_merged(now):
    one, other, alone = linked()
    detection(ACCOUNTS.slug)
    (twin,) = accounts({"name": "Someone else"}, source=alone.source)
    same(alone, twin)
    assert holding()["once"] is False

    merge(ACCOUNTS, [alone.pk, twin.pk], by=None, now=now)

    assert holding()["once"] is True
    assert Pair.objects.get(a=min(one.pk, other.pk)).state == "same"


def test_one_system_alone_disagrees_with_nobody(now):
    accounts({"name": "Ahlborn"})

    assert holding()["agreement"] is True


# --- job, pages, API -------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_an_import_of_accounts_has_the_systems_compared_and_one_of_contacts_does_not():
    applied(make.source(), table(["Account ID", "Account Name"], ["A-1", "Ahlborn"]), name="a.csv", table="account")
    asked = Job.objects.filter(kind="compare_sources")
    assert asked.count() == 1
    done = run_here(asked.get())
    assert (done.state, done.counts) == ("done", {"linked": 0, "cells": 0, "agreed": 0})

    applied(make.source(), table(["Contact ID", "Full Name"], ["C-1", "Ann Lee"]), name="c.csv", table="contact")

    assert not Job.objects.unfinished().filter(kind="compare_sources").exists()
    assert run_here(start("compare_sources")).state == "done"


def test_the_page_tells_agreement_masters_changes_and_the_milestone(client, now):
    linked()
    compare_sources(now)
    client.force_login(make.person(groups=[STEWARD]))

    text = client.get(reverse("account-agreement")).content.decode()

    for said in ("Milestone: accounts certified", "not yet", "75 %", "City", "ERP", "Declare masters"):
        assert said in text, said
    listed = client.get(reverse("account-disagreements"), {"field": "city"}).content.decode()
    assert "Ahlborn GmbH" in listed
    assert "Hamburg" in listed
    assert "Bremen" in listed


@pytest.mark.parametrize(("group", "status"), [(STEWARD, 302), (LEAD, 302), (ANALYST, 403), (END_USER, 403)])
def test_those_who_keep_data_may_compare_and_set_what_is_wanted(client, group, status):
    client.force_login(make.person(groups=[group]))

    assert client.post(reverse("account-compare")).status_code == status
    wanted = {"target": "0.9", "most_changes": "0.02", "keys": ["website"]}
    assert client.post(reverse("account-agreement-settings"), wanted).status_code == status
    setting = AgreementSetting.now()
    assert (setting.target, setting.keys) == ((0.9, ["website"]) if status == 302 else (0.95, []))


def test_a_share_above_one_is_no_target(client):
    client.force_login(make.person(groups=[STEWARD]))

    answer = client.post(reverse("account-agreement-settings"), {"target": "95", "most_changes": "0.01"})

    assert answer.status_code == 422
    assert not AgreementSetting.objects.exists()


def test_programs_read_the_same(client, now):
    one, _other, _alone = linked()
    compare_sources(now)
    client.force_login(make.person(groups=[STEWARD]))

    said = client.get(reverse("api-account-agreement")).json()
    rows = client.get(reverse("api-account-disagreement-list"), {"source": one.source_id}).json()["results"]
    asked = client.post(reverse("api-account-agreement"))

    assert (said["linked"], said["rate"], said["certified"]) == (1, 0.75, False)
    assert {row["field"]: row["master"] for row in said["fields"]}["city"] == ""
    assert [one["holds"] for one in said["conditions"]] == [True, False, True]
    assert [row["field"] for row in rows] == ["city"]
    assert (asked.status_code, asked.json()["kind"]) == (202, "compare_sources")
