"""Merge with a preview, the dossier, the way back, and the same for programs."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import Account
from dataquality.models import Merge, MergeRule
from dataquality.services.matching.clusters import regroup_around
from dataquality.services.merging import merge
from tests import make
from tests.dataquality.matching.makers import pair
from tests.dataquality.merging.cases import ACCOUNTS, accounts, family, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def steward(client):
    client.force_login(make.person(groups=["data steward"]))
    return client


def text(answer) -> str:
    return str(answer.content.decode())


def asked(records, **more):
    return {"table": ACCOUNTS.slug, "ids": ",".join(str(record.pk) for record in records)} | more


def test_the_preview_shows_every_field_the_survivor_and_what_moves(steward):
    members, _hanging = family()

    page = text(steward.get(reverse("merge-new"), asked(members)))

    assert "Ahlborn GmbH" in page
    assert f'name="survivor" value="{members[0].pk}"' in page
    assert "subsidiaries" in page or "accounts" in page
    assert not Merge.objects.exists()


def test_a_merge_takes_the_picks_of_the_form_and_the_rest_by_rule(steward):
    one, two = accounts({"name": "Ahlborn", "phone": "+49 1"}, {"name": "Ahlborn GmbH", "city": "Hamburg"})
    form = asked([one, two], survivor=one.pk, act="merge", reason="Same tax number")

    answer = steward.post(
        reverse("merge-new"),
        form | {"field.name": one.pk, "rule.name": two.pk, "field.city": "hand", "hand.city": "Bremen"},
    )

    made = Merge.objects.get()
    assert answer.url == made.get_absolute_url()
    one.refresh_from_db()
    assert (one.name, one.city, made.reason) == ("Ahlborn", "Bremen", "Same tax number")


def test_the_dossier_tells_all_values_and_undo_gives_them_back(steward):
    members, _hanging = family()
    pair(members[0], members[1], 0.93)
    regroup_around(ACCOUNTS, [record.pk for record in members])
    before = picture()
    made = merge(ACCOUNTS, [r.pk for r in members], survivor=members[0].pk, by=make.person(), now=timezone.now())

    page = text(steward.get(made.get_absolute_url()))
    assert "AHLBORN" in page
    assert "93 %" in page
    assert "goes back exactly as it was" in page

    steward.post(reverse("merge-undo", args=[made.pk]))
    assert picture() == before
    assert "Merge them again" in text(steward.get(made.get_absolute_url()))


def test_what_changed_since_stands_on_the_page_and_is_asked_about(steward):
    one, two = accounts({"name": "Ahlborn"}, {"name": "Ahlborn GmbH"})
    made = merge(ACCOUNTS, [one.pk, two.pk], survivor=one.pk, by=None, now=timezone.now())
    Account.objects.filter(pk=one.pk).update(employees=12)

    refused = steward.post(reverse("merge-undo", args=[made.pk]))

    assert refused.status_code == 409
    assert "Employees of Ahlborn" in text(refused)
    steward.post(reverse("merge-undo", args=[made.pk]), {"confirm": "1"})
    made.refresh_from_db()
    assert made.is_undone


def test_the_un_merge_kit_creates_the_records_again_and_points_their_rows_back(steward):
    members, _hanging = family()
    made = merge(ACCOUNTS, [r.pk for r in members], survivor=members[0].pk, by=None, now=timezone.now())

    with zipfile.ZipFile(io.BytesIO(steward.get(reverse("merge-kit", args=[made.pk])).content)) as kit:
        files = {name: kit.read(name).decode() for name in kit.namelist()}

    again = list(csv.DictReader(io.StringIO(files["1-recreate.csv"])))
    assert {row["former_id"]: row["name"] for row in again} == {"A-2": "Ahlborn GmbH", "A-3": "AHLBORN"}
    back = list(csv.DictReader(io.StringIO(files["2-point-back.csv"])))
    assert {(row["from_survivor_id"], row["to_former_id"]) for row in back} == {("A-1", "A-2"), ("A-1", "A-3")}
    assert sum(row["field"] == "account" for row in back) == 9
    survivor = {row["field"]: row for row in csv.DictReader(io.StringIO(files["3-survivor-before.csv"]))}
    assert survivor["name"]["value_before"] == "Ahlborn"


def test_the_dossier_is_a_pdf(steward):
    members, _hanging = family()
    made = merge(ACCOUNTS, [r.pk for r in members], by=None, now=timezone.now(), reason="#panic *not markup*")

    answer = steward.get(reverse("merge-dossier", args=[made.pk]))

    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


def test_the_record_pages_say_what_became_of_them(steward):
    one, two, three = accounts({"name": "A"}, {"name": "B"}, {"name": "B c"})
    pair(one, three)
    made = merge(ACCOUNTS, [one.pk, two.pk], survivor=one.pk, by=None, now=timezone.now())
    two.refresh_from_db()

    assert made.get_absolute_url() in text(steward.get(two.get_absolute_url()))
    survivor = text(steward.get(one.get_absolute_url()))
    assert made.get_absolute_url() in survivor
    assert "Likely the same" in survivor


def test_a_steward_sets_which_value_stays(steward):
    trusted = make.source()
    make.source()

    steward.post(reverse("survivorship", args=[ACCOUNTS.slug]), {"field.name": "recent", "source": [trusted.pk]})

    rules = {row.field: (row.rule, row.sources) for row in MergeRule.objects.all()}
    assert rules == {"name": ("recent", []), "": ("", [trusted.pk])}
    assert "selected>the most recent" in text(steward.get(reverse("survivorship", args=[ACCOUNTS.slug])))


def test_programs_preview_merge_read_and_undo():
    one, two = accounts({"name": "Ahlborn"}, {"name": "Ahlborn GmbH", "city": "Hamburg"})
    _token, key = make.token(make.person(groups=["data steward"]), scopes=("read", "import"))
    api = APIClient(HTTP_AUTHORIZATION=f"Token {key}")
    wish = {"table": ACCOUNTS.slug, "ids": [one.pk, two.pk], "survivor": one.pk, "pick": {"name": one.pk}}

    told = api.post("/api/v1/merges/preview/", wish, format="json").json()
    assert told["losers"] == [two.pk]
    assert {c["field"]: c["value"] for c in told["choices"]} == {"name": "Ahlborn", "city": "Hamburg"}

    made = api.post("/api/v1/merges/", wish, format="json")
    assert made.status_code == 201, made.json()
    again = api.post("/api/v1/merges/", wish, format="json")
    assert again.status_code == 409
    Account.objects.filter(pk=one.pk).update(employees=3)
    address = f"/api/v1/merges/{made.json()['id']}/"
    where = [change["where"] for change in api.get(f"{address}changes/").json()]
    assert where == [f"Employees of Ahlborn ({one.external_id})"]
    assert api.post(f"{address}undo/", {}, format="json").status_code == 409
    assert api.post(f"{address}undo/", {"confirm": True}, format="json").json()[0]["undone_at"]
    undone = api.get("/api/v1/merges/", {"undone": "true"}).json()["results"]
    assert [row["id"] for row in undone] == [made.json()["id"]]
