"""How much is used, what is used no longer, and adoption: the formulas of model.md 3.4 and 3.5 by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_adoption.usage import queries
from crm_adoption.usage.models import UsageSetting
from crm_adoption.usage.queries.decay import _decay
from dataquality import subjects
from tests import make
from tests.usage import made
from tests.usage.made import TODAY

DEALS = "accounts.opportunity"


@pytest.mark.django_db
def test_use_is_weighed_by_value_over_those_who_need_it_and_split_in_three():
    sellers, engineers = make.job_role(name="Seller"), make.job_role(name="Engineer")
    ours, theirs = made.people(5, sellers), made.people(10, engineers)
    deals = made.capability(value=5, kind="input", job_roles=[sellers])
    alerts = made.capability(value=1, kind="automation")
    made.capability(value=2, kind="information", job_roles=[engineers])
    for person in ours[:4]:
        made.used(person, deals, TODAY - timedelta(days=3))
    for person in (*ours[:2], theirs[0]):
        made.used(person, alerts)
    made.used(theirs[1], deals)  # does not need it
    made.used(ours[4], deals, TODAY - timedelta(days=90))  # the window is over

    found = queries.utilisation(TODAY)

    assert found.u == pytest.approx((5 * 4 / 5 + 1 * 3 / 15 + 2 * 0) / 8)
    assert {part.key: part.u for part in found.kinds} == {"input": 0.8, "automation": 0.2, "information": 0}
    roles = {part.label: part.u for part in found.roles}
    assert roles == {
        "Seller": pytest.approx((5 * 0.8 + 1 * 0.4) / 6), "Engineer": pytest.approx((1 * 0.1 + 2 * 0) / 3)
    }  # fmt: skip


@pytest.mark.django_db
def test_nothing_is_said_of_a_role_or_a_capability_of_fewer_than_five():
    role = make.job_role(name="Pair")
    people = made.people(4, role)
    capability = made.capability(job_roles=[role])
    made.used(people[0], capability)

    found = queries.utilisation(TODAY)

    assert [part.u for part in found.roles] == [None]
    assert [(row.share, row.decay) for row in found.rows] == [(None, None)]
    assert (found.u, [part.u for part in found.kinds]) == (None, [None])

    made.used(made.people(1)[0], made.capability(kind="information"))  # needed by all, and five are here

    found = queries.utilisation(TODAY)
    assert found.u is not None
    assert {part.key: part.u for part in found.kinds} == {"input": None, "information": pytest.approx(0.2)}


@pytest.mark.django_db
def test_people_who_left_count_neither_as_users_nor_as_eligible():
    role = make.job_role()
    people = made.people(6, role)
    capability = made.capability()
    for person in people[:3]:
        made.used(person, capability)
    type(people[0]).objects.filter(pk=people[0].pk).update(left_on=TODAY, is_active=False)

    row = queries.utilisation(TODAY).rows[0]

    assert (row.users, row.eligible) == (2, 5)


@pytest.mark.django_db
def test_shelfware_is_the_part_of_the_licences_that_is_not_used_and_unknown_without_either():
    people = made.people(8)
    capability = made.capability()
    assert queries.utilisation(TODAY).u is None
    for person in people[:2]:
        made.used(person, capability)
    assert queries.utilisation(TODAY).shelfware is None
    UsageSetting.objects.update_or_create(pk=1, defaults={"licence_cost": Decimal(80_000)})

    found = queries.utilisation(TODAY)

    assert (found.u, found.shelfware, found.is_minimal) == (0.25, Decimal(60_000), False)


@pytest.mark.django_db
def test_a_capability_decays_by_its_last_28_days_beside_its_best():
    person, other = made.people(2)
    fading, kept, fresh = (made.capability() for _ in range(3))
    made.used(person, fading, *made.days(TODAY - timedelta(days=200), 20))
    made.used(person, fading, TODAY - timedelta(days=2))
    for one in (person, other):
        made.used(one, kept, *made.days(TODAY - timedelta(days=100), 101))
    made.used(person, fresh, TODAY - timedelta(days=3))

    known = queries.decays(TODAY)
    decayed, of = queries.decayed(TODAY)

    assert known[fading.pk].rate == pytest.approx(1 - 1 / 20)
    assert known[kept.pk].rate == 0
    assert known[kept.pk].best == 56
    assert not known[fresh.pk].is_known
    assert (decayed, of) == ([fading], 2)


@given(st.dictionaries(st.integers(0, 120), st.integers(1, 9), min_size=1))
def test_decay_is_a_share_of_the_best_of_all_windows(counts):
    days = {TODAY - timedelta(days=back): n for back, n in counts.items()}

    found = _decay(days, TODAY, UsageSetting())

    def window(end):
        return sum(n for day, n in days.items() if 0 <= (end - day).days < 28)

    assert found.last == window(TODAY)
    assert found.best == max(window(TODAY - timedelta(days=back)) for back in range(150))
    assert 0 <= found.rate <= 1


@pytest.mark.django_db
def test_the_abandonment_curve_follows_those_who_began_and_says_nothing_of_fewer_than_five():
    people = made.people(6)
    capability = made.capability()
    first = TODAY - timedelta(days=28 * 3 - 1)
    for place, person in enumerate(people):
        made.used(
            person, capability, first, *[first + timedelta(days=28 * n) for n in range(1, 3) if place < 6 - 2 * n]
        )
    late = made.people(1)[0]
    made.used(late, capability, TODAY - timedelta(days=27))

    curve = queries.abandonment(capability, TODAY)

    assert [(one.period, one.people, one.share) for one in curve] == [(0, 7, 1.0), (1, 6, 4 / 6), (2, 6, 2 / 6)]
    assert [one.share for one in queries.abandonment(made.capability(), TODAY)] == []


@pytest.mark.django_db
def test_weeks_count_those_who_are_here_and_need_it():
    role = make.job_role()
    ours = made.people(3, role)
    capability = made.capability(job_roles=[role])
    for person in (*ours, *made.people(2), make.person(job_role=None)):
        made.used(person, capability)
    type(ours[0]).objects.filter(pk=ours[0].pk).update(left_on=TODAY, is_active=False)

    assert list(queries.use_by_week(TODAY)[capability.pk].values()) == [2]


@pytest.mark.django_db
def test_weeks_count_people_and_not_clicks():
    ada, ben = made.people(2)
    capability = made.capability()
    made.used(ada, capability, *made.days(TODAY - timedelta(days=4), 5), count=40)
    made.used(ben, capability, TODAY - timedelta(days=7))

    assert queries.use_by_week(TODAY, n=2)[capability.pk] == {
        TODAY - timedelta(days=4): 1, TODAY - timedelta(days=11): 1
    }  # fmt: skip
    assert queries.weeks(TODAY, n=2) == [TODAY - timedelta(days=11), TODAY - timedelta(days=4)]


class Company:
    """A role of which four deals are expected in 28 days."""

    def __init__(self, n: int = 5) -> None:
        self.role = make.job_role(name="Seller")
        self.people = made.people(n, self.role)
        self.deals = made.capability(tables=[DEALS])
        made.use_case(self.role, capability=self.deals, per_28_days=4)
        self.batch = make.batch(make.source(), subjects.get(DEALS))

    def deal(self, person, *, wrong: bool = False):
        record = make.record(self.batch, owner=person, name="Deal", created_at=datetime(2026, 3, 18, tzinfo=UTC))
        if wrong:
            make.finding(record, "stage.required")


@pytest.mark.django_db
def test_adoption_is_the_geometric_mean_of_access_process_and_quality():
    company = Company(1)
    person = company.people[0]
    made.used(person, company.deals, TODAY, TODAY - timedelta(days=1))
    made.used(person, None, *made.days(TODAY - timedelta(days=10), 4))
    for wrong in (True, False, False, False):
        company.deal(person, wrong=wrong)

    own = queries.own_adoption(person, TODAY)

    assert own is not None
    assert (own.access, own.process, own.quality) == (6 / 12, 2 / 4, 3 / 4)
    assert own.score == pytest.approx(100 * (0.5 * 0.5 * 0.75) ** (1 / 3))
    assert own.days_a_week == 1.5


@pytest.mark.django_db
def test_signing_in_cannot_pay_for_what_is_not_done_and_without_records_two_parts_count():
    company = Company(2)
    idle, plain = company.people
    made.used(idle, None, *made.days(TODAY - timedelta(days=20), 15))
    made.used(plain, company.deals, *made.days(TODAY - timedelta(days=20), 4), count=2)

    scores = {person: queries.own_adoption(person, TODAY).score for person in company.people}  # type: ignore[union-attr]

    assert scores[idle] == 0
    assert scores[plain] == pytest.approx(100 * (4 / 12 * 1) ** (1 / 2))


@pytest.mark.django_db
def test_a_role_has_a_median_from_five_people_on_and_nobody_is_named():
    company = Company(4)
    for person in company.people:
        made.used(person, company.deals, *made.days(TODAY - timedelta(days=11), 12))
    found = queries.adoption(TODAY)
    assert (found.n, found.median, [one.median for one in found.roles]) == (4, None, [None])

    made.people(1, company.role)

    found = queries.adoption(TODAY)
    assert (found.n, found.median, found.roles[0].median, found.roles[0].adopted) == (5, 100, 100, 0.8)


@pytest.mark.django_db
def test_figures_cost_the_same_for_many_people(django_assert_max_num_queries):
    company = Company(30)
    for person in company.people:
        made.used(person, company.deals)

    with django_assert_max_num_queries(10):
        queries.utilisation(TODAY)
    with django_assert_max_num_queries(10):
        queries.adoption(TODAY)
