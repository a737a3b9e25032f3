"""Filters that people keep: their own, on the page they belong to, one click away."""

from __future__ import annotations

import pytest
from django.urls import reverse

from crm_adoption.kit.access import LEAD
from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import SavedFilter
from crm_adoption.people.services import filters
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.browser.demo")]
SEVENTH = {"filter_act": "save", "filter_name": "The seventh"}


@pytest.fixture
def lead(client):
    client.lead = make.person(groups=[LEAD])
    client.force_login(client.lead, backend="crm_adoption.people.signed_in.SignedIn")
    return client


def test_a_filter_kept_by_somebody_is_there_after_the_next_sign_in_and_for_nobody_else(lead, client):
    lead.post("/list/?name__icontains=07&cursor=&language=", SEVENTH)
    lead.logout()
    lead.force_login(lead.lead, backend="crm_adoption.people.signed_in.SignedIn")
    assert 'href="?name__icontains=07"' in lead.get("/list/").content.decode()

    lead.force_login(make.person(groups=[LEAD]), backend="crm_adoption.people.signed_in.SignedIn")

    assert "The seventh" not in lead.get("/list/").content.decode()


def test_the_kept_question_is_marked_where_it_is_asked_whatever_the_order_of_its_parts(lead):
    lead.post("/list/?name__icontains=07&language=en", SEVENTH)

    page = lead.get("/list/?language=en&name__icontains=07&started_on__gte=")

    assert [(chip["label"], chip["current"]) for chip in page.context["saved"]] == [
        ("English", False),
        ("The seventh", True),
    ]


def test_the_same_name_in_any_case_takes_the_place_of_the_older_question(lead):
    lead.post("/list/?name__icontains=07", SEVENTH)
    lead.post("/list/?name__icontains=08", {**SEVENTH, "filter_name": " the  SEVENTH "})

    assert list(SavedFilter.objects.values_list("name", "query")) == [("the SEVENTH", "name__icontains=08")]


def test_a_kept_filter_is_renamed_and_deleted_by_its_owner_alone(lead):
    lead.post("/list/?name__icontains=07", SEVENTH)
    kept = SavedFilter.objects.get()
    lead.post("/list/", {"filter_act": "rename", "filter": kept.pk, "filter_name": "Number seven"})
    assert SavedFilter.objects.get().name == "Number seven"

    lead.force_login(make.person(groups=[LEAD]), backend="crm_adoption.people.signed_in.SignedIn")
    assert lead.post("/list/", {"filter_act": "delete", "filter": kept.pk}).status_code == 404
    lead.force_login(lead.lead, backend="crm_adoption.people.signed_in.SignedIn")
    lead.post("/list/", {"filter_act": "delete", "filter": kept.pk})

    assert not SavedFilter.objects.exists()


def test_a_list_opens_with_the_default_and_everything_stays_one_click_away(lead):
    lead.post("/list/?name__icontains=07", SEVENTH)
    kept = SavedFilter.objects.get()
    lead.post("/list/", {"filter_act": "default", "filter": kept.pk})

    assert lead.get("/list/")["Location"] == "/list/?name__icontains=07"
    whole = lead.get("/list/?all=1")
    assert (whole.status_code, whole.context["applied"]) == (200, False)
    assert 'href="?all=1"' in lead.get("/list/?name__icontains=07").content.decode()
    lead.post("/list/?all=1", {"filter_act": "no-default", "filter": kept.pk})
    assert lead.get("/list/").status_code == 200


def test_a_list_has_one_default_of_each_person():
    person, other = make.person(), make.person()
    first, second = (filters.save_filter(person, page="/list/", name=name, query="a=1") for name in "AB")
    elsewhere = filters.save_filter(person, page="/other/", name="A", query="a=1")
    theirs = filters.save_filter(other, page="/list/", name="A", query="a=1")
    for one in (first, elsewhere, theirs):
        filters.set_default_filter(one)

    filters.set_default_filter(second)

    assert set(SavedFilter.objects.filter(is_default=True)) == {second, elsewhere, theirs}


@pytest.mark.parametrize(
    ("name", "query", "sentence"),
    [
        ("  ", "a=1", "Give the filter a name"),
        ("n" * 61, "a=1", "longer than 60 characters"),
        ("Everything", "", "whole list needs no filter"),
        ("Long", "a=" + "1" * 2000, "too long to keep as “Long”"),
    ],
)
def test_a_filter_that_cannot_be_kept_says_why(name, query, sentence):
    with pytest.raises(Refusal, match=sentence):
        filters.save_filter(make.person(), page="/list/", name=name, query=query)


def test_there_is_room_for_twenty_filters_and_one_more_is_refused():
    person = make.person()
    for n in range(filters.MOST):
        filters.save_filter(person, page="/list/", name=f"Filter {n}", query=f"a={n}")

    with pytest.raises(Refusal, match="no room for “One more”"):
        filters.save_filter(person, page="/list/", name="One more", query="a=1")


def test_two_filters_of_a_list_never_share_a_name():
    person = make.person()
    filters.save_filter(person, page="/list/", name="Large", query="a=1")
    small = filters.save_filter(person, page="/list/", name="Small", query="a=2")

    with pytest.raises(Refusal, match="Another of your filters of this list is called “large”"):
        filters.rename_filter(small, name="large")


@pytest.mark.urls("crm_adoption.urls")
@pytest.mark.parametrize(
    ("name", "args", "query"),
    [
        ("findings", [], "state=open"),
        ("batches", [], "state=applied"),
        ("sources", [], "sort=-name"),
        ("records", ["accounts.account"], "state=gone"),
    ],
)
def test_every_list_of_the_site_keeps_filters(lead, name, args, query):
    address = reverse(name, args=args)

    answer = lead.post(f"{address}?{query}", SEVENTH, follow=True)

    assert (answer.status_code, SavedFilter.objects.get(page=address).query) == (200, query)
