"""Salesforce exports: three reports with labels, 15-character ids and a footer; the rest as Data Loader writes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from crm_adoption.plan.sample.company import NAME
from crm_adoption.plan.sample.faults import Row
from crm_adoption.plan.sample.ids import eighteen
from crm_adoption.plan.sample.writing import Column, plain

ACTIVITY_TYPES = {"call": ("Call", "Call"), "visit": ("Task", "Visit"), "mail": ("Email", "Email"),
                  "task": ("Task", "Other")}  # fmt: skip


def long_id(name: str) -> Callable[[Row], str]:
    return lambda row: eighteen(row[name]) if row[name] else ""


def stamp(name: str) -> Callable[[Row], str]:
    """A moment as the API writes it."""
    return lambda row: f"{row[name]:%Y-%m-%dT%H:%M:%S.000Z}" if row[name] else ""


def report_day(name: str) -> Callable[[Row], str]:
    """A day as a report writes it for a user in Europe."""
    return lambda row: f"{row[name]:%d/%m/%Y}" if row[name] else ""


def report_moment(name: str) -> Callable[[Row], str]:
    return lambda row: f"{row[name]:%d/%m/%Y %H:%M}" if row[name] else ""


def _flag(name: str) -> Callable[[Row], str]:
    return lambda row: "true" if row[name] else "false"


def _always(value: str) -> Callable[[Row], str]:
    return lambda row: value


REPORTS: dict[str, list[Column]] = {
    "account": [
        ("Account ID", plain("id")), ("Account Name", plain("name")), ("Account Owner", plain("owner")),
        ("Parent Account ID", plain("parent_id")), ("Parent Account", plain("parent_name")),
        ("Phone", plain("phone")), ("Website", plain("website")), ("Industry", plain("industry")),
        ("Employees", plain("employees")), ("Annual Revenue", plain("revenue")), ("Billing Street", plain("street")),
        ("Billing City", plain("city")), ("Billing State/Province", plain("state")),
        ("Billing Zip/Postal Code", plain("postcode")), ("Billing Country", plain("country")),
        ("Created Date", report_day("created")), ("Last Modified Date", report_day("modified")),
    ],
    "case": [
        ("Case ID", plain("id")), ("Case Number", plain("number")), ("Account ID", plain("account_id")),
        ("Account Name", plain("account_name")), ("Contact ID", plain("contact_id")), ("Subject", plain("subject")),
        ("Status", plain("status")), ("Priority", plain("priority")), ("Case Origin", plain("origin")),
        ("Case Owner", plain("owner")), ("Date/Time Opened", report_moment("created")),
        ("Date/Time Closed", report_moment("closed_at")), ("Last Modified Date", report_day("modified")),
    ],
    "lead": [
        ("Lead ID", plain("id")), ("First Name", plain("given")), ("Last Name", plain("family")),
        ("Company / Account", plain("company")), ("Email", plain("email")), ("Phone", plain("phone")),
        ("City", plain("city")), ("Country", plain("country")), ("Lead Source", plain("origin")),
        ("Lead Status", plain("status")), ("Rating", plain("rating")), ("Lead Owner", plain("owner")),
        ("Created Date", report_day("created")), ("Last Modified Date", report_day("modified")),
    ],
}  # fmt: skip

DATA_LOADER: dict[str, list[Column]] = {
    "user": [
        ("Id", long_id("id")), ("FirstName", plain("given")), ("LastName", plain("family")), ("Name", plain("name")),
        ("Email", plain("email")), ("Title", plain("title")), ("Department", plain("department")),
        ("ManagerId", long_id("manager_id")), ("IsActive", _flag("active")), ("CreatedDate", stamp("created")),
    ],
    "product": [
        ("Id", long_id("id")), ("Name", plain("name")), ("ProductCode", plain("code")), ("Family", plain("family")),
        ("UnitPrice", plain("price")), ("IsActive", _always("true")),
    ],
    "contact": [
        ("Id", long_id("id")), ("AccountId", long_id("account_id")), ("FirstName", plain("given")),
        ("LastName", plain("family")), ("Email", plain("email")), ("Phone", plain("phone")),
        ("MobilePhone", plain("mobile")), ("Title", plain("title")), ("Department", plain("department")),
        ("MailingStreet", plain("street")), ("MailingCity", plain("city")), ("MailingState", plain("state")),
        ("MailingPostalCode", plain("postcode")), ("MailingCountry", plain("country")),
        ("OwnerId", long_id("owner_id")), ("CreatedDate", stamp("created")), ("LastModifiedDate", stamp("modified")),
    ],
    "opportunity": [
        ("Id", long_id("id")), ("AccountId", long_id("account_id")), ("Name", plain("name")),
        ("Product__c", plain("product")), ("StageName", plain("stage")), ("Amount", plain("amount")),
        ("CurrencyIsoCode", _always("EUR")), ("Probability", plain("probability")), ("CloseDate", plain("close_on")),
        ("ForecastCategoryName", plain("forecast")), ("OwnerId", long_id("owner_id")), ("IsDeleted", _always("false")),
        ("CreatedDate", stamp("created")), ("LastModifiedDate", stamp("modified")),
    ],
    "contact_role": [
        ("Id", long_id("id")), ("OpportunityId", long_id("opportunity_id")), ("ContactId", long_id("contact_id")),
        ("Role", plain("role")), ("IsPrimary", _flag("is_primary")), ("CreatedDate", stamp("created")),
        ("LastModifiedDate", stamp("modified")),
    ],
    "activity": [
        ("Id", long_id("id")), ("Subject", plain("subject")),
        ("TaskSubtype", lambda row: ACTIVITY_TYPES[row["kind"]][0]),
        ("Type", lambda row: ACTIVITY_TYPES[row["kind"]][1]), ("WhatId", long_id("regarding_id")),
        ("WhoId", long_id("who_id")), ("ActivityDate", plain("happened_on")), ("Status", _always("Completed")),
        ("DurationInMinutes", plain("minutes")), ("OwnerId", long_id("owner_id")),
        ("CreatedDate", stamp("created")), ("LastModifiedDate", stamp("modified")),
    ],
}  # fmt: skip

OBJECTS = {
    "user": "User", "product": "Product2", "account": "Account", "contact": "Contact", "opportunity": "Opportunity",
    "contact_role": "OpportunityContactRole", "case": "Case", "activity": "Task", "lead": "Lead",
}  # fmt: skip


def footer(table: str, on: date, by: str) -> list[str]:
    """The lines a report export ends with."""
    at = datetime(on.year, on.month, on.day, 7, 30)
    return [
        "", f"All {OBJECTS[table]}s", f"Copyright (c) 2000-{on.year} salesforce.com, inc. All rights reserved.",
        "Confidential Information - Do Not Distribute", f"Generated By:  {by}  {at:%d/%m/%Y %H:%M}", NAME,
    ]  # fmt: skip
