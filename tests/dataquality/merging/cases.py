"""Clusters with everything that hangs on them, and a picture of the store to compare."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connection

from accounts.models import Account, Activity, Case
from contacts.models import Contact, ContactRole
from dataquality import subjects
from dataquality.models import Batch, Membership, Merge
from tests import make

ACCOUNTS, CONTACTS = subjects.get("accounts.account"), subjects.get("contacts.contact")
OURS = {Merge._meta.db_table}  # a merge that was undone stays told


def contacts(*rows: dict[str, Any], source: Any = None) -> list[Contact]:
    return make.records(make.batch(source or make.source(), CONTACTS), *rows)


def accounts(*rows: dict[str, Any], source: Any = None) -> list[Account]:
    return make.records(make.batch(source or make.source(), ACCOUNTS), *rows)


def beside(record: Any, table: str, *rows: dict[str, Any]) -> list[Any]:
    """Rows of another table of the same source."""
    return make.records(make.batch(record.source, subjects.get(table)), *rows)


def family() -> tuple[list[Account], dict[str, list[Any]]]:
    """Three accounts that are one, with deals, cases, activities, people, roles and a subsidiary."""
    made = accounts(
        {"name": "Ahlborn", "phone": "+49 40 111", "city": "Hamburg", "external_id": "A-1"},
        {"name": "Ahlborn GmbH", "website": "ahlborn.example", "industry": "Retail", "external_id": "A-2"},
        {"name": "AHLBORN", "phone": "+49 40 222", "revenue": "1234.5600", "external_id": "A-3"},
    )
    one, two, three = made
    hanging = {
        "contacts": beside(one, "contacts.contact", *(
            {"full_name": f"Person {n}", "account": made[n % 3], "account_ref": made[n % 3].external_id}
            for n in range(7)
        )),
        "deals": beside(one, "accounts.opportunity", *(
            {"name": f"Deal {n}", "account": made[n % 2], "account_ref": made[n % 2].external_id} for n in range(4)
        )),
        "cases": beside(one, "accounts.case", {"subject": "Broken", "account": three, "account_ref": "A-3"}),
        "activities": beside(one, "accounts.activity", {"subject": "Call", "account": two, "regarding_ref": "A-2"}),
        "children": accounts({"name": "Ahlborn Nord", "parent": two, "parent_ref": "A-2"}, source=one.source),
    }  # fmt: skip
    hanging["roles"] = beside(
        one, "contacts.contactrole", {"account": two, "about_ref": "A-2", "contact": hanging["contacts"][0]}
    )
    return made, hanging


def picture() -> dict[str, list[str]]:
    """Every row of every table of ours but merges and the audit's, as the store's own text."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            table = model._meta.db_table
            if model._meta.app_label in ("dataquality", "accounts", "contacts", "plan", "training") and not (
                table in OURS or table.endswith("event")
            ):
                cursor.execute(f'SELECT (to_jsonb(t){numbered(table)})::text FROM "{table}" t ORDER BY 1')
                found[table] = [row[0] for row in cursor.fetchall()]
    return found


def numbered(table: str) -> str:
    """Memberships follow from pairs and are written anew: their own numbers say nothing."""
    return " - 'id'" if table == Membership._meta.db_table else ""


def imported(source: Any, subject: Any) -> Batch:
    return make.batch(source, subject)


__all__ = ["ACCOUNTS", "CONTACTS", "Activity", "Case", "ContactRole", "accounts", "beside", "contacts", "family",
           "imported", "picture"]  # fmt: skip
