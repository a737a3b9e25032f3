"""The fall after a release: what must hold for any figures, and the alarm on real rows."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from crm_adoption.plan import backslide, services
from crm_adoption.plan.models import Phase, Trial
from crm_adoption.plan.queries.backslide import alarms, release_after
from crm_adoption.plan.queries.first_impression import watch, watches
from dataquality import subjects
from tests import make

WEEKS = st.lists(st.integers(0, 1000).map(float), min_size=3, max_size=5)
KNOWN = {"surely": 0.05, "at_least": 0.1}


def judged(before: list[float], after: list[float], *, more_is_better: bool) -> backslide.Verdict:
    found = backslide.judge(before, after, more_is_better=more_is_better, **KNOWN)
    assert found is not None
    return found


@given(WEEKS, WEEKS)
def test_the_probability_is_one_of_the_ways_to_share_the_weeks_out(before, after):
    found = backslide.probability(before, after)

    assert 0 < found <= 1
    assert found + backslide.probability(after, before) >= 1


@given(WEEKS, WEEKS, st.integers(1, 50))
def test_worse_weeks_never_make_a_fall_less_sure(before, after, more):
    worse = [value + more for value in after]

    assert backslide.probability(before, worse) <= backslide.probability(before, after)
    assert backslide.shift(before, worse) == pytest.approx(backslide.shift(before, after) + more)


@given(WEEKS, WEEKS)
def test_the_order_of_the_weeks_does_not_matter(before, after):
    found = judged(before, after, more_is_better=True)

    assert found == judged(before[::-1], after[::-1], more_is_better=True)


@given(WEEKS, WEEKS)
def test_better_and_worse_are_mirror_images(before, after):
    one = judged(before, after, more_is_better=True)
    other = judged([-v for v in before], [-v for v in after], more_is_better=False)

    assert (one.probability, one.is_alarm, one.shift) == (other.probability, other.is_alarm, -other.shift)


@given(WEEKS)
def test_what_stays_is_never_an_alarm(weeks):
    for more_is_better in (True, False):
        assert not judged(weeks, weeks, more_is_better=more_is_better).is_alarm


def test_one_wild_week_is_no_alarm_and_a_fall_of_all_weeks_is():
    steady = [20.0, 22.0, 21.0, 19.0]

    assert not judged(steady, [20.0, 21.0, 0.0, 22.0], more_is_better=True).is_alarm
    fallen = judged(steady, [12.0, 14.0, 11.0, 13.0], more_is_better=True)
    assert (fallen.is_alarm, fallen.shift) == (True, -8.0)
    assert fallen.probability == pytest.approx(1 / 70)
    assert not judged(steady, [18.5, 18.6, 18.7, 18.8], more_is_better=True).is_alarm  # too little
    assert backslide.judge(steady, [1.0, 2.0], more_is_better=True, **KNOWN) is None


def test_noise_alone_alarms_no_more_often_than_is_said():
    order = list(range(1, 7))
    ways = [
        judged([float(v) for v in w[:3]], [float(v) for v in w[3:]], more_is_better=False).is_alarm
        for w in permutations(order)
    ]

    assert sum(ways) / len(ways) <= KNOWN["surely"]


# --- on rows ------------------------------------------------------------------------------------------------------
NOW = timezone.now()
LIVE = NOW - timedelta(days=28)


def pilot(**more):
    return Phase.objects.create(
        **{"name": "Pilot", "state": "open", "opened_at": LIVE, "tables": ["accounts.activity"]} | more
    )


def activities(people, by_week):
    """For each of eight weeks, so many activities with so many hours until they were written."""
    kept = make.batch(make.source(), subjects.get("accounts.activity"))
    rows = []
    for week, (count, hours) in enumerate(by_week):
        for number in range(count):
            written = LIVE + timedelta(days=7 * (week - 4), hours=1 + number)
            rows.append({"subject": "Visit", "owner": people[number % len(people)], "created_at": written,
                         "happened_at": written - timedelta(hours=hours)})  # fmt: skip
    return make.records(kept, *rows)


@pytest.fixture
def sellers(db):
    seller = make.job_role()
    return [make.person(job_role=seller) for _ in range(5)]


def test_a_release_after_which_people_write_less_and_later_is_an_alarm_with_its_figures(sellers):
    phase = pilot()
    phase.job_roles.set([sellers[0].job_role])
    activities(sellers, [(20, 4), (22, 5), (21, 4), (19, 5), (10, 24), (12, 30), (11, 26), (9, 25)])
    activities([make.person()], [(50, 1)] * 8)  # of another role

    found = release_after(phase, now=NOW)
    assert found is not None

    assert found.people == 5
    assert {one.slug for one in found.alarms} == {"records", "capture-lag"}
    records = next(one for one in found.measures if one.slug == "records")
    assert [week.n for week in records.weeks] == [20, 22, 21, 19, 10, 12, 11, 9]
    assert records.verdict is not None
    assert (records.verdict.before, records.verdict.after) == (4.1, 2.1)
    assert records.sentence == (
        "New records per person went from 4.1 to 2.1; noise alone does that in 1 % of all cases."
    )
    lag = next(one for one in found.measures if one.slug == "capture-lag")
    assert [week.value for week in lag.weeks] == [4.0, 5.0, 4.0, 5.0, 24.0, 30.0, 26.0, 25.0]
    assert len(lag.chart().categories) == 8


def test_new_records_with_an_error_are_counted_in_the_week_they_were_made(sellers):
    phase = pilot()
    made = activities(sellers, [(10, 1)] * 8)
    for one in made[40:44] + made[50:53] + made[60:64] + made[70:75]:
        make.finding(one, "regarding.pointer")

    after = release_after(phase, now=NOW)
    assert after is not None
    found = next(one for one in after.measures if one.slug == "findings")

    assert [week.value for week in found.weeks] == [0, 0, 0, 0, 0.4, 0.3, 0.4, 0.5]
    assert found.is_alarm


def test_voices_about_work_that_stopped_are_counted_by_week(sellers):
    phase = pilot()
    activities(sellers, [(10, 1)] * 8)
    for week in (4, 5, 6, 7):
        for _ in range(2):
            said = services.give_feedback(by=sellers[0], kind="issue", text="Stopped.", is_incident=True, now=NOW)
            said.created_at = LIVE + timedelta(days=7 * (week - 4) + 1)
            said.save()

    after = release_after(phase, now=NOW)
    assert after is not None
    found = next(one for one in after.measures if one.slug == "stopped")

    assert [week.value for week in found.weeks] == [0, 0, 0, 0, 2, 2, 2, 2]
    assert found.is_alarm


def test_fewer_than_five_people_have_no_figures_and_what_is_not_live_has_none_at_all(sellers):
    activities(sellers[:4], [(20, 4)] * 8)

    few = release_after(pilot(), now=NOW)
    assert few is not None

    assert (few.people, few.is_shown, few.measures) == (4, False, ())
    assert release_after(pilot(opened_at=None, state="approved"), now=NOW) is None
    young = release_after(pilot(opened_at=NOW - timedelta(days=3)), now=NOW)
    assert young is not None
    assert young.weeks_after == 0


def test_what_fell_is_kept_every_night_and_stands_on_the_first_page_of_the_lead(client, sellers):
    phase = pilot()
    activities(sellers, [(20, 4), (22, 4), (21, 4), (19, 4), (10, 4), (12, 4), (11, 4), (9, 4)])

    assert services.watch_releases(NOW) == services.watch_releases(NOW) == 1

    (alarm,) = alarms(NOW)
    assert (alarm.phase, len(alarm.sentences)) == (phase, 1)
    assert not alarms(NOW + timedelta(days=40))
    client.force_login(make.person(groups=["adoption lead"]))
    assert "New records per person went from" in client.get("/").content.decode()
    page = client.get(phase.get_absolute_url()).content.decode()
    assert "Before and after it went live" in page
    assert "after-records" in page


# --- first impression ---------------------------------------------------------------------------------------------
def test_the_first_days_have_tighter_limits_and_each_breach_says_what_to_do(client, sellers):
    role = sellers[0].job_role
    phase = pilot(opened_at=NOW - timedelta(days=9))
    phase.job_roles.set([role])
    for number, kind in enumerate(("roadblock", "roadblock", "roadblock", "issue")):
        said = services.give_feedback(by=sellers[number], kind=kind, text="It waits.", is_incident=True, now=NOW)
        said.created_at = NOW - timedelta(days=3)
        said.save()
    services.give_feedback(by=make.person(), kind="roadblock", text="Of another role.", now=NOW)
    Trial.objects.create(phase=phase, use_case="Open the list", job_role=role, passed=True, seconds=7.5, on=NOW.date())
    tried = {"job_role": role, "passed": True, "on": NOW.date()}
    Trial.objects.create(phase=phase, use_case="Open one", seconds=1.5, **tried)
    Trial.objects.create(phase=Phase.objects.create(name="Other"), use_case="Open the list", seconds=9.5, **tried)

    found = watch(phase, now=NOW)
    assert found is not None

    assert (found.day, found.days) == (10, 30)
    assert [(line.value, line.is_breached) for line in found.lines] == [(3, True), (72, True), (4, True), (7.5, True)]
    assert all(line.to_do and line.url for line in found.breaches)
    client.force_login(make.person(groups=["adoption lead"]))
    for address in ("/", phase.get_absolute_url()):
        page = client.get(address).content.decode()
        assert "day 10 of 30" in page
        assert found.breaches[0].to_do in page


def test_the_watch_ends_with_its_days_and_a_figure_without_anything_breaches_nothing(sellers):
    assert watch(pilot(opened_at=NOW - timedelta(days=30)), now=NOW) is None
    fresh = watch(pilot(opened_at=NOW - timedelta(hours=1)), now=NOW)
    assert fresh is not None

    assert [line.value for line in fresh.lines] == [0, None, 0, None]
    assert fresh.breaches == []
    assert [one.phase for one in watches(NOW)] == [fresh.phase]
