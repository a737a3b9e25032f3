"""It is true, attested by somebody until a day: it survives the next export and ends with another value."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from crm_adoption.kit.errors import Refusal
from crm_adoption.plan.ingredients.data_quality import verified
from dataquality import subjects
from dataquality.models import AnswerFile, Correction, Method, Verification, VerificationTerm
from dataquality.queries import verification as truth
from dataquality.services import intake, verifying
from tests import make

pytestmark = pytest.mark.django_db
ACCOUNTS = subjects.get("accounts.account")
NAMED = "Account ID,Account Name,Phone\nA-1,Acme,+41 44 668 18 00\nA-2,Bolt,+41 44 668 18 01\n"


@pytest.fixture
def today():
    return timezone.localdate()


def steward(name: str = "Stella") -> Any:
    return make.person(name=name, groups=["data steward"])


def attest(*records: Any, fields: tuple[str, ...] = ("name",), **more: Any) -> int:
    known = {"method": Method.ASKED, "by": None, "now": timezone.now()}
    return verifying.attest(ACCOUNTS, [one.pk for one in records], fields=fields, **known | more)


def fresh(field: str = "name") -> truth.Freshness:
    [row] = [one for one in truth.freshness(ACCOUNTS, timezone.localdate()) if one.field == field]
    return row


def exported(text: str, source: Any = None) -> Any:
    """An export, read, checked and applied as people do it; its source."""
    batch = make.checked(text, source=source) if source else make.checked(text)
    return intake.apply(batch, by=None, now=timezone.now()).source


def test_what_is_attested_counts_until_its_day_and_is_due_from_the_next(today):
    one, two = make.account(name="Acme"), make.account(name="Bolt")

    attest(one, until=today + timedelta(days=10))

    assert (fresh().filled, fresh().in_force, fresh().due) == (2, 1, 1)
    later = {row.field: row for row in truth.freshness(ACCOUNTS, today + timedelta(days=11))}["name"]
    assert (later.in_force, later.expired, later.due) == (0, 1, 2)
    due = [(row[2], row[3]) for row in truth.due_cells(ACCOUNTS, today)]
    assert due == [(two.external_id, "name")]


def test_an_attestation_lasts_as_long_as_its_way_of_finding_out_is_believed(today):
    VerificationTerm.objects.filter(method="known").update(days=7)
    record = make.account()

    attest(record, method=Method.KNOWN)

    assert Verification.objects.get().expires_on == today + timedelta(days=7)


def test_the_whole_record_is_every_filled_field_that_is_asked_for_and_no_blank_one():
    record = make.account(name="Acme", phone="+41 44 668 18 00")

    n = attest(record, fields=())

    said = set(Verification.objects.values_list("field", flat=True))
    assert {"name", "phone"} <= said <= set(truth.verifiable(ACCOUNTS))
    assert n == len(said)


def test_it_survives_the_export_that_brings_the_same_and_ends_with_the_one_that_brings_another(today):
    source = exported(NAMED)
    first, second = ACCOUNTS.model.objects.order_by("external_id")
    attest(first, second)
    assert fresh().in_force == 2

    exported(NAMED, source)
    same = fresh()
    exported(NAMED.replace("Bolt", "Bolt & Sons"), source)

    assert (same.in_force, same.changed) == (2, 0)
    assert (fresh().in_force, fresh().changed, fresh().due) == (1, 1, 1)
    second.refresh_from_db()
    assert truth.attested(second, today)["name"].state == "changed"


def test_the_newest_word_counts_and_twice_a_day_is_once():
    record = make.account()
    attest(record)
    attest(record)
    verifying.find_wrong(
        ACCOUNTS, [record.pk], field="name", method=Method.SERVICE, by=None, now=timezone.now() + timedelta(days=1)
    )

    assert Verification.objects.filter(method=Method.ASKED).count() == 1
    assert (fresh().in_force, fresh().wrong, fresh().due) == (0, 1, 1)


def test_what_is_likely_still_true_halves_with_the_half_life(today):
    VerificationTerm.objects.filter(method="asked").update(half_life_days=100)
    new, old = make.account(), make.account()
    attest(new)
    attest(old)
    Verification.objects.filter(external_id=old.external_id).update(verified_on=today - timedelta(days=100))

    assert fresh().in_force == 2
    assert fresh().still_true == pytest.approx((1 + 0.5) / 2)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"until": timezone.localdate() - timedelta(days=1)}, "has ended already"),
        ({"until": timezone.localdate() + timedelta(days=731)}, "longer than 730 days"),
        ({"fields": ("parent",)}, "truth of “parent” is not asked for"),
    ],
)
def test_what_cannot_be_attested_says_why(more, says):
    with pytest.raises(Refusal) as refused:
        attest(make.account(), **more)

    assert says in refused.value.sentence
    assert not Verification.objects.exists()


def test_one_tap_on_the_record_attests_a_field_or_all_of_it_with_ones_name(client):
    record, stella = make.account(name="Acme", phone="+41 44 668 18 00"), steward()
    client.force_login(stella)
    address = f"/records/{ACCOUNTS.slug}/{record.pk}/"
    assert "still true" in client.get(address).content.decode()

    client.post(f"{address}verify/", {"field": "name"})
    one = list(Verification.objects.values_list("field", "by", "method"))
    client.post(f"{address}verify/", {"method": "asked"})

    assert one == [("name", stella.pk, "known")]
    assert Verification.objects.filter(method="asked", field="phone").exists()
    assert client.post(f"{address}verify/", {"field": "no_such"}).status_code == 404


def test_a_filtered_list_is_attested_at_once_and_then_is_no_longer_due(client):
    here, other = make.source(name="Here"), make.source(name="There")
    for source in (here, other):
        make.records(make.batch(source, ACCOUNTS), {"name": "Acme"}, {"name": "Bolt"})
    client.force_login(steward())
    address = f"/records/{ACCOUNTS.slug}/?source={here.pk}&state=live"

    said = {"method": "survey", "fields_true": ["name"]}
    client.post(address, {"action": "attest", "all": "1", "confirmed": "2", **said})

    assert fresh().in_force == 2
    assert set(Verification.objects.values_list("source", flat=True)) == {here.pk}
    due = client.get(f"/records/{ACCOUNTS.slug}/?due=true&state=live").context["rows"]
    assert {row["record"].source_id for row in due} == {other.pk}


def test_what_is_due_goes_out_and_its_answers_come_back(client):
    source = make.source(name="Here")
    good, bad, silent = make.records(make.batch(source, ACCOUNTS), {"name": "Acme"}, {"name": "Bolt"}, {"name": "Core"})
    client.force_login(steward())
    answer = client.get(f"/verification/{ACCOUNTS.slug}/due/")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert [(row["Source"], row["Id"], row["Field"], row["Value"]) for row in rows] == [
        ("Here", one.external_id, "name", one.name) for one in (good, bad, silent)
    ]

    rows[0]["Answer"] = "TRUE"
    rows[1] |= {"Answer": "false", "New value": "Bolt Ltd"}
    sent = io.StringIO()
    writer = csv.DictWriter(sent, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    back = io.BytesIO(sent.getvalue().encode())
    back.name = "back.csv"
    page = client.post("/verification/answers/new/", {"file": back, "method": "service"}, follow=True)

    assert AnswerFile.objects.get().counts == {"rows": 3, "confirmed": 1, "wrong": 1, "silent": 1, "faulty": 0}
    assert (fresh().in_force, fresh().wrong, fresh().due) == (1, 1, 2)
    shown = page.content.decode()
    assert "Bolt Ltd" in shown
    bad.refresh_from_db()
    assert (bad.name, Correction.objects.count()) == ("Bolt", 0)  # nothing is taken over by itself
    proposed = client.get(f"/records/{ACCOUNTS.slug}/{bad.pk}/correct/name/?new=Bolt%20Ltd")
    assert proposed.context["form"].initial["new"] == "Bolt Ltd"


def test_answers_about_another_value_an_unknown_record_or_field_do_not_count_and_say_why():
    source = make.source(name="Here")
    record = make.record(make.batch(source, ACCOUNTS), name="Acme")
    lines = [
        "Table,Source,Id,Field,Value,Answer,New value",
        f"accounts.account,Here,{record.external_id},name,Old Acme,true,",
        "accounts.account,Here,no-such,name,Acme,true,",
        f"accounts.account,Here,{record.external_id},parent,x,true,",
        f"accounts.account,Here,{record.external_id},name,Acme,perhaps,",
    ]

    kept = verifying.read_answers(
        io.BytesIO("\n".join(lines).encode()), name="back.csv", method="service", by=None, now=timezone.now()
    )

    assert kept.counts == {"rows": 4, "confirmed": 0, "wrong": 0, "silent": 0, "faulty": 4}
    reasons = " ".join(reason for _row, _value, reason in kept.faults)
    for said in ("holds “Acme” by now", "No live record", "not asked about", "Say true or false"):
        assert said in reasons
    with pytest.raises(Refusal, match="lacks the column"):
        verifying.read_answers(io.BytesIO(b"Id,Answer\n1,true\n"), name="x.csv", method="service", by=None,
                               now=timezone.now())  # fmt: skip


def test_programs_read_the_freshness_and_attest(client):
    record = make.account()
    _token, text = make.token(make.person(groups=["integration"]), scopes=["read", "import"])
    known = {"authorization": f"Token {text}"}

    said = client.post(
        f"/api/v1/records/{ACCOUNTS.slug}/{record.pk}/verify/", {"method": "survey", "fields_true": ["name"]},
        content_type="application/json", headers=known,
    )  # fmt: skip
    rows = client.get(f"/api/v1/verification/?table={ACCOUNTS.slug}", headers=known).json()

    assert (said.status_code, said.json()) == (201, {"attested": 1})
    assert [(row["in_force"], row["share"]) for row in rows if row["field"] == "name"] == [(1, 1.0)]


def test_the_check_of_the_plan_is_the_share_of_critical_values_attested_and_fresh():
    records = make.records(make.batch(make.source(), ACCOUNTS), *[{"name": f"Acme {n}"} for n in range(4)])
    now = timezone.now()
    assert verified(now) is None

    attest(records[0])

    measured = verified(now)
    assert measured is not None
    assert (measured.value, measured.n) == (0.25, 4)
    gone = verified(now + timedelta(days=400))
    assert gone is not None
    assert gone.value == 0


def test_the_page_of_freshness_costs_the_same_for_many_records(client, django_assert_max_num_queries):
    attest(*make.records(make.batch(make.source(), ACCOUNTS), *[{"name": f"Acme {n}"} for n in range(60)]))
    client.force_login(steward())

    with django_assert_max_num_queries(5 * len(subjects.every()) + 10):
        shown = client.get("/verification/")

    assert [row.in_force for subject, rows in shown.context["tables"] for row in rows if row.field == "name"] == [60]
