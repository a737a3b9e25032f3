"""The report gate: what locks a report, what opens it, and who may see it meanwhile."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_adoption.kit.access import ANALYST, STEWARD
from crm_adoption.kit.errors import Refusal
from dataquality import reports, subjects
from dataquality.models import Identity, Override
from dataquality.queries import scoreboard
from dataquality.services import (
    accept_suggestion,
    gate,
    override_gate,
    settle_relations,
    take_scores,
    withdraw_override,
)
from tests import make
from tests.dataquality import maven

pytestmark = pytest.mark.django_db
DEALS = "accounts.opportunity"


def settle(batches):
    now = timezone.now()
    for slug, batch in batches.items():
        settle_relations(subjects.get(slug), source=batch.source, batch=batch, now=now)
        take_scores(subjects.get(slug), source=batch.source, batch=batch, now=now)


def said(state):
    return [reason.sentence for reason in state.reasons]


def test_a_real_export_locks_the_pipeline_by_exactly_two_pointers(shared_data):
    source = make.source()
    settle(maven.load(shared_data, source))

    state = gate(reports.get("pipeline"), source=source, now=timezone.now())

    assert state.state == "locked"
    assert said(state) == [
        "Opportunities: account pointer 16.2 % wrong (1,425 of 8,800); the limit is below 1 %. Fix 1,338 more.",
        "Opportunities: product pointer 16.8 % wrong (1,480 of 8,800); the limit is below 1 %. Fix 1,393 more.",
    ]


def test_accepting_one_suggestion_leaves_one_pointer_to_mend(shared_data):
    source = make.source()
    settle(maven.load(shared_data, source))
    now = timezone.now()

    mended = accept_suggestion(
        subjects.get(DEALS), field="product", value="GTXPro", new="GTX Pro", source=source, by=make.person(), now=now
    )

    state = gate(reports.get("pipeline"), source=source, now=now)
    assert mended == 1480
    assert [(r.field, r.wrong, r.to_fix) for r in state.reasons] == [("account", 1425, 1338)]
    deals = next(score for score in scoreboard(source) if score.slug == DEALS)
    (product,) = (cells for cells in deals.fields if cells.field == "product")
    assert (product.wrong, product.rows, product.passes) == (0, 8800, True)


# --- the formula -------------------------------------------------------------------------------------------------
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    n=st.integers(0, 130), blank=st.integers(0, 3), dangling=st.integers(0, 3), stages=st.integers(0, 3),
    amounts=st.integers(0, 9), overlap=st.booleans(),
)  # fmt: skip
def test_a_report_is_locked_exactly_when_the_formula_says_so(n, blank, dangling, stages, amounts, overlap):
    """Records with a blank account, a dangling product, a blank stage or a wrong amount, apart or in the same rows."""
    blank, dangling, stages, amounts = (min(n, each) for each in (blank, dangling, stages, amounts))
    source, now = make.source(), timezone.now()
    account = make.record(make.batch(source, subjects.get("accounts.account")), name="A")
    ware = make.record(make.batch(source, subjects.get("accounts.product")), name="P")
    seller = make.person()
    Identity.objects.create(source=source, external_id="1", name="S", person=seller)
    batch = make.batch(source, subjects.get(DEALS))
    step = 0 if overlap else 1
    bad_products = {(blank * step + k) % n for k in range(dangling)} if n else set()
    bad_stages = {((blank + dangling) * step + k) % n for k in range(stages)} if n else set()
    bad_amounts = {((blank + dangling + stages) * step + k) % n for k in range(amounts)} if n else set()
    deals = make.records(batch, *(
        {"account_ref": "" if k < blank else "A", "account": None if k < blank else account,
         "product_ref": "X-1" if k in bad_products else "P", "product": None if k in bad_products else ware,
         "stage": "" if k in bad_stages else "Won", "owner_ref": "S", "owner": seller}
        for k in range(n)
    ))  # fmt: skip
    for k in bad_stages:
        make.finding(deals[k], "stage.required", code="required_blank")
    for k in bad_amounts:
        make.finding(deals[k], "amount.range", code="number_too_low")
    settle({DEALS: batch})

    state = gate(reports.get("pipeline"), source=source, now=now)

    bad = {"account": set(range(blank)), "product": bad_products, "stage": bad_stages, "owner": set()}
    failing = {name for name, rows in bad.items() if not n or not Fraction(len(rows), n) < Fraction(1, 100)}
    beside = set().union(bad_amounts, *(rows for name, rows in bad.items() if name not in failing))
    expected: set[str | None] = set(failing)
    if not n:
        expected = {None}
    elif not Fraction(len(beside), n) < Fraction(5, 100):
        expected.add(None)
    assert {reason.field for reason in state.reasons} == expected
    wrong = set().union(bad_amounts, *bad.values())
    table_fails = not n or not Fraction(len(wrong), n) < Fraction(5, 100)
    assert state.is_locked is bool(failing or table_fails)


# --- reasons -----------------------------------------------------------------------------------------------------
def test_a_pointer_whose_targets_have_not_come_locks_and_says_what_to_import():
    source = make.source()
    batch = make.batch(source, subjects.get(DEALS))
    make.record(batch, account_ref="A", product_ref="P", owner_ref="S", stage="Won")
    settle({DEALS: batch})

    state = gate(reports.get("pipeline"), source=source, now=timezone.now())

    assert said(state) == [
        "Opportunities: account pointer cannot be checked yet; import Accounts.",
        "Opportunities: product pointer cannot be checked yet; import Products.",
        "Opportunities: owner pointer cannot be checked yet; import CRM users.",
    ]


def test_without_any_data_every_report_is_locked():
    states = [gate(report, now=timezone.now()) for report in reports.every()]

    assert [state.state for state in states] == ["locked"] * len(states)
    assert said(states[-1]) == ["No data yet: Opportunities; import Opportunities."]


def test_a_table_that_fails_apart_from_its_named_fields_is_a_reason_of_its_own():
    source = make.source()
    batch = make.batch(source, subjects.get(DEALS))
    deals = make.records(batch, *({"stage": "Won"} for _ in range(20)))
    for deal in deals[:2]:
        make.finding(deal, "amount.range")
    make.finding(deals[2], "stage.required")
    take_scores(subjects.get(DEALS), source=source, batch=batch, now=timezone.now())

    state = gate(reports.get("won-by-month"), source=source, now=timezone.now())

    assert said(state) == [
        "Opportunities: stage 5 % wrong (1 of 20); the limit is below 1 %. Fix 1 more.",
        "Opportunities: apart from that 10 % wrong (2 of 20); the limit is 5 %. Fix 2 more.",
    ]


# --- overrides ---------------------------------------------------------------------------------------------------
@pytest.fixture
def pipeline():
    return reports.get("pipeline")


def test_an_override_opens_the_report_under_a_stamp_until_its_time(pipeline):
    now, lead = timezone.now(), make.person(name="Ada Lovelace")

    override_gate(pipeline, by=lead, reason="Board meeting", until=now + timedelta(days=2), now=now)

    state = gate(pipeline, now=now)
    assert (state.state, state.shows_figures) == ("overridden", True)
    assert "by Ada Lovelace: Board meeting. No data yet" in state.stamp
    assert gate(pipeline, now=now + timedelta(days=2)).state == "locked"


@pytest.mark.parametrize(("reason", "days", "why"), [(" ", 1, "Say why"), ("x", -1, "past"), ("x", 91, "90 days")])
def test_an_override_needs_a_reason_and_a_time_that_is_not_far(pipeline, reason, days, why):
    now = timezone.now()

    with pytest.raises(Refusal, match=why):
        override_gate(pipeline, by=make.person(), reason=reason, until=now + timedelta(days=days), now=now)

    assert Override.objects.count() == 0


def test_a_withdrawn_override_locks_at_once_and_cannot_be_withdrawn_again(pipeline):
    now = timezone.now()
    override = override_gate(pipeline, by=make.person(), reason="x", until=now + timedelta(days=2), now=now)

    withdraw_override(override, now=now)

    assert gate(pipeline, now=now).state == "locked"
    with pytest.raises(Refusal, match="already ended"):
        withdraw_override(override, now=now)


def test_a_new_override_takes_the_place_of_the_one_before(pipeline):
    now, person = timezone.now(), make.person()
    override_gate(pipeline, by=person, reason="first", until=now + timedelta(days=2), now=now)
    second = override_gate(pipeline, by=person, reason="second", until=now + timedelta(days=1), now=now)

    assert gate(pipeline, now=now).override == second
    assert gate(pipeline, now=now + timedelta(days=1, hours=1)).state == "locked"


def test_only_an_analyst_sees_a_locked_report_and_sees_it_stamped(pipeline):
    now = timezone.now()

    assert gate(pipeline, now=now, reader=make.person(groups=[STEWARD])).state == "locked"
    state = gate(pipeline, now=now, reader=make.person(groups=[ANALYST]))
    assert state.state == "analyst"
    assert state.stamp.startswith("For analysts only")


def test_a_gate_costs_a_handful_of_queries_and_none_more_for_its_fields(pipeline, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        gate(pipeline, now=timezone.now())
