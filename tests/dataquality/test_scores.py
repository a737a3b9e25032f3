"""Scores against a count by hand, and the scoreboard made of them."""

from __future__ import annotations

import random
from datetime import timedelta
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm_adoption.kit.errors import Refusal
from dataquality import subjects
from dataquality.models import FieldSetting, Finding, Score, TableSetting
from dataquality.queries import data_health, fault_kinds, noise, problems, scoreboard
from dataquality.services import expire_waivers, settle_relations, take_scores, waive
from tests import make

pytestmark = pytest.mark.django_db
ACCOUNTS, DEALS, LEADS = map(subjects.get, ("accounts.account", "accounts.opportunity", "contacts.lead"))


def score(subject, field="", source=None):
    return Score.objects.filter(table=subject.slug, field=field, source=source).first()


def last(subject, field="", source=None):
    found = score(subject, field, source)
    assert found is not None
    return found


def on_the_board(subject, source=None):
    """A table as the scoreboard shows it, and its fields by name."""
    table = next(each for each in scoreboard(source) if each.subject is subject)
    return table, {cells.field: cells for cells in table.fields}


def by_hand(wrong, n, limit):
    """Mend one record after the other until the rate is below the limit."""
    mended = 0
    while n and not Fraction(wrong - mended, n) < limit:
        mended += 1
    return mended


@pytest.mark.parametrize("seed", range(4))
def test_scores_are_what_a_count_by_hand_gives(now, seed):
    draw = random.Random(seed)
    sources = [make.source(), make.source()]
    kept = []
    for source in sources:
        accounts, deals = make.batch(source, ACCOUNTS), make.batch(source, DEALS)
        target = make.record(accounts, name="A")
        for _ in range(draw.randrange(1, 60)):
            ref = draw.choice(["A", "A", "A", "nowhere", ""])
            deal = make.record(
                deals, account_ref=ref, account=target if ref == "A" else None, stage=draw.choice(["Won", ""]),
                state=draw.choice(["live", "live", "live", "gone"]),
            )  # fmt: skip
            states = []
            if draw.random() < 0.3:
                states = [draw.choice(["open", "waived", "corrected", "closed"]), draw.choice(["error", "warning"])]
                make.finding(
                    deal, "stage.required", state=states[0], severity=states[1], waiver_reason="x",
                    waived_until=now.date(),
                )  # fmt: skip
            kept.append((source, deal, ref, states))
        settle_relations(DEALS, source=source, batch=deals, now=now)
        take_scores(DEALS, source=source, batch=deals, now=now)

    for asked in (*sources, None):
        live = [k for k in kept if k[1].state == "live" and asked in (None, k[0])]
        bad_pointer = [k for k in live if k[2] != "A"]
        bad_stage = [k for k in live if k[3] == ["open", "error"]]
        wrong = {k[1].pk for k in bad_pointer + bad_stage}
        table, pointer = last(DEALS, source=asked), last(DEALS, "account", asked)
        assert (table.rows, table.wrong) == (len(live), len(wrong))
        assert table.to_fix == by_hand(len(wrong), len(live), Fraction(1, 20))
        assert (pointer.rows, pointer.wrong) == (len(live), len(bad_pointer))
        assert pointer.to_fix == by_hand(len(bad_pointer), len(live), Fraction(1, 100))
        assert pointer.passes is (len(bad_pointer) / len(live) < 0.01 if live else None)


def test_without_rows_nothing_passes_and_nothing_is_a_hundred_per_cent(now):
    take_scores(ACCOUNTS, source=make.source(), batch=None, now=now)

    assert (last(ACCOUNTS).rows, last(ACCOUNTS).rate, last(ACCOUNTS).passes) == (0, None, None)
    table = next(s for s in scoreboard() if s.subject is ACCOUNTS)
    assert (table.passes, table.headroom) == (None, None)


def test_a_critical_field_that_was_never_exported_is_undefined_and_holds_its_table_up(now):
    batch = make.batch(make.source(), ACCOUNTS)
    make.records(batch, {"name": ""}, {"name": ""})

    take_scores(ACCOUNTS, source=batch.source, batch=batch, now=now)

    assert (last(ACCOUNTS, "name").rate, last(ACCOUNTS, "name").passes) == (None, None)
    table, fields = on_the_board(ACCOUNTS)
    assert (table.rate_passes, table.passes, fields["name"].checkable) == (True, False, False)


def test_a_pointer_whose_targets_have_not_come_is_undefined(now):
    batch = make.batch(make.source(), DEALS)
    make.record(batch, account_ref="A", stage="Won")

    take_scores(DEALS, source=batch.source, batch=batch, now=now)

    cells = on_the_board(DEALS)[1]["account"]
    assert (cells.rows, cells.rate, cells.checkable) == (1, None, False)
    assert cells.sentence == "Opportunities: account pointer cannot be checked yet."


def test_leads_may_reach_their_limit_and_accounts_may_not(now):
    source = make.source()
    for subject, words in ((LEADS, "status.required"), (ACCOUNTS, "name.required")):
        batch = make.batch(source, subject)
        some = make.records(batch, *({"status": "new"} if subject is LEADS else {"name": "x"} for _ in range(20)))
        for record in some[: 4 if subject is LEADS else 1]:
            make.finding(record, words)
        take_scores(subject, source=source, batch=batch, now=now)

    assert (last(LEADS).passes, last(LEADS).to_fix) == (True, 0)
    assert (last(ACCOUNTS).passes, last(ACCOUNTS).to_fix) == (False, 1)


def test_limits_that_a_steward_set_are_the_ones_in_force(now):
    TableSetting.objects.create(table=ACCOUNTS.slug, limit="0.6")
    FieldSetting.objects.create(table=ACCOUNTS.slug, field="name", limit="0.7")
    FieldSetting.objects.create(table=ACCOUNTS.slug, field="city", critical=True)
    batch = make.batch(make.source(), ACCOUNTS)
    bad, _good = make.records(batch, {"name": "a", "city": "b"}, {"name": "c", "city": "d"})
    make.finding(bad, "name.charset")

    take_scores(ACCOUNTS, source=batch.source, batch=batch, now=now)

    table, fields = on_the_board(ACCOUNTS)
    assert (table.passes, fields["name"].limit, fields["city"].critical) == (True, 0.7, True)


def test_a_waiver_counts_until_its_day_and_then_the_finding_is_open_again(now):
    batch = make.batch(make.source(), ACCOUNTS)
    make.finding(make.record(batch, name="a"), "phone.format")
    steward = make.person()

    waive(Finding.objects.all(), by=steward, reason="test numbers", until=now.date(), now=now)
    assert last(ACCOUNTS).wrong == 0
    assert expire_waivers(now) == 0

    assert expire_waivers(now + timedelta(days=1)) == 1
    assert last(ACCOUNTS).wrong == 1


@pytest.mark.parametrize(("reason", "days", "why"), [("", 1, "Say why"), ("x", -1, "ended"), ("x", 400, "at most")])
def test_a_waiver_needs_a_reason_and_a_day_not_too_far(now, reason, days, why):
    batch = make.batch(make.source(), ACCOUNTS)
    make.finding(make.record(batch), "phone.format")

    with pytest.raises(Refusal, match=why):
        waive(Finding.objects.all(), by=make.person(), reason=reason, until=now.date() + timedelta(days=days), now=now)

    assert Finding.objects.get().state == "open"


def test_the_scoreboard_shows_the_last_scores_with_their_trend_in_a_handful_of_queries(now):
    batch = make.batch(make.source(), ACCOUNTS)
    bad, _good = make.records(batch, {"name": "a"}, {"name": "b"})
    finding = make.finding(bad, "name.required")
    for day in range(3):
        take_scores(ACCOUNTS, source=batch.source, batch=batch, now=now + timedelta(days=day))
    finding.state = "closed"
    finding.save()
    take_scores(ACCOUNTS, source=batch.source, batch=batch, now=now + timedelta(days=3))

    with CaptureQueriesContext(connection) as asked:
        board = scoreboard(batch.source)

    table, fields = on_the_board(ACCOUNTS, batch.source)
    assert [rate for _at, rate in table.trend] == [0.5, 0.5, 0.5, 0.0]
    assert (table.rows, table.wrong, fields["name"].wrong) == (2, 0, 0)
    assert table.taken_at == now + timedelta(days=3)
    assert data_health(board) == 100.0
    assert len(asked) <= 6


def test_taking_the_scores_again_at_the_same_moment_replaces_them(now):
    batch = make.batch(make.source(), ACCOUNTS)
    make.record(batch, name="a")
    take_scores(ACCOUNTS, source=batch.source, batch=batch, now=now)
    before = Score.objects.count()

    take_scores(ACCOUNTS, source=batch.source, batch=batch, now=now)

    assert Score.objects.count() == before


def test_problems_of_the_same_weight_stand_errors_and_the_largest_first_in_two_queries(
    now, django_assert_max_num_queries
):
    batch = make.batch(make.source(), ACCOUNTS)
    for n in range(5):
        make.finding(make.record(batch), "industry.spelling", code="spelling_misspelt", value="technolgy",
                     suggestion="technology", severity="warning")  # fmt: skip
        if n < 2:
            make.finding(make.record(batch), "phone.format", code="phone_invalid", value="12")

    with django_assert_max_num_queries(2):
        first, second = problems(ACCOUNTS, batch.source)

    assert (first.field, first.rows, second.field, second.rows) == ("phone", 2, "industry", 5)
    assert second.sentence.startswith("Industry “technolgy” looks misspelt: “technology” was meant.")


def test_problems_that_weigh_more_come_before_larger_ones(now):
    batch = make.batch(make.source(), ACCOUNTS)
    for n in range(3):
        make.finding(make.record(batch), "phone.format", code="phone_invalid", value="12", priority=2)
        if not n:
            make.finding(make.record(batch), "industry.spelling", code="spelling_misspelt", value="technolgy",
                         suggestion="technology", severity="warning", priority=9.5)  # fmt: skip

    first, second = problems(ACCOUNTS, batch.source)
    kinds = fault_kinds(ACCOUNTS, [first, second], batch.source)

    assert (first.field, first.rows, first.priority, second.field, second.rows) == ("industry", 1, 9.5, "phone", 3)
    assert [kind.field for kind in kinds] == ["industry", "phone"]


def test_the_noise_pivot_counts_values_and_names_what_they_look_like():
    batch = make.batch(make.source(), ACCOUNTS)
    make.records(batch, *({"segment": "Enterprise"} for _ in range(9)), {"segment": "Enterprize"})

    first, second = noise(ACCOUNTS, "segment", batch.source)

    assert (first.value, first.n, first.share) == ("Enterprise", 9, 0.9)
    assert (second.value, second.near, second.distance) == ("Enterprize", "Enterprise", 1)
