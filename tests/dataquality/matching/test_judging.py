"""What a person says of two records: it settles the pair, mends the cluster and is remembered."""

from __future__ import annotations

from itertools import pairwise

import pytest

from crm_adoption.kit.errors import Refusal
from dataquality.models import Judgement, Pair
from dataquality.services import matching
from tests import make
from tests.dataquality.matching import makers

pytestmark = pytest.mark.django_db


def test_same_is_remembered_by_source_and_external_id(now):
    ann, anne = makers.people("Ann Lee", "Anne Lee")
    steward = make.person()

    judged = matching.judge(makers.pair(ann, anne), "same", by=steward, now=now, reason="one desk")

    said = Judgement.objects.get()
    assert (judged.state, judged.judged_by, judged.judged_at) == ("same", steward, now)
    assert (said.verdict, said.reason, said.probability, said.judged_by) == ("same", "one desk", 0.97, steward)
    assert {(said.source_a_id, said.external_a), (said.source_b_id, said.external_b)} == {
        (one.source_id, one.external_id) for one in (ann, anne)
    }


def test_the_side_with_the_smaller_id_stands_first_however_the_records_are_numbered(now):
    batch = make.batch(make.source(), makers.CONTACTS)
    late, early = make.records(batch, {"external_id": "Z"}, {"external_id": "A"})

    matching.judge(makers.pair(late, early), "different", by=make.person(), now=now)

    assert Judgement.objects.values_list("external_a", "external_b").get() == ("A", "Z")


def test_same_joins_two_clusters_under_the_older_ones_id(now):
    a, b, c, d = makers.people("Ann", "Ann", "Anna", "Anna")
    makers.pair(a, b), makers.pair(c, d)
    oldest, _younger = makers.cluster(a, b), makers.cluster(c, d)
    bridge = makers.pair(b, c, 0.4)

    joined = matching.judge(bridge, "same", by=make.person(), now=now)

    assert makers.clusters() == {oldest: {a.pk, b.pk, c.pk, d.pk}}
    assert joined.joined


def test_different_splits_a_cluster_and_the_older_part_keeps_its_id(now):
    a, b, c = makers.people("Ann", "Ann", "Anna")
    makers.pair(a, b, 0.99)
    bridge = makers.pair(b, c, 0.7)
    kept = makers.cluster(a, b, c)

    apart = matching.judge(bridge, "different", by=make.person(), now=now)

    assert makers.clusters() == {kept: {a.pk, b.pk}}
    assert not apart.joined


def test_a_withdrawn_answer_leaves_no_memory_and_the_cluster_as_the_evidence_says(now):
    a, b = makers.people("Ann", "Ann")
    pair = makers.pair(a, b)
    kept = makers.cluster(a, b)
    matching.judge(pair, "different", by=make.person(), now=now)
    assert makers.clusters() == {}

    open_again = matching.withdraw(pair, now=now)

    assert (open_again.state, open_again.judged_by, open_again.joined) == ("open", None, True)
    assert not Judgement.objects.exists()
    assert makers.clusters() == {kept: {a.pk, b.pk}}


def test_a_later_answer_takes_the_place_of_an_earlier_one(now):
    a, b = makers.people("Ann", "Ann")
    pair = makers.pair(a, b)

    matching.judge(pair, "different", by=make.person(), now=now)
    matching.judge(pair, "same", by=make.person(), now=now)

    assert Judgement.objects.values_list("verdict", flat=True).get() == "same"
    assert makers.clusters() == {a.pk: {a.pk, b.pk}}


def test_contacts_and_leads_are_judged_across_their_tables(now):
    source = make.source()
    (contact,), (lead,) = makers.people("Ann", source=source), makers.people("Ann", subject=makers.LEADS, source=source)

    judged = matching.judge(makers.pair(contact, lead), "same", by=make.person(), now=now)

    said = Judgement.objects.get()
    assert (said.table_a, said.external_a) == ("contacts.contact", contact.external_id)
    assert (said.table_b, said.external_b) == ("contacts.lead", lead.external_id)
    assert judged.state == "same"


def test_every_fifth_judgement_is_held_back(now):
    records = makers.people(*"ABCDEFGHIJK")
    steward = make.person()

    for one, other in pairwise(records):
        matching.judge(makers.pair(one, other, 0.3), "different", by=steward, now=now)

    assert Judgement.objects.filter(held_back=True).count() == 2
    assert Judgement.objects.filter(held_back=False).count() == 8


def test_a_pair_put_aside_leaves_the_queue_without_a_judgement(now):
    pair = makers.pair(*makers.people("Ann", "Ann"))

    aside = matching.postpone(pair, by=make.person(), now=now)

    assert aside.state == "later"
    assert not Pair.objects.open().exists()
    assert not Judgement.objects.exists()


@pytest.mark.parametrize(
    ("state", "act", "why"),
    [
        ("merged", lambda pair, now: matching.judge(pair, "same", by=make.person(), now=now), "undo the merge"),
        ("same", lambda pair, now: matching.postpone(pair, by=make.person(), now=now), "withdraw that first"),
        ("open", lambda pair, now: matching.withdraw(pair, now=now), "nothing to take back"),
        ("open", lambda pair, now: matching.judge(pair, "perhaps", by=make.person(), now=now), "not “perhaps”"),
    ],
)
def test_what_cannot_be_said_is_refused(now, state, act, why):
    pair = makers.pair(*makers.people("Ann", "Ann"), state=state)

    with pytest.raises(Refusal, match=why):
        act(pair, now)


def test_nothing_is_said_of_a_record_that_is_gone(now):
    a, b = makers.people("Ann", "Ann")
    type(b).objects.filter(pk=b.pk).update(state="gone")

    with pytest.raises(Refusal, match="no longer in the CRM"):
        matching.judge(makers.pair(a, b), "same", by=make.person(), now=now)


def test_members_split_off_are_other_than_every_one_of_the_rest(now):
    a, b, c, d = makers.people(*["Ann"] * 4)
    for one, other in ((a, b), (c, d), (b, c), (a, c)):
        makers.pair(one, other)
    kept = makers.cluster(a, b, c, d)

    judged = matching.split_off(makers.CONTACTS, [c.pk, d.pk], by=make.person(), now=now)

    assert judged == 4
    assert Judgement.objects.filter(verdict="different").count() == 4
    assert makers.clusters() == {kept: {a.pk, b.pk}, c.pk: {c.pk, d.pk}}


def test_a_whole_cluster_is_not_split_off(now):
    a, b = makers.people("Ann", "Ann")
    makers.pair(a, b), makers.cluster(a, b)

    with pytest.raises(Refusal, match="leave at least one"):
        matching.split_off(makers.CONTACTS, [a.pk, b.pk], by=make.person(), now=now)
