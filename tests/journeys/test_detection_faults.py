"""Workers are killed while they look for duplicates: the pairs are those of an undisturbed run, each once.

Each kill costs workers that load everything again, so that `make test` kills at one place of each kind of work;
`ALL_FAULTS=1 make test` kills at every one.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from crm_adoption.jobs import services
from crm_adoption.jobs.doorbell import doorbell
from crm_adoption.jobs.models import Job
from dataquality.models import KeyIndex, MatchRun, Pair
from dataquality.queries.matching import detection_scope
from tests import make
from tests.dataquality.matching import makers
from tests.jobs.workers import Worker, finished, finished_when_rung, wait_until

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]
EVERY = os.environ.get("ALL_FAULTS") == "1"
FULL = ("match.block_done", "match.before_commit", "jobs.before_commit") if EVERY else ("match.before_commit",)
CHANGES = ("match.block_done", "match.before_commit") if EVERY else ("match.before_commit",)
IN_SHARDS = [("jobs.after_commit", "detect_shard"), ("match.before_commit", "join_shards")]
if EVERY:
    IN_SHARDS += [(point, "detect_shard") for point in ("jobs.claimed", "match.block_done", "jobs.before_commit")]
SHARDS = {"MATCH_SHARD_ROWS": "150"}  # 400 records, three shards
ROWS = 400


def asked(queue: str, kind: str = "full") -> Job:
    """A detection on a queue of its own, so that exactly the worker prepared for it gets it."""
    scope = detection_scope(makers.CONTACTS.slug, kind=kind)
    job = Job.objects.create(kind="detect_duplicates", scope=scope, queue=queue)
    doorbell.ring(job.pk, queue)
    return job


def detected(queue: str, kind: str = "full") -> Job:
    job = asked(queue, kind)
    wait_until(finished_when_rung(job), 90, f"the detection on {queue} did not recover")
    wait_until(lambda: not Job.objects.unfinished().exists(), 90, "what follows a detection was not done")
    job.refresh_from_db()
    return job


def killed_twice_at(point: str, hits: Path) -> dict[str, str]:
    return {"CRMA_FAILPOINT": f"{point}:kill:1-2", "CRMA_FAILPOINT_HITS": str(hits)}


def forget() -> None:
    Pair.objects.all().delete()
    MatchRun.objects.all().delete()


def shard_tables() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tablename LIKE 'dataquality_shard_%'")
        return int(cursor.fetchone()[0])


def test_a_worker_killed_twice_while_it_looks_for_duplicates_changes_nothing_of_what_is_found(start_worker, tmp_path):
    makers.made_up(ROWS)
    workers = {"others": start_worker("others")}
    for point in FULL:
        workers[point] = start_worker(point, queues=point, **killed_twice_at(point, tmp_path / f"hits-{point}"))
    for worker in workers.values():
        worker.ready()
    detected("bulk")
    undisturbed: dict[str, Any] = makers.stands()

    for point in FULL:
        forget()
        job = detected(point)

        assert (point, job.state, job.attempts) == (point, "done", 3)
        assert (tmp_path / f"hits-{point}").stat().st_size >= 3
        assert makers.stands() == undisturbed
        assert MatchRun.objects.filter(job=job).count() == 1


def test_a_worker_killed_among_changes_leaves_the_pairs_of_a_full_run(start_worker, tmp_path):
    records, _truth = makers.made_up(ROWS)
    workers = [start_worker("others")]
    for point in CHANGES:
        workers.append(start_worker(point, queues=point, **killed_twice_at(point, tmp_path / f"hits-{point}")))
    for worker in workers:
        worker.ready()
    detected("bulk")

    for number, point in enumerate(CHANGES):
        twin = {name: getattr(records[7 + number], name) for name in makers.FIELDS.values()}
        make.records(make.batch(records[7].source, makers.CONTACTS), twin)
        job = detected(point, kind="changes")
        after_changes = makers.stands()
        full = detected("bulk")

        assert (point, job.state, job.attempts, job.counts["changed"]) == (point, "done", 3, 1)
        assert full.state == "done"
        assert makers.stands()["clusters"] == after_changes["clusters"]
        assert {row[1::2][:2] for row in makers.stands()["pairs"]} == {row[1::2][:2] for row in after_changes["pairs"]}


@pytest.mark.parametrize(("point", "kind"), IN_SHARDS)
def test_a_worker_killed_twice_in_a_shard_or_in_the_join_leaves_the_pairs_of_an_undisturbed_run(
    start_worker, tmp_path, point, kind
):
    makers.made_up(ROWS)
    hits = tmp_path / "hits"
    whole = start_worker("whole").ready()
    detected("bulk")  # learns the weights, and has the keys kept
    whole.close()
    start_worker("others", queues="interactive", **SHARDS)
    quiet = start_worker("quiet", queues="bulk", **SHARDS).ready()
    detected("bulk")
    undisturbed: dict[str, Any] = makers.stands()
    quiet.close()
    Pair.objects.all().delete()
    # the kills fall to the shards and to the join: the detection itself is worked off by somebody else
    start_worker("cutting", queues="cutting", **SHARDS).ready()
    start_worker("doomed", queues="bulk", **killed_twice_at(point, hits), **SHARDS).ready()

    detected("cutting")

    assert hits.stat().st_size >= 2
    n = 3 if kind == "detect_shard" else 1
    ended = list(Job.objects.filter(kind=kind).order_by("-pk").values_list("attempts", "state")[:n])
    assert {state for _attempts, state in ended} == {"done"}
    again = 0 if point == "jobs.after_commit" else 2  # what is committed is not done again
    assert sum(attempts for attempts, _state in ended) == len(ended) + again
    assert makers.stands() == undisturbed
    assert shard_tables() == 0


@pytest.mark.skipif(not EVERY, reason="waits for a lease to run out; ALL_FAULTS=1 runs it")
def test_a_machine_lost_in_the_middle_of_a_shard_is_replaced_by_another(start_worker, tmp_path):
    makers.made_up(ROWS)
    hits = tmp_path / "hits"
    whole = start_worker("whole").ready()
    detected("bulk")
    stood = makers.stands()
    whole.close()
    start_worker("cutting", queues="cutting", **SHARDS).ready()
    how = {"CRMA_FAILPOINT": "match.block_done:sleep=120:2", "CRMA_FAILPOINT_HITS": str(hits)}
    doomed: Worker = start_worker("doomed", queues="bulk", **how, **SHARDS).ready()
    asked("cutting")
    wait_until(lambda: hits.exists() and hits.stat().st_size >= 2, 60, "the second shard did not begin")
    assert makers.stands() == stood

    doomed.kill()
    start_worker("survivor", **SHARDS).ready()
    wait_until(lambda: not Job.objects.unfinished().exists(), 90, "the shards did not recover")

    attempts = Job.objects.filter(kind="detect_shard").order_by("pk").values_list("attempts", flat=True)
    assert sorted(attempts) == [1, 1, 2]
    assert makers.stands()["clusters"] == stood["clusters"]
    assert shard_tables() == 0


@pytest.mark.parametrize("kind", ["full", "changes"] if EVERY else ["full"])
def test_a_detection_cancelled_in_the_middle_leaves_the_one_before_standing(start_worker, tmp_path, kind):
    records, _truth = makers.made_up(ROWS)
    hits = tmp_path / "hits"
    start_worker("others").ready()
    how = {"CRMA_FAILPOINT": "match.block_done:sleep=3:1", "CRMA_FAILPOINT_HITS": str(hits)}
    start_worker("slow", queues="slow", **how).ready()
    detected("bulk")
    stood, runs = makers.stands(), MatchRun.objects.count()
    twin = {name: getattr(records[7], name) for name in makers.FIELDS.values()}
    make.records(make.batch(records[7].source, makers.CONTACTS), twin)
    snapshot = KeyIndex.objects.get().snapshot

    job = asked("slow", kind)
    wait_until(hits.exists, 60, "the detection did not come so far")
    services.cancel(job, by=None)
    wait_until(partial(finished, job), 30, "it does not stop")

    job.refresh_from_db()
    assert job.state == "cancelled"
    assert makers.stands() == stood
    assert (MatchRun.objects.count(), KeyIndex.objects.get().snapshot) == (runs, snapshot)


def test_two_detections_asked_at_once_are_one_and_of_two_kinds_one_after_the_other(start_worker):
    records, _truth = makers.made_up(ROWS)
    both: Callable[..., Worker] = partial(start_worker, queues="interactive,bulk")
    for worker in (both("one"), both("other")):
        worker.ready()
    detected("bulk")
    stood = makers.stands()
    scope, changes = (detection_scope(makers.CONTACTS.slug, kind=kind) for kind in ("full", "changes"))
    twin = {name: getattr(records[7], name) for name in makers.FIELDS.values()}
    (late,) = make.records(make.batch(records[7].source, makers.CONTACTS), twin)

    asked_twice = {services.start("detect_duplicates", scope=scope).pk for _time in range(2)}
    beside = services.start("detect_duplicates", scope=changes)
    wait_until(lambda: not Job.objects.unfinished().exists(), 90, "they wait for each other")

    assert len(asked_twice) == 1
    assert set(Job.objects.filter(pk__in=[*asked_twice, beside.pk]).values_list("state", flat=True)) == {"done"}
    found = {row for row in makers.stands()["pairs"] if late.pk not in (row[1], row[3])}
    assert {(row[1], row[3]) for row in found} == {(row[1], row[3]) for row in stood["pairs"]}
    assert any(late.pk in pair for pair in makers.found_pairs())
    assert len(makers.stands()["pairs"]) == len(set(makers.found_pairs(joined=False)))
