"""Workers are killed while they look for duplicates: the pairs are those of an undisturbed run, each once."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from crm_adoption.jobs.doorbell import doorbell
from crm_adoption.jobs.models import Job
from dataquality.models import MatchRun, Pair
from dataquality.queries.matching import detection_scope
from tests import make
from tests.dataquality.matching import makers
from tests.jobs.workers import wait_until

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]
POINTS = ("match.block_done", "match.before_commit")


def finished(job: Job) -> bool:
    return not Job.objects.unfinished().filter(pk=job.pk).exists()


def detected(queue: str, kind: str = "full") -> Job:
    """A detection on a queue of its own, so that exactly the worker prepared for it gets it."""
    scope = detection_scope(makers.CONTACTS.slug, kind=kind)
    job = Job.objects.create(kind="detect_duplicates", scope=scope, queue=queue)
    doorbell.ring(job.pk, queue)
    wait_until(partial(finished, job), 90, f"the detection on {queue} did not recover")
    wait_until(lambda: not Job.objects.unfinished().exists(), 60, "the keys were not made")
    job.refresh_from_db()
    return job


def test_a_worker_killed_twice_while_it_looks_for_duplicates_changes_nothing_of_what_is_found(start_worker, tmp_path):
    makers.made_up(400)
    workers = {"others": start_worker("others")}
    for point in POINTS:
        how = {"CRMA_FAILPOINT": f"{point}:kill:1-2", "CRMA_FAILPOINT_HITS": str(tmp_path / f"hits-{point}")}
        workers[point] = start_worker(point, queues=point, **how)
    for worker in workers.values():
        worker.ready()
    detected("bulk")
    undisturbed: dict[str, Any] = makers.stands()

    for point in POINTS:
        Pair.objects.all().delete()
        MatchRun.objects.all().delete()
        job = detected(point)

        assert (point, job.state, job.attempts) == (point, "done", 3)
        assert (tmp_path / f"hits-{point}").stat().st_size >= 3
        assert makers.stands() == undisturbed
        assert MatchRun.objects.filter(job=job).count() == 1


def test_a_worker_killed_among_changes_leaves_the_pairs_of_a_full_run(start_worker, tmp_path):
    records, _truth = makers.made_up(400)
    how = {"CRMA_FAILPOINT": "match.before_commit:kill:1-2", "CRMA_FAILPOINT_HITS": str(tmp_path / "hits")}
    for worker in (start_worker("others"), start_worker("doomed", queues="doomed", **how)):
        worker.ready()
    detected("bulk")
    twin = {name: getattr(records[7], name) for name in makers.FIELDS.values()}
    make.records(make.batch(records[7].source, makers.CONTACTS), twin)

    job = detected("doomed", kind="changes")
    after_changes = makers.stands()
    full = detected("bulk")

    assert (job.state, job.attempts, job.counts["changed"]) == ("done", 3, 1)
    assert full.state == "done"
    assert makers.stands()["clusters"] == after_changes["clusters"]
    assert {row[1::2][:2] for row in makers.stands()["pairs"]} == {row[1::2][:2] for row in after_changes["pairs"]}
