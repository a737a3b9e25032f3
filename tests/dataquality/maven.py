"""The four files of a hardware seller's real export, as records: what the intake makes of them, without the intake."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path
from typing import Any

from accounts.models import Account, CrmUser, Opportunity, Product
from crm_adoption.people.models import Person
from dataquality import subjects
from dataquality.models import Batch, Identity, Source
from tests import make


def rows_of(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "maven-crm" / name).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return [{key: "" if value == "null" else value for key, value in row.items()} for row in rows]


def load(folder: Path, source: Source) -> dict[str, Batch]:
    """All four tables, pointers resolved by name as the intake resolves them; returns the batch of each table."""
    models = (CrmUser, Account, Product, Opportunity)
    batches = {m._meta.label_lower: make.batch(source, subjects.get(m._meta.label_lower)) for m in models}
    sellers = rows_of(folder, "sales_teams.csv")
    make.records(
        batches["accounts.crmuser"],
        *({"external_id": r["sales_agent"], "name": r["sales_agent"], "team": r["regional_office"],
           "manager_ref": r["manager"]} for r in sellers),
    )  # fmt: skip
    people = {r["sales_agent"]: Person.objects.create(name=r["sales_agent"], is_active=False) for r in sellers}
    Identity.objects.bulk_create(Identity(source=source, external_id=n, name=n, person=p) for n, p in people.items())
    companies = make.records(
        batches["accounts.account"],
        *({"external_id": r["account"], "name": r["account"], "industry": r["sector"],
           "country": r["office_location"], "revenue": r["revenue"], "employees": r["employees"],
           "parent_ref": r["subsidiary_of"]}
          for r in rows_of(folder, "accounts.csv")),
    )  # fmt: skip
    accounts = {each.name: each for each in companies}
    for company in companies:
        company.parent = accounts.get(company.parent_ref)
    Account.objects.bulk_update(companies, ["parent"])
    wares = make.records(
        batches["accounts.product"],
        *({"external_id": r["product"], "name": r["product"], "family": r["series"], "price": r["sales_price"]}
          for r in rows_of(folder, "products.csv")),
    )  # fmt: skip
    products = {each.name: each for each in wares}
    make.records(
        batches["accounts.opportunity"],
        *(_deal(row, accounts, products, people) for row in rows_of(folder, "sales_pipeline.csv")),
    )
    return batches


def _deal(row: dict[str, str], accounts: dict[str, Any], products: dict[str, Any], people: dict[str, Any]) -> Any:
    stage = row["deal_stage"]
    return {
        "external_id": row["opportunity_id"], "account_ref": row["account"], "account": accounts.get(row["account"]),
        "product_ref": row["product"], "product": products.get(row["product"]), "owner_ref": row["sales_agent"],
        "owner": people.get(row["sales_agent"]), "stage": stage,
        "outcome": {"Won": "won", "Lost": "lost"}.get(stage, "open"), "opened_on": _day(row["engage_date"]),
        "close_on": _day(row["close_date"]), "amount": row["close_value"] or None,
    }  # fmt: skip


def _day(text: str) -> Any:
    return datetime.strptime(text, "%d-%m-%Y").date() if text else None
