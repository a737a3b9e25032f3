"""The sample company's exports, written in date order: the same seed and day give the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from pathlib import Path

from crm_adoption.plan.sample import dynamics, hubspot, salesforce, world
from crm_adoption.plan.sample.chance import Chance
from crm_adoption.plan.sample.customers import DYNAMICS, HUBSPOT, SALESFORCE
from crm_adoption.plan.sample.faults import Row, Wear
from crm_adoption.plan.sample.writing import SampleFile, write_csv

SOURCES = {
    SALESFORCE: "Salesforce of Norvane",
    DYNAMICS: "Dynamics of Norvane Analytics",
    HUBSPOT: "HubSpot of Marketing",
}
MONTHS = {"user": (0, 2, 5), "product": (0, 3, 5), DYNAMICS: (0, 2, 5), HUBSPOT: (1, 3, 5)}
SALESFORCE_TABLES = ("user", "product", "account", "contact", "opportunity", "contact_role", "case", "activity", "lead")


def generate(into: Path, *, today: date, seed: int = 7) -> list[SampleFile]:
    """Write six months of exports of three CRMs into a folder and say what each file is, oldest first."""
    into.mkdir(parents=True, exist_ok=True)
    chance = Chance(seed)
    sample = world.build(chance, today)
    wear = Wear(chance, sample.taken)
    found: list[SampleFile] = []
    for month, on in enumerate(sample.taken):
        found += _salesforce(into, sample, wear, month, on)
        found += _dynamics(into, sample, wear, month, on)
        found += _hubspot(into, sample, wear, month, on)
    return found


def _worn(wear: Wear, table: str, rows: Iterable[Row], month: int) -> Iterator[Row]:
    for row in rows:
        wear.apply(table, row, month)
        yield row


def _salesforce(into: Path, sample: world.World, wear: Wear, month: int, on: date) -> Iterator[SampleFile]:
    before = sample.taken[month - 1] if month else None
    rows = {
        "user": partial(world.user_rows, sample, on, SALESFORCE, wear.chance),
        "product": partial(world.product_rows, sample, month),
        "account": partial(world.account_rows, sample, on, SALESFORCE),
        "contact": partial(world.contact_rows, sample, on, SALESFORCE),
        "opportunity": partial(world.opportunity_rows, sample, on),
        "contact_role": partial(world.role_rows, sample, on), "case": partial(world.case_rows, sample, on),
        "activity": partial(world.activity_rows, sample, before, on), "lead": partial(world.lead_rows, sample, on),
    }  # fmt: skip
    for table in SALESFORCE_TABLES:
        if month not in MONTHS.get(table, range(world.MONTHS)):
            continue
        path = into / f"{on}_salesforce_{salesforce.OBJECTS[table]}.csv"
        worn = _worn(wear, table, rows[table](), month)
        if table in salesforce.REPORTS:
            footer = salesforce.footer(table, on, sample.staff[0].name)
            write_csv(path, salesforce.REPORTS[table], worn, bom=table == "account", footer=footer)
        else:
            write_csv(path, salesforce.DATA_LOADER[table], worn)
        yield SampleFile(path, SOURCES[SALESFORCE], SALESFORCE, table, on, full=table != "activity")


def _dynamics(into: Path, sample: world.World, wear: Wear, month: int, on: date) -> Iterator[SampleFile]:
    if month not in MONTHS[DYNAMICS]:
        return
    rows = {
        "user": partial(world.user_rows, sample, on, DYNAMICS, wear.chance),
        "account": partial(world.account_rows, sample, on, DYNAMICS),
        "contact": partial(world.contact_rows, sample, on, DYNAMICS),
    }
    for table, read in rows.items():
        path = into / f"{on}_dynamics_{dynamics.LOGICAL.get(table, table)}.xlsx"
        dynamics.write_worksheet(path, table, _worn(wear, table, read(), month), on)
        yield SampleFile(path, SOURCES[DYNAMICS], DYNAMICS, table, on)


def _hubspot(into: Path, sample: world.World, wear: Wear, month: int, on: date) -> Iterator[SampleFile]:
    if month not in MONTHS[HUBSPOT]:
        return
    for table, name, columns, rows in (
        ("user", "users", hubspot.USERS, partial(world.user_rows, sample, on, HUBSPOT, wear.chance)),
        ("account", "companies", hubspot.COMPANIES, partial(world.account_rows, sample, on, HUBSPOT)),
        ("contact", "contacts", hubspot.CONTACTS, partial(world.contact_rows, sample, on, HUBSPOT)),
    ):
        path = into / f"{on}_hubspot_{name}.csv"
        write_csv(path, columns, _worn(wear, table, rows(), month))
        yield SampleFile(path, SOURCES[HUBSPOT], HUBSPOT, table, on)
