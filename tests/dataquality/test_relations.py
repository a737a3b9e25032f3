"""Lists, keys and age: what only the whole table of a source, or another one, can show."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import Opportunity
from dataquality import subjects
from dataquality.models import FieldSetting, Finding, RuleRow, TableSetting
from dataquality.queries import problems, said_of, sentence_of
from dataquality.services import recheck, settle_relations
from tests import make

pytestmark = pytest.mark.django_db
ACCOUNTS, DEALS, CASES = (subjects.get(f"accounts.{name}") for name in ("account", "opportunity", "case"))
PRODUCTS, USERS = subjects.get("accounts.product"), subjects.get("accounts.crmuser")
CONTACTS, ROLES, LEADS = (subjects.get(f"contacts.{name}") for name in ("contact", "contactrole", "lead"))


def judged(subject, batch, now):
    settle_relations(subject, source=batch.source, batch=batch, now=now)
    return found(subject)


def found(subject, **more):
    known = Finding.objects.open().filter(table=subject.slug, **more)
    return sorted(known.values_list("field", "code", "value", "severity"))


# --- keys --------------------------------------------------------------------------------------------------------
def test_a_value_that_only_one_record_may_hold_is_a_fault_of_all_but_the_first_and_names_the_holders(now):
    batch = make.batch(make.source(), USERS)
    rows = make.records(
        batch,
        *({"name": f"User {n}", "external_id": f"U-{n}", "email": email}
          for n, email in enumerate(("ann@x.example", "ANN@x.example", " ann@x.example ", "bob@x.example", "", " "))),
    )  # fmt: skip

    judged(USERS, batch, now)

    faults = Finding.objects.open().filter(code="unique_repeated").order_by("record_id")
    assert [(f.record_id, f.value, f.severity) for f in faults] == [
        (rows[1].pk, "ANN@x.example", "warning"), (rows[2].pk, " ann@x.example ", "warning"),
    ]  # fmt: skip
    assert faults[0].candidates == ["U-0", "U-1", "U-2"]
    told = sentence_of(USERS, "email", faults[0].code, faults[0].value, None, faults[0].candidates)
    assert "(U-0, U-1, U-2)" in told
    assert {p.candidates == [] for p in problems(USERS) if p.code == "unique_repeated"} == {True}  # nothing to accept


@pytest.mark.parametrize(("one", "other"), [("STRASSE 1", "Straße  1"), ("Ünal", "U\u0308NAL"), ("ИВАН", "иван")])
def test_letters_are_folded_as_people_read_them(now, one, other):
    batch = make.batch(make.source(), PRODUCTS)
    make.records(batch, {"name": one}, {"name": other})

    assert [code for _field, code, *_rest in judged(PRODUCTS, batch, now)] == ["unique_repeated"]


def test_a_repeated_value_is_none_in_another_source_or_once_the_other_record_has_left(now):
    batch, elsewhere = make.batch(make.source(), PRODUCTS), make.batch(make.source(), PRODUCTS)
    first, second = make.records(batch, {"name": "Valve"}, {"name": "valve"})
    make.record(elsewhere, name="Valve")
    assert len(judged(PRODUCTS, batch, now)) == 1

    first.state = "merged"
    first.save()

    assert judged(PRODUCTS, batch, now) == []
    assert Finding.objects.get(record_id=second.pk).state == "closed"


def test_the_same_person_in_the_same_role_about_the_same_thing_stands_there_once(now):
    source = make.source()
    ann, bob = make.records(make.batch(source, CONTACTS), {"full_name": "Ann"}, {"full_name": "Bob"})
    deal = make.record(make.batch(source, DEALS), name="Deal")
    batch = make.batch(source, ROLES)
    same = {"contact": ann, "opportunity": deal, "role": "Decision Maker"}
    by_id = {**same, "contact_ref": ann.external_id, "about_ref": deal.external_id}
    by_name = {**same, "contact_ref": "Ann", "about_ref": "Deal", "role": "decision maker"}
    others = [{**by_id, "role": "Influencer"}, {**by_id, "contact": bob}, {**by_id, "role": ""}, {**by_id, "role": ""}]
    _first, second, *_others = make.records(batch, by_id, by_name, *others)

    judged(ROLES, batch, now)

    repeated = Finding.objects.open().filter(code="unique_repeated")
    assert [(f.record_id, f.severity) for f in repeated] == [(second.pk, "error")]


# --- lists -------------------------------------------------------------------------------------------------------
def deals(batch, **stages):
    account = make.record(make.batch(batch.source, ACCOUNTS), name="A", owner_ref="")
    known = {"account": account, "account_ref": "A", "close_on": "2030-06-01", "amount": "1"}
    return make.records(batch, *({"stage": stage, **known} for stage, n in stages.items() for _ in range(n)))


def test_a_stage_off_the_list_is_an_error_and_what_was_meant_is_suggested(now):
    batch = make.batch(make.source(), DEALS)
    deals(batch, **{"Prospecting": 30, "Closed Won": 20, "Closed Wno": 2, "Parked": 1, "closed won": 1})

    assert judged(DEALS, batch, now) == [
        ("stage", "choice_spelling", "closed won", "warning"),
        ("stage", "choice_unknown", "Closed Wno", "error"),
        ("stage", "choice_unknown", "Closed Wno", "error"),
        ("stage", "choice_unknown", "Parked", "error"),
    ]
    assert Finding.objects.filter(value="Closed Wno")[0].suggestion == "Closed Won"


def test_a_company_s_own_stages_are_left_alone(now):
    batch = make.batch(make.source(), DEALS)
    deals(batch, Kickoff=3, Pilot=2, Roll_out=4, Won=2)

    assert judged(DEALS, batch, now) == []


def test_a_list_that_a_steward_closed_is_exact_whatever_is_in_use(now):
    source = make.source()
    batch = make.batch(source, ACCOUNTS)
    make.records(batch, *({"name": f"A{n}", "segment": "Parntner"} for n in range(9)), {"name": "B", "segment": "Key"})
    assert judged(ACCOUNTS, batch, now) == []

    setting = FieldSetting.objects.create(table=ACCOUNTS.slug, field="segment", choices=" Key \n\nPartner\nKey\n")
    assert setting.listed == ["Key", "Partner"]
    recheck(ACCOUNTS, source=source, now=now)
    assert found(ACCOUNTS, field="segment") == [("segment", "choice_unknown", "Parntner", "error")] * 9
    assert set(Finding.objects.open().values_list("suggestion", flat=True)) == {"Partner"}

    setting.delete()
    recheck(ACCOUNTS, source=source, now=now)
    assert found(ACCOUNTS, field="segment") == []


def test_a_list_that_is_switched_off_closes_what_it_found(now):
    batch = make.batch(make.source(), DEALS)
    deals(batch, Prospecting=30, Parked=1)
    assert len(judged(DEALS, batch, now)) == 1

    RuleRow.objects.filter(slug="accounts.opportunity.stage.choice").update(active=False)

    assert judged(DEALS, batch, now) == []


# --- age ---------------------------------------------------------------------------------------------------------
def test_an_open_deal_whose_day_has_passed_is_a_warning_until_it_is_closed(now):
    batch = make.batch(make.source(), DEALS)
    late, _won, due_today = deals(batch, Prospecting=1, Won=1, Qualification=1)
    Opportunity.objects.update(close_on=now.date() - timedelta(days=1))
    due_today.close_on = now.date()
    due_today.save()

    assert judged(DEALS, batch, now) == [("close_on", "lifecycle_overdue", "2030-05-16", "warning")]
    assert Finding.objects.get().record_id == late.pk

    late.stage = "Closed Lost"
    late.save()
    assert judged(DEALS, batch, now) == []


def test_what_nobody_touched_for_the_months_that_a_steward_set_is_stale(now):
    source = make.source()
    batch = make.batch(source, CONTACTS)
    account = make.record(make.batch(source, ACCOUNTS), name="A")
    known = {"account": account, "account_ref": "A"}
    make.records(
        batch,
        {**known, "created_at": now - timedelta(days=1500), "last_touched_at": now - timedelta(days=800)},
        {**known, "created_at": now - timedelta(days=1500), "modified_at": now - timedelta(days=400)},
        {**known},  # nothing is known of it
    )

    day = (now - timedelta(days=800)).date().isoformat()
    assert judged(CONTACTS, batch, now) == [("last_touched_at", "lifecycle_stale", day, "warning")]

    TableSetting.objects.create(table=CONTACTS.slug, cutoff_months=12)
    assert len(judged(CONTACTS, batch, now)) == 2


def test_a_record_without_an_owner_is_found_where_owners_were_exported(now):
    source = make.source()
    batch = make.batch(source, ACCOUNTS)
    make.records(batch, {"name": "A"}, {"name": "B", "owner_ref": " "})
    assert judged(ACCOUNTS, batch, now) == []

    make.record(batch, name="C", owner_ref="Ann")
    assert [code for _field, code, *_rest in judged(ACCOUNTS, batch, now)] == ["lifecycle_ownerless"] * 2


def test_an_owner_who_is_switched_off_in_the_crm_is_found_and_one_with_a_second_sign_in_is_not(now):
    source = make.source()
    left, stays = make.person(), make.person()
    users = [{"name": "L", "person": left, "is_enabled": False}]
    users += [{"name": "S", "person": stays, "is_enabled": enabled} for enabled in (False, True)]
    make.records(make.batch(source, USERS), *users)
    batch = make.batch(source, ACCOUNTS)
    make.records(batch, *({"name": f"of {p}", "owner": p, "owner_ref": p.name} for p in (left, stays)))

    assert judged(ACCOUNTS, batch, now) == [("owner", "lifecycle_retired", left.name, "warning")]


def test_a_converted_lead_needs_the_contact_it_became_where_the_export_says_such_things(now):
    source = make.source()
    batch = make.batch(source, LEADS)
    make.records(batch, {"status": "Closed - Converted"}, {"status": "Open - Not Contacted"})
    assert judged(LEADS, batch, now) == []

    contact = make.record(make.batch(source, CONTACTS), full_name="Ann")
    make.record(batch, status="Closed - Converted", converted_to=contact, converted_to_ref=contact.external_id)
    assert judged(LEADS, batch, now) == [("converted_to", "lifecycle_unlinked", "", "warning")]


# --- what goes together in one row -------------------------------------------------------------------------------
def test_a_closed_deal_needs_its_day_a_won_one_its_amount_and_the_probability_goes_with_the_stage(now):
    source = make.source()
    account = make.record(make.batch(source, ACCOUNTS), name="A")
    known = {"account": account, "account_ref": "A", "close_on": "2030-06-01", "amount": "5", "created_at": now}
    make.records(
        make.batch(source, DEALS),
        {**known, "stage": "Closed Won", "close_on": None, "probability": "100"},
        {**known, "stage": "Closed Won", "amount": None, "probability": "90"},
        {**known, "stage": "Closed Lost", "amount": None, "probability": "10"},
        {**known, "stage": "Closed Lost", "close_on": "2030-05-16", "probability": "0"},
        {**known, "stage": "Prospecting", "amount": None, "probability": "100"},
        {**known, "stage": "Prospecting", "close_on": "2031-05-16", "probability": "20"},
    )

    recheck(DEALS, source=source, now=now)

    assert found(DEALS) == [
        ("amount", "required_blank_when", "", "error"),
        ("close_on", "order_reversed", "2030-05-16", "warning"),
        ("close_on", "required_blank_when", "", "error"),
        ("probability", "consistency_other", "10", "warning"),
        ("probability", "consistency_other", "100", "warning"),
        ("probability", "consistency_other", "90", "warning"),
    ]


def test_a_case_is_closed_on_a_day_and_an_open_one_is_not(now):
    source = make.source()
    account = make.record(make.batch(source, ACCOUNTS), name="A")
    known = {"account": account, "account_ref": "A", "subject": "Pump"}
    make.records(
        make.batch(source, CASES),
        {**known, "status": "Closed"},
        {**known, "status": "Working", "closed_at": now},
        {**known, "status": "Resolved", "closed_at": now},
        {**known, "status": "New"},
    )

    recheck(CASES, source=source, now=now)

    assert [(field, code, severity) for field, code, _value, severity in found(CASES)] == [
        ("closed_at", "consistency_not_blank", "warning"),
        ("closed_at", "required_blank_when", "warning"),
    ]


# --- hierarchies ---------------------------------------------------------------------------------------------------
def test_a_parent_that_leads_back_to_its_child_is_an_error_of_every_record_in_the_circle_and_of_no_other(now):
    batch = make.batch(make.source(), ACCOUNTS)
    a, b, c, child, alone, itself = make.records(batch, *({"name": name} for name in ("A", "B", "C", "D", "E", "F")))
    for record, parent in ((a, b), (b, c), (c, a), (child, a), (itself, itself)):
        record.parent, record.parent_ref = parent, parent.name
        record.save()

    judged(ACCOUNTS, batch, now)

    circular = Finding.objects.open().filter(code="pointer_circular")
    assert set(circular.values_list("record_id", flat=True)) == {a.pk, b.pk, c.pk, itself.pk}
    assert "leads back to this record itself" in said_of(circular.earliest("pk"))
    c.parent, c.parent_ref = alone, alone.name
    c.save()
    judged(ACCOUNTS, batch, now)
    assert set(circular.values_list("record_id", flat=True)) == {itself.pk}
