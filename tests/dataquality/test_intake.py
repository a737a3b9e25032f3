"""From a file to records: what is counted, what is written, and what is left alone."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from accounts.models import Account, Opportunity
from crm_adoption.kit.errors import Refusal
from crm_adoption.people.models import Person, Team
from dataquality import subjects
from dataquality.models import Batch, Correction, Finding, HeaderMap, Version
from dataquality.services import corrections, intake, previewing
from tests import make
from tests.dataquality.imports import applied, checked, deal, deals, received, table

pytestmark = pytest.mark.django_db

ACCOUNTS = ["account", "sector", "subsidiary_of"]


def test_a_new_file_becomes_records_with_dates_read_from_the_whole_column():
    source = make.source()

    batch = applied(source, deals(deal("A", opened="01-02-2017", closed="03-02-2017"), deal("B", opened="25-01-2017")))

    assert (batch.counts["new"], batch.counts["changed"], batch.counts["same"]) == (2, 0, 0)
    assert Opportunity.objects.get(external_id="A").opened_on == date(2017, 2, 1)
    assert Opportunity.objects.get(external_id="A").outcome == "won"


def test_the_same_file_twice_changes_nothing():
    source, content = make.source(), deals(deal("A"), deal("B"))
    applied(source, content)
    before = list(Opportunity.objects.order_by("pk").values())

    batch = applied(source, content)

    assert (batch.counts["new"], batch.counts["changed"], batch.counts["same"]) == (0, 0, 2)
    assert list(Opportunity.objects.order_by("pk").values()) == before
    assert not Version.objects.exists()


def test_a_changed_row_gets_a_version_with_old_and_new():
    source = make.source()
    applied(source, deals(deal("A", stage="Engaging", value="100")))

    batch = applied(source, deals(deal("A", stage="Won", value="120")))

    version = Version.objects.get(batch=batch)
    assert version.changed["stage"] == ["Engaging", "Won"]
    assert [float(value) for value in version.changed["amount"]] == [100, 120]
    assert Opportunity.objects.get().outcome == "won"


def test_a_pointer_to_a_row_that_comes_later_is_resolved_when_it_comes():
    source = make.source()
    applied(source, deals(deal("A", account="Acme")))
    assert Opportunity.objects.get().account is None

    applied(source, table(ACCOUNTS, ["Acme", "retail", "Group"], ["Group", "retail", ""]), name="accounts.csv")

    assert Opportunity.objects.get().account == Account.objects.get(name="Acme")
    assert Account.objects.get(name="Acme").parent == Account.objects.get(name="Group")


def test_two_sources_with_the_same_ids_stay_apart():
    one, other = make.source(), make.source()
    applied(one, deals(deal("A", value="1")))

    batch = applied(other, deals(deal("A", value="2")))

    assert batch.counts["new"] == 1
    assert Opportunity.objects.count() == 2


def test_what_vanishes_from_a_full_export_is_gone_and_comes_back():
    source = make.source()
    applied(source, deals(deal("A"), deal("B")))

    batch = applied(source, deals(deal("A")), full=True)
    assert batch.counts["gone"] == 1
    assert Opportunity.objects.get(external_id="B").state == "gone"

    applied(source, deals(deal("A"), deal("B")), full=True)
    assert Opportunity.objects.get(external_id="B").state == "live"


def test_a_partial_export_marks_nothing_as_gone():
    source = make.source()
    applied(source, deals(deal("A"), deal("B")))

    applied(source, deals(deal("A")))

    assert Opportunity.objects.live().count() == 2


def test_a_full_export_with_unreadable_rows_marks_nothing_as_gone():
    source = make.source()
    applied(source, deals(deal("A"), deal("B")))

    batch = applied(source, deals(deal("A"), deal("")), full=True)

    assert (batch.counts["quarantined"], batch.counts["gone"]) == (1, 0)


def test_discarding_leaves_nothing():
    source = make.source()
    batch = checked(source, deals(deal("A"), deal("A", value="7")))
    name = batch.file.name

    batch = intake.discard(batch)

    assert batch.state == Batch.State.DISCARDED
    assert not Opportunity.objects.exists()
    assert not batch.quarantined.exists()
    assert not default_storage.exists(str(name))
    assert not intake.workspace(batch).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tablename LIKE %s", [f"{batch.staging_table}%"])
        assert cursor.fetchone() == (0,)


def test_an_applied_batch_cannot_be_discarded_nor_applied_again():
    batch = applied(make.source(), deals(deal("A")))

    with pytest.raises(Refusal, match="applied already"):
        intake.discard(batch)
    with pytest.raises(Refusal, match="applied"):
        intake.apply(batch, by=None, now=timezone.now())


def test_a_repeated_row_counts_once_and_a_contradicting_one_is_set_apart_with_both_line_numbers():
    source = make.source()

    batch = checked(source, deals(deal("A"), deal("A"), deal("B", value="1"), deal("B", value="2")))

    assert (batch.counts["new"], batch.counts["repeated"], batch.counts["quarantined"]) == (2, 1, 1)
    row = batch.quarantined.get()
    assert row.row == 5
    assert "row 4" in row.sentence
    assert "amount" in row.sentence


def test_a_row_without_an_id_is_set_apart_and_the_others_are_taken():
    batch = applied(make.source(), deals(deal("A"), deal("")))

    assert batch.quarantined.get().code == "key.blank"
    assert batch.counts["new"] == 1


def test_an_export_without_an_id_column_offers_a_key_and_says_what_it_risks():
    batch = checked(make.source(), table(ACCOUNTS, ["Acme", "retail", ""], ["Beta", "retail", ""]), name="accounts.csv")

    assert batch.key == ["account"]
    assert "renamed" in batch.recognised["key_risk"]


def test_the_steward_may_choose_a_key_of_two_columns():
    content = table(["First Name", "Last Name", "Email", "Company"], ["Ann", "Ott", "a@x.example", "X"],
                    ["Ann", "Rau", "a@x.example", "X"])  # fmt: skip

    batch = applied(make.source(), content, name="contacts.csv", key=["First Name", "Last Name"])

    assert batch.counts["new"] == 2
    assert batch.quarantined.count() == 0


def test_columns_nobody_mapped_are_kept_as_extras():
    applied(make.source(), table([*ACCOUNTS, "year_established"], ["Acme", "retail", "", "1996"]), name="accounts.csv")

    assert Account.objects.get().extra == {"year_established": "1996"}


def test_a_value_that_cannot_be_read_keeps_its_text_and_becomes_a_finding():
    source = make.source()

    applied(source, deals(deal("A", closed="31-02-2017"), deal("B", closed="30-01-2017")))

    record = Opportunity.objects.get(external_id="A")
    assert record.close_on is None
    assert record.extra == {"close_date": "31-02-2017"}
    finding = Finding.objects.get(record_id=record.pk, field="close_on", rule__slug__endswith=".reading")
    assert finding.value == "31-02-2017"


def test_findings_close_by_themselves_when_a_later_batch_is_clean():
    source = make.source()
    applied(
        source,
        deals(deal("A", opened="05-01-2017", closed="01-01-2017"), deal("B", opened="20-01-2017", closed="30-01-2017")),
    )
    assert Finding.objects.open().filter(field="close_on").exists()

    batch = applied(source, deals(deal("A", opened="05-01-2017", closed="25-01-2017")))

    finding = Finding.objects.get(field="close_on", rule__slug="accounts.opportunity.close_on.order")
    assert (finding.state, finding.closed_in) == ("closed", batch)


def test_dates_that_nothing_settles_are_asked_about_before_anything_is_applied():
    source, content = make.source(), deals(deal("A", opened="01-02-2017", closed="03-04-2017"))
    batch = checked(source, content)

    codes = [question.code for question in intake.open_questions(batch)]
    assert codes == ["date_order.opened_on", "date_order.close_on"]
    with pytest.raises(Refusal, match="day or the month"):
        intake.apply(batch, by=None, now=timezone.now())

    applied(source, content, confirm=["date_order.opened_on:MDY", "date_order.close_on:MDY"])
    assert Opportunity.objects.get().opened_on == date(2017, 1, 2)


def test_a_source_that_once_settled_its_dates_is_not_asked_again():
    source = make.source()
    applied(source, deals(deal("A", opened="25-01-2017", closed="31-01-2017")))

    batch = applied(source, deals(deal("B", opened="02-01-2017", closed="03-01-2017")))

    assert batch.state == Batch.State.APPLIED
    assert Opportunity.objects.get(external_id="B").opened_on == date(2017, 1, 2)


def test_a_confirmed_mapping_is_remembered_for_the_same_headings_in_any_order():
    source = make.source()
    content = table(["ref", "firm", "branch"], ["1", "Acme", "retail"])
    batch = intake.stage(received(source, content, name="x.csv", table="accounts"))
    assert not intake.ready_to_check(batch)
    batch = intake.set_mapping(
        batch, table="accounts", mapping={"ref": "external_id", "firm": "name", "branch": "industry"}, key=["ref"]
    )
    intake.apply(intake.check(batch, now=timezone.now()), by=None, now=timezone.now())

    again = checked(source, table(["branch", "ref", "firm"], ["retail", "2", "Beta"]), name="y.csv")

    assert again.header_map == HeaderMap.objects.get()
    assert (again.table, again.key) == ("accounts.account", ["ref"])
    assert again.mapping == {"ref": "external_id", "firm": "name", "branch": "industry"}


def test_a_mapping_to_a_column_that_is_not_there_is_refused_with_its_name():
    batch = checked(make.source(), deals(deal("A")))

    with pytest.raises(Refusal, match="no column 'nope'"):
        intake.set_mapping(batch, table="accounts.opportunity", mapping={"nope": "stage"}, key=["opportunity_id"])


def test_an_export_with_fewer_columns_leaves_the_other_fields_alone():
    source = make.source()
    applied(source, deals(deal("A", value="100")))

    applied(source, table(["opportunity_id", "deal_stage"], ["A", "Lost"]))

    record = Opportunity.objects.get()
    assert (record.stage, record.outcome, record.amount) == ("Lost", "lost", Decimal(100))


def test_a_correction_waits_survives_the_same_export_and_lands_with_the_next():
    source = make.source()
    applied(source, table(["product", "series", "sales_price"], ["GTX Pro", "GTX", "5"]), name="products.csv")
    wrong, right = deals(deal("A", product="GTXPro")), deals(deal("A", product="GTX Pro"))
    applied(source, wrong)
    by = make.person()
    subject = subjects.get("accounts.opportunity")

    n = corrections.accept_suggestion(
        subject, field="product", value="GTXPro", new="GTX Pro", source=source, by=by, now=timezone.now()
    )
    assert n == 1
    assert Opportunity.objects.get().product is not None

    same = applied(source, wrong)
    assert same.counts["same"] == 1
    assert Correction.objects.get().fate == "pending"
    assert Opportunity.objects.get().product is not None

    applied(source, right)
    assert Correction.objects.get().fate == "landed"
    assert Opportunity.objects.get().corrected == {}
    assert not Finding.objects.filter(field="product", state__in=["open", "corrected"]).exists()


def test_a_user_list_brings_people_teams_and_managers_who_may_not_sign_in():
    source = make.source()
    applied(source, deals(deal("A")))
    users = table(["sales_agent", "manager", "regional_office"], ["Ann", "Max", "East"], ["Bob", "Max", "West"])

    applied(source, users, name="sales_teams.csv")

    assert set(Person.objects.values_list("name", flat=True)) >= {"Ann", "Bob", "Max"}
    assert Person.objects.get(name="Ann").manager == Person.objects.get(name="Max")
    assert not Person.objects.filter(name="Max", is_active=True).exists()
    assert Team.objects.count() == 2


def test_the_preview_shows_what_would_change_and_why_rows_are_faulty():
    source = make.source()
    applied(source, deals(deal("A", stage="Engaging"), deal("B")))

    batch = checked(
        source, deals(deal("A", stage="Won"), deal("B"), deal("C", opened="05-01-2017", closed="01-01-2017"))
    )
    shown = previewing.preview(batch)

    assert [row["changes"]["stage"] for row in shown.changed] == [["Engaging", "Won"]]
    assert [row["external_id"] for row in shown.new] == ["C"]
    assert [(fault["label"], fault["n"]) for fault in shown.faults] == [("Closes", 1)]
    faulty = (intake.workspace(batch) / "faulty.csv").read_text()
    assert "C,Won" in faulty


def test_an_unknown_file_is_refused_with_its_headings_and_the_way_out():
    batch = checked(make.source(), table(["foo", "bar"], ["1", "2"]), name="odd.csv")

    assert batch.state == Batch.State.REFUSED
    assert "'foo'" in batch.refusal
    assert "Name the table" in batch.refusal


def test_an_upload_over_the_limit_is_refused_and_leaves_no_file(settings, tmp_path: Path):
    settings.UPLOAD_MAX_BYTES = 10

    with pytest.raises(Refusal, match="larger than"):
        checked(make.source(), deals(deal("A")))
    assert not Batch.objects.exists()


def test_a_batch_checked_before_another_was_applied_is_compared_anew():
    source = make.source()
    stale = checked(source, deals(deal("A", value="1")))
    applied(source, deals(deal("A", value="1")))

    batch = intake.apply(stale, by=None, now=timezone.now())

    assert (batch.counts["new"], batch.counts["same"]) == (0, 1)
    assert Opportunity.objects.count() == 1


def test_tidying_removes_what_belongs_to_no_batch_and_nothing_else(settings, tmp_path: Path):
    settings.MEDIA_ROOT = str(tmp_path)
    source = make.source()
    waiting, done = checked(source, deals(deal("A"))), applied(source, deals(deal("B"), deal("C")))
    orphan = default_storage.save("batches/ab/orphan", ContentFile(b"x"))
    left = intake.workspace(done)
    left.mkdir(parents=True)
    tomorrow = timezone.now() + timedelta(days=2)

    assert intake.tidy(timezone.now())["files"] == 0
    assert intake.tidy(tomorrow)["files"] == 1

    assert not default_storage.exists(orphan)
    assert not left.exists()
    assert default_storage.exists(str(waiting.file.name))
    assert default_storage.exists(str(done.file.name))
    assert intake.apply(waiting, by=None, now=timezone.now()).state == Batch.State.APPLIED


def test_a_file_of_headings_alone_is_recognised_asked_about_and_writes_nothing():
    source = make.source()
    batch = intake.stage(received(source, deals(), name="pipeline.csv"))
    assert batch.table == "accounts.opportunity"
    assert [question.code for question in intake.open_questions(batch)] == ["no_rows"]

    batch = intake.stage(intake.answer(batch, choices={"confirmed": ["no_rows"]}))
    batch = intake.check(batch, now=timezone.now())

    assert (batch.counts["rows"], batch.counts["new"]) == (0, 0)
    batch = intake.apply(batch, by=None, now=timezone.now())
    assert not Opportunity.objects.exists()
