"""Mending from the pages: many findings at once, one cell by hand, and everything taken back again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Account
from crm_adoption.kit.access import ANALYST, LEAD, STEWARD
from crm_adoption.kit.errors import Refusal
from dataquality import subjects
from dataquality.models import Correction, Finding
from dataquality.services.accepting import accept_suggestions
from tests import make

pytestmark = pytest.mark.django_db
TABLE = "accounts.account"


@pytest.fixture
def steward(client):
    client.person = make.person(groups=[STEWARD])
    client.force_login(client.person)
    return client


@pytest.fixture
def sectors():
    """Four accounts of one source with sectors spelt wrongly; a finding each, the last without a suggestion."""
    batch = make.batch(make.source(), subjects.get(TABLE))
    spelt = [("technolgy", "technology"), ("technolgy", "technology"), ("retial", "retail"), ("odd", None)]
    records = make.records(batch, *({"name": f"Company {n}", "industry": old} for n, (old, _new) in enumerate(spelt)))
    return [
        make.finding(record, "industry.spelling", code="spelling", value=old, suggestion=new)
        for record, (old, new) in zip(records, spelt, strict=True)
    ]


def sectors_of(findings):
    return [Account.objects.get(pk=finding.record_id).industry for finding in findings]


def until():
    return (timezone.now() + timedelta(days=30)).date().isoformat()


def test_the_suggestions_of_the_chosen_findings_go_into_their_records_alone(steward, sectors):
    chosen = [sectors[0].pk, sectors[2].pk, sectors[3].pk]
    question = steward.post("/findings/", {"action": "accept", "pk": chosen})
    assert "Accept the suggestion: 3 rows?" in question.content.decode()
    assert sectors_of(sectors) == ["technolgy", "technolgy", "retial", "odd"]

    answer = steward.post("/findings/", {"action": "accept", "pk": chosen, "confirmed": "3"}, follow=True)

    assert "2 cells corrected as suggested" in answer.content.decode()
    assert sectors_of(sectors) == ["technology", "technolgy", "retail", "odd"]
    assert list(Correction.objects.order_by("pk").values_list("old", "new", "made_by")) == [
        ("technolgy", "technology", steward.person.pk),
        ("retial", "retail", steward.person.pk),
    ]
    assert [Finding.objects.get(pk=finding.pk).state for finding in sectors] == [
        "corrected", "open", "corrected", "open"
    ]  # fmt: skip


def test_a_finding_without_a_suggestion_has_nothing_to_accept_and_one_sentence_says_so(steward, sectors):
    answer = steward.post("/findings/", {"action": "accept", "pk": [sectors[3].pk], "confirmed": "1"})

    assert answer.status_code == 409
    assert "None of these findings is open with a suggestion" in answer.content.decode()


def test_a_suggestion_whose_cell_has_changed_since_is_passed_over(sectors):
    Account.objects.filter(pk=sectors[0].record_id).update(industry="services")

    with pytest.raises(Refusal, match="have changed since"):
        accept_suggestions(Finding.objects.filter(pk=sectors[0].pk), by=make.person(), now=timezone.now())

    assert sectors_of(sectors)[0] == "services"


def test_a_suggestion_that_a_rule_refuses_leaves_every_chosen_cell_as_it_was(sectors):
    Finding.objects.filter(pk=sectors[0].pk).update(suggestion="good")
    phone = make.record(sectors[0].opened_in or make.batch(sectors[0].source, subjects.get(TABLE)), phone="12")
    make.finding(phone, "phone.format", code="phone_unreadable", value="12", suggestion="no number at all")

    with pytest.raises(Refusal, match="Phone “no number at all”"):
        accept_suggestions(Finding.objects.all(), by=make.person(), now=timezone.now())

    assert not Correction.objects.exists()


def test_the_chosen_findings_are_waived_with_a_reason_and_until_a_day(steward, sectors):
    chosen = {"action": "waive", "pk": [sectors[0].pk, sectors[1].pk]}
    question = steward.post("/findings/", chosen)
    assert 'name="reason"' in question.content.decode()
    without = steward.post("/findings/", chosen | {"confirmed": "2", "until": until()})
    assert (without.status_code, Finding.objects.filter(state="waived").count()) == (422, 0)

    steward.post("/findings/", chosen | {"confirmed": "2", "reason": "Renamed in May.", "until": until()})

    waived = Finding.objects.filter(state="waived")
    assert {finding.pk for finding in waived} == {sectors[0].pk, sectors[1].pk}
    assert {(finding.waiver_reason, finding.waived_by) for finding in waived} == {("Renamed in May.", steward.person)}


def test_a_refused_waiver_keeps_the_question_and_what_was_typed(steward, sectors):
    answer = steward.post("/findings/", {
        "action": "waive", "pk": [sectors[0].pk], "confirmed": "1", "reason": "Renamed in May.", "until": "2001-01-01",
    })  # fmt: skip

    assert answer.status_code == 409
    assert "has ended already" in answer.content.decode()
    assert "Renamed in May." in answer.content.decode()


def test_a_row_offers_what_can_be_done_to_it_and_goes_back_to_the_page_that_asked(steward, sectors):
    page = steward.get("/findings/").content.decode()
    assert f'value="accept:{sectors[0].pk}"' in page
    assert f'value="accept:{sectors[3].pk}"' not in page
    assert f'value="waive:{sectors[3].pk}"' in page

    question = steward.post("/findings/", {"row_action": f"accept:{sectors[0].pk}", "back": "/scoreboard/"})
    done = steward.post("/findings/", {"action": "accept", "pk": sectors[0].pk, "confirmed": 1, "back": "/scoreboard/"})

    assert 'href="/scoreboard/"' in question.content.decode()
    assert (done.status_code, done["Location"]) == (302, "/scoreboard/")


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_nobody_is_sent_to_a_page_that_is_not_ours(steward, sectors, elsewhere):
    sent = {"action": "accept", "pk": sectors[0].pk, "confirmed": 1, "back": elsewhere}

    assert steward.post("/findings/", sent)["Location"] == "/findings/"


def test_readers_who_keep_no_data_are_offered_no_action_and_refused_one(client, sectors):
    client.force_login(make.person(groups=[ANALYST]))

    assert "row_action" not in client.get("/findings/").content.decode()
    assert client.post("/findings/", {"row_action": f"accept:{sectors[0].pk}"}).status_code == 403


def test_waivers_stand_in_one_list_with_who_why_and_until_and_can_be_ended(steward, sectors):
    steward.post("/findings/", {"action": "waive", "pk": [sectors[0].pk], "confirmed": 1, "reason": "Renamed in May.",
                                "until": until()})  # fmt: skip
    page = steward.get("/waivers/").content.decode()
    assert "Renamed in May." in page
    assert steward.person.name in page

    steward.post("/waivers/", {"action": "end", "pk": [sectors[0].pk], "confirmed": 1})

    assert Finding.objects.get(pk=sectors[0].pk).state == "open"
    assert "Nothing is waived" in steward.get("/waivers/").content.decode()


def test_a_cell_is_corrected_by_hand_with_a_reason_and_withdrawn_again(steward):
    account = make.account(name="Ahlbron", industry="retail")
    address = f"/records/{TABLE}/{account.pk}/"

    done = steward.post(f"{address}correct/name/", {"new": "Ahlborn", "reason": "Their letterhead."}, follow=True)

    page = done.content.decode()
    assert "corrected, pending export" in page
    assert "the CRM says “Ahlbron”" in page
    assert "Their letterhead." in page
    made = Correction.objects.get()
    listed = steward.get("/corrections/?fate=pending").content.decode()
    assert "Their letterhead." in listed
    steward.post("/corrections/", {"action": "withdraw", "pk": [made.pk], "confirmed": 1})
    account.refresh_from_db()
    assert account.name == "Ahlbron"
    assert Correction.objects.get().fate == "withdrawn"


@pytest.mark.parametrize(
    ("field", "new", "sentence"),
    [
        ("name", "", "Name is blank"),
        ("name", "Ahlborn", "already is “Ahlborn”"),
        ("parent", "Nobody we know", "Exactly one record must be called “Nobody we know”"),
        ("website", "no address", "Website “no address”"),
    ],
)
def test_the_rules_say_while_typing_what_they_would_refuse_when_saving(steward, field, new, sentence):
    account = make.account(name="Ahlborn")
    address = f"/records/{TABLE}/{account.pk}/correct/{field}/"

    typed = steward.get(f"{address}check/", {"new": new})
    saved = steward.post(address, {"new": new})

    refused = typed.context["refused"]
    assert sentence in refused
    assert saved.status_code == 409
    assert refused in saved.context["form"].non_field_errors()
    assert not Correction.objects.exists()


def test_a_value_no_rule_objects_to_is_said_to_be_fine_and_nothing_is_written(steward):
    account = make.account(name="Ahlborn")

    typed = steward.get(f"/records/{TABLE}/{account.pk}/correct/website/check/", {"new": "ahlborn.example"})

    assert "No rule objects." in typed.content.decode()
    account.refresh_from_db()
    assert (account.website, Correction.objects.exists()) == ("", False)


def test_a_field_no_table_has_leads_nowhere(steward):
    assert steward.get(f"/records/{TABLE}/{make.account().pk}/correct/password/").status_code == 404


def test_a_record_offers_corrections_to_those_who_keep_data(client):
    account = make.account(name="Ahlborn")
    pencil = f"/records/{TABLE}/{account.pk}/correct/name/"
    seen = {}

    for group in (STEWARD, LEAD, ANALYST):
        client.force_login(make.person(groups=[group]))
        seen[group] = pencil in client.get(account.get_absolute_url()).content.decode()

    assert seen == {STEWARD: True, LEAD: True, ANALYST: False}


def test_findings_stand_in_the_order_of_what_they_weigh(steward, sectors):
    for finding, weight in zip(sectors, (1, 9, 5, 7), strict=True):
        Finding.objects.filter(pk=finding.pk).update(priority=weight)

    shown = [row["record"].pk for row in steward.get("/findings/").context["rows"]]

    assert shown == [sectors[n].pk for n in (1, 3, 2, 0)]
