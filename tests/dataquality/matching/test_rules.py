"""A steward's own rules: tried, published, judged and withdrawn, on the page as in the service."""

from __future__ import annotations

import pytest
from django.urls import reverse

from crm_adoption.kit.errors import Refusal
from dataquality.models import MatchRule, Pair
from dataquality.services.matching import rules
from tests import make
from tests.dataquality.matching.makers import CONTACTS, pair, people, run

pytestmark = pytest.mark.django_db
BY_NAME = [{"column": "full_name", "how": "first", "length": 4, "ignore_blank": True}]


def rule(name="Same beginning", criteria=BY_NAME, **more):
    return MatchRule.objects.create(table=CONTACTS.slug, name=name, criteria=criteria, **more)


def pairs_of_rules():
    return set(Pair.objects.exclude(rule="").values_list("a", "b", "rule", "state"))


def test_a_rule_is_tried_before_it_counts_and_keeps_nothing():
    anna, _annabel, otto = people("Anna Berg", "Annabel Stein", "Otto Klein")
    pair(anna, otto)

    found = rules.try_rule(CONTACTS, rules.as_rule("Try", BY_NAME, CONTACTS))

    assert (found.pairs, found.adds, found.largest) == (1, 1, 2)
    assert pairs_of_rules() == set()


def test_published_pairs_stand_in_the_queue_beside_the_engines_and_leave_when_withdrawn():
    anna, annabel, anne = people("Anna Berg", "Annabel Stein", "Anna Stein")
    run()
    pair(anna, anne)
    made = rule()

    assert rules.publish(made) == 2
    assert {(a, b) for a, b, _rule, _state in pairs_of_rules()} == {(anna.pk, annabel.pk), (annabel.pk, anne.pk)}
    assert Pair.objects.get(a=anna.pk, b=anne.pk).rule == ""  # what the engine found stays its own

    assert rules.withdraw_rule(made) == 2
    assert pairs_of_rules() == set()


def test_what_people_judged_stays_when_a_rule_goes():
    people("Anna Berg", "Annabel Stein")
    run()
    made = rule()
    rules.publish(made)
    Pair.objects.update(state="different")

    rules.withdraw_rule(made)

    assert Pair.objects.count() == 1


def test_applying_again_follows_the_records():
    _anna, annabel = people("Anna Berg", "Annabel Stein")
    run()
    rules.publish(rule())
    CONTACTS.model.objects.filter(pk=annabel.pk).update(full_name="Bella Stein")

    assert rules.apply_rules(CONTACTS) == 0


def test_before_the_first_run_there_is_nothing_to_stand_beside():
    people("Anna Berg")

    with pytest.raises(Refusal, match="Look for duplicates in Contacts once"):
        rules.publish(rule())


@pytest.mark.parametrize(
    ("criteria", "sentence"),
    [
        ([], "no criterion"),
        ([{"column": "nonsense", "how": "exact"}], "which Contacts does not compare"),
        ([{"column": "email", "how": "first"}], "number of characters"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(criteria, sentence):
    with pytest.raises(Refusal, match=sentence):
        rules.save_rule(MatchRule(table=CONTACTS.slug, name="Odd", criteria=criteria))


def test_a_steward_writes_tries_keeps_and_publishes_a_rule(client):
    people("Anna Berg", "Annabel Stein")
    run()
    client.force_login(make.person(groups=["data steward"]))
    new = reverse("match-rule-new", args=[CONTACTS.slug])
    wish = {"name": "Same beginning", "column_0": "full_name", "how_0": "first", "length_0": 4}

    assert "1 pairs" in client.post(new, {**wish, "try": "1"}).content.decode()
    client.post(new, wish)
    made = MatchRule.objects.get()
    client.post(reverse("match-rule-publish", args=[made.pk]))

    assert (made.criteria, Pair.objects.get().rule) == (BY_NAME, "Same beginning")
    assert "Same beginning" in client.get(reverse("match-rules")).content.decode()
    assert client.post(new, {"name": "Nothing"}).status_code == 409


def test_the_page_of_runs_says_what_was_found_and_where_duplicates_are_born(client):
    run(
        rows=120,
        pairs=4,
        clusters=2,
        log=["The city is too common to be a key."],
        births={"Sales": {"2026-10": [10, 3]}},
    )
    client.force_login(make.person(groups=["data steward"]))

    page = client.get(reverse("duplicate-runs")).content.decode()

    assert "120 records" in page
    assert "too common to be a key" in page
    assert "30 %" in page
