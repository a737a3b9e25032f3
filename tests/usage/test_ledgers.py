"""The click ledger, use cases and their UX score, what people get for what they put in, and the return."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from crm_adoption.kit.errors import Refusal
from crm_adoption.usage import evidence, queries, services
from crm_adoption.usage.evidence import Shown
from crm_adoption.usage.models import UsageSetting
from dataquality import subjects
from tests import make
from tests.usage import made
from tests.usage.made import TODAY

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


def test_a_release_is_balanced_in_seconds_a_week_by_role():
    seller, engineer = make.job_role(name="Seller"), make.job_role(name="Engineer")
    made.people(10, seller)
    release = made.release()
    made.entry(release, made.use_case(seller, per_28_days=8), clicks_removed=4, fields_added=1)
    made.entry(release, made.use_case(engineer), clicks_removed=0, clicks_added=2, times_a_week=50)

    found = queries.balance_of(release)

    assert {one.role.name: one.seconds for one in found.roles} == {
        "Seller": 10 * 8 / 4 * (4 * 1.5 - 1 * 4), "Engineer": 50 * -2 * 1.5
    }  # fmt: skip
    assert (found.given, found.taken, found.owes) == (40, 150, True)


def test_a_release_that_takes_more_than_it_gives_must_say_why_and_who_answers():
    role = make.job_role(name="Seller")
    made.people(5, role)
    release = made.release(name="Spring")
    case = made.use_case(role, actual_clicks=9, inputs=4)
    made.entry(release, case, clicks_removed=0, clicks_added=3, fields_added=1)

    with pytest.raises(Refusal, match=r"takes .* hours a week from Seller"):
        services.settle_release(release, now=NOW)
    release.why, release.answered_by = "The law asks for it.", make.person()
    services.save_release(release)
    services.settle_release(release, now=NOW)

    case.refresh_from_db()
    assert (case.actual_clicks, case.inputs) == (12, 5)
    with pytest.raises(Refusal, match="was closed on"):
        made.entry(release)


def test_a_release_good_for_all_but_bad_for_one_role_owes_that_role_an_answer():
    many, few = make.job_role(), make.job_role(name="Few")
    release = made.release()
    made.entry(release, made.use_case(many), clicks_removed=50, times_a_week=100)
    made.entry(release, made.use_case(few), clicks_removed=0, clicks_added=1, times_a_week=1)

    assert queries.balance_of(release).seconds > 0
    with pytest.raises(Refusal, match="from Few"):
        services.settle_release(release, now=NOW)


def test_the_book_gives_back_to_each_role_what_settled_releases_saved():
    role = make.job_role(name="Seller")
    for settled in (True, False):
        release = made.release()
        made.entry(release, made.use_case(role), clicks_removed=12, times_a_week=200)
        if settled:
            services.settle_release(release, now=NOW)

    found = queries.book()

    assert [(one.role.name, one.hours) for one in found.roles] == [("Seller", 1.0)]
    assert found.hours == 1.0
    assert [one.state for one in found.releases] == ["ready", "settled"]


def test_the_ux_score_binds_personalization_to_context_and_needs_five_voices():
    role = make.job_role()
    people = made.people(5, role)
    case = made.use_case(
        role, ideal_clicks=4, actual_clicks=8, inputs=4, prefilled=1, dimensions=["role", "device"],
        elements=[("Customer", 5, True), ("Price", 5, False)], priority=5,
    )  # fmt: skip
    for person in people[:4]:
        services.say_opinion(case, person, on=TODAY, feels=4, predictable=5, convenient=3, timely=4)
    state = queries.roles_with_cases(TODAY)[0].cases[0]
    assert (state.relevance, case.context, state.voices.feels, state.ux) == (0.5, (0.5 + 0.25) / 2, None, None)
    assert state.missing == ["outcomes"]

    services.say_opinion(case, people[4], on=TODAY, feels=4, predictable=5, convenient=3, timely=4)

    found = queries.roles_with_cases(TODAY)[0]
    assert found.cases[0].voices.outcomes == 0.75
    assert found.ux == pytest.approx(100 * (0.5 + (2 / 7 * 0.375) ** 0.5 + 0.75) / 3)


def test_fields_that_nobody_fills_lower_the_relevance():
    batch = make.batch(make.source(), subjects.get("accounts.account"))
    make.records(batch, {"name": "A", "city": "Ulm"}, {"name": "B"})
    capability = made.capability(
        tables=["accounts.account"], fields=["accounts.account.city", "accounts.account.segment"]
    )
    made.use_case(capability=capability, elements=[("City", 3, True)])

    state = queries.roles_with_cases(TODAY)[0].cases[0]

    assert (state.unused, state.relevance) == (0.5, 0.5)


def test_an_opinion_is_on_ones_own_use_case_and_the_newest_word_counts():
    role = make.job_role()
    people = made.people(5, role)
    case = made.use_case(role)
    for person in people:
        services.say_opinion(case, person, on=TODAY - timedelta(days=9), feels=1)
        services.say_opinion(case, person, on=TODAY, feels=3)

    assert queries.roles_with_cases(TODAY)[0].cases[0].voices.feels == 3
    assert queries.feels_by_month(case, TODAY) == [(date(2026, 3, 1), 5, 2.0)]
    with pytest.raises(Refusal, match="not of yours"):
        services.say_opinion(case, make.person(), on=TODAY, feels=5)


def test_reciprocity_is_minutes_that_serve_the_typist_beside_minutes_that_serve_only_others():
    seller, boss = make.job_role(name="Seller"), make.job_role(name="Boss")
    made.people(3, seller)
    made.use_case(seller, minutes=2, per_28_days=10, serves=[seller, boss])
    made.use_case(seller, minutes=5, per_28_days=8, serves=[boss])
    made.use_case(seller, minutes=99)  # nobody has said whom it serves

    assert queries.roles_with_cases(TODAY)[0].reciprocity == 20 / 40
    assert queries.reciprocity(TODAY) == (0.5, 3)
    assert made.use_case().minutes is None


@pytest.fixture
def readings():
    """Checks that read 0.2 before March and 0.5 since; `worse` is better when less."""
    before = dict(evidence._known)

    def find(check, day):
        better = -1 if check == "worse" else 1
        return Shown(0.2 if day < date(2026, 3, 1) else 0.5, 9, day, better, "50 %")

    evidence.register(find, lambda: [("a", "A")])
    yield
    evidence._known.clear()
    evidence._known.update(before)


def test_only_gains_that_two_readings_show_count(readings):
    days = {"baseline_on": date(2026, 1, 1), "after_on": date(2026, 3, 2)}
    made.line(kind="cost", line="project", amount=1000)
    made.line(line="support", amount=3000, check_slug="a", **days)
    made.line(line="training", amount=500)
    made.line(line="guides", amount=700, check_slug="worse", **days)

    found = queries.returns(TODAY)

    assert [found.costs, found.gains, found.claimed] == [1000, 3000, 1200]
    assert (found.roi, found.payback_months) == (2.0, 4.0)
    assert {one.line: one.state for one in found.lines} == {
        "project": "evidenced", "support": "evidenced", "training": "claimed", "guides": "not shown"
    }  # fmt: skip
    assert found.missing == ["benefit of upgrades", "documentation"]


def test_a_reading_that_is_still_to_come_shows_nothing(readings):
    made.line(check_slug="a", baseline_on=date(2026, 3, 10), after_on=date(2026, 9, 1), amount=10)

    assert queries.returns(TODAY).gains == 0


def test_hours_of_the_click_ledger_are_worth_the_rate_of_the_constants_and_roi_needs_costs():
    release = made.release()
    made.entry(release, made.use_case(), clicks_removed=12, times_a_week=200)
    services.settle_release(release, now=NOW)
    assert queries.returns(TODAY).lines == []
    UsageSetting.objects.update_or_create(pk=1, defaults={"hourly_rate": Decimal(50)})

    found = queries.returns(TODAY)

    assert (found.gains, found.roi, found.payback_months) == (Decimal("2600.00"), None, None)


def test_a_check_needs_its_two_days_in_their_order():
    with pytest.raises(Refusal, match="Say of which days"):
        made.line(check_slug="a", baseline_on=TODAY)
    with pytest.raises(Refusal, match="must lie behind"):
        made.line(baseline_on=TODAY, after_on=TODAY)
