"""Processes are killed while they merge and undo: the cluster is whole or untouched, and undo is exact afterwards."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from dataquality.models import Merge
from dataquality.services.matching.clusters import regroup_around
from dataquality.services.merging import merge, undo
from tests import oracle
from tests.dataquality.matching.makers import pair
from tests.dataquality.merging.cases import ACCOUNTS, family, picture
from tests.jobs.workers import environment, wait_until

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]

MERGING = """
import django; django.setup()
from django.utils import timezone
from dataquality import subjects
from dataquality.services.merging import merge
merge(subjects.get("accounts.account"), [{ids}], by=None, now=timezone.now())
"""
UNDOING = """
import django; django.setup()
from django.utils import timezone
from dataquality.models import Merge
from dataquality.services.merging import undo
undo(Merge.objects.get(pk={merge}), by=None, now=timezone.now())
"""


def killed_at(point: str, program: str, hits: Path) -> None:
    """Run a program in a process of its own, which is killed at the failpoint; its session is gone afterwards."""
    how = {"CRMA_FAILPOINT": f"{point}:kill", "CRMA_FAILPOINT_HITS": str(hits)}
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=settings.BASE_DIR, env=environment(**how), capture_output=True, timeout=120
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()[-800:]
    wait_until(alone, 10, "the killed process's session stays")


def alone() -> bool:
    """Is no other session at work in this database?"""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend' AND xact_start IS NOT NULL"
        )
        return bool(cursor.fetchone()[0] == 0)


@pytest.mark.parametrize("point", ["merge.locked", "merge.half", "merge.before_commit"])
def test_a_process_killed_twice_while_it_merges_leaves_the_cluster_untouched(point, tmp_path):
    members, _hanging = family()
    stood = oracle.check(connection)  # the plan wants to take readings after an import, and no worker is here
    pair(members[0], members[1])
    regroup_around(ACCOUNTS, [record.pk for record in members])
    before = picture()
    program = MERGING.format(ids=", ".join(str(record.pk) for record in members))

    for _kill in range(2):
        killed_at(point, program, tmp_path / "hits")
        assert picture() == before
        assert not Merge.objects.exists()
        assert oracle.check(connection) == stood

    made = merge(ACCOUNTS, [record.pk for record in members], by=None, now=timezone.now())
    assert oracle.check(connection) == stood
    undo(made, by=None, now=timezone.now())
    assert picture() == before
    assert (tmp_path / "hits").stat().st_size == 2


def test_a_process_killed_twice_while_it_undoes_leaves_the_merge_standing(tmp_path):
    members, _hanging = family()
    stood = oracle.check(connection)  # the plan wants to take readings after an import, and no worker is here
    before = picture()
    made = merge(ACCOUNTS, [record.pk for record in members], by=None, now=timezone.now())
    standing = picture()

    for _kill in range(2):
        killed_at("undo.half", UNDOING.format(merge=made.pk), tmp_path / "hits")
        assert picture() == standing
        assert Merge.objects.get().undone_at is None
        assert oracle.check(connection) == stood

    undo(made, by=None, now=timezone.now())
    assert picture() == before
    assert oracle.check(connection) == stood
