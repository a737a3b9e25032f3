"""Detection over the mirror: what it finds, and what stays through re-runs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from crm_adoption.kit.errors import Refusal
from dataquality.models import KeyIndex, MatchRule, MatchRun, Membership, Pair
from dataquality.queries import matching as asked
from dataquality.queries import matching_evidence as why
from dataquality.services import matching
from dataquality.services.matching import rules
from dataquality.statements import fetch
from tests import make
from tests.dataquality.matching import makers

pytestmark = pytest.mark.django_db
in_commits = pytest.mark.django_db(transaction=True)  # what one transaction wrote is no change to itself


def test_the_known_duplicates_are_found_and_clustered(now):
    records, truth = makers.made_up(600)

    run = matching.detect(makers.CONTACTS, now=now)

    true, found = makers.true_pairs(records, truth), makers.found_pairs()
    assert len(true & found) / len(found) > 0.9
    assert len(true & found) / len(true) > 0.8
    assert (run.rows, run.kind, run.finished_at) == (600, "full", now)
    assert run.pairs == Pair.objects.count()
    assert run.clusters == len(makers.clusters())
    assert all(cluster == min(members) for cluster, members in makers.clusters().items())
    assert {"read records", "standardise", "block", "compare", "weigh", "cluster", "write"} <= set(run.stages)


def test_running_it_twice_changes_nothing(now):
    makers.made_up(300)
    matching.detect(makers.CONTACTS, now=now)
    before, ids = makers.stands(), set(Pair.objects.values_list("pk", flat=True))

    matching.detect(makers.CONTACTS, now=now)

    assert makers.stands() == before
    assert set(Pair.objects.values_list("pk", flat=True)) == ids


def test_answers_outlive_a_run_that_no_longer_finds_their_pair(now):
    makers.made_up(300)
    matching.detect(makers.CONTACTS, now=now)
    same, different, later, lost = Pair.objects.filter(joined=True).order_by("pk")[:4]
    steward = make.person()
    matching.judge(same, "same", by=steward, now=now)
    matching.judge(different, "different", by=steward, now=now)
    matching.postpone(later, by=steward, now=now)
    strangers = [pair.b for pair in (same, different, later, lost)]
    for number, record_id in enumerate(strangers):
        makers.CONTACTS.model.objects.filter(pk=record_id).update(
            given_name="Q", family_name=f"Stranger{number}", email="", phone="", street="", city="", postcode=""
        )

    matching.detect(makers.CONTACTS, now=now)

    kept = dict(Pair.objects.filter(pk__in=[same.pk, different.pk, later.pk]).values_list("pk", "state"))
    assert kept == {same.pk: "same", different.pk: "different", later.pk: "later"}
    assert not Pair.objects.filter(pk=lost.pk).exists()
    home = dict(Membership.objects.values_list("record_id", "cluster_id"))
    assert home[same.a] == home[same.b]
    assert home.get(different.b) is None or home.get(different.b) != home.get(different.a)


def test_an_answer_is_remembered_by_source_and_external_id_when_its_pair_was_lost(now):
    makers.made_up(300)
    matching.detect(makers.CONTACTS, now=now)
    pair = Pair.objects.filter(joined=True)[0]
    matching.judge(pair, "same", by=make.person(), now=now)
    Pair.objects.all().delete()

    matching.detect(makers.CONTACTS, now=now)

    again = Pair.objects.get(a=pair.a, b=pair.b)
    assert (again.state, again.joined) == ("same", True)


def test_a_record_that_is_gone_takes_its_open_pairs_and_its_place_in_a_cluster_along(now):
    makers.made_up(300)
    matching.detect(makers.CONTACTS, now=now)
    pair = Pair.objects.filter(joined=True)[0]
    makers.CONTACTS.model.objects.filter(pk=pair.b).update(state="gone")

    matching.detect(makers.CONTACTS, now=now)

    assert not Pair.objects.touching(makers.CONTACTS.slug, pair.b).exists()
    assert not Membership.objects.filter(record_id=pair.b).exists()


def test_contacts_are_compared_with_leads(now):
    source = make.source()
    people = {"full_name": "Anneliese Brandt", "email": "a.brandt@firm.example", "phone": "+49 30 2345678"}
    (contact,) = make.records(make.batch(source, makers.CONTACTS), people)
    (lead,) = make.records(make.batch(source, makers.LEADS), people | {"full_name": "Brandt, Anneliese"})
    makers.made_up(60, subject=makers.LEADS)

    run = matching.detect(makers.CONTACTS, beside=makers.LEADS, now=now)

    pair = Pair.objects.get(a=contact.pk, b=lead.pk)
    assert (pair.table_a, pair.table_b, pair.joined) == ("contacts.contact", "contacts.lead", True)
    assert run.clusters == 1
    assert not Membership.objects.exists()


def test_a_table_is_not_compared_with_itself_as_another(now):
    with pytest.raises(Refusal, match="themselves"):
        matching.detect(makers.CONTACTS, beside=makers.CONTACTS, now=now)


def test_the_blast_radius_counts_the_records_that_point_at_the_two(now):
    source = make.source()
    batch = make.batch(source, makers.ACCOUNTS)
    known = {"name": "Ahlborn Pumpen GmbH", "website": "ahlborn.example", "phone": "+49 30 2345678", "city": "Berlin"}
    a, b = make.records(batch, known, known | {"name": "Ahlborn Pumpen"})
    make.records(batch, *({"name": f"Other {n}", "city": f"City {n}"} for n in range(20)))
    people = make.batch(source, makers.CONTACTS)
    make.records(people, *({"full_name": f"P {n}", "account": a} for n in range(3)), {"full_name": "Q", "account": b})

    matching.detect(makers.ACCOUNTS, now=now)

    assert Pair.objects.get(a=a.pk, b=b.pk).blast_radius == 4


def test_every_pair_says_why(now):
    makers.made_up(200)
    matching.detect(makers.CONTACTS, now=now)
    pair = Pair.objects.order_by("-probability")[0]

    evidence = why.evidence_of(pair)

    assert sum(step.bits for step in evidence) == pytest.approx(pair.weight, abs=0.01)
    assert all(step.sentence for step in evidence)


def test_births_are_counted_by_source_and_month(now):
    records, _truth = makers.made_up(300)
    matching.detect(makers.CONTACTS, now=now)

    births = why.births_of(makers.CONTACTS.slug)

    members = sum(len(members) - 1 for members in makers.clusters().values())
    assert sum(one.new for one in births) == 300
    assert sum(one.duplicates for one in births) == members
    assert {one.source for one in births} == {records[0].source.name}


@in_commits
def test_the_weights_are_learnt_again_once_somebody_has_taught(now):
    makers.made_up(200)
    matching.detect(makers.CONTACTS, now=now)
    kept = matching.detect(makers.CONTACTS, now=now)
    for pair in Pair.objects.order_by("pk")[:2]:  # one of two in a row may be held back, not both
        matching.judge(pair, "same", by=make.person(), now=now)

    taught = matching.detect(makers.CONTACTS, now=now)

    assert "Weights as learnt" in kept.log[0]
    assert "Weights as learnt" not in taught.log[0]


def test_keys_are_made_anew_as_a_whole_and_the_old_ones_go(now):
    makers.made_up(60)
    run = matching.detect(makers.CONTACTS, now=now)
    matching.make_keys(makers.CONTACTS, run, now=now)
    old = KeyIndex.objects.get()

    matching.make_keys(makers.CONTACTS, run, now=now)

    new = KeyIndex.objects.get()
    assert new.number != old.number
    assert not {old.key_table, old.added_table, old.line_table} & tables_in_store()
    assert {new.key_table, new.added_table, new.line_table} <= tables_in_store()


def tables_in_store() -> set[str]:

    return {row[0] for row in fetch("SELECT tablename FROM pg_tables WHERE tablename LIKE 'dataquality_%%'")}


def test_runs_are_listed_without_their_models(now, django_assert_num_queries):
    makers.run(), makers.run(model={"long": "text"})

    with django_assert_num_queries(1):
        assert [run.rows for run in asked.runs_of(makers.CONTACTS.slug)] == [0, 0]
    assert MatchRun.objects.count() == 2


def test_a_rules_pairs_stand_in_the_queue_through_every_run_and_join_nothing(now):
    records, _truth = makers.made_up(150)
    twins = [record for record in records if record.city][:2]
    makers.CONTACTS.model.objects.filter(pk__in=[one.pk for one in twins]).update(region="Rule Land")
    matching.detect(makers.CONTACTS, now=now)
    rule = MatchRule(table=makers.CONTACTS.slug, name="Same region", criteria=[{"column": "region", "how": "exact"}])
    given = rules.publish(rules.save_rule(rule))
    by_rule = Pair.objects.exclude(rule="")
    before = set(by_rule.values_list("a", "b"))

    matching.detect(makers.CONTACTS, now=now)

    assert given == len(before) > 0
    assert set(by_rule.values_list("a", "b")) == before
    assert not by_rule.filter(joined=True).exists()


def test_births_in_a_window_are_new_records_and_those_that_duplicate_an_older_one():
    now = timezone.now()
    old, twin, fresh = makers.people("Anna Berg", "Anna Berg", "Otto Klein")
    assert asked.births_between(makers.CONTACTS.slug, now - timedelta(days=28), now) is None  # nobody has looked yet
    makers.run()
    makers.cluster(old, twin)
    makers.CONTACTS.model.objects.filter(pk=old.pk).update(created_at=now - timedelta(days=90))
    makers.CONTACTS.model.objects.filter(pk__in=[twin.pk, fresh.pk]).update(created_at=now - timedelta(days=3))

    assert asked.births_between(makers.CONTACTS.slug, now - timedelta(days=28), now) == (2, 1)
    assert asked.births_between(makers.CONTACTS.slug, now - timedelta(days=2), now) == (0, 0)
