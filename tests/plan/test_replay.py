"""The sample's history replayed: what would have been forecast on each past day of readings, beside what came."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from crm_adoption.plan.forecasting import trend
from crm_adoption.plan.models import Phase, Reading
from crm_adoption.plan.queries.forecasts import READINGS, Condition, phase_conditions
from crm_adoption.plan.queries.replays import record_of, replay_figures, replay_gates
from crm_adoption.plan.sample import generate
from crm_adoption.plan.services import sample_data, sample_people
from crm_adoption.plan.services.sample_plan import make_plan
from dataquality.models import Score

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 28, 12, tzinfo=UTC)
TABLES = ("user", "product", "account", "contact", "opportunity", "contact_role", "case")


def score(day: date, rate: float, **more: object) -> Score:
    return Score.objects.create(
        table="accounts.account", rows=1000, wrong=round(1000 * rate), rate=rate, limit="0.05", passes=rate < 0.05,
        to_fix=0, taken_at=datetime.combine(day, time(7), tzinfo=UTC), **more,
    )  # fmt: skip


@pytest.mark.journey
def test_forecasts_over_the_samples_history_are_better_than_saying_on_the_planned_date(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    people = sample_people.make_people(NOW)
    for file in generate(tmp_path / "exports", today=NOW.date()):
        if file.product == "salesforce" and file.table in TABLES:
            at = timezone.make_aware(datetime.combine(file.taken_on, time(7, 30)))
            sample_data.import_file(file, by=people[sample_data.STEWARD], at=min(NOW, at))
    make_plan(people, NOW)

    gates, figures = replay_gates(NOW), replay_figures(NOW)

    assert {one.name for one in gates} >= {"Accounts and contacts", "Pipeline", "Pilot DACH"}
    for replays in (gates, figures):
        record = record_of(replays)
        assert record.n >= 18
        assert record.is_better
    assert record.n >= 100
    assert record.ours is not None
    assert record.ours < 0.15  # a coin has 0.25
    assert 0 < sum(one.came for one in figures) < record.n  # some held and some did not

    said = StringIO()
    call_command("replay_forecasts", stdout=said)
    assert f"{record.ours:.3f}" in said.getvalue()
    assert f"{record.planned:.3f}" in said.getvalue()


def test_a_replay_uses_nothing_of_a_later_day():
    first = date(2026, 1, 5)
    phase = Phase.objects.create(name="Accounts", planned_end=first, tables=["accounts.account"])
    for week in range(6):
        score(first + timedelta(weeks=week), 0.3 - 0.02 * week)
    (before,) = replay_gates(NOW)

    score(first + timedelta(weeks=6), 0.001)
    (after,) = replay_gates(NOW)

    assert phase_conditions(phase, NOW)[0].points[-1][1] == 0.001
    earlier = [one for one in after.judged if one in before.judged]
    assert len(earlier) == len(before.judged) == 3 + 2 + 1
    assert after.came == 4  # that one day, forecast on four
    assert after.record.n == 4 + 3 + 2 + 1


def test_without_readings_or_a_planned_date_nothing_is_replayed():
    Phase.objects.create(name="Without a date", tables=["accounts.account"])
    Phase.objects.create(name="Without readings", planned_end=NOW.date())

    assert replay_gates(NOW) == []
    assert record_of(replay_figures(NOW)).ours is None
    said = StringIO()
    call_command("replay_forecasts", stdout=said)
    assert "too few readings" in said.getvalue()


def test_a_trend_is_drawn_through_the_newest_readings_however_many_there_are():
    first = date(2023, 1, 1)
    points = [(first + timedelta(days=n), 0.9 if n < 900 else 0.5 - 0.001 * (n - 900), 1000) for n in range(1000)]
    condition = Condition("Accounts", 0.05, True, True, points)

    found = condition.trend_until(points[-1][0])

    assert found is not None
    assert found[0].readings == READINGS
    assert found[0].slope == pytest.approx(-0.001)


def test_the_figures_of_a_phase_are_read_no_further_back_than_a_trend_needs(django_assert_max_num_queries):
    day = date(2025, 1, 1)
    phase = Phase.objects.create(name="Accounts", tables=["accounts.account"])
    phase.criteria.create(check_slug="data.health", threshold=50)
    for n in range(READINGS + 20):
        on = day + timedelta(days=n)
        score(on, 0.2)
        at = datetime.combine(on, time(7), tzinfo=UTC)
        Reading.objects.create(check_slug="data.health", value=n, n=9, at=at, taken_on=on)
    score(day + timedelta(days=READINGS + 20), 0.1)
    score(NOW.date() + timedelta(days=1), 0.9)  # not known yet

    with django_assert_max_num_queries(3):
        table, health = phase_conditions(phase, NOW)

    assert [len(table.points), len(health.points)] == [READINGS, READINGS]
    assert table.points[-1][1] == 0.1
    assert [value for _at, value, _n in health.points] == sorted(value for _at, value, _n in health.points)
    assert trend([(at.toordinal(), value) for at, value, _n in health.points]) is not None
