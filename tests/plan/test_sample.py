"""The sample company's exports: repeatable, faulty at the stated rates, and well formed where they should be."""

from __future__ import annotations

import csv
import hashlib
import re
import time
import uuid
from collections import Counter
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from phonenumbers import is_valid_number, parse

from crm_adoption.plan.sample import SampleFile, generate, world
from crm_adoption.plan.sample.chance import Chance
from crm_adoption.plan.sample.faults import FAULTS, Fault, Wear, can_happen
from crm_adoption.plan.sample.ids import eighteen, salesforce_id

TODAY = date(2026, 3, 31)
CRMS = ("salesforce", "dynamics", "hubspot")


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> list[SampleFile]:
    return generate(tmp_path_factory.mktemp("sample"), today=TODAY)


def rows_of(file: SampleFile) -> list[dict[str, str]]:
    if file.path.suffix == ".csv":
        with open(file.path, encoding="utf-8-sig", newline="") as text:
            return [row for row in csv.DictReader(text) if row and all(value is not None for value in row.values())]
    sheet = openpyxl.load_workbook(file.path).worksheets[0]
    headings, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def only(files: list[SampleFile], product: str, table: str) -> list[SampleFile]:
    return [file for file in files if (file.product, file.table) == (product, table)]


def digests(files: list[SampleFile]) -> dict[str, str]:
    return {file.path.name: hashlib.sha256(file.path.read_bytes()).hexdigest() for file in files}


def test_the_same_seed_and_day_give_the_same_bytes_and_another_seed_others(files, tmp_path):
    again = digests(generate(tmp_path / "again", today=TODAY))
    other = digests(generate(tmp_path / "other", today=TODAY, seed=8))

    assert again == digests(files)
    same = {name for name, digest in other.items() if digest == again[name]}
    assert same == {name for name in again if "Product2" in name}  # the catalogue is no matter of chance


def test_six_months_of_three_crms_come_in_date_order_and_stay_small(files, tmp_path):
    started = time.perf_counter()
    generate(tmp_path / "timed", today=TODAY)
    assert time.perf_counter() - started < 5

    assert [file.taken_on for file in files] == sorted(file.taken_on for file in files)
    assert {file.taken_on for file in files} == set(world.export_days(TODAY))
    assert max(file.taken_on for file in files) == date(2026, 3, 28)
    assert {file.product for file in files} == {"salesforce", "dynamics", "hubspot"}
    assert sum(file.path.stat().st_size for file in files) < 15_000_000


def test_the_last_exports_hold_a_mid_size_company(files):
    last: Counter[str] = Counter()
    for file in files:
        if file.taken_on == date(2026, 3, 28) or not file.full:
            last[file.table] += len(rows_of(file))

    assert 370 <= last["account"] <= 430
    assert 1_400 <= last["contact"] <= 1_560
    assert last["opportunity"] == 900
    assert last["case"] == 500
    assert 3_800 <= last["activity"] <= 4_000
    assert last["lead"] == 600
    assert last["product"] == 25
    assert last["user"] == 3 * 40  # each of the three CRMs lists them


def test_every_salesforce_id_carries_its_right_checksum(files):
    assert eighteen("0014W00002AKpQZ") == "0014W00002AKpQZQA1"
    assert eighteen("0014W00002AKpQa") == "0014W00002AKpQaQAL"

    seen = 0
    for file in only(files, "salesforce", "opportunity"):
        for row in rows_of(file):
            for name in ("Id", "AccountId", "OwnerId"):
                if row[name]:
                    assert eighteen(row[name][:15]) == row[name]
                    seen += 1
    assert seen > 10_000
    assert all(len(row["Account ID"]) == 15 for row in rows_of(only(files, "salesforce", "account")[-1]))
    assert len({salesforce_id("case", number).lower() for number in range(500)}) > 480


def test_dynamics_worksheets_keep_guids_hidden_columns_and_the_very_hidden_sheet(files):
    worksheets = [file for file in files if file.product == "dynamics"]
    assert len(worksheets) == 9
    for file in worksheets:
        book = openpyxl.load_workbook(file.path)
        shown, hidden = book.worksheets
        label = file.table.title()
        entity = "systemuser" if file.table == "user" else file.table

        assert [cell.value for cell in shown[1][:3]] == [
            f"(Do Not Modify) {label}", "(Do Not Modify) Row Checksum", "(Do Not Modify) Modified On",
        ]  # fmt: skip
        assert shown.column_dimensions["A"].hidden
        assert (hidden.title, hidden.sheet_state) == ("hiddenSheet", "veryHidden")
        assert re.match(rf"{entity}:[A-Za-z0-9+/=]+:{entity}id=%28Do%20Not%20Modify%29%20{label}&", hidden["A1"].value)
        ids = [shown.cell(line, 1).value for line in range(2, shown.max_row + 1)]
        assert len(ids) == len(set(ids)) > 30
        assert all(str(uuid.UUID(one)) == one and uuid.UUID(one).version == 4 for one in ids)


def test_reports_end_with_the_footer_salesforce_writes(files):
    for table in ("account", "case", "lead"):
        text = only(files, "salesforce", table)[-1].path.read_text(encoding="utf-8-sig")
        assert 'Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."' in text[-400:]


@pytest.mark.parametrize("month", [0, 5])
def test_faults_are_present_at_the_stated_rates(month):
    chance = Chance(7)
    sample = world.build(chance, TODAY)
    wear = Wear(chance, sample.taken)
    day = sample.taken[month]
    tables = {
        "account": [row for crm in CRMS for row in world.account_rows(sample, day, crm)],
        "contact": [row for crm in CRMS for row in world.contact_rows(sample, day, crm)],
        "opportunity": list(world.opportunity_rows(sample, day)),
        "contact_role": list(world.role_rows(sample, day)),
        "case": list(world.case_rows(sample, day)),
        "activity": list(world.activity_rows(sample, None, day)),
        "lead": list(world.lead_rows(sample, day)),
    }  # fmt: skip
    possible: Counter[Fault] = Counter()
    done: Counter[Fault] = Counter()
    for table, rows in tables.items():
        for row in rows:
            possible.update(fault for fault in FAULTS if fault.table == table and can_happen(fault, row))
            done.update(wear.apply(table, row, month))

    for fault in FAULTS:
        n, stated = possible[fault], fault.rate(month / 5)
        spread = 4 * (n * stated * (1 - stated)) ** 0.5 + 3
        assert abs(done[fault] - n * stated) <= spread, (fault, n, done[fault])
        assert n > 30
        if stated * n > 5:
            assert done[fault]


def test_a_repaired_record_stays_repaired_and_says_when_it_changed():
    chance = Chance(7)
    sample = world.build(chance, TODAY)
    wear = Wear(chance, sample.taken)
    faulty = []
    for month, day in enumerate(sample.taken):
        rows = {row["id"]: row for row in world.account_rows(sample, day, "salesforce")}
        faulty.append(
            {key for key, row in rows.items() if any(f.kind == "dangling" for f in wear.apply("account", row, month))}
        )

    assert len(faulty[0]) > len(faulty[2]) > len(faulty[5]) == 0
    repaired = next(iter(faulty[0] & faulty[1] - faulty[2] | faulty[0] - faulty[1]))
    row = {row["id"]: row for row in world.account_rows(sample, sample.taken[5], "salesforce")}[repaired]
    before = row["modified"]
    wear.apply("account", row, 5)
    assert row["modified"] >= before


def test_opportunities_move_from_export_to_export(files):
    history: dict[str, list[tuple[str, str, str]]] = {}
    for file in only(files, "salesforce", "opportunity"):
        for row in rows_of(file):
            history.setdefault(row["Id"], []).append((row["StageName"], row["CloseDate"], row["Amount"]))
    changed = [steps for steps in history.values() if len(set(steps)) > 1]
    pushed = [steps for steps in history.values() if len({close for _, close, _ in steps}) >= 4]
    lost = [steps for steps in history.values() if steps[-1][0] == "Closed Lost" and steps[0][0] != "Closed Lost"]

    assert len(changed) > 250
    assert len(pushed) > 25
    assert len(lost) > 60


def test_contact_roles_are_mostly_blank_and_get_better(files):
    covered = []
    for deals, roles in zip(
        only(files, "salesforce", "opportunity"), only(files, "salesforce", "contact_role"), strict=True
    ):
        with_role = {row["OpportunityId"] for row in rows_of(roles)}
        covered.append(len(with_role) / len(rows_of(deals)))

    assert covered == sorted(covered)
    assert covered[0] < 0.16
    assert 0.25 < covered[-1] < 0.40


def test_people_and_companies_stand_there_twice_beside_colleagues_who_only_look_alike():
    sample = world.build(Chance(7), TODAY)
    twins = [one for one in sample.contacts if one.twin_of]
    households = [one for one in sample.contacts if one.email.endswith("@home.example.org")]

    assert 50 <= len(twins) <= 120
    assert all(one.twin_of and one.account is one.twin_of.account for one in twins)
    assert len(households) > 10
    assert 8 <= sum(1 for one in sample.accounts if one.twin_of) <= 30
    assert sum(1 for one in sample.accounts if one.parent) > 30


def test_pointers_of_a_clean_world_point_at_rows_of_the_same_export():
    """Dangling pointers come from the stated faults alone; only an account merged away leaves its people behind."""
    sample = world.build(Chance(7), TODAY)
    for day in sample.taken:
        accounts = {row["id"] for row in world.account_rows(sample, day, "salesforce")}
        contacts = {row["id"] for row in world.contact_rows(sample, day, "salesforce")}
        deals = {row["id"] for row in world.opportunity_rows(sample, day)}

        assert {row["parent_id"] for row in world.account_rows(sample, day, "salesforce")} <= accounts | {""}
        assert {row["account_id"] for row in world.contact_rows(sample, day, "salesforce")} <= accounts
        assert {row["account_id"] for row in world.opportunity_rows(sample, day)} <= accounts
        assert {row["account_id"] for row in world.case_rows(sample, day)} <= accounts
        assert {row["contact_id"] for row in world.role_rows(sample, day)} <= contacts
        assert {row["opportunity_id"] for row in world.role_rows(sample, day)} <= deals


def test_no_mail_address_leaves_the_reserved_domains(tmp_path):
    for file in generate(tmp_path, today=TODAY, seed=11):
        for row in rows_of(file):
            address = row.get("Email") or ""
            if re.fullmatch(r"[^@\s]+@[^@\s,]+\.[^@\s,]+", address):
                assert re.search(r"(\.example|\bexample\.(com|org|net))$", address), address


def test_the_folder_holds_nothing_but_the_files_it_names(files):
    folder: Path = files[0].path.parent
    assert {path.name for path in folder.iterdir()} == {file.path.name for file in files}


def test_every_telephone_number_of_the_clean_world_can_be_dialled():
    sample = world.build(Chance(7), TODAY)
    lines = {(one.account.country, line) for one in sample.contacts for line in (one.phone, one.mobile) if line}
    wrong = [line for country, line in lines if not is_valid_number(parse(line, country))]

    assert len(lines) > 700
    assert wrong == []


def test_marketing_knows_some_companies_too_and_says_other_things_of_some_of_them():
    sample = world.build(Chance(7), TODAY)
    known = [one for one in sample.accounts if one.same_as]

    assert len(known) == 26
    assert {(one.product, one.same_as.product) for one in known if one.same_as} == {("hubspot", "salesforce")}
    assert 3 <= sum(one.phone != one.same_as.phone for one in known if one.same_as) <= 13
    assert 5 <= sum(one.employees != one.same_as.employees for one in known if one.same_as) <= 18
    assert not any(one.account.same_as for one in sample.contacts)
    rows = {row["id"]: row for day in sample.taken for row in world.account_rows(sample, day, "salesforce")}
    handed = {one.id: one.handed_over[1].name for one in sample.accounts if one.handed_over}
    assert len(handed) == 9
    assert {number: rows[number]["owner"] for number in handed} == handed
