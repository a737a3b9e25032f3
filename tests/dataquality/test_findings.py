"""Findings open, are refreshed and close by themselves, row by row and over whole tables."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dataquality import subjects
from dataquality.models import Correction, Finding, Identity, RuleRow
from dataquality.rules import active_rules, rules_of, sync_rules
from dataquality.services import recheck, settle_findings, settle_neighbours, settle_relations
from tests import make

pytestmark = pytest.mark.django_db
ACCOUNTS, DEALS = subjects.get("accounts.account"), subjects.get("accounts.opportunity")
PHONE = "accounts.account.phone.format"


def settle(batch, tables, now, *, fields=("phone", "name")):
    faults, ids = tables
    return settle_findings(
        subjects.get(batch.table), source=batch.source, batch=batch, now=now, faults_table=faults, ids_table=ids,
        fields=fields,
    )  # fmt: skip


def states(record):
    return list(Finding.objects.filter(record_id=record.pk).order_by("pk").values_list("code", "value", "state"))


def found(table=""):
    return sorted(Finding.objects.filter(table__contains=table).values_list("field", "code", "value", "suggestion"))


# --- rules -------------------------------------------------------------------------------------------------------
def test_every_declared_rule_has_its_row_and_syncing_again_adds_none():
    assert sync_rules() == 0
    for subject in subjects.every():
        slugs = {rule.slug for rule in rules_of(subject)}
        assert slugs <= set(RuleRow.objects.filter(table=subject.slug).values_list("slug", flat=True))


def test_what_a_steward_edited_survives_the_next_version():
    RuleRow.objects.filter(slug="accounts.account.revenue.range").update(severity="error", params={"min": 10})
    RuleRow.objects.filter(slug=PHONE).update(active=False)

    sync_rules()

    rules = {rule.slug: rule for rule in active_rules(ACCOUNTS)}
    assert PHONE not in rules
    assert rules["accounts.account.revenue.range"].severity == "error"
    assert rules["accounts.account.revenue.range"].params["min"] == 10


def test_phones_are_read_in_the_country_of_their_row_else_of_the_source():
    rule = next(r for r in active_rules(ACCOUNTS, default_country="DE") if r.slug == PHONE)

    assert rule.params == {"as": "phone", "country_field": "country", "default_country": "DE"}


# --- what a row shows by itself ----------------------------------------------------------------------------------
def test_a_fault_opens_once_is_refreshed_and_closes_when_a_batch_is_clean(staged, now):
    batch = make.batch(make.source(), ACCOUNTS)
    good, bad = make.records(batch, {}, {})
    fault = (1, PHONE, "phone", "phone_invalid", "12", None)

    assert settle(batch, staged([good, bad], [fault]), now) == {"opened": 1, "closed": 0, "gone": 0}
    assert settle(batch, staged([good, bad], [fault]), now)["opened"] == 0
    settle(batch, staged([good, bad], [(1, PHONE, "phone", "phone_invalid", "13", "+13")]), now)
    finding = Finding.objects.get()
    assert (finding.record_id, finding.value, finding.suggestion, finding.state) == (bad.pk, "13", "+13", "open")

    later = make.batch(batch.source, ACCOUNTS)
    assert settle(later, staged([good, bad]), now)["closed"] == 1
    finding.refresh_from_db()
    assert (finding.state, finding.closed_in, finding.closed_at) == ("closed", later, now)


def test_a_finding_stays_open_where_its_field_or_its_record_is_not_in_the_file(staged, now):
    batch = make.batch(make.source(), ACCOUNTS)
    one, two = make.records(batch, {}, {})
    make.finding(one, "phone.format")
    make.finding(two, "phone.format")

    settle(batch, staged([one]), now, fields=("name",))
    assert Finding.objects.open().count() == 2

    settle(batch, staged([one]), now, fields=("phone",))
    assert [f.record_id for f in Finding.objects.open()] == [two.pk]


@pytest.mark.parametrize("state", ["archived", "merged", "gone"])
def test_findings_of_records_that_left_count_no_longer(staged, now, state):
    batch = make.batch(make.source(), ACCOUNTS)
    left = make.record(batch, state=state)
    make.finding(left, "phone.format")

    assert settle(batch, staged([]), now)["gone"] == 1
    assert states(left) == [("test_fault", "", "gone")]


def test_a_waived_fault_is_not_opened_beside_its_waiver(staged, now):
    batch = make.batch(make.source(), ACCOUNTS)
    bad = make.record(batch)
    make.finding(bad, "phone.format", state="waived", waiver_reason="known", waived_until=now.date())

    settle(batch, staged([bad], [(0, PHONE, "phone", "phone_invalid", "12", None)]), now)

    assert states(bad) == [("phone_invalid", "12", "waived")]


def test_a_corrected_finding_waits_while_its_correction_is_pending_and_opens_again_when_it_is_not(staged, now):
    batch = make.batch(make.source(), ACCOUNTS)
    bad = make.record(batch)
    make.finding(bad, "phone.format", state="corrected")
    correction = Correction.objects.create(
        table=ACCOUNTS.slug, record_id=bad.pk, source=batch.source, external_id=bad.external_id, field="phone",
        old="12", new="+4930123456", origin="steward",
    )  # fmt: skip
    tables = staged([bad], [(0, PHONE, "phone", "phone_invalid", "12", None)])

    settle(batch, tables, now)
    assert states(bad) == [("phone_invalid", "12", "corrected")]

    correction.fate = Correction.Fate.CHANGED
    correction.save()
    settle(batch, tables, now)
    assert states(bad) == [("phone_invalid", "12", "open")]


def test_damage_that_leaves_a_text_readable_is_a_warning_and_lost_text_an_error(staged, now):
    batch = make.batch(make.source(), ACCOUNTS)
    mild, lost = make.records(batch, {}, {})
    rule = "accounts.account.name.charset"

    settle(batch, staged([mild, lost], [
        (0, rule, "name", "charset_invisible", "A\u200b", "A"),
        (1, rule, "name", "charset_mojibake", "MÃ¼ller", "Müller"),
    ]), now)  # fmt: skip

    assert dict(Finding.objects.values_list("record_id", "severity")) == {mild.pk: "warning", lost.pk: "error"}


def test_a_fault_of_a_rule_that_has_no_row_yet_gives_it_one(staged, now):
    batch = make.batch(make.source(), ACCOUNTS)
    bad = make.record(batch)

    settle(batch, staged([bad], [(0, "accounts.account.phone.new", "phone", "phone_invalid", "1", None)]), now)

    assert Finding.objects.get().rule.slug == "accounts.account.phone.new"


# --- what only whole tables show ---------------------------------------------------------------------------------
def test_pointers_are_blank_dangling_or_retired_and_only_judged_when_their_targets_have_come(now):
    source = make.source()
    deals = make.batch(source, DEALS)
    make.records(deals, {"account_ref": "Acme"}, {"account_ref": " "})

    settle_relations(DEALS, source=source, batch=deals, now=now)
    assert found() == [("account", "pointer_blank", " ", None)]

    accounts = make.batch(source, ACCOUNTS)
    live, merged = make.records(accounts, {"name": "Acme Ltd"}, {"name": "Old", "state": "merged"})
    make.records(deals, {"account_ref": "Acme Ltd", "account": live}, {"account_ref": "Old", "account": merged})
    settle_relations(DEALS, source=source, batch=deals, now=now)

    assert found() == [
        ("account", "pointer_blank", " ", None),
        ("account", "pointer_dangling", "Acme", None),
        ("account", "pointer_retired", "Old", None),
    ]


def test_an_owner_is_judged_once_the_source_has_named_a_user(now):
    source = make.source()
    deals = make.batch(source, DEALS)
    account = make.record(make.batch(source, ACCOUNTS), name="A")
    make.records(deals, {"owner_ref": "Ann Lee", "account_ref": "A", "account": account})

    settle_relations(DEALS, source=source, batch=deals, now=now)
    assert found("opp") == []

    Identity.objects.create(source=source, external_id="1", name="Anne Lee", person=make.person())
    settle_relations(DEALS, source=source, batch=deals, now=now)
    assert found("opp") == [("owner", "pointer_dangling", "Ann Lee", "Anne Lee")]


def test_a_name_that_two_records_bear_is_never_suggested(now):
    source = make.source()
    make.records(make.batch(source, ACCOUNTS), {"name": "Betasoloin"}, {"name": "Betasoloin"})
    deals = make.batch(source, DEALS)
    make.record(deals, account_ref="Betasoloins")

    settle_relations(DEALS, source=source, batch=deals, now=now)

    finding = Finding.objects.get(table=DEALS.slug)
    assert (finding.suggestion, finding.candidates) == (None, ["Betasoloin"])


def test_settling_twice_changes_nothing_and_a_target_that_comes_late_closes_the_finding(now):
    source = make.source()
    accounts, deals = make.batch(source, ACCOUNTS), make.batch(source, DEALS)
    make.record(accounts, name="Other")
    deal = make.record(deals, account_ref="Late")
    settle_relations(DEALS, source=source, batch=deals, now=now)

    assert settle_relations(DEALS, source=source, batch=deals, now=now) == {"opened": 0, "closed": 0, "gone": 0}

    deal.account = make.record(accounts, name="Late")
    deal.save()
    settle_neighbours(["accounts.account"], source=source, batch=accounts, now=now)
    assert states(deal) == [("pointer_dangling", "Late", "closed")]


def test_misspelt_values_get_what_was_meant_and_an_ambiguous_country_gets_a_question(now):
    source = make.source()
    batch = make.batch(source, ACCOUNTS)
    rows = [{"industry": word, "country": "Germany"} for word in ("retail", "medical", "software") for _ in range(6)]
    make.records(batch, *rows, {"industry": "technolgy", "country": "Korea"}, {"industry": "sofware"})

    settle_relations(ACCOUNTS, source=source, batch=batch, now=now)

    assert found() == [
        ("country", "spelling_question", "Korea", None),
        ("industry", "spelling_misspelt", "sofware", "software"),
        ("industry", "spelling_misspelt", "technolgy", "technology"),
    ]
    assert set(Finding.objects.values_list("severity", flat=True)) == {"warning"}
    assert "South Korea" in Finding.objects.get(field="country").candidates


def test_another_source_is_left_alone(now):
    one, other = make.source(), make.source()
    make.record(make.batch(other, DEALS), account_ref="")

    settle_relations(DEALS, source=one, batch=make.batch(one, DEALS), now=now)

    assert found() == []


# --- a stored table judged anew ----------------------------------------------------------------------------------
def test_rechecking_finds_what_a_batch_would_and_a_rule_switched_off_closes_its_findings(now):
    source = make.source(default_country="DE")
    batch = make.batch(source, ACCOUNTS)
    make.records(
        batch,
        {"name": "", "phone": "030 123456"},
        {"name": "Müller", "phone": "12", "employees": -1, "revenue": "1.50"},
        {"name": "MÃ¼ller", "website": "not a site"},
    )

    counts = recheck(ACCOUNTS, source=source, now=now)

    assert counts["checked"] == 3
    assert {(f, c) for f, c, _value, _suggestion in found()} == {
        ("name", "required_blank"), ("phone", "phone_invalid"), ("employees", "number_too_low"),
        ("name", "charset_mojibake"), ("website", "url_invalid"),
    }  # fmt: skip
    assert Finding.objects.get(code="charset_mojibake").suggestion == "Müller"

    RuleRow.objects.filter(slug=PHONE).update(active=False)
    recheck(ACCOUNTS, source=source, now=now + timedelta(days=1))
    assert Finding.objects.get(code="phone_invalid").state == "closed"
    assert Finding.objects.open().count() == 4


def test_rechecking_leaves_what_the_reader_said_of_an_unreadable_cell(now):
    batch = make.batch(make.source(), ACCOUNTS)
    make.finding(make.record(batch, name="A"), "revenue.reading", code="number_unreadable", value="abc")

    recheck(ACCOUNTS, source=batch.source, now=now)

    assert Finding.objects.get().state == "open"
