"""When accounts and what hangs on them are clean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from accounts import choices, services
from accounts.models import Account, Activity, Case, CrmUser, Opportunity, Product
from dataquality.engine.columns import Kind
from dataquality.engine.rules import Rule
from dataquality.subjects import PERSON, Column, Pointer, Subject, keep_clean

OWNER = Column(
    Kind.POINTER,
    "Owner",
    ("Owner", "Owner ID", "OwnerId", "Account Owner", "Company owner", "Contact owner", "Deal owner", "Lead Owner",
     "Opportunity Owner", "Case Owner", "Assigned to", "Assigned User", "Sales agent", "Salesperson", "Responsible",
     "Inhaber", "Besitzer", "Propietario", "Propriétaire", "负责人", "所有者"),
    tell=0.4,
    pointer=Pointer(PERSON),
)  # fmt: skip
CREATED = Column(
    Kind.DATETIME, "Created", ("Created Date", "CreatedDate", "Create Date", "Created On", "Created at"), tell=0.2
)
MODIFIED = Column(
    Kind.DATETIME,
    "Modified",
    ("Last Modified Date", "LastModifiedDate", "(Do Not Modify) Modified On", "Modified On", "Updated at"),
    tell=0.2,
)
TOUCHED = Column(Kind.DATETIME, "Last activity", ("Last Activity Date", "Last Activity", "LastActivityDate"), tell=0.2)
STALE = {"as": "stale"}


def listed(table: str, field: str, values: tuple[str, ...]) -> Rule:
    """A list that the CRMs deliver and its owner may have added to: rare values off it are errors."""
    return Rule(f"{table}.{field}.choice", "choice", field, params={"values": list(values), "open": True})


def owned(table: str, when: Mapping[str, Any] | None = None) -> tuple[Rule, Rule]:
    """Somebody answers for every record, and still works there."""
    limited = {"when": when} if when else {}
    retired = {"as": "retired", "in": "accounts.crmuser", "person": "person_id", "enabled": "is_enabled"}
    return (
        Rule(f"{table}.owner.ownerless", "lifecycle", "owner", "warning",
             params={"as": "unfilled", "code": "lifecycle_ownerless", **limited}),
        Rule(f"{table}.owner.retired", "lifecycle", "owner", "warning", params={**retired, **limited}),
    )  # fmt: skip


CRM_DATES = {"created_at": CREATED, "modified_at": MODIFIED, "last_touched_at": TOUCHED}

keep_clean(
    Subject(
        model=Account,
        label="Accounts",
        enter=True,
        weight=4,
        id_headings={
            "dynamics": ("(Do Not Modify) Account",),
            "salesforce": ("Account ID", "Id"),
            "hubspot": ("Record ID - Company", "Record ID", "ID de registro"),
            "odoo": ("External ID", "Database ID", "id", ".id"),
            "generic": ("account_id", "company_id", "customer_id", "external_id", "id"),
        },
        file_words=("account", "company", "companies", "customer", "organisation", "organization", "firm"),
        columns={
            "name": Column(
                Kind.COMPANY,
                "Name",
                (
                    "Account Name",
                    "Company name",
                    "Organization Name",
                    "Account",
                    "Company",
                    "Name",
                    "Firma",
                    "Empresa",
                    "Société",
                    "公司名称",
                    "客户名称",
                ),
                critical=True,
            ),
            "parent": Column(
                Kind.POINTER,
                "Parent account",
                (
                    "Parent Account",
                    "Parent Account ID",
                    "ParentId",
                    "Parent Company",
                    "Subsidiary of",
                    "Member of",
                    "Parent",
                    "上级客户",
                ),
                tell=2,
                pointer=Pointer("accounts.account"),
            ),
            "website": Column(Kind.URL, "Website", ("Website", "Company Domain Name", "Web", "URL", "Domain", "网址")),
            "phone": Column(
                Kind.PHONE,
                "Phone",
                ("Phone", "Phone Number", "Main Phone", "Office Phone", "Telephone", "Telefon", "电话"),
                tell=0.3,
                uses=("telephony",),
            ),
            "street": Column(
                Kind.STREET,
                "Street",
                (
                    "Billing Street",
                    "Street Address",
                    "Address 1: Street 1",
                    "Billing Address",
                    "Street",
                    "Address",
                    "地址",
                ),
                tell=0.5,
                uses=("mail",),
            ),
            "city": Column(
                Kind.CITY, "City", ("Billing City", "City", "Address 1: City", "Town", "Stadt", "城市"), tell=0.3
            ),
            "region": Column(
                Kind.REGION,
                "Region",
                ("Billing State/Province", "State/Region", "Billing State", "State", "Province", "Region"),
                tell=0.3,
            ),
            "postcode": Column(
                Kind.POSTCODE,
                "Postcode",
                ("Billing Zip/Postal Code", "Postal Code", "Billing Postal Code", "Zip", "Postcode", "PLZ", "邮编"),
                tell=0.3,
                uses=("mail",),
            ),
            "country": Column(
                Kind.COUNTRY,
                "Country",
                ("Billing Country", "Country/Region", "Country", "Office location", "Land", "国家"),
                tell=0.3,
            ),
            "industry": Column(Kind.CHOICE, "Industry", ("Industry", "Sector", "Branche", "行业"), tell=1.5),
            "segment": Column(Kind.CHOICE, "Segment", ("Segment", "Type", "Account Type", "Customer type")),
            "employees": Column(
                Kind.INTEGER,
                "Employees",
                ("Employees", "NumberOfEmployees", "Number of Employees", "No. of Employees", "员工人数"),
                tell=1.5,
            ),
            "revenue": Column(
                Kind.MONEY, "Revenue", ("Annual Revenue", "AnnualRevenue", "Revenue", "Umsatz", "年收入"), tell=1.5
            ),
            "owner": OWNER,
            **CRM_DATES,
        },
        key=("name",),
        found_by_name=True,
        rules=(
            Rule("accounts.account.employees.range", "range", "employees", params={"min": 0, "max": 10_000_000}),
            Rule("accounts.account.revenue.range", "range", "revenue", "warning", params={"min": 0}),
            Rule("accounts.account.last_touched_at.stale", "lifecycle", "last_touched_at", "warning", params=STALE),
            *owned("accounts.account"),
        ),
    )
)

keep_clean(
    Subject(
        model=Product,
        label="Products",
        id_headings={
            "salesforce": ("Product ID", "Id"),
            "dynamics": ("(Do Not Modify) Product",),
            "hubspot": ("Record ID - Product", "Record ID"),
            "generic": ("product_id", "sku", "id"),
        },
        file_words=("product", "item", "article", "catalog"),
        columns={
            "name": Column(Kind.TEXT, "Name", ("Product Name", "Product", "Name", "产品名称"), critical=True),
            "family": Column(Kind.CHOICE, "Family", ("Product Family", "Family", "Series", "Category"), tell=1.5),
            "price": Column(Kind.MONEY, "Price", ("Sales price", "List Price", "Unit price", "Price", "价格"), tell=2),
            **CRM_DATES,
        },
        key=("name",),
        found_by_name=True,
        rules=(
            Rule("accounts.product.price.range", "range", "price", params={"min": 0}),
            Rule("accounts.product.name.unique", "unique", "name", "warning"),
        ),
    )
)

WON, LOST = choices.WON, choices.LOST
OPEN_DEAL = {"field": "stage", "not_in": ["", *WON, *LOST]}


def outcome_of_stage(frame: pl.DataFrame) -> pl.DataFrame:
    """Won, lost or open, as the stage says; every CRM words it so."""
    stage = pl.col("stage").str.strip_chars().str.to_lowercase()
    return frame.with_columns(
        outcome=pl.when(stage.is_in(WON)).then(pl.lit("won")).when(stage.is_in(LOST)).then(pl.lit("lost"))
        .otherwise(pl.lit("open"))
    )  # fmt: skip


keep_clean(
    Subject(
        model=Opportunity,
        label="Opportunities",
        weight=2,
        id_headings={
            "dynamics": ("(Do Not Modify) Opportunity",),
            "salesforce": ("Opportunity ID", "Id"),
            "hubspot": ("Record ID - Deal", "Record ID"),
            "generic": ("opportunity_id", "deal_id", "id"),
        },
        file_words=("opportunit", "deal", "pipeline", "opps"),
        columns={
            "name": Column(Kind.TEXT, "Name", ("Opportunity Name", "Deal Name", "Topic", "Name", "商机名称")),
            "account": Column(
                Kind.POINTER,
                "Account",
                ("Account ID", "AccountId", "Associated Company IDs (Primary)", "Account Name", "Account", "Company",
                 "Organization", "Customer", "客户"),
                tell=0.5,
                pointer=Pointer("accounts.account", required=True),
            ),
            "product": Column(
                Kind.POINTER,
                "Product",
                ("Product ID", "Product Name", "Product", "产品"),
                tell=0.7,
                pointer=Pointer("accounts.product"),
            ),
            "stage": Column(
                Kind.CHOICE, "Stage", ("Stage", "StageName", "Deal Stage", "Sales Stage", "阶段"), tell=3, critical=True
            ),
            "amount": Column(
                Kind.MONEY,
                "Amount",
                ("Amount", "Deal Value", "Est. Revenue", "Estimated Revenue", "Close value", "Value", "金额"),
                tell=1,
            ),
            "currency": Column(
                Kind.CURRENCY, "Currency", ("Currency", "CurrencyIsoCode", "Opportunity Currency"), tell=0.3
            ),
            "probability": Column(
                Kind.PERCENT, "Probability", ("Probability (%)", "Probability", "Deal probability"), tell=2
            ),
            "opened_on": Column(
                Kind.DATE, "Opened", ("Engage date", "Open date", "Opened", "Start date"), tell=0.7
            ),
            "close_on": Column(
                Kind.DATE,
                "Closes",
                ("Close Date", "CloseDate", "Est. Close Date", "Expected Closure Date",
                "Actual Close Date", "结束日期"),
                tell=1.5,
            ),
            "forecast_category": Column(
                Kind.CHOICE, "Forecast category", ("Forecast Category", "ForecastCategoryName"), tell=3
            ),
            "owner": OWNER,
            **CRM_DATES,
        },
        title="name",
        derive=outcome_of_stage,
        derived=("outcome",),
        derived_from=("stage",),
        rules=(
            Rule(
                "accounts.opportunity.close_on.order", "order", "close_on",
                params={"before": "opened_on", "after": "close_on"},
            ),
            Rule("accounts.opportunity.probability.range", "range", "probability", params={"min": 0, "max": 100}),
            Rule("accounts.opportunity.amount.range", "range", "amount", "warning", params={"min": 0}),
            Rule(
                "accounts.opportunity.close_on.required", "required", "close_on",
                params={"when": {"field": "stage", "in": [*WON, *LOST]}},
            ),
            Rule(
                "accounts.opportunity.amount.required", "required", "amount",
                params={"when": {"field": "stage", "in": [*WON]}},
            ),
            Rule(
                "accounts.opportunity.close_on.created", "order", "close_on", "warning",
                params={"before": "created_at", "after": "close_on", "when": {"field": "stage", "in": [*WON, *LOST]}},
            ),
            Rule(
                "accounts.opportunity.probability.won", "consistency", "probability", "warning",
                params={"when": {"field": "stage", "in": [*WON]}, "in": ["100"]},
            ),
            Rule(
                "accounts.opportunity.probability.lost", "consistency", "probability", "warning",
                params={"when": {"field": "stage", "in": [*LOST]}, "in": ["0"]},
            ),
            Rule(
                "accounts.opportunity.probability.open", "consistency", "probability", "warning",
                params={"when": OPEN_DEAL, "not_in": ["100"]},
            ),
            Rule(
                "accounts.opportunity.close_on.overdue", "lifecycle", "close_on", "warning",
                params={"as": "overdue", "when": OPEN_DEAL},
            ),
            Rule(
                "accounts.opportunity.last_touched_at.stale", "lifecycle", "last_touched_at", "warning",
                params={**STALE, "when": OPEN_DEAL},
            ),
            listed("accounts.opportunity", "stage", choices.STAGES),
            listed("accounts.opportunity", "forecast_category", choices.FORECASTS),
            *owned("accounts.opportunity", OPEN_DEAL),
        ),
    )
)  # fmt: skip

keep_clean(
    Subject(
        model=Case,
        label="Cases",
        weight=2,
        id_headings={
            "dynamics": ("(Do Not Modify) Case",),
            "salesforce": ("Case ID", "Case Number", "Id"),
            "hubspot": ("Record ID - Ticket", "Ticket ID", "Record ID"),
            "generic": ("case_id", "ticket_id", "id"),
        },
        file_words=("case", "ticket", "incident"),
        columns={
            "account": Column(
                Kind.POINTER,
                "Account",
                ("Account ID", "AccountId", "Account Name", "Account", "Customer", "Company"),
                tell=0.4,
                pointer=Pointer("accounts.account", required=True),
            ),
            "subject": Column(Kind.TEXT, "Subject", ("Subject", "Case Title", "Title", "Ticket name"), critical=True),
            "status": Column(
                Kind.CHOICE, "Status", ("Status", "Case Status", "Ticket status", "Status Reason"), critical=True
            ),
            "priority": Column(Kind.CHOICE, "Priority", ("Priority", "Case Priority"), tell=2),
            "opened_at": Column(
                Kind.DATETIME, "Opened", ("Date/Time Opened", "Opened Date", "Opened", "Created Date", "CreatedDate")
            ),
            "closed_at": Column(
                Kind.DATETIME, "Closed", ("Date/Time Closed", "ClosedDate", "Closed Date", "Closed On"), tell=1.5
            ),
            "reopened": Column(Kind.BOOLEAN, "Reopened", ("Reopened", "Is Reopened", "IsReopened")),
            "owner": OWNER,
            "modified_at": MODIFIED,
        },
        title="subject",
        name_columns=("subject",),
        rules=(
            Rule(
                "accounts.case.closed_at.order", "order", "closed_at",
                params={"before": "opened_at", "after": "closed_at"},
            ),
            Rule(
                "accounts.case.closed_at.required", "required", "closed_at", "warning",
                params={"when": {"field": "status", "in": [*choices.CASE_CLOSED]}},
            ),
            Rule(
                "accounts.case.closed_at.open", "consistency", "closed_at", "warning",
                params={"when": {"field": "status", "in": [*choices.CASE_OPEN]}, "blank": True},
            ),
            listed("accounts.case", "status", (*choices.CASE_OPEN, *choices.CASE_CLOSED)),
            listed("accounts.case", "priority", choices.PRIORITIES),
            *owned("accounts.case", {"field": "status", "in": [*choices.CASE_OPEN]}),
        ),
    )
)  # fmt: skip

keep_clean(
    Subject(
        model=Activity,
        label="Activities",
        weight=1,
        id_headings={
            "dynamics": ("(Do Not Modify) Activity", "(Do Not Modify) Task", "(Do Not Modify) Phone Call"),
            "salesforce": ("Activity ID", "Task ID", "Id"),
            "hubspot": ("Record ID - Activity", "Record ID"),
            "generic": ("activity_id", "task_id", "id"),
        },
        file_words=("activit", "task", "event", "call", "meeting", "visit"),
        columns={
            "kind": Column(
                Kind.CHOICE, "Kind", ("Type", "Activity Type", "TaskSubtype", "Task Subtype", "Kind"), tell=0.5
            ),
            "regarding": Column(
                Kind.POINTER,
                "Regarding",
                ("Related To ID", "WhatId", "Regarding", "Related To", "Opportunity ID", "Account ID"),
                tell=2,
                pointer=Pointer(
                    {"opportunity": "accounts.opportunity", "account": "accounts.account", "case": "accounts.case"},
                    required=True,
                ),
            ),
            "subject": Column(Kind.TEXT, "Subject", ("Subject", "Activity", "Title"), critical=True),
            "happened_at": Column(
                Kind.DATETIME, "Happened", ("ActivityDate", "Date", "Due Date", "Start", "Activity Date", "Start Time"),
                tell=1.5, critical=True,
            ),
            "minutes": Column(
                Kind.NUMBER, "Minutes", ("Duration", "DurationInMinutes", "Minutes"), tell=1.5
            ),
            "owner": OWNER,
            "created_at": CREATED,
            "modified_at": MODIFIED,
        },
        title="subject",
        name_columns=("subject",),
        rules=(
            Rule("accounts.activity.minutes.range", "range", "minutes", "warning", params={"min": 0, "max": 1440}),
            listed("accounts.activity", "kind", choices.KINDS),
        ),
    )
)  # fmt: skip

keep_clean(
    Subject(
        model=CrmUser,
        label="CRM users",
        id_headings={
            "dynamics": ("(Do Not Modify) User",),
            "salesforce": ("User ID", "Id"),
            "hubspot": ("User ID",),
            "generic": ("user_id", "agent_id", "employee_id", "id"),
        },
        file_words=("user", "team", "agent", "seller", "employee", "staff"),
        columns={
            "name": Column(
                Kind.PERSON, "Name", ("Full Name", "Name", "User", "Sales agent", "Agent", "Employee", "姓名"),
                critical=True,
            ),
            "email": Column(Kind.EMAIL, "E-mail", ("Email", "Primary Email", "Username", "邮箱"), tell=0.3),
            "job_title": Column(Kind.TEXT, "Job title", ("Title", "Job Title", "Profile"), tell=0.3),
            "team": Column(
                Kind.CHOICE, "Team", ("Regional office", "Business Unit", "Team", "Department",
                "Role", "团队"), tell=1.5
            ),
            "manager": Column(
                Kind.POINTER, "Manager", ("Manager", "Manager ID", "ManagerId", "Reports to", "经理"), tell=2.5,
                pointer=Pointer(PERSON, counts=False),
            ),
            "is_enabled": Column(Kind.BOOLEAN, "Active", ("Active", "IsActive", "Is Active", "Status"), tell=0.5),
            "created_at": CREATED,
            "modified_at": MODIFIED,
        },
        key=("name",),
        after_apply=services.settle_people,
        rules=(Rule("accounts.crmuser.email.unique", "unique", "email", "warning"),),
    )
)  # fmt: skip
