"""When companies are clean."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from accounts.models import Account
from accounts.quality.columns import CRM_DATES, OWNER, STALE, owned
from dataquality.engine.columns import Kind
from dataquality.engine.rules import Rule
from dataquality.subjects import Column, Pointer, Subject, keep_clean

keep_clean(
    Subject(
        model=Account,
        word=_("Accounts"),
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
                _("Name"),
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
                _("Parent account"),
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
            "website": Column(
                Kind.URL, _("Website"), ("Website", "Company Domain Name", "Web", "URL", "Domain", "网址")
            ),
            "phone": Column(
                Kind.PHONE,
                _("Phone"),
                ("Phone", "Phone Number", "Main Phone", "Office Phone", "Telephone", "Telefon", "电话"),
                tell=0.3,
                uses=("telephony",),
            ),
            "street": Column(
                Kind.STREET,
                _("Street"),
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
                Kind.CITY, _("City"), ("Billing City", "City", "Address 1: City", "Town", "Stadt", "城市"), tell=0.3
            ),
            "region": Column(
                Kind.REGION,
                _("Region"),
                ("Billing State/Province", "State/Region", "Billing State", "State", "Province", "Region"),
                tell=0.3,
            ),
            "postcode": Column(
                Kind.POSTCODE,
                _("Postcode"),
                ("Billing Zip/Postal Code", "Postal Code", "Billing Postal Code", "Zip", "Postcode", "PLZ", "邮编"),
                tell=0.3,
                uses=("mail",),
            ),
            "country": Column(
                Kind.COUNTRY,
                _("Country"),
                ("Billing Country", "Country/Region", "Country", "Office location", "Land", "国家"),
                tell=0.3,
            ),
            "industry": Column(Kind.CHOICE, _("Industry"), ("Industry", "Sector", "Branche", "行业"), tell=1.5),
            "segment": Column(Kind.CHOICE, _("Segment"), ("Segment", "Type", "Account Type", "Customer type")),
            "employees": Column(
                Kind.INTEGER,
                _("Employees"),
                ("Employees", "NumberOfEmployees", "Number of Employees", "No. of Employees", "员工人数"),
                tell=1.5,
            ),
            "revenue": Column(
                Kind.MONEY, _("Revenue"), ("Annual Revenue", "AnnualRevenue", "Revenue", "Umsatz", "年收入"), tell=1.5
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
