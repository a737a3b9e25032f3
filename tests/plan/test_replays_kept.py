"""How good forecasts would have been is computed at night, kept, and shown beside them; what holds a gate back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from celery import current_app
from django.conf import settings
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from crm_adoption.jobs.models import Job
from crm_adoption.plan.models import GateForecast, GateReplay, Phase
from crm_adoption.plan.queries.forecasts import Condition, forecast, holding_back
from crm_adoption.plan.queries.gates import Missing, PhaseGate, phase_gate
from crm_adoption.plan.queries.replays import bins, kept, record_of, replay_figures, replay_gates, said_figure
from crm_adoption.plan.services import replays
from crm_adoption.plan.tasks import ask_for_replays
from dataquality.models import Score
from tests import make

NOW = timezone.now()
TODAY = timezone.localdate(NOW)


def scores(table, *rates, field="", limit="0.05"):
    """One reading a week, the last today."""
    for back, rate in enumerate(reversed(rates)):
        at = datetime.combine(TODAY - timedelta(weeks=back), time(0, 1), tzinfo=UTC)
        Score.objects.create(
            table=table, field=field, rows=1000, wrong=round(1000 * rate), rate=rate, limit=limit,
            passes=rate < float(limit), to_fix=0, taken_at=at,
        )  # fmt: skip


@pytest.fixture
def phase(db):
    """One that falls to its limit and crosses it."""
    scores("accounts.account", 0.12, 0.1, 0.08, 0.07, 0.055, 0.045, 0.03)
    made = Phase.objects.create(name="Accounts", planned_end=TODAY - timedelta(weeks=1), tables=["accounts.account"])
    made.job_roles.add(make.job_role(name="Seller"))
    return made


def replayed():
    return replays.keep_replays(replays.replay_forecasts(NOW))


def test_what_is_kept_is_what_the_replay_finds(phase):
    assert replayed() == 2

    gate, figure = GateReplay.objects.get(phase=phase), GateReplay.objects.get(figure="accounts.account")

    for row, found in ((gate, replay_gates(NOW)), (figure, replay_figures(NOW))):
        record = record_of(found)
        assert (row.n, row.ours, row.planned) == (record.n, record.ours, record.planned)
        assert row.n == 4 + 3 + 2 + 1
        assert row.came == found[0].came > 0
        assert sum(tenth["n"] for tenth in row.bins) == row.n
        assert (row.first_on, row.last_on) == (TODAY - timedelta(weeks=6), TODAY)


def test_another_replay_replaces_the_last_and_forgets_a_phase_without_a_date(phase):
    replayed()
    before = GateReplay.objects.get(phase=phase)

    scores("accounts.account", 0.02)
    replayed()
    assert GateReplay.objects.get(phase=phase).pk != before.pk

    Phase.objects.update(planned_end=None)
    assert replayed() == 0
    assert not GateReplay.objects.exists()


def test_all_figures_together_count_each_forecast_once(phase):
    scores("contacts.contact", 0.3, 0.29, 0.3, 0.31, 0.3, 0.3, 0.3)
    Phase.objects.create(name="Contacts", planned_end=TODAY, tables=["contacts.contact"])
    replayed()

    together, apart = kept().of_figures, record_of(replay_figures(NOW))

    assert together.n == apart.n
    assert together.ours == pytest.approx(apart.ours)
    assert together.planned == pytest.approx(apart.planned)
    assert sum(tenth.n for tenth in kept().bins) == apart.n


@given(st.lists(st.tuples(st.integers(0, 100), st.booleans()), max_size=30))
def test_tenths_lose_no_forecast_and_say_what_came(drawn):
    judged = [(percent / 100, 0.0, came) for percent, came in drawn]

    found = bins(judged)

    assert sum(tenth.n for tenth in found) == len(judged)
    assert sum(tenth.n * tenth.came for tenth in found) == pytest.approx(sum(came for _o, _p, came in judged))
    for tenth in found:
        assert tenth.low - 1e-9 <= tenth.said <= tenth.low + 0.1 + 1e-9


def test_every_night_asks_for_the_replay_once(db):
    named = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert ask_for_replays.name in named
    assert ask_for_replays.name in current_app.tasks

    ask_for_replays()
    ask_for_replays()

    assert Job.objects.filter(kind="replay_forecasts").count() == 1


# --- pages --------------------------------------------------------------------------------------------------------
def test_the_page_of_forecasts_shows_what_was_kept_and_computes_nothing(client, phase, django_assert_max_num_queries):
    replayed()
    row = GateReplay.objects.get(figure="accounts.account")
    GateForecast.objects.create(
        gate=f"phase:{phase.pk}",
        made_on=TODAY - timedelta(days=30),
        about=TODAY,
        probability=0.7,
        planned=1,
        opened=True,
    )
    client.force_login(make.superuser())
    client.get("/forecasts/")  # what a first page of a session asks

    with django_assert_max_num_queries(20):
        page = client.get("/forecasts/").content.decode()

    assert f"{row.ours:.3f}".rstrip("0") in page
    assert f"{row.planned:.3f}".rstrip("0") in page
    assert "0.09" in page  # (0.7 - 1)², of the one forecast that came due
    assert "Accounts" in page
    assert "70 %" in page


def test_before_the_first_replay_the_page_says_so(client, db):
    client.force_login(make.superuser())

    page = client.get("/forecasts/").content.decode()

    assert "It was not computed yet" in page
    assert client.post("/forecasts/replay/").status_code == 302
    assert Job.objects.filter(kind="replay_forecasts").count() == 1


def test_a_phase_shows_how_good_its_forecasts_would_have_been(client, phase):
    scores("accounts.account", 0.2, 0.19, 0.18)  # shut again
    replayed()
    row = GateReplay.objects.get(phase=phase)
    client.force_login(make.superuser())

    page = client.get(phase.get_absolute_url()).content.decode()

    assert f"{row.n} forecasts: {row.ours:.3f}".rstrip("0") in page
    assert 'href="/forecasts/"' in page


def test_the_api_tells_what_holds_it_back_and_how_good_forecasts_were(client, phase):
    scores("accounts.account", 0.2, 0.19, 0.18)  # shut again
    client.force_login(make.superuser())
    path = f"/api/v1/phases/{phase.pk}/forecast/"

    before = client.get(path).json()
    assert before["replayed"] is None
    assert before["record"] == {"n": 0, "ours": None, "planned": None}

    replayed()
    found = client.get(path).json()

    row = GateReplay.objects.get(phase=phase)
    assert (found["replayed"]["n"], found["replayed"]["ours"]) == (row.n, row.ours)
    assert [one["figure"] for one in found["holding_back"]] == ["accounts.account"]
    assert found["holding_back"][0]["value"] == 0.18
    assert found["holding_back"][0]["limit"] == 0.05


# --- what holds a gate back ---------------------------------------------------------------------------------------
def condition(name, *values, limit=0.05, key="accounts.account"):
    points = [(TODAY - timedelta(weeks=len(values) - 1 - n), value, 1000) for n, value in enumerate(values)]
    return Condition(name, limit, True, True, points, key=key)


def test_what_holds_a_gate_back_is_named_the_longest_first(db):
    fast, slow = condition("fast", 0.12, 0.1, 0.08, 0.06), condition("slow", 0.3, 0.29, 0.28, 0.27)
    never, holds = condition("never", 0.2, 0.2, 0.21, 0.22), condition("holds", 0.04, 0.03, 0.02, 0.01)

    found = holding_back(forecast([fast, holds, never, slow], TODAY))

    assert [row.condition.name for row in found][-1] == "fast"
    assert {row.condition.name for row in found} == {"fast", "slow", "never"}
    assert next(row for row in found if row.condition.name == "never").alone.nearly_sure is None
    soonest = found[-1].alone.nearly_sure
    assert isinstance(soonest, date)
    assert soonest > TODAY
    assert (found[-1].value, found[-1].limit) == ("6 %", "below 5 %")


def test_a_check_is_said_in_its_own_unit():
    health = condition("Data health", 40, 42, 45, limit=50, key="check:data.health")

    assert health.said(45) == "45"
    assert said_figure("check:data.health") == "Data health"
    assert said_figure("accounts.account") == "Accounts"
    assert said_figure("accounts.account:name").startswith("Accounts")


def test_what_two_roles_lack_is_said_once_and_stands_under_its_heading(phase):
    twice = Missing("trained", "“Quotes” teaches a process that has changed.", "/x/")
    gate = PhaseGate(phase, list(dict.fromkeys([Missing("data", "Contacts 12 % wrong.", "/y/"), twice, twice])))

    assert [(heading, len(ones)) for heading, ones in gate.groups] == [("Data", 1), ("Training", 1)]

    real = phase_gate(phase, now=NOW, today=TODAY)
    assert len(set(real.missing)) == len(real.missing)
    assert [one for _heading, ones in real.groups for one in ones] != []
    assert sum(len(ones) for _heading, ones in real.groups) == len(real.missing)
