"""Runs among changes: the same as a full run gives, and no more work than what changed asks for."""

from __future__ import annotations

from threading import Event, Thread

import polars as pl
import pytest
from django.db import connection, transaction
from psycopg2 import sql

from dataquality.models import KeyIndex, Pair
from dataquality.services import matching
from dataquality.services.matching import changed, frames, stored_keys
from dataquality.services.matching import delta as delta_runs
from dataquality.services.merging import merge, undo
from dataquality.statements import fetch
from tests import make
from tests.dataquality.matching import makers

pytestmark = pytest.mark.django_db
in_commits = pytest.mark.django_db(transaction=True)  # what one transaction wrote is no change to itself


@in_commits
def test_what_changed_gives_the_same_as_a_full_run(now):
    records, _truth = makers.made_up(600)
    run = matching.detect(makers.CONTACTS, now=now)
    matching.make_keys(makers.CONTACTS, run, now=now)
    makers.CONTACTS.model.objects.filter(pk__in=[one.pk for one in records[:12]]).update(city="Springfield")
    makers.CONTACTS.model.objects.filter(pk=records[20].pk).update(state="gone")
    twin = {name: getattr(records[30], name) for name in makers.FIELDS.values()}
    make.records(make.batch(records[0].source, makers.CONTACTS), twin)

    delta = matching.detect(makers.CONTACTS, kind="changes", now=now)

    after_changes = {(a, b): p for a, b, p in Pair.objects.values_list("a", "b", "probability")}
    clusters = makers.clusters()
    assert (delta.pairs, delta.clusters, delta.rows) == (len(after_changes), len(clusters), 600)
    full = matching.detect(makers.CONTACTS, now=now)
    after_all = {(a, b): p for a, b, p in Pair.objects.values_list("a", "b", "probability")}
    assert (delta.kind, delta.changed, full.kind) == ("changes", 14, "full")
    shared = set(after_changes) & set(after_all)
    assert len(shared) / len(set(after_changes) | set(after_all)) >= 0.99
    assert clusters == makers.clusters()


@in_commits
def test_a_key_that_too_many_share_is_none_for_what_changes_either(now):
    records, _truth = makers.made_up(400)
    ids = [one.pk for one in records]
    makers.CONTACTS.model.objects.filter(pk__in=ids[:150]).update(email="reception@bigfirm.example")
    run = matching.detect(makers.CONTACTS, now=now)
    matching.make_keys(makers.CONTACTS, run, now=now)
    makers.CONTACTS.model.objects.filter(pk__in=ids[:12]).update(city="Springfield")

    matching.detect(makers.CONTACTS, kind="changes", now=now)

    after_changes = makers.found_pairs(joined=False)
    matching.detect(makers.CONTACTS, now=now)
    after_all = makers.found_pairs(joined=False)
    table = KeyIndex.objects.get(table=makers.CONTACTS.slug).key_table
    assert fetch(sql.SQL("SELECT count(*) FROM {} WHERE record_id = 0").format(sql.Identifier(table)))[0][0] > 0
    assert len(after_changes & after_all) / len(after_changes | after_all) >= 0.99


@in_commits
def test_what_a_later_transaction_wrote_has_changed_as_well(now, monkeypatch):
    (record, *_others) = makers.made_up(20)[0]
    before = frames.now_in_store()
    asked_first: list[object] = []

    def write() -> None:
        makers.CONTACTS.model.objects.filter(pk=record.pk).update(city="Springfield")
        connection.close()

    def fetch_and_let_write(*question):
        answer = fetch(*question)
        if not asked_first:  # the number of this transaction is known; another one is begun and ended
            asked_first.append(answer)
            thread = Thread(target=write)
            thread.start()
            thread.join()
        return answer

    monkeypatch.setattr(changed, "fetch", fetch_and_let_write)
    with transaction.atomic():
        found = changed.changed_since(makers.CONTACTS, before)

    assert found.to_list() == [record.pk]


@in_commits
def test_two_transactions_look_for_many_keys_beside_each_other(now, monkeypatch):
    makers.made_up(300)
    matching.make_keys(makers.CONTACTS, matching.detect(makers.CONTACTS, now=now), now=now)
    index = KeyIndex.objects.get()
    rows = fetch(sql.SQL("SELECT key, record_id FROM {} ORDER BY 1, 2").format(sql.Identifier(index.key_table)))
    keys = pl.Series([key for key, _record in rows]).unique()
    found, looked, done = [], Event(), Event()

    def look() -> None:
        with transaction.atomic():
            found.append(stored_keys.standing(index, keys))
            looked.set()
            assert done.wait(20)
        connection.close()

    monkeypatch.setattr(stored_keys, "MANY", 10)
    thread = Thread(target=look)
    thread.start()
    assert looked.wait(20)
    with transaction.atomic():
        found.append(stored_keys.standing(index, keys))  # while the other transaction has not ended
    done.set()
    thread.join()

    monkeypatch.undo()
    found.append(stored_keys.standing(index, keys[:100]))
    assert [sorted(one.iter_rows()) for one in found[:2]] == [rows, rows]
    assert sorted(found[2].iter_rows()) == [row for row in rows if row[0] in set(keys[:100])]


def test_without_a_run_before_changes_mean_everything(now):
    makers.made_up(60)

    assert matching.detect(makers.CONTACTS, kind="changes", now=now).kind == "full"


@in_commits
def test_what_is_written_beside_what_is_compared_is_not_compared_anew(now):
    records, _truth = makers.made_up(300)
    contacts, ids = makers.CONTACTS.model.objects, [one.pk for one in records]
    matching.make_keys(makers.CONTACTS, matching.detect(makers.CONTACTS, now=now), now=now)
    before = makers.stands()
    contacts.filter(pk__in=ids[:40]).update(state="live")

    only_touched = matching.detect(makers.CONTACTS, kind="changes", now=now)

    assert (only_touched.changed, makers.stands()) == (0, before)
    assert only_touched.log[1] == "40 more were written in what is not compared; their pairs stay."
    contacts.filter(pk__in=ids[:40]).update(state="live")
    contacts.filter(pk__in=ids[30:50]).update(city="Springfield")
    delta = matching.detect(makers.CONTACTS, kind="changes", now=now)
    after_changes = makers.found_pairs(joined=False)
    matching.detect(makers.CONTACTS, now=now)
    assert (delta.changed, len(delta.log)) == (20, 2)
    assert after_changes == makers.found_pairs(joined=False)


@in_commits
@pytest.mark.parametrize("by_import", [True, False])
def test_keys_that_are_kept_up_before_a_run_do_not_hide_the_change_from_it(now, by_import):
    records, _truth = makers.made_up(200)
    contacts, some = makers.CONTACTS.model.objects, [one.pk for one in records[:30]]
    run = matching.detect(makers.CONTACTS, now=now)
    if by_import:
        matching.make_keys(makers.CONTACTS, run, now=now)
    contacts.filter(pk__in=some).update(city="Springfield")
    if by_import:
        matching.add_keys(makers.CONTACTS, some)
    else:
        matching.make_keys(makers.CONTACTS, run, now=now)  # after the change, so that the lines know it

    delta = matching.detect(makers.CONTACTS, kind="changes", now=now)

    assert delta.changed == 30
    after_changes = makers.found_pairs(joined=False)
    matching.detect(makers.CONTACTS, now=now)
    assert after_changes == makers.found_pairs(joined=False)


@in_commits
@pytest.mark.parametrize("n", [12, 1])  # of one alone a full run learns nothing, and keeps the weights
def test_lines_that_a_full_run_went_past_are_not_trusted(now, n):
    """What a record was called before the keys were made anew is no sign that its pairs are those of that name."""
    records, _truth = makers.made_up(200)
    contacts, some = makers.CONTACTS.model.objects, [one.pk for one in records[:n]]
    matching.make_keys(makers.CONTACTS, matching.detect(makers.CONTACTS, now=now), now=now)
    contacts.filter(pk__in=some).update(city="Springfield", street="1 Evergreen Terrace")
    matching.detect(makers.CONTACTS, now=now)  # whose keys nobody makes
    if n > 1:
        matching.detect(makers.CONTACTS, kind="changes", now=now)
    for one in records[:n]:
        contacts.filter(pk=one.pk).update(city=one.city, street=one.street)

    assert matching.detect(makers.CONTACTS, kind="changes", now=now).changed == n


@in_commits
@pytest.mark.parametrize("taken_back", [False, True])
def test_pairs_that_a_merge_moved_are_compared_anew(now, taken_back):
    """The survivor reads as before, and has the pairs of a record that was none of its duplicates."""
    records, _truth = makers.made_up(300)
    contacts = makers.CONTACTS.model.objects
    matching.make_keys(makers.CONTACTS, matching.detect(makers.CONTACTS, now=now), now=now)
    stored = Pair.objects.filter(joined=True).order_by("-probability")
    pair, met = stored[0], {record for both in stored.values_list("a", "b") for record in both}
    whole = next(one for one in records if one.pk not in met and all(getattr(one, x) for x in makers.FIELDS.values()))
    before = makers.found_pairs(joined=False)
    made = merge(makers.CONTACTS, [whole.pk, pair.a], survivor=whole.pk, by=None, now=now)
    assert Pair.objects.touching(makers.CONTACTS.slug, whole.pk).filter(state="open").exists()
    if taken_back:
        undo(made, by=None, now=now)
    contacts.filter(pk=whole.pk).update(state="live")  # as the next import would write it

    matching.detect(makers.CONTACTS, kind="changes", now=now)

    after_changes = makers.found_pairs(joined=False)
    matching.detect(makers.CONTACTS, now=now)
    assert after_changes == makers.found_pairs(joined=False)
    assert (after_changes == before) == taken_back


@in_commits
def test_where_much_of_a_table_changed_everything_is_compared(now, monkeypatch):
    monkeypatch.setattr(delta_runs, "MANY", 20)
    records, _truth = makers.made_up(120)
    contacts, ids = makers.CONTACTS.model.objects, [one.pk for one in records]
    matching.make_keys(makers.CONTACTS, matching.detect(makers.CONTACTS, now=now), now=now)

    contacts.filter(pk__in=ids[:30]).update(city="Springfield")
    assert matching.detect(makers.CONTACTS, kind="changes", now=now).kind == "changes"
    contacts.filter(pk__in=ids[:50]).update(city="Shelbyville")
    assert matching.detect(makers.CONTACTS, kind="changes", now=now).kind == "full"


@in_commits
def test_nothing_changed_is_nothing_to_compare(now):
    makers.made_up(100)
    run = matching.detect(makers.CONTACTS, now=now)
    matching.make_keys(makers.CONTACTS, run, now=now)
    before = makers.stands()

    delta = matching.detect(makers.CONTACTS, kind="changes", now=now)

    assert (delta.changed, makers.stands()) == (0, before)
