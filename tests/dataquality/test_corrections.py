"""Corrections: one click for many records, one cell by hand, both taken back, and what the next export says."""

from __future__ import annotations

from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import connection, connections

from accounts.models import Account, Opportunity
from crm_adoption.kit.errors import Refusal
from dataquality import subjects
from dataquality.models import Correction, Finding, Score
from dataquality.services import (
    accept_suggestion,
    correct,
    settle_corrections,
    settle_relations,
    take_scores,
    withdraw_corrections,
)
from tests import make

ACCOUNTS, DEALS, WARES = map(subjects.get, ("accounts.account", "accounts.opportunity", "accounts.product"))


@pytest.fixture
def deals(db, now):
    """Three deals of a product spelt wrongly, one spelt right, all settled and scored."""
    source = make.source()
    ware = make.record(make.batch(source, WARES), name="GTX Pro")
    account = make.record(make.batch(source, ACCOUNTS), name="Acme")
    batch = make.batch(source, DEALS)
    known = {"account_ref": "Acme", "account": account, "stage": "Engaging"}
    wrong = make.records(batch, *({"product_ref": "GTXPro", **known} for _ in range(3)))
    make.record(batch, product_ref="GTX Pro", product=ware, **known)
    settle_relations(DEALS, source=source, batch=batch, now=now)
    take_scores(DEALS, source=source, batch=batch, now=now)
    return batch, wrong, ware


def accept(batch, now, *, value="GTXPro", new="GTX Pro", field="product"):
    return accept_suggestion(
        subjects.get(batch.table), field=field, value=value, new=new, source=batch.source, by=None, now=now
    )


def wrong_products(batch):
    return Score.objects.filter(field="product", source=batch.source)[0].wrong


def next_export(batch, now, column, *texts, kind="text"):
    """What the corrections come to when the CRM says these texts for its records, in the order of their ids."""
    later = make.batch(batch.source, subjects.get(batch.table))
    records = subjects.get(batch.table).model.objects.filter(source=batch.source).order_by("pk")
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS t_ids, t_stage")
        cursor.execute("CREATE TEMPORARY TABLE t_ids (row_number bigint, record_id bigint)")
        cursor.execute(f"CREATE TEMPORARY TABLE t_stage (row_number bigint, {column} {kind})")
        for number, (record, text) in enumerate(zip(records, texts, strict=False)):
            cursor.execute("INSERT INTO t_ids VALUES (%s, %s)", [number, record.pk])
            cursor.execute("INSERT INTO t_stage VALUES (%s, %s)", [number, text])
    return settle_corrections(
        subjects.get(batch.table), source=batch.source, batch=later, ids_table="t_ids", staging_table="t_stage",
        mapped_columns=[column], now=now,
    )  # fmt: skip


def test_one_click_mends_every_record_that_shares_the_value(deals, now):
    batch, wrong, ware = deals

    assert accept(batch, now) == 3

    for deal in wrong:
        deal.refresh_from_db()
        assert (deal.product_ref, deal.product, deal.corrected) == ("GTX Pro", ware, {"product_ref": "GTXPro"})
    corrections = Correction.objects.all()
    assert {(c.old, c.new, c.fate, c.origin) for c in corrections} == {("GTXPro", "GTX Pro", "pending", "rule")}
    assert {c.external_id for c in corrections} == {deal.external_id for deal in wrong}
    assert set(Finding.objects.values_list("state", flat=True)) == {"corrected"}
    assert wrong_products(batch) == 0


def test_accepting_the_same_again_is_refused_because_nothing_is_left(deals, now):
    batch, _wrong, _ware = deals
    accept(batch, now)

    with pytest.raises(Refusal, match=r"No live record of .* has an open finding of “GTXPro” in Product any more"):
        accept(batch, now)

    assert Correction.objects.count() == 3


@pytest.mark.parametrize(
    ("field", "new", "why"),
    [
        ("product", "GTX Nowhere", "Exactly one record must be called “GTX Nowhere” in Products"),
        ("product", "  ", "Say what “GTXPro” in Product should become"),
        ("amount", "1", "Amount is not text"),
        ("colour", "x", "Opportunities have no field “colour”"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(deals, now, field, new, why):
    batch, wrong, _ware = deals

    with pytest.raises(Refusal, match=why):
        accept(batch, now, field=field, new=new)

    assert Correction.objects.count() == 0
    wrong[0].refresh_from_db()
    assert wrong[0].product_ref == "GTXPro"


def test_a_value_that_a_rule_calls_an_error_is_no_correction(db, now):
    batch = make.batch(make.source(default_country="DE"), ACCOUNTS)
    account = make.record(batch, name="Acme", phone="12")

    with pytest.raises(Refusal, match="Phone “13”"):
        correct(account, "phone", "13", by=make.person(), now=now)
    with pytest.raises(Refusal, match="“many” cannot stand in Employees"):
        correct(account, "employees", "many", by=make.person(), now=now)
    with pytest.raises(Refusal, match="Name"):
        correct(account, "name", "", by=make.person(), now=now)

    assert Correction.objects.count() == 0


def test_signs_of_the_database_in_a_value_are_only_signs(db, now):
    batch = make.batch(make.source(), ACCOUNTS)
    value = "100%s o'Neill; \\ 50%"
    record = make.record(batch, name="Acme", industry=value)
    make.finding(record, "industry.spelling", value=value)

    accept(batch, now, field="industry", value=value, new="5 % 'retail'")

    record.refresh_from_db()
    assert (record.industry, record.corrected) == ("5 % 'retail'", {"industry": value})


def test_what_follows_from_a_corrected_stage_follows_again(db, now):
    batch = make.batch(make.source(), DEALS)
    deal = make.record(batch, stage="Wonn", outcome="open")
    make.finding(deal, "stage.spelling", value="Wonn")

    accept(batch, now, field="stage", value="Wonn", new="Won")
    deal.refresh_from_db()
    assert deal.outcome == "won"

    withdraw_corrections(Correction.objects.all(), by=make.person(), now=now)
    deal.refresh_from_db()
    assert (deal.stage, deal.outcome) == ("Wonn", "open")


def test_a_corrected_name_lets_waiting_pointers_find_their_target(deals, now):
    batch, wrong, ware = deals

    correct(ware, "name", "GTXPro", by=make.person(), now=now)

    wrong[0].refresh_from_db()
    assert wrong[0].product == ware
    assert wrong_products(batch) == 0


def test_one_cell_by_hand_is_kept_in_the_type_of_its_column(deals, now):
    batch, wrong, _ware = deals
    steward = make.person()

    made = correct(wrong[0], "close_on", "2017-03-01", by=steward, now=now)

    wrong[0].refresh_from_db()
    assert (wrong[0].close_on, wrong[0].corrected) == (date(2017, 3, 1), {"close_on": ""})
    assert (made.old, made.new, made.origin, made.made_by) == ("", "2017-03-01", "steward", steward)
    assert next_export(batch, now, "close_on", "2017-03-01", kind="date")["landed"] == 1


def test_a_second_correction_of_a_cell_takes_the_place_of_the_first_and_remembers_what_the_crm_says(deals, now):
    batch, wrong, _ware = deals
    make.record(make.batch(batch.source, WARES), name="GTX Plus")
    accept(batch, now)

    correct(wrong[0], "product", "GTX Plus", by=make.person(), now=now)

    wrong[0].refresh_from_db()
    assert (wrong[0].product.name, wrong[0].corrected) == ("GTX Plus", {"product_ref": "GTXPro"})
    mine = Correction.objects.get(record_id=wrong[0].pk)
    assert (mine.old, mine.new) == ("GTXPro", "GTX Plus")


def test_corrections_taken_back_leave_everything_as_the_crm_says_it(deals, now):
    batch, wrong, _ware = deals
    accept(batch, now)

    assert withdraw_corrections(Correction.objects.all(), by=make.person(), now=now) == 3

    for deal in wrong:
        deal.refresh_from_db()
        assert (deal.product_ref, deal.product, deal.corrected) == ("GTXPro", None, {})
    assert set(Finding.objects.values_list("state", flat=True)) == {"open"}
    assert set(Correction.objects.values_list("fate", flat=True)) == {"withdrawn"}
    assert wrong_products(batch) == 3
    with pytest.raises(Refusal, match="Only a correction that is pending"):
        withdraw_corrections(Correction.objects.all(), by=make.person(), now=now)


def test_the_next_export_says_whether_a_correction_landed_waits_or_was_overtaken(deals, now):
    batch, wrong, _ware = deals
    accept(batch, now)

    counts = next_export(batch, now, "product_ref", "GTX Pro", "GTXPro", "MG Special")

    assert counts == {"landed": 1, "changed": 1, "pending": 1}
    fates = [Correction.objects.get(record_id=deal.pk).fate for deal in wrong]
    assert fates == ["landed", "pending", "changed"]
    mine = Opportunity.objects.filter(pk__in=[deal.pk for deal in wrong]).order_by("pk")
    assert list(mine.values_list("corrected", flat=True)) == [{}, {"product_ref": "GTXPro"}, {}]


def test_a_landed_correction_closes_its_finding_and_a_pending_one_does_not(deals, now):
    batch, wrong, _ware = deals
    accept(batch, now)
    next_export(batch, now, "product_ref", "GTX Pro", "GTXPro", "GTXPro")

    settle_relations(DEALS, source=batch.source, batch=batch, now=now)

    states = [Finding.objects.get(record_id=deal.pk).state for deal in wrong]
    assert states == ["closed", "corrected", "corrected"]


def test_gone_records_and_other_sources_are_not_touched(deals, now):
    batch, wrong, _ware = deals
    Opportunity.objects.filter(pk=wrong[0].pk).update(state="gone")
    other = make.record(make.batch(make.source(), DEALS), product_ref="GTXPro")
    make.finding(other, "product.pointer", value="GTXPro")

    assert accept(batch, now) == 2

    other.refresh_from_db()
    assert other.product_ref == "GTXPro"


def test_a_gone_record_is_not_corrected_by_hand(db, now):
    account = make.record(make.batch(make.source(), ACCOUNTS), name="a", state="gone")

    with pytest.raises(Refusal, match="only live records"):
        correct(account, "name", "b", by=make.person(), now=now)


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_correct_every_record_once(now):
    batch = make.batch(make.source(), ACCOUNTS)
    for record in make.records(batch, *({"name": "Acme", "industry": "technolgy"} for _ in range(20))):
        make.finding(record, "industry.spelling", value="technolgy", suggestion="technology")
    barrier, ends = Barrier(2), []

    def click() -> None:
        try:
            barrier.wait(timeout=30)
            ends.append(accept(batch, now, field="industry", value="technolgy", new="technology"))
        except Refusal as refused:
            ends.append(refused.sentence[:14])
        finally:
            connections.close_all()

    threads = [Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(map(str, ends)) == ["20", "No live record"]
    assert Correction.objects.count() == 20
    assert set(Account.objects.values_list("industry", flat=True)) == {"technology"}
