"""Will a team have the structure, the skill and the culture it needs when a release reaches it? (M14)"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from crm_adoption.kit.access import TRAINER
from crm_adoption.people.models import JobRole
from tests import make
from training import queries, services
from training.in_time import PARTS, Rated, outlook
from training.models import GoLive

DAY = date(2026, 3, 2)


def rated(*rows: tuple[int, int, int, int]) -> list[Rated]:
    """(day, structure, skill, culture) …"""
    return [(DAY + timedelta(days=day), dict(zip(PARTS, three, strict=True))) for day, *three in rows]


def test_the_part_that_gets_there_last_decides_and_its_pace_says_when():
    found = outlook(rated((0, 4, 1, 2), (30, 4, 2, 4)), needed=4)

    assert found is not None
    assert (found.part, found.rating) == ("skill", 2)
    assert found.reached_on == DAY + timedelta(days=90)
    assert found.in_time(DAY + timedelta(days=90)) is True
    assert found.in_time(DAY + timedelta(days=89)) is False
    assert found.in_time(None) is None


def test_a_team_that_has_everything_is_ready_and_one_that_stands_still_never_is():
    ready, still = outlook(rated((0, 4, 4, 5)), 4), outlook(rated((0, 4, 2, 5), (60, 4, 2, 5)), 4)

    assert ready is not None
    assert ready.in_time(DAY) is True
    assert still is not None
    assert (still.part, still.reached_on, still.in_time(DAY)) == ("skill", None, False)


def test_one_rating_has_no_pace_and_none_has_no_outlook():
    once = outlook(rated((0, 4, 2, 5)), 4)

    assert once is not None
    assert once.in_time(DAY) is None
    assert outlook([], 4) is None


@given(some.lists(some.tuples(*[some.integers(1, 5)] * 3), min_size=1, max_size=6), some.integers(1, 5))
def test_asking_for_less_is_never_later(ratings, needed):
    rows = rated(*[(30 * n, *three) for n, three in enumerate(ratings)])
    less, more = outlook(rows, max(1, needed - 1)), outlook(rows, needed)

    assert less is not None
    assert more is not None
    assert (less.reached_on or date.max) <= (more.reached_on or date.max)


@pytest.mark.django_db
def test_the_page_says_whether_each_team_will_be_ready_for_the_next_release(client, django_assert_max_num_queries):
    today = date.today()
    role = JobRole.objects.create(name="Seller")
    slow, ready = make.team(name="Slow"), make.team(name="Ready")
    for team in (slow, ready):
        make.person(team=team, job_role=role)
    live = GoLive.objects.create(release="r-1", name="First", on=today + timedelta(days=20))
    live.job_roles.add(role)
    past = GoLive.objects.create(release="r-0", name="Before", on=today - timedelta(days=20))
    past.job_roles.add(role)
    by = make.person()
    for days, skill in ((60, 1), (0, 2)):
        said: dict[str, Any] = {"structure": 5, "culture": 5, "free": 3, "on": today - timedelta(days=days), "by": by}
        services.rate_team(slow, skill=skill, **said)
        services.rate_team(ready, skill=5, **said)

    with django_assert_max_num_queries(9):
        states = {state.team.name: state for state in queries.team_states(today)}
    assert (states["Slow"].in_time, states["Ready"].in_time) == (False, True)
    assert states["Slow"].by == today + timedelta(days=20)

    client.force_login(make.person(groups=[TRAINER]))
    page = client.get("/training/roles/").content.decode()
    assert "no: skill about" in page
    assert "yes, before" in page
