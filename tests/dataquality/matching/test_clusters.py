"""Clusters mended around records: what is as it was stays untouched."""

from __future__ import annotations

import pytest

from dataquality.models import Membership, Pair
from dataquality.services.matching.clusters import regroup_around
from tests.dataquality.matching import makers

pytestmark = pytest.mark.django_db


def rows():
    return dict(Membership.objects.values_list("record_id", "pk"))


@pytest.fixture
def six():
    """Two clusters of two that their pairs hold together, and two records that nothing joins yet."""
    people = makers.people("Ann", "Anne", "Ben", "Benn", "Cid", "Cyd")
    made = makers.run(threshold=0.5)
    for a, b in (people[:2], people[2:4]):
        makers.cluster(a, b)
        makers.pair(a, b, run=made)
    return people


def test_a_cluster_that_is_as_it_was_is_not_written_again(six):
    before = rows()

    assert regroup_around(makers.CONTACTS, [one.pk for one in six]) == 0
    assert rows() == before


def test_it_says_how_many_clusters_more_there_are(six):
    ann, anne, ben, benn, cid, cyd = six
    before = rows()
    makers.pair(cid, cyd, joined=False)
    ids = [one.pk for one in six]

    assert regroup_around(makers.CONTACTS, ids) == 1
    assert makers.clusters() == {one.pk: {one.pk, other.pk} for one, other in ((ann, anne), (ben, benn), (cid, cyd))}
    assert {record: pk for record, pk in rows().items() if record in before} == before
    assert not Pair.objects.filter(joined=False).exists()

    Pair.objects.filter(a=ann.pk).update(weight=-9)
    assert regroup_around(makers.CONTACTS, ids) == -1
    assert makers.clusters() == {one.pk: {one.pk, other.pk} for one, other in ((ben, benn), (cid, cyd))}
    assert {record: pk for record, pk in rows().items() if record in before} == {
        one.pk: before[one.pk] for one in (ben, benn)
    }


def test_records_that_nothing_joins_make_none(six):
    assert regroup_around(makers.CONTACTS, [one.pk for one in six[4:]]) == 0
