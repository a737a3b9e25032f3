"""A record entered by hand, and a cell corrected: what they probably duplicate is said while they are typed."""

from __future__ import annotations

import pytest

from crm_adoption.jobs.models import Job
from crm_adoption.jobs.services import run_here
from crm_adoption.kit.access import STEWARD
from dataquality.models import Batch
from dataquality.services import matching
from tests import make
from tests.dataquality.matching import makers

pytestmark = pytest.mark.django_db
CONTACTS = makers.CONTACTS
NEW = f"/records/{CONTACTS.slug}/new/"
ANN = {"given_name": "Annelore", "family_name": "Brandstetter", "email": "a.brandstetter@quarz-pumpen.example",
       "phone": "+49 30 2345678", "city": "Berlin", "postcode": "10115", "country": "Germany"}  # fmt: skip
TYPED = ANN | {"given_name": "Anelore", "phone": "030 2345678", "email": ""}


@pytest.fixture
def ann(now, client):
    """One who is known in a table whose keys are kept, and a steward who is signed in."""
    makers.made_up(300)
    (ann,) = make.records(make.batch(make.source(), CONTACTS), ANN)
    matching.make_keys(CONTACTS, matching.detect(CONTACTS, now=now), now=now)
    client.force_login(make.person(groups=[STEWARD]))
    return ann


def test_while_a_record_is_typed_the_page_says_which_it_is_with_probability_and_reasons(client, ann):
    page = client.post(f"{NEW}check/", TYPED).content.decode()

    assert ann.get_absolute_url() in page
    assert "the same with" in page
    assert "Phone: same number" in page
    assert client.post(f"{NEW}check/", {}).content.decode().count("<") == 0
    assert "Nothing like it is known" in client.post(f"{NEW}check/", {"full_name": "Zoltán Új"}).content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_duplicate_is_entered_only_with_a_reason(client, ann):
    make.record(make.batch(ann.source, makers.ACCOUNTS), name="Quarz Pumpen", external_id="Q1")
    typed = TYPED | {"full_name": "Anelore Brandstetter"}

    refused = client.post(NEW, typed)

    assert refused.status_code == 409
    assert ann.get_absolute_url() in refused.content.decode()
    assert "say why there may be two" in refused.content.decode()
    assert not Batch.objects.filter(source__name="Entered here").exists()
    allowed = client.post(NEW, typed | {"allow_duplicate": "two sisters"})
    batch = Batch.objects.get(source__name="Entered here")
    assert allowed.url == batch.get_absolute_url()
    assert run_here(Job.objects.get(kind="apply_batch")).state == Job.State.DONE
    assert str(CONTACTS.model.objects.get(source=batch.source)) == "Anelore Brandstetter"


def test_what_breaks_a_rule_is_refused_with_nothing_typed_lost(client, ann):
    page = client.post(NEW, {"full_name": "Bea Berg", "email": "no address"})

    assert page.status_code == 409
    assert "is not an e-mail address" in page.content.decode()
    assert "Bea Berg" in page.content.decode()


def test_records_that_only_come_with_an_export_have_no_such_page(client, ann):
    assert client.get("/records/accounts.case/new/").status_code == 404
    assert "/new/" not in client.get("/records/accounts.case/").content.decode()
    assert NEW in client.get(f"/records/{CONTACTS.slug}/").content.decode()


def test_a_correction_that_makes_a_record_look_like_another_says_so_while_it_is_typed(client, ann):
    (other,) = make.records(make.batch(ann.source, CONTACTS), TYPED | {"phone": "", "postcode": "", "city": ""})
    ask = f"/records/{CONTACTS.slug}/{other.pk}/correct/email/check/"

    page = client.get(ask, {"new": ANN["email"]}).content.decode()

    assert "No rule objects" in page
    assert f"ids={other.pk},{ann.pk}" in page
    matching.judge(makers.pair(ann, other), "different", by=make.person(), now=ann.last_batch.taken_at)
    assert ann.get_absolute_url() not in client.get(ask, {"new": ANN["email"]}).content.decode()
    assert ann.get_absolute_url() not in client.get(ask, {"new": "no address"}).content.decode()
