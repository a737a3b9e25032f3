"""What people really do with imports: twice, at once, backwards, and with files nobody thought of."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from accounts.models import Account, Opportunity
from crm_adoption.jobs import services as jobs
from crm_adoption.jobs.models import Job
from crm_adoption.kit.access import STEWARD
from crm_adoption.kit.errors import Refusal
from dataquality.models import Batch, Source
from dataquality.services import intake
from tests import make
from tests.dataquality.imports import checked, deal, deals, table
from tests.intake.workbooks import row, text, workbook

pytestmark = pytest.mark.django_db(transaction=True)


def work() -> None:
    """Do here what a worker would do now."""
    for job in Job.objects.unfinished().exclude(kind__contains="reading").order_by("pk"):
        jobs.run_here(job)


@pytest.fixture
def steward() -> Client:
    client = Client()
    client.force_login(make.person(groups=[STEWARD]))
    return client


def upload(client: Client, content: bytes, name: str = "pipeline.csv", **said: str) -> Batch:
    """Send the form of the page, and read the file as a worker would."""
    answer = client.post("/imports/new/", {"file": SimpleUploadedFile(name, content), "new_source": "CRM", **said})
    assert answer.status_code == 302, answer.content.decode()
    work()
    return Batch.objects.get(pk=int(answer["Location"].strip("/").split("/")[-1]))


def page_of(client: Client, batch: Batch) -> str:
    answer = client.get(f"/imports/{batch.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_apply_sent_twice_applies_once_and_shows_the_same_page(steward):
    batch = upload(steward, deals(deal("A"), deal("B")))

    first, second = (steward.post(f"/imports/{batch.pk}/apply/") for _ in range(2))
    work()
    after = steward.post(f"/imports/{batch.pk}/apply/")  # from the page that the Back button brought up again

    assert [answer["Location"] for answer in (first, second, after)] == [batch.get_absolute_url()] * 3
    assert Job.objects.filter(kind="apply_batch").count() == 1
    assert Opportunity.objects.count() == 2
    assert "Applied" in page_of(steward, batch)


def test_two_who_apply_at_the_same_time_write_once(steward):
    batch = upload(steward, deals(*(deal(f"D-{n}") for n in range(50))))
    ended = at_once(lambda: intake.apply(Batch.objects.get(pk=batch.pk), by=None, now=batch.created_at), times=2)

    assert sorted(type(one).__name__ for one in ended) == ["Batch", "Refusal"]
    assert Opportunity.objects.count() == 50


def at_once(act: Callable[[], Any], *, times: int) -> list[Any]:
    """What each of several threads got, a refusal included."""
    ended: list[Any] = []

    def run() -> None:
        try:
            ended.append(act())
        except Refusal as refusal:
            ended.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ended


def test_a_batch_is_not_discarded_or_changed_while_it_is_worked_on_and_says_so(steward):
    batch = upload(steward, deals(deal("A")))
    steward.post(f"/imports/{batch.pk}/check/")

    for wish in (f"/imports/{batch.pk}/discard/", f"/imports/{batch.pk}/mapping/", f"/imports/{batch.pk}/answer/"):
        answer = steward.post(wish, {"table": batch.table})
        assert answer.status_code == 409, wish
        assert "pipeline.csv is being worked on" in answer.content.decode()
    work()

    batch.refresh_from_db()
    assert batch.state == Batch.State.CHECKED
    assert steward.post(f"/imports/{batch.pk}/discard/").status_code == 302


def test_the_same_file_of_two_people_is_two_batches_of_which_the_second_changes_nothing(steward):
    other = Client()
    other.force_login(make.person(groups=[STEWARD]))
    mine, theirs = (upload(client, deals(deal("A"), deal("B"))) for client in (steward, other))

    steward.post(f"/imports/{mine.pk}/apply/")
    work()
    other.post(f"/imports/{theirs.pk}/apply/")
    work()

    theirs.refresh_from_db()
    assert (theirs.state, theirs.counts["new"], theirs.counts["same"]) == (Batch.State.APPLIED, 0, 2)
    assert Source.objects.count() == 1


def test_one_discards_the_file_that_another_has_sent_too_and_the_other_keeps_it(steward):
    mine, theirs = (upload(steward, deals(deal("A"))) for _ in range(2))

    steward.post(f"/imports/{mine.pk}/discard/")
    steward.post(f"/imports/{theirs.pk}/apply/")
    work()

    assert Opportunity.objects.count() == 1


def test_a_file_of_one_row_is_enough(steward):
    batch = upload(steward, deals(deal("A")))

    assert (batch.state, batch.counts["new"]) == (Batch.State.CHECKED, 1)


def test_headings_without_rows_are_asked_about(steward):
    batch = upload(steward, deals(), table="accounts.opportunity")

    assert "The file has headings but no rows" in page_of(steward, batch)
    assert steward.post(f"/imports/{batch.pk}/apply/").status_code == 409
    assert not Opportunity.objects.exists()


def test_a_workbook_of_two_sheets_asks_which_one(steward, tmp_path: Path):
    sheets = [
        row(*map(text, ("account_id", "account", "sector"))) + row(*map(text, (key, name, "retail")))
        for key, name in (("1", "Wrong"), ("2", "Right"))
    ]
    file = workbook(tmp_path / "accounts.xlsx", *sheets, names=["Old", "New"])
    batch = upload(steward, file.read_bytes(), "accounts.xlsx")
    (question,) = intake.open_questions(batch)
    assert question.options == ["Old", "New"]
    assert question.sentence in page_of(steward, batch)

    steward.post(f"/imports/{batch.pk}/answer/", {question.code: "New"})
    work()
    steward.post(f"/imports/{batch.pk}/apply/")
    work()

    assert list(Account.objects.values_list("name", flat=True)) == ["Right"]


def test_an_encoding_that_is_only_guessed_is_asked_about(steward):
    content = table(["account_id", "公司名称", "城市"], *([str(n), "北京科技有限公司", "上海"] for n in range(5)))
    batch = upload(steward, content.decode().encode("gb18030"), "客户.csv", table="accounts.account")
    (question,) = intake.open_questions(batch)
    assert question.suggestion == "gb18030"

    steward.post(f"/imports/{batch.pk}/answer/", {question.code: "gb18030"})
    work()
    steward.post(f"/imports/{batch.pk}/apply/")
    work()

    assert set(Account.objects.values_list("name", flat=True)) == {"北京科技有限公司"}


def test_a_file_of_300_columns_can_be_mapped_on_its_page(steward):
    headings = ["account_id", "account", *(f"extra {n}" for n in range(298))]
    batch = upload(steward, table(headings, ["1", "Acme", *(["x"] * 298)]), "accounts.csv")

    page = steward.get(f"/imports/{batch.pk}/mapping/").content.decode()
    assert page.count('name="key"') == 300
    said = {f"column_{n}": "" for n in range(300)} | {
        "column_0": "external_id",
        "column_1": "name",
        "key": "account_id",
    }
    answer = steward.post(f"/imports/{batch.pk}/mapping/", {**said, "table": "accounts.account", "product": "generic"})
    work()

    assert answer.status_code == 302, answer.content.decode()
    batch.refresh_from_db()
    assert (batch.state, batch.mapping) == (Batch.State.CHECKED, {"account_id": "external_id", "account": "name"})


@pytest.mark.parametrize("name", ["\"quoted\" 'n'.csv", "<script>alert(1)<.csv", "\u202egnp.csv", "a" * 240 + ".csv"])
def test_a_file_name_is_only_a_text(steward, name):
    batch = upload(steward, deals(deal("A", closed="01-10-2016"), deal("")), name)

    assert "<script>alert" not in page_of(steward, batch)
    for address in (f"/imports/{batch.pk}/faulty.csv", f"/imports/{batch.pk}/set-apart.csv", "/imports/?export=csv"):
        answer = steward.get(address)
        assert answer.status_code == 200
        assert "\n" not in answer["Content-Disposition"]
    answer = steward.post(f"/imports/{batch.pk}/discard/", follow=True)
    assert "<script>alert" not in answer.content.decode()


def test_a_batch_whose_check_was_overtaken_by_a_discard_stays_discarded():
    batch = checked(make.source(), deals(deal("A")))
    stale = Batch.objects.select_related("source").get(pk=batch.pk)
    intake.discard(batch)

    with pytest.raises(Refusal, match="discarded"):
        intake.check(stale, now=batch.created_at)

    batch.refresh_from_db()
    assert batch.state == Batch.State.DISCARDED
