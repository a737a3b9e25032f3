"""HubSpot exports: CSV with Record IDs, contacts pointing at companies by id."""

from __future__ import annotations

from collections.abc import Callable

from crm_adoption.plan.sample.faults import Row
from crm_adoption.plan.sample.writing import Column, plain


def _moment(name: str) -> Callable[[Row], str]:
    return lambda row: f"{row[name]:%Y-%m-%d %H:%M}"


def _stage(row: Row) -> str:
    return "Customer" if int(row["id"][-2:]) < 40 else "Marketing Qualified Lead"


COMPANIES: list[Column] = [
    ("Record ID", plain("id")), ("Company name", plain("name")), ("Company Domain Name", plain("domain")),
    ("Phone Number", plain("phone")), ("Street Address", plain("street")), ("City", plain("city")),
    ("State/Region", plain("state")), ("Postal Code", plain("postcode")), ("Country/Region", plain("country")),
    ("Industry", plain("industry")), ("Number of Employees", plain("employees")), ("Annual Revenue", plain("revenue")),
    ("Parent Company IDs", plain("parent_id")), ("Company owner", plain("owner")), ("Create Date", _moment("created")),
    ("Last Modified Date", _moment("modified")),
]  # fmt: skip
CONTACTS: list[Column] = [
    ("Record ID", plain("id")), ("First Name", plain("given")), ("Last Name", plain("family")),
    ("Email", plain("email")), ("Phone Number", plain("phone")), ("Mobile Phone Number", plain("mobile")),
    ("Job Title", plain("title")), ("Street Address", plain("street")), ("City", plain("city")),
    ("Postal Code", plain("postcode")), ("Country/Region", plain("country")), ("Contact owner", plain("owner")),
    ("Last Activity Date", _moment("modified")), ("Marketing contact status", lambda row: "Marketing contact"),
    ("Lifecycle Stage", _stage), ("Associated Company IDs (Primary)", plain("account_id")),
    ("Associated Company (Primary)", plain("account_name")), ("Create Date", _moment("created")),
]  # fmt: skip
USERS: list[Column] = [
    ("User ID", plain("id")), ("Name", plain("name")), ("Email", plain("email")), ("Team", plain("department")),
    ("Active", lambda row: "Yes" if row["active"] else "No"), ("Create Date", _moment("created")),
]  # fmt: skip
