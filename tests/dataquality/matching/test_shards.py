"""A table cut into shards by its keys gives the pairs and clusters of a run in one piece."""

from __future__ import annotations

import pytest

from crm_adoption.jobs.models import Job
from crm_adoption.jobs.services import run_here, start
from crm_adoption.kit.errors import Refusal
from dataquality.models import Pair
from dataquality.queries.matching import detection_scope
from dataquality.services import matching
from tests.dataquality.matching import makers

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_shards_of_a_table_give_what_one_piece_gives(now, settings):
    makers.made_up(400)
    run = matching.detect(makers.CONTACTS, now=now)
    matching.make_keys(makers.CONTACTS, run, now=now)
    whole, clusters = makers.found_pairs(joined=False), makers.clusters()
    Pair.objects.all().delete()
    settings.MATCH_SHARD_ROWS = 150

    asked = run_here(start("detect_duplicates", scope=detection_scope(makers.CONTACTS.slug)))
    while waiting := Job.objects.unfinished().order_by("pk").first():
        assert run_here(waiting).state == "done"

    ours = Job.objects.filter(kind__in=("detect_duplicates", "detect_shard", "join_shards"))
    done = dict(ours.values_list("kind", "state").distinct())
    cut = makers.found_pairs(joined=False)
    assert asked.counts == {"shards": 3}
    assert done == {"detect_duplicates": "done", "detect_shard": "done", "join_shards": "done"}
    assert len(cut & whole) / len(cut | whole) >= 0.99
    assert makers.clusters() == clusters


def test_a_table_without_keys_is_compared_in_one_piece(settings):
    makers.made_up(40)
    settings.MATCH_SHARD_ROWS = 10

    assert matching.shards_for(makers.CONTACTS) == 1
    with pytest.raises(Refusal, match="once in one piece"):
        matching.prepare_shards(makers.CONTACTS)


def test_joining_twice_writes_once(now):
    makers.made_up(60)
    run = matching.detect(makers.CONTACTS, now=now)
    matching.make_keys(makers.CONTACTS, run, now=now)
    matching.compare_shard(makers.CONTACTS, 0, 1)

    first = matching.join_shards(makers.CONTACTS, 1, now=now)

    assert first is not None
    assert matching.join_shards(makers.CONTACTS, 1, now=now) is None
