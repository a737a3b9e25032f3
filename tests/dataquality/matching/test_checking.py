"""Is there such a record already? Asked of the kept keys; a record that is entered here takes the way of an import."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crm_adoption.jobs.models import Job
from crm_adoption.jobs.services import run_here
from dataquality.models import Batch, KeyIndex, MatchRun, Pair, Source
from dataquality.services import corrections, matching
from dataquality.statements import fetch
from tests import make
from tests.dataquality.matching import makers

pytestmark = pytest.mark.django_db
in_commits = pytest.mark.django_db(transaction=True)
ANN = {"given_name": "Annelore", "family_name": "Brandstetter", "email": "a.brandstetter@quarz-pumpen.example",
       "phone": "+49 30 2345678", "city": "Berlin", "postcode": "10115", "country": "Germany"}  # fmt: skip
NOBODY = {"given_name": "Xaver", "family_name": "Quellenhof", "email": "xq@nowhere.example"}


@pytest.fixture
def kept(now):
    """A table of people with its keys, and one who is known to the tests."""
    makers.made_up(300)
    (ann,) = make.records(make.batch(make.source(), makers.CONTACTS), ANN)
    run = matching.detect(makers.CONTACTS, now=now)
    matching.make_keys(makers.CONTACTS, run, now=now)
    return ann


@pytest.fixture
def steward(client):
    person = make.person(groups=["data steward"])
    client.force_login(person)
    return person


def likely(values, **more):
    """The likely duplicates of a contact, for a table whose keys are kept."""
    found = matching.likely_duplicates(makers.CONTACTS, values, **more)
    assert found is not None
    return found


def post(client, path, body):
    return client.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json")


def test_a_new_record_finds_the_one_it_duplicates_and_says_why(kept):
    typed = ANN | {"given_name": "Anelore", "phone": "030 2345678", "email": ""}

    (one,) = likely(typed)

    assert one.record_id == kept.pk
    assert one.probability > 0.8
    assert "phone" in {said.column for said in one.reasons}
    assert all(said.sentence for said in one.reasons)


def test_somebody_new_finds_nobody(kept):
    assert likely(NOBODY) == []


def test_the_record_that_is_being_edited_is_not_its_own_duplicate(kept):
    assert likely(ANN, besides=kept.pk) == []


def test_a_record_that_is_gone_is_not_found(kept):
    type(kept).objects.filter(pk=kept.pk).update(state="gone")

    assert likely(ANN) == []


def test_without_kept_keys_nothing_is_said():
    assert matching.likely_duplicates(makers.CONTACTS, ANN) is None


@in_commits
def test_keys_made_anew_are_used_by_the_next_check_and_keys_taken_away_by_none(kept, now):
    assert [one.record_id for one in likely(ANN)] == [kept.pk]
    before = KeyIndex.objects.get(table=makers.CONTACTS.slug).number
    (twin,) = make.records(make.batch(kept.source, makers.CONTACTS), ANN)

    matching.make_keys(makers.CONTACTS, MatchRun.objects.get(), now=now)  # drops the tables asked so far

    assert KeyIndex.objects.get(table=makers.CONTACTS.slug).number != before
    assert {one.record_id for one in likely(ANN)} == {kept.pk, twin.pk}
    KeyIndex.objects.all().delete()
    assert matching.likely_duplicates(makers.CONTACTS, ANN) is None


@in_commits
@pytest.mark.parametrize("who", [ANN, NOBODY], ids=["known", "new"])
def test_a_check_asks_for_the_keys_only_when_they_may_be_others(kept, who, django_assert_num_queries):
    likely(who)
    with django_assert_num_queries(1):
        assert bool(likely(who)) == (who is ANN)

    KeyIndex.objects.update(snapshot="1:1:")  # written since: asked again, once
    with django_assert_num_queries(3):
        assert bool(likely(who)) == (who is ANN)
    with django_assert_num_queries(1):
        assert bool(likely(who)) == (who is ANN)


@in_commits
def test_a_check_goes_by_the_index_of_the_additions_though_it_was_planned_while_there_were_none(kept):
    for _time in range(8):  # the store keeps a plan once it has made some
        likely(ANN)

    index = KeyIndex.objects.get()
    plan = "\n".join(line for (line,) in fetch(f"EXPLAIN EXECUTE near_{index.number}('{{1}}', '{{0}}', NULL, 40, '')"))

    assert f"{index.added_table}_key_record_id_idx" in plan
    assert f"Seq Scan on {index.added_table}" not in plan


def test_true_duplicates_are_found_by_their_keys(now):
    records, truth = makers.made_up(500, duplicates=0.3)
    run = matching.detect(makers.CONTACTS, now=now)
    matching.make_keys(makers.CONTACTS, run, now=now)
    by_id = {record.pk: record for record in records}
    sure = Pair.objects.filter(joined=True).values_list("a", "b")
    true = [pair for pair in sure if pair in makers.true_pairs(records, truth)]

    found = 0
    for a, b in true:
        typed = {name: getattr(by_id[b], name) for name in makers.FIELDS.values()}
        found += a in [one.record_id for one in likely(typed, besides=b)]

    assert len(true) > 50
    assert found / len(true) >= 0.95


def test_a_corrected_cell_is_found_by_its_new_value_at_once(kept, now):
    corrections.correct(kept, "email", "annelore@neu.example", by=make.person(), now=now)

    (one,) = likely(ANN | {"email": "annelore@neu.example", "phone": ""})

    assert one.record_id == kept.pk
    assert any("mail" in said.column for said in one.reasons)


def test_a_check_costs_few_queries_and_none_of_them_grows(kept, django_assert_max_num_queries):
    likely(ANN)

    with django_assert_max_num_queries(4):
        likely(ANN)


def test_the_api_answers_with_the_likely_duplicates(kept, client, steward):
    answer = post(client, "contacts/check/", ANN)

    (one,) = answer.json()["duplicates"]
    assert (answer.status_code, answer.json()["checked"]) == (200, True)
    assert one["record_id"] == kept.pk
    assert one["url"] == kept.get_absolute_url()
    assert client.get(one["api"]).json()["external_id"] == kept.external_id


def test_a_table_whose_duplicates_nobody_looked_for_says_so(client, steward):
    answer = post(client, "leads/check/", {"email": "a@b.example"})

    assert answer.json() == {"checked": False, "duplicates": []}


def test_a_record_that_would_duplicate_one_is_refused_with_it(kept, client, steward):
    answer = post(client, "contacts/", ANN)

    assert answer.status_code == 409
    assert answer.json()["errors"][0]["code"] == "duplicate"
    assert answer.json()["duplicates"][0]["record_id"] == kept.pk
    assert not Batch.objects.filter(source__name="Entered here").exists()


@in_commits
def test_a_record_entered_with_a_reason_stands_in_the_mirror_and_is_found_from_then_on(kept, client, steward):
    answer = post(client, "contacts/", ANN | {"allow_duplicate": "Two sisters of one name."})

    run_here(Job.objects.get(pk=answer.json()["job"]["id"]))
    entered: Any = makers.CONTACTS.model.objects.get(external_id=answer.json()["external_id"])
    batch = Batch.objects.get(pk=answer.json()["batch"])
    assert answer.status_code == 202
    assert (entered.state, entered.email, entered.source.name) == ("live", ANN["email"], "Entered here")
    assert batch.recognised["allow_duplicate"] == "Two sisters of one name."
    found = [one.record_id for one in likely(ANN)]
    assert {kept.pk, entered.pk} == set(found)


@in_commits
def test_a_new_record_needs_no_reason(client, steward):
    answer = post(client, "accounts/", {"name": "Quarz Pumpen GmbH", "website": "https://quarz-pumpen.example"})

    job = run_here(Job.objects.get(pk=answer.json()["job"]["id"]))

    assert (answer.status_code, job.state) == (202, "done")
    assert str(makers.ACCOUNTS.model.objects.get()) == "Quarz Pumpen GmbH"
    assert Source.objects.get().kind == "connected"


@in_commits
def test_a_record_that_breaks_a_rule_is_refused_with_its_sentence(client, steward):
    answer = post(client, "accounts/", {"name": "Acme", "employees": "-5"})

    assert answer.status_code == 409
    assert "Employees" in answer.json()["errors"][0]["detail"]
    assert not makers.ACCOUNTS.model.objects.exists()


def test_an_empty_record_is_refused(client, steward):
    answer = post(client, "contacts/", {"email": " "})

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "empty")


def test_an_import_adds_to_the_keys_what_it_brings(kept, now):
    text = "Contact ID,First Name,Last Name,Email\nC-9,Ottokar,Winterstein,o.winterstein@quarz.example\n"
    batch = make.checked(text, name="contacts.csv", table="contact")
    from dataquality.services import intake

    intake.apply(batch, by=None, now=now)

    typed = {"given_name": "Ottokar", "family_name": "Winterstein", "email": "o.winterstein@quarz.example"}
    (one,) = likely(typed)
    assert makers.CONTACTS.model.objects.get(pk=one.record_id).external_id == "C-9"
    assert KeyIndex.objects.count() == 1
