"""Asking the store and computing at the same time."""

from __future__ import annotations

from threading import Event

import pytest
from django.db import connection, transaction

from crm_adoption.kit.at_once import at_once
from dataquality.statements import execute, fetch

pytestmark = pytest.mark.django_db
WAIT = 10  # seconds


def test_both_go_on_side_by_side_and_give_what_they_found():
    asked, computed = Event(), Event()

    def ask():
        asked.set()
        return computed.wait(WAIT)

    def compute():
        computed.set()
        return asked.wait(WAIT)

    assert at_once(ask, compute) == (True, True)


def test_what_is_asked_stands_in_the_callers_transaction():
    with transaction.atomic():
        execute("CREATE TEMPORARY TABLE seen (n int) ON COMMIT DROP")
        written, _sum = at_once(lambda: execute("INSERT INTO seen VALUES (1), (2)"), lambda: sum(range(100)))

        assert written == 2
        assert fetch("SELECT count(*) FROM seen") == [(2,)]


@pytest.mark.parametrize("who", ["ask", "compute"])
def test_neither_is_left_running_when_the_other_fails(who):
    ended = Event()

    def fails():
        raise ValueError(who)

    def lasts():
        Event().wait(0.1)
        ended.set()

    with pytest.raises(ValueError, match=who):
        at_once(fails, lasts) if who == "ask" else at_once(lasts, fails)
    assert ended.is_set()
    assert connection.is_usable()
