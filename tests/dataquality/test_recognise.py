"""Which CRM and table a file is: the layouts of the known products, by headings and by the shape of their data."""

from __future__ import annotations

import polars as pl
import pytest

from crm_adoption.kit.errors import Refusal
from dataquality.intake.recognise import Recognised, fingerprint, recognise

GUIDS = ["6f9619ff-8b86-d011-b42d-00c04fc964ff", "7f9619ff-8b86-d011-b42d-00c04fc964fe"]
LONG_IDS = ["0014W00002AKpQZQA1", "0014W00002AKpQaQAL"]
SHORT_IDS = ["0034W00002AKpQZ", "0034W00002AKpQa"]
MAIL = ["ann.ott@firm.example", "bo.rau@firm.example"]
SAMPLES = {
    "guid": GUIDS, "long": LONG_IDS, "short": SHORT_IDS, "number": ["5501", "5502"], "mail": MAIL,
    "person": ["Ann Ott", "Bo Rau"],
    "given": ["Ann", "Bo"], "family": ["Ott", "Rau"], "company": ["Firm AG", "Other Ltd"], "date": ["2026-01-31",
    "2026-02-28"],
    "money": ["1200.50", "99"], "stage": ["Open", "Won"], "text": ["one", "two"], "phone": ["+49 30 901820",
    "+43 1 58858"],
    "checksum": ["aGVsbG8=", "d29ybGQ="], "bool": ["TRUE", "FALSE"], "percent": ["10", "90"],
    "hex": ["65f1c2d3e4f5a6b7c", "65f1c2d3e4f5a6b7d"], "docname": ["CRM-DEAL-2026-00001", "CRM-DEAL-2026-00002"],
}  # fmt: skip

LAYOUTS = [
    ("dynamics", "accounts.account", {"(Do Not Modify) Account": "guid", "(Do Not Modify) Row Checksum": "checksum",
     "(Do Not Modify) Modified On": "date", "Account Name": "company", "Main Phone": "phone", "Address 1: City": "text",
     "Primary Contact": "person", "Email (Primary Contact) (Contact)": "mail"}),
    ("dynamics", "contacts.contact", {"(Do Not Modify) Contact": "guid", "(Do Not Modify) Row Checksum": "checksum",
     "(Do Not Modify) Modified on": "date", " Full Name": "person", "Email": "mail", "Company Name": "company",
     "Business Phone": "phone"}),
    ("dynamics", "accounts.opportunity", {"(Do Not Modify) Opportunity": "guid",
     "(Do Not Modify) Row Checksum": "checksum",
     "(Do Not Modify) Modified On": "date", "Topic": "text", "Account": "company", "Est. Revenue": "money",
     "Est. Close Date": "date", "Probability": "percent"}),
    ("salesforce", "contacts.contact", {"Contact ID": "short", "First Name": "given", "Last Name": "family",
     "Email": "mail",
     "Phone": "phone", "Title": "text", "Account Name": "company", "Mailing City": "text"}),
    ("salesforce", "accounts.account", {"Account ID": "short", "Account Name": "company", "Annual Revenue": "money",
     "Billing Street": "text", "Billing Zip/Postal Code": "number", "Industry": "text", "Type": "text",
     "Website": "text"}),
    ("salesforce", "accounts.opportunity", {"Opportunity ID": "short", "Opportunity Owner": "person",
     "Account Name": "company",
     "Opportunity Name": "text", "Stage": "stage", "Forecast Category": "text", "Amount": "money",
     "Probability (%)": "percent", "Close Date": "date", "Created Date": "date"}),
    ("salesforce", "accounts.opportunity", {"Id": "long", "Name": "text", "AccountId": "long", "OwnerId": "long",
     "StageName": "stage", "CloseDate": "date", "Amount": "money", "Probability": "percent",
     "ForecastCategoryName": "text", "IsDeleted": "bool", "CreatedDate": "date", "LastModifiedDate": "date"}),
    ("salesforce", "contacts.contactrole", {"Id": "long", "OpportunityId": "long", "ContactId": "long", "Role": "text",
     "IsPrimary": "bool"}),
    ("salesforce", "contacts.lead", {"Lead ID": "short", "First Name": "given", "Last Name": "family",
     "Company": "company",
     "Lead Status": "text", "Rating": "text", "Lead Source": "text", "Email": "mail"}),
    ("salesforce", "accounts.case", {"Case ID": "short", "Account Name": "company", "Subject": "text", "Status": "text",
     "Priority": "text", "Date/Time Opened": "date", "Date/Time Closed": "date"}),
    ("hubspot", "contacts.contact", {"Record ID - Contact": "number", "First Name": "given", "Last Name": "family",
     "Email": "mail", "Phone Number": "phone", "Contact owner": "person", "Last Activity Date": "date",
     "Marketing contact status": "text", "Create Date": "date", "Associated Company IDs (Primary)": "number"}),
    ("hubspot", "accounts.account", {"Record ID - Company": "number", "Company name": "company",
     "Company Domain Name": "text",
     "City": "text", "Country/Region": "text", "Company owner": "person", "Create Date": "date", "Industry": "text"}),
    ("hubspot", "accounts.opportunity", {"Record ID - Deal": "number", "Deal Name": "text", "Pipeline": "text",
     "Deal Stage": "stage", "Amount": "money", "Close Date": "date", "Create Date": "date", "Deal owner": "person",
     "Associated Company IDs (Primary)": "number"}),
    ("odoo", "contacts.contact", {"External ID": "text", "Name": "person", "Email": "mail", "Phone": "phone",
     "Mobile": "phone", "Job Position": "text", "Related Company/External ID": "text"}),
    ("suitecrm", "accounts.account", {"ID": "guid", "Name": "company", "Website": "text", "Office Phone": "phone",
     "Industry": "text", "Annual Revenue": "money", "Employees": "number", "Billing Street": "text",
     "Assigned to": "person"}),
    ("espocrm", "accounts.opportunity", {"ID": "hex", "Name": "text", "Account": "company", "Stage": "stage",
     "Amount": "money", "Probability": "percent", "Close Date": "date", "Assigned User": "person"}),
    ("frappe", "contacts.lead", {"ID": "docname", "First Name": "given", "Last Name": "family", "Status": "text",
     "Email": "mail", "Mobile No.": "phone", "Lead Owner": "person", "Source": "text", "Organization": "company"}),
    ("frappe", "accounts.opportunity", {"ID": "docname", "Organization": "company", "Probability": "percent",
     "Deal Owner": "person", "Status": "stage", "Deal Value": "money", "Expected Closure Date": "date"}),
    ("twenty", "contacts.contact", {"Id": "guid", "First name": "given", "Last name": "family", "Email": "mail",
     "Phone": "phone", "Job title": "text", "City": "text", "Company": "company"}),
    ("django_crm", "contacts.contact", {"first_name": "given", "last_name": "family", "email": "mail", "phone": "phone",
     "organization": "company", "title": "text", "department": "text", "do_not_call": "bool", "postcode": "number"}),
]  # fmt: skip


def _seen(headings: dict[str, str], name: str = "export.csv", **said: str) -> Recognised:
    frame = pl.DataFrame({f"c{i}": SAMPLES[kind] for i, kind in enumerate(headings.values())})
    return recognise(list(headings), frame, file_name=name, **said)


@pytest.mark.parametrize(("product", "table", "headings"), LAYOUTS, ids=lambda v: v if isinstance(v, str) else "")
def test_the_layouts_of_known_products_are_recognised_without_help_from_the_file_name(product, table, headings):
    found = _seen(headings)

    assert found.table == table, found.runners_up
    if product != "django_crm":  # its export has no id column, and no heading of its own
        assert found.product == product
        assert len(found.key) == 1
    assert found.confidence >= 0.4  # a contact list without company id may be a list of leads


def test_an_id_heading_counts_only_with_data_of_its_shape():
    """A Dynamics checksum column has the same prefix as the id: the GUIDs decide."""
    found = _seen(
        {"(Do Not Modify) Row Checksum": "checksum", "(Do Not Modify) Account": "guid", "Account Name": "company"}
    )

    assert found.key == ["(Do Not Modify) Account"]


def test_a_table_that_the_sender_names_is_taken_as_said():
    found = _seen({"ref": "text", "what": "text"}, table="leads")

    assert (found.table, found.confidence) == ("contacts.lead", 1.0)


def test_headings_of_no_table_are_refused_with_the_way_out():
    with pytest.raises(Refusal, match="Name the table"):
        _seen({"foo": "text", "bar": "text"})


def test_a_column_whose_data_contradicts_its_heading_is_less_sure():
    sure = {g.heading: g.confidence for g in _seen(LAYOUTS[3][2]).guesses}
    doubtful = {g.heading: g.confidence for g in _seen({**LAYOUTS[3][2], "Title": "mail"}).guesses}

    assert doubtful["Title"] < sure["Title"]


def test_the_fingerprint_does_not_depend_on_the_order_or_case_of_the_headings():
    assert fingerprint(["First Name", "EMAIL"]) == fingerprint(["email", "first_name"])
