"""Records become one: values by rule and by hand, children moved, the CRM told, and all of it taken apart exactly."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Account, Activity
from contacts.models import Contact
from crm_adoption.kit.errors import Refusal
from dataquality.models import Correction, Finding, Merge, Pair, Record
from dataquality.queries.merging import plan
from dataquality.services import matching
from dataquality.services.matching.clusters import regroup_around
from dataquality.services.merging import changed_since, merge, set_merge_rules, undo, undo_tower
from tests import make
from tests.dataquality.matching.makers import cluster as stored_cluster
from tests.dataquality.matching.makers import clusters, pair
from tests.dataquality.merging.cases import ACCOUNTS, CONTACTS, accounts, beside, contacts, family, picture

pytestmark = pytest.mark.django_db


def merged(records, **more):
    known: dict[str, Any] = {"by": make.person(), "now": timezone.now()}
    return merge(more.pop("subject", ACCOUNTS), [r.pk for r in records], **known | more)


def undone(made, **more):
    return undo(made, by=make.person(), now=timezone.now(), **more)


def test_the_survivor_takes_the_chosen_values_and_everything_that_points_at_the_others():
    (one, two, three), hanging = family()

    made = merged([one, two, three], survivor=one.pk)

    one.refresh_from_db()
    assert (one.name, one.website, one.industry, str(one.revenue)) == (
        "Ahlborn GmbH", "ahlborn.example", "Retail", "1234.5600",
    )  # fmt: skip
    for kind, rows in hanging.items():
        for row in rows:
            row.refresh_from_db()
            at = row.parent_id if kind == "children" else row.account_id
            assert (kind, at) == (kind, one.pk)
    for loser in (two, three):
        loser.refresh_from_db()
        assert (loser.state, loser.merged_into_id) == (Record.State.MERGED, one.pk)
    assert made.losers == [two.pk, three.pk]
    assert hanging["roles"][0].account_id == one.pk


def test_undo_gives_back_every_row_of_every_table():
    (one, two, three), _hanging = family()
    finding = make.finding(two, "name.required", field="name")
    make.finding(one, "name.required", field="name", value="Ahlborn")
    make.correction(one, "phone", old="x", new=one.phone)
    outside = accounts({"name": "Ahlborn & Co"}, source=one.source)[0]
    for a, b in ((one, two), (two, three), (three, outside), (two, outside)):
        pair(a, b, 0.9)
    regroup_around(ACCOUNTS, [one.pk, two.pk, three.pk, outside.pk])
    before = picture()

    made = merged([one, two, three])
    during = picture()
    undone(made)

    assert during != before
    assert picture() == before
    assert Merge.objects.get().undone_at is not None
    finding.refresh_from_db()
    assert finding.state == Finding.State.OPEN


def test_the_crm_is_told_by_pending_corrections_and_hears_no_more_of_it_after_undo():
    one, two = accounts({"name": "Ahlborn", "external_id": "A-1"}, {"name": "Ahlborn GmbH", "external_id": "A-2"})

    made = merged([one, two], survivor=one.pk, reason="Same tax number.")

    told = {(c.kind, c.external_id, c.field, c.old, c.new, c.fate) for c in Correction.objects.all()}
    assert told == {
        ("merge", "A-2", "merged_into", "A-2", "A-1", "pending"),
        ("change", "A-1", "name", "Ahlborn", "Ahlborn GmbH", "pending"),
    }
    one.refresh_from_db()
    assert one.corrected == {"name": "Ahlborn"}
    undone(made)
    assert not Correction.objects.exists()
    one.refresh_from_db()
    assert one.corrected == {}


def test_a_loser_of_another_source_is_merged_here_and_left_alone_there():
    (one,), (two,) = accounts({"name": "Ahlborn"}), accounts({"name": "Ahlborn"})

    merged([one, two], survivor=one.pk)

    assert not Correction.objects.filter(kind="merge").exists()


def test_a_value_is_taken_from_the_record_that_was_picked_or_as_it_was_typed():
    one, two = accounts({"name": "Ahlborn GmbH", "phone": "+49 40 111111"}, {"name": "Ahlborn", "city": "Hamburg"})

    made = merged([one, two], survivor=one.pk, chosen={"name": two.pk, "city": "Bremen"})

    one.refresh_from_db()
    assert (one.name, one.city, one.phone) == ("Ahlborn", "Bremen", "+49 40 111111")
    assert made.chosen["name"]["rule"] == "hand"
    assert made.chosen["name"]["lost"] == [[one.pk, "Ahlborn GmbH"]]


def test_a_typed_value_that_a_rule_calls_wrong_is_refused():
    one, two = accounts({"name": "Ahlborn"}, {"name": "Ahlborn GmbH"})

    with pytest.raises(Refusal):
        merged([one, two], survivor=one.pk, chosen={"website": "no address"})
    assert not Merge.objects.exists()


def test_a_steward_sets_the_rule_of_a_field_and_the_order_of_sources():
    trusted = make.source()
    (one,), (two,) = accounts({"name": "Ahlborn GmbH"}), accounts({"name": "Ahlborn"}, source=trusted)
    set_merge_rules(ACCOUNTS, {"name": "source"}, sources=[trusted.pk])

    choice = next(c for c in plan(ACCOUNTS, [one.pk, two.pk], survivor=one.pk).choices if c.field == "name")

    assert (choice.kept.value, choice.kept.rule) == ("Ahlborn", "source")
    with pytest.raises(Refusal, match="no rule"):
        set_merge_rules(ACCOUNTS, {"name": "best"})


def test_a_survivor_never_points_at_itself():
    one, two = accounts({"name": "Ahlborn", "external_id": "A-1"}, {"name": "Ahlborn GmbH", "external_id": "A-2"})
    Account.objects.filter(pk=one.pk).update(parent=two, parent_ref="A-2")

    merged([one, two], survivor=one.pk)

    one.refresh_from_db()
    assert one.parent_id != one.pk
    assert one.parent_id is None


def test_records_merged_earlier_follow_into_the_new_survivor():
    one, two, three = accounts({"name": "A"}, {"name": "AB"}, {"name": "ABC"})
    merged([one, two], survivor=two.pk)
    merged([two, three], survivor=three.pk)

    one.refresh_from_db()
    assert one.merged_into_id == three.pk


def test_an_earlier_merge_is_undone_after_the_later_or_both_together():
    one, two, three = accounts({"name": "A"}, {"name": "AB"}, {"name": "ABC"})
    before = picture()
    first = merged([one, two], survivor=two.pk)
    second = merged([two, three], survivor=three.pk)

    with pytest.raises(Refusal, match="rests on this one") as refused:
        undone(first)
    assert refused.value.code == "later_merge"
    assert refused.value.links[0][1] == second.get_absolute_url()

    undo_tower(first, by=make.person(), now=timezone.now())
    assert picture() == before


def test_only_live_records_are_merged_and_at_least_two():
    one, two = accounts({"name": "A"}, {"name": "B", "state": "gone"})

    with pytest.raises(Refusal, match="only live"):
        merged([one, two])
    with pytest.raises(Refusal, match="two records"):
        merged([one])


def test_records_judged_different_are_not_merged_by_way_of_a_third(now):
    one, two, three = accounts({"name": "A"}, {"name": "B"}, {"name": "C"})
    matching.judge(pair(one, three), "different", by=make.person(), now=now)

    with pytest.raises(Refusal, match="judged different") as refused:
        merged([one, two, three])
    assert refused.value.code == "different"


def test_pairs_among_the_members_are_settled_and_the_others_follow_the_survivor(now):
    one, two, outside, far = accounts({"name": "A"}, {"name": "A"}, {"name": "A b"}, {"name": "A c"})
    among, other, known = pair(one, two), pair(two, outside, 0.8), pair(one, far, 0.4)
    doubled = pair(two, far, 0.7)
    matching.judge(doubled, "different", by=make.person(), now=now)

    made = merged([one, two], survivor=one.pk)

    assert Pair.objects.get(pk=among.pk).state == "merged"
    other.refresh_from_db()
    assert {other.a, other.b} == {one.pk, outside.pk}
    standing = Pair.objects.exclude(state="merged").touching(ACCOUNTS.slug, one.pk)
    assert {(p.a, p.b): p.state for p in standing}[min(one.pk, far.pk), max(one.pk, far.pk)] == "different"
    assert not Pair.objects.exclude(state="merged").touching(ACCOUNTS.slug, two.pk).exists()
    undone(made)
    known.refresh_from_db()
    doubled.refresh_from_db()
    assert (known.state, doubled.state, doubled.b) == ("open", "different", far.pk)


def test_the_loser_leaves_the_cluster_and_comes_back_into_it():
    one, two, three = accounts({"name": "A"}, {"name": "A"}, {"name": "A"})
    for a, b in ((one, two), (two, three), (one, three)):
        pair(a, b)
    stored_cluster(one, two, three)

    made = merged([one, two], survivor=one.pk)
    assert clusters(ACCOUNTS.slug) == {one.pk: {one.pk, three.pk}}
    undone(made)
    assert clusters(ACCOUNTS.slug) == {one.pk: {one.pk, two.pk, three.pk}}


def test_what_changed_since_is_told_and_kept_when_confirmed():
    (one, two, three), hanging = family()
    made = merged([one, two, three], survivor=one.pk)
    Account.objects.filter(pk=one.pk).update(employees=12)
    moved = hanging["contacts"][1]
    other = accounts({"name": "Elsewhere"}, source=one.source)[0]
    Contact.objects.filter(pk=moved.pk).update(account=other)

    with pytest.raises(Refusal, match="Employees of Ahlborn") as refused:
        undone(made)
    assert refused.value.code == "changed_since"
    assert len(changed_since(made).changes) == 2

    undone(made, confirm=True)
    one.refresh_from_db()
    moved.refresh_from_db()
    assert (one.employees, one.name, moved.account_id) == (12, "Ahlborn", other.pk)
    two.refresh_from_db()
    assert two.state == "live"


def test_a_cell_that_the_merge_changed_and_somebody_changed_again_is_refused_until_it_may_stay():
    one, two = accounts({"name": "Ahlborn"}, {"name": "Ahlborn GmbH"})
    made = merged([one, two], survivor=one.pk)
    Account.objects.filter(pk=one.pk).update(name="Ahlborn SE")

    for said in ({}, {"confirm": True}):
        with pytest.raises(Refusal, match="Ahlborn SE") as refused:
            undone(made, **said)
        assert refused.value.code == "clash"

    undone(made, keep=True)
    one.refresh_from_db()
    assert one.name == "Ahlborn SE"


def test_rows_that_came_since_and_name_the_loser_go_with_it():
    one, two = accounts({"name": "A", "external_id": "A-1"}, {"name": "A", "external_id": "A-2"})
    made = merged([one, two], survivor=one.pk)
    late = beside(one, "accounts.activity", {"subject": "Call", "account": one, "regarding_ref": "A-2"})[0]
    named = beside(one, "contacts.contact", {"full_name": "N", "account": one, "account_ref": "A-2"})[0]

    undone(made)

    named.refresh_from_db()
    assert named.account_id == two.pk
    assert Activity.objects.get(pk=late.pk).account_id in (one.pk, two.pk)


def test_a_merge_is_undone_once():
    made = merged(accounts({"name": "A"}, {"name": "A"}))
    undone(made)

    with pytest.raises(Refusal, match="undone already"):
        undone(made)


def test_contacts_merge_with_their_names_from_one_record():
    one, two = contacts(
        {"full_name": "Bob Smith", "given_name": "Bob", "family_name": "Smith", "email": "b@x.example"},
        {"full_name": "Robert J. Smith", "given_name": "Robert J.", "family_name": "Smith"},
    )

    merged([one, two], subject=CONTACTS, survivor=one.pk)

    one.refresh_from_db()
    assert (one.full_name, one.given_name, one.email) == ("Robert J. Smith", "Robert J.", "b@x.example")
