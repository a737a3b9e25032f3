"""Merges and undos beside imports of the same records, and in deadlocks that others force upon them."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Account
from crm_adoption.jobs.models import Job
from crm_adoption.jobs.services import run_here
from crm_adoption.kit.errors import Refusal
from dataquality.models import Merge
from dataquality.services.merging import merge, undo
from tests import make, oracle
from tests.dataquality.imports import applied, table
from tests.dataquality.merging.cases import ACCOUNTS, accounts
from tests.jobs.workers import wait_until

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]
HEAD = ["Account ID", "Account Name", "Phone", "Industry"]
ROWS, EXPORTS, DEADLOCKS = 30, 5, 6
ALLOWED = {"busy", "changed_meanwhile", "undone", "later_merge", "clash", "different"}
MOST_WAITED = 20  # seconds; a lock is waited for five, and a merge takes three of them


def export(source: Any, n: int) -> None:
    rows = [[f"A-{i}", f"Company {i % 20}", f"+49 40 {1000000 + n * 100 + i}", "Retail"] for i in range(ROWS)]
    applied(source, table(HEAD, *rows), name=f"accounts-{n}.csv", table="account")


def work_off() -> None:
    while waiting := Job.objects.unfinished().order_by("pk").first():
        run_here(waiting)


def test_imports_merges_and_undos_of_the_same_accounts_break_nothing_and_nobody_waits_for_ever(record_property):
    source = make.source()
    export(source, 0)
    ids = list(Account.objects.values_list("pk", flat=True))
    work_off()
    stood = oracle.check(connection)
    over = threading.Event()
    ended: Counter[str] = Counter()
    waited: list[float] = []

    def importing() -> None:
        try:
            for n in range(1, EXPORTS + 1):
                export(source, n)
                ended["import"] += 1
        finally:
            over.set()
            connection.close()

    def looped(name: str, act: Callable[[random.Random], None], seed: int) -> Callable[[], None]:
        def loop() -> None:
            chance = random.Random(seed)
            try:
                while not over.is_set():
                    began = time.monotonic()
                    try:
                        act(chance)
                        ended[name] += 1
                    except Refusal as refusal:
                        ended[f"{name} refused: {refusal.code}"] += 1
                    waited.append(time.monotonic() - began)
            finally:
                connection.close()

        return loop

    def merging(chance: random.Random) -> None:
        merge(ACCOUNTS, chance.sample(ids, 2), by=None, now=timezone.now())

    def undoing(chance: random.Random) -> None:
        standing = list(Merge.objects.standing().values_list("pk", flat=True))
        if standing:
            one = Merge.objects.get(pk=chance.choice(standing))
            undo(one, by=None, now=timezone.now(), confirm=True, keep=True)

    with ThreadPoolExecutor(3) as pool:
        loops = [pool.submit(each) for each in (importing, looped("merge", merging, 1), looped("undo", undoing, 2))]
        for each in loops:
            each.result(timeout=300)
    work_off()

    record_property("ended", dict(ended))
    record_property("longest", round(max(waited), 2))
    refused = {each.partition(" refused: ")[2] for each in ended if "refused" in each}
    assert refused <= ALLOWED, ended
    assert ended["import"] == EXPORTS
    assert ended["merge"] >= 5, ended
    assert ended["undo"] >= 5, ended
    assert max(waited) < MOST_WAITED
    assert oracle.check(connection) == stood
    for one in Merge.objects.standing().order_by("-pk"):
        undo(one, by=None, now=timezone.now(), confirm=True, keep=True)
    assert Account.objects.live().count() == ROWS
    export(source, EXPORTS + 1)
    phones = {account.external_id: account.phone for account in Account.objects.live()}
    assert phones == {f"A-{i}": f"+49 40 {1000000 + (EXPORTS + 1) * 100 + i}" for i in range(ROWS)}


def test_a_merge_that_ends_in_a_deadlock_is_tried_again_and_nobody_sees_it(record_property):
    """Another session takes a record first and the clusters then: the other way round than everybody should."""
    members = accounts(*({"name": f"Company {n}"} for n in range(2 * DEADLOCKS)))
    fell = 0

    for n in range(DEADLOCKS):
        pair = [members[2 * n], members[2 * n + 1]]
        holding, done = threading.Event(), threading.Event()

        def against(
            record: Account = pair[1], holding: threading.Event = holding, done: threading.Event = done
        ) -> None:
            try:
                with connection.cursor() as cursor:
                    cursor.execute("SET deadlock_timeout = '60s'")  # so that it is the merge that falls
                    cursor.execute("BEGIN; SELECT 1 FROM accounts_account WHERE id = %s FOR UPDATE", [record.pk])
                    holding.set()
                    wait_until(merge_waits, 20, "the merge does not wait for the record")
                    cursor.execute(
                        "SELECT pg_advisory_xact_lock(hashtext('dataquality.match'), hashtext(%s))", [ACCOUNTS.slug]
                    )
                    cursor.execute("COMMIT")
                    done.set()
            finally:
                connection.close()

        with connection.cursor() as cursor:
            cursor.execute("SET deadlock_timeout = '1s'")
        other = threading.Thread(target=against)
        other.start()
        assert holding.wait(20)
        before = deadlocks()

        made = merge(ACCOUNTS, [record.pk for record in pair], by=None, now=timezone.now())

        other.join(30)
        assert done.is_set()
        assert made.undone_at is None
        wait_until(lambda before=before: deadlocks() > before, 20, "there was no deadlock")  # type: ignore[misc]
        fell += deadlocks() - before
    record_property("deadlocks", fell)
    assert fell >= DEADLOCKS
    assert Merge.objects.count() == DEADLOCKS


def merge_waits() -> bool:
    """Does a session wait for a row that another holds, with the clusters of accounts in its hand?"""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_locks held JOIN pg_locks wanted USING (pid) WHERE held.locktype = 'advisory'"
            " AND held.granted AND held.classid = hashtext('dataquality.match')::bigint & x'ffffffff'::bigint"
            " AND NOT wanted.granted AND wanted.locktype IN ('transactionid', 'tuple')"
        )
        return cursor.fetchone() is not None


def deadlocks() -> int:
    """As the store counts them; a session tells of its own a moment later."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])
