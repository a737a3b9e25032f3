"""All pairs above a probability are accepted at once, after a sample of them was judged."""

from __future__ import annotations

import pytest

from crm_adoption.kit.errors import Refusal
from dataquality.models import Judgement, Pair
from dataquality.queries import matching as asked
from dataquality.services import matching
from tests import make
from tests.dataquality.matching import makers

pytestmark = pytest.mark.django_db


def many(n: int, probability: float = 0.98) -> list[Pair]:
    run, records = makers.run(), makers.people(*["Ann"] * (2 * n))
    return [makers.pair(records[i], records[i + 1], probability, run=run) for i in range(0, 2 * n, 2)]


def test_a_sample_is_drawn_from_the_open_pairs_above(now):
    sure, unsure = many(5), many(3, 0.6)

    drawn = matching.draw_sample(makers.CONTACTS, above=0.9, n=4, by=make.person(), now=now)

    assert (len(drawn.sample), drawn.reached) == (4, 5)
    assert set(drawn.sample) <= {pair.pk for pair in sure}
    assert not set(drawn.sample) & {pair.pk for pair in unsure}


def test_nothing_is_accepted_before_the_sample_is_judged(now):
    many(3)
    drawn = matching.draw_sample(makers.CONTACTS, above=0.9, n=2, by=make.person(), now=now)

    with pytest.raises(Refusal, match="2 of the 2 pairs drawn have no answer"):
        matching.accept_above(drawn, by=make.person(), now=now)


def test_the_estimate_says_the_share_and_its_interval(now):
    pairs = many(10)
    drawn = matching.draw_sample(makers.CONTACTS, above=0.9, n=10, by=make.person(), now=now)
    for place, pair in enumerate(pairs):
        matching.judge(pair, "different" if place == 0 else "same", by=make.person(), now=now)

    estimate = asked.precision_of(drawn)

    assert (estimate.n, estimate.same, estimate.different, estimate.open) == (10, 9, 1, 0)
    assert estimate.share == 0.9
    assert (estimate.low, estimate.high) == pytest.approx((0.596, 0.982), abs=0.0005)  # Wilson, 9 of 10


def test_accepted_pairs_are_remembered_as_one_act_and_teach_nothing(now):
    pairs = many(6)
    (below,) = many(1, 0.6)
    drawn = matching.draw_sample(makers.CONTACTS, above=0.9, n=2, by=make.person(), now=now)
    for pair in Pair.objects.filter(pk__in=drawn.sample):
        matching.judge(pair, "same", by=make.person(), now=now)

    done = matching.accept_above(drawn, by=make.person(), now=now)

    assert done.accepted == 4
    assert set(Pair.objects.filter(state="same").values_list("pk", flat=True)) == {pair.pk for pair in pairs}
    assert Pair.objects.get(pk=below.pk).state == "open"
    assert Judgement.objects.filter(acceptance=drawn, held_back=False).count() == 4
    assert Judgement.objects.filter(acceptance=None).count() == 2


def test_pairs_accepted_below_the_threshold_join_their_clusters(now):
    (pair,) = many(1, 0.3)
    drawn = matching.draw_sample(makers.CONTACTS, above=0.2, n=1, by=make.person(), now=now)
    (more,) = many(1, 0.3)
    matching.judge(pair, "same", by=make.person(), now=now)

    matching.accept_above(drawn, by=make.person(), now=now)

    assert makers.clusters()[more.a] == {more.a, more.b}


def test_a_sample_that_proves_too_little_is_refused(now):
    many(3)
    drawn = matching.draw_sample(makers.CONTACTS, above=0.9, n=3, by=make.person(), now=now)
    for pair in Pair.objects.filter(pk__in=drawn.sample):
        matching.judge(pair, "same", by=make.person(), now=now)

    with pytest.raises(Refusal, match=r"shows 43\.9% at the least"):
        matching.accept_above(drawn, by=make.person(), now=now, least=0.95)


def test_what_was_accepted_is_not_accepted_twice(now):
    (pair,) = many(1)
    drawn = matching.draw_sample(makers.CONTACTS, above=0.9, by=make.person(), now=now)
    matching.judge(pair, "same", by=make.person(), now=now)
    matching.accept_above(drawn, by=make.person(), now=now)

    with pytest.raises(Refusal, match="accepted already"):
        matching.accept_above(drawn, by=make.person(), now=now)


def test_without_a_pair_that_probable_there_is_nothing_to_draw(now):
    with pytest.raises(Refusal, match="nothing to accept"):
        matching.draw_sample(makers.CONTACTS, above=0.9, by=make.person(), now=now)
