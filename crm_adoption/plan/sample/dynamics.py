"""Dynamics 365 static worksheets: three hidden columns in front and the second, very hidden sheet re-import needs."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from urllib.parse import quote

import xlsxwriter

from crm_adoption.plan.sample.faults import Row
from crm_adoption.plan.sample.writing import Column, plain

ENTITIES: dict[str, tuple[str, list[tuple[str, Column]]]] = {  # table: label, then logical name and column
    "user": ("User", [
        ("fullname", ("Full Name", plain("name"))),
        ("internalemailaddress", ("Primary Email", plain("email"))),
        ("title", ("Title", plain("title"))),
        ("businessunitid", ("Business Unit", plain("department"))),
        ("createdon", ("Created On", plain("created"))),
    ]),
    "account": ("Account", [
        ("name", ("Account Name", plain("name"))),
        ("telephone1", ("Main Phone", plain("phone"))),
        ("websiteurl", ("Website", plain("website"))),
        ("industrycode", ("Industry", plain("industry"))),
        ("numberofemployees", ("Number of Employees", plain("employees"))),
        ("revenue", ("Annual Revenue", plain("revenue"))),
        ("address1_line1", ("Address 1: Street 1", plain("street"))),
        ("address1_city", ("Address 1: City", plain("city"))),
        ("address1_stateorprovince", ("Address 1: State/Province", plain("state"))),
        ("address1_postalcode", ("Address 1: ZIP/Postal Code", plain("postcode"))),
        ("address1_country", ("Address 1: Country/Region", plain("country"))),
        ("parentaccountid", ("Parent Account", plain("parent_name"))),
        ("ownerid", ("Owner", plain("owner"))),
        ("createdon", ("Created On", plain("created"))),
    ]),
    "contact": ("Contact", [
        ("fullname", (" Full Name", lambda row: f"{row['given']} {row['family']}".strip())),
        ("firstname", ("First Name", plain("given"))),
        ("lastname", ("Last Name", plain("family"))),
        ("parentcustomerid", ("Company Name", plain("account_name"))),
        ("emailaddress1", ("Email", plain("email"))),
        ("telephone1", ("Business Phone", plain("phone"))),
        ("mobilephone", ("Mobile Phone", plain("mobile"))),
        ("jobtitle", ("Job Title", plain("title"))),
        ("department", ("Department", plain("department"))),
        ("address1_line1", ("Address 1: Street 1", plain("street"))),
        ("address1_city", ("Address 1: City", plain("city"))),
        ("address1_postalcode", ("Address 1: ZIP/Postal Code", plain("postcode"))),
        ("address1_country", ("Address 1: Country/Region", plain("country"))),
        ("statuscode", ("Status Reason", lambda row: "Inactive" if row["left"] else "Active")),
        ("ownerid", ("Owner", plain("owner"))),
        ("createdon", ("Created On", plain("created"))),
    ]),
}  # fmt: skip
LOGICAL = {"user": "systemuser"}
OPTION_SETS = {
    "user": ("Business Unit",),
    "contact": ("Status Reason", "Active", "Inactive"),
    "account": ("Industry",),
}


def write_worksheet(path: Path, table: str, rows: Iterable[Row], on: date) -> None:
    """One static worksheet; the same rows and day give the same bytes."""
    label, fields = ENTITIES[table]
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "m/d/yyyy h:mm", "strings_to_urls": False})
    book.set_properties({"created": datetime(on.year, on.month, on.day, 6, 0)})
    sheet = book.add_worksheet(f"All {label}s")
    fixed = [f"(Do Not Modify) {label}", "(Do Not Modify) Row Checksum", "(Do Not Modify) Modified On"]
    sheet.write_row(0, 0, [*fixed, *(heading for _, (heading, _) in fields)])
    line = 0
    for row in rows:
        line += 1
        values = [read(row) for _, (_, read) in fields]
        digest = base64.b64encode(hashlib.sha512(repr((row["id"], values)).encode()).digest()).decode()
        for place, value in enumerate([row["id"], digest, row["modified"], *values]):
            if value not in ("", None):
                sheet.write(line, place, value)
    sheet.autofilter(0, 0, line, len(fields) + 2)
    sheet.set_column(0, 2, 12, None, {"hidden": True})
    sheet.set_column(3, len(fields) + 2, 22)
    hidden = book.add_worksheet("hiddenSheet")
    hidden.write_string(0, 0, _recipe(table, label, fields))
    hidden.write_row(1, 0, OPTION_SETS[table])
    hidden.very_hidden()
    book.close()


def _recipe(table: str, label: str, fields: list[tuple[str, Column]]) -> str:
    """Cell A1 of the hidden sheet: the entity, a checksum of the layout, and the label of every logical name."""
    pairs = [
        (f"{LOGICAL.get(table, table)}id", f"(Do Not Modify) {label}"),
        ("checksumLogicalName", "(Do Not Modify) Row Checksum"),
        ("modifiedon", "(Do Not Modify) Modified On"),
        *((logical, heading) for logical, (heading, _) in fields),
    ]
    named = "&".join(f"{logical}={quote(heading, safe='')}" for logical, heading in pairs)
    return f"{LOGICAL.get(table, table)}:{base64.b64encode(hashlib.sha256(named.encode()).digest()).decode()}:{named}"
