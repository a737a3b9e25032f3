"""A table cut into shards by its keys gives the pairs and clusters of a run in one piece."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from crm_adoption.jobs.models import Job
from crm_adoption.jobs.services import cancel, run_here, start
from crm_adoption.kit.errors import Refusal
from dataquality.models import MatchRun, Pair
from dataquality.queries.matching import detection_scope
from dataquality.services import matching
from tests import make
from tests.dataquality.matching import makers

pytestmark = pytest.mark.django_db(transaction=True)
OURS = ("detect_duplicates", "detect_shard", "join_shards")


def keyed(rows: int, now: Any) -> list[Any]:
    """Made-up contacts, compared once in one piece, and their keys."""
    records, _truth = makers.made_up(rows)
    matching.make_keys(makers.CONTACTS, matching.detect(makers.CONTACTS, now=now), now=now)
    return records


def asked() -> Job:
    return run_here(start("detect_duplicates", scope=detection_scope(makers.CONTACTS.slug)))


def work_off() -> set[str]:
    """Do everything that waits, the oldest first; returns how it ended."""
    ended = set()
    while waiting := Job.objects.unfinished().order_by("pk").first():
        ended.add(run_here(waiting).state)
    return ended


def shard_tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'dataquality_shard_%' ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]


def test_the_shards_of_a_table_give_what_one_piece_gives(now, settings):
    keyed(400, now)
    whole, clusters = makers.found_pairs(joined=False), makers.clusters()
    Pair.objects.all().delete()
    settings.MATCH_SHARD_ROWS = 150

    detection = asked()
    assert work_off() == {"done"}

    done = Job.objects.filter(kind__in=OURS).values_list("kind", flat=True).order_by("kind")
    cut = makers.found_pairs(joined=False)
    assert detection.counts == {"shards": 3}
    assert list(done) == ["detect_duplicates", *["detect_shard"] * 3, "join_shards"]
    assert len(cut & whole) / len(cut | whole) >= 0.99
    assert makers.clusters() == clusters
    assert shard_tables() == []


def test_a_table_without_keys_is_compared_in_one_piece(settings):
    makers.made_up(40)
    settings.MATCH_SHARD_ROWS = 10

    assert matching.shards_for(makers.CONTACTS) == 1
    with pytest.raises(Refusal, match="once in one piece"):
        matching.prepare_shards(makers.CONTACTS, 2, number=1)


def test_joining_twice_writes_once_and_not_before_every_shard_is_there(now):
    keyed(60, now)
    matching.prepare_shards(makers.CONTACTS, 2, number=1)
    matching.compare_shard(makers.CONTACTS, 0, 1)
    assert matching.join_shards(makers.CONTACTS, 1, now=now) is None
    matching.compare_shard(makers.CONTACTS, 1, 1)

    first = matching.join_shards(makers.CONTACTS, 1, now=now)

    assert first is not None
    assert matching.join_shards(makers.CONTACTS, 1, now=now) is None
    assert matching.cut_of(makers.CONTACTS) is None


def test_two_detections_asked_at_once_are_one(now, settings):
    keyed(200, now)
    settings.MATCH_SHARD_ROWS = 70
    first = asked()
    run_here(Job.objects.unfinished().order_by("pk")[0])

    second = asked()

    assert second.pk != first.pk
    assert second.counts == first.counts == {"shards": 3}
    assert work_off() == {"done"}
    assert Job.objects.filter(kind="detect_shard").count() == 3
    assert MatchRun.objects.count() == 2  # the one in one piece, and this


def test_a_cancelled_shard_leaves_the_detection_before_standing_and_the_next_one_takes_its_place(now, settings):
    records = keyed(200, now)
    stood = makers.stands()
    settings.MATCH_SHARD_ROWS = 70
    asked()
    compared, wanted = Job.objects.unfinished().order_by("pk")[:2]
    run_here(compared)
    cancel(wanted, by=None)
    assert work_off() == {"done"}

    assert makers.stands() == stood
    assert not Job.objects.filter(kind="join_shards").exists()
    left = shard_tables()
    assert len(left) == 2

    twin = {name: getattr(records[7], name) for name in makers.FIELDS.values()}
    (late,) = make.records(make.batch(records[7].source, makers.CONTACTS), twin)
    asked()
    assert work_off() == {"done"}

    assert any(late.pk in pair for pair in makers.found_pairs())
    assert shard_tables() == []


def test_a_shard_of_a_detection_that_was_replaced_writes_nothing(now):
    keyed(60, now)
    matching.prepare_shards(makers.CONTACTS, 2, number=1)
    matching.prepare_shards(makers.CONTACTS, 2, number=2)

    assert matching.compare_shard(makers.CONTACTS, 0, 1) is None
    assert matching.join_shards(makers.CONTACTS, 1, now=now) is None
    assert shard_tables() == []


def test_shards_whose_keys_were_made_anew_are_refused_with_the_way_out_and_leave_nothing(now):
    keyed(60, now)
    matching.prepare_shards(makers.CONTACTS, 2, number=1)
    matching.compare_shard(makers.CONTACTS, 0, 1)
    assert len(shard_tables()) == 1

    matching.make_keys(makers.CONTACTS, MatchRun.objects.get(), now=now)

    with pytest.raises(Refusal, match="look for duplicates once more"):
        matching.compare_shard(makers.CONTACTS, 1, 1)
    assert shard_tables() == []
