"""When the people of customers are clean."""

from __future__ import annotations

from fractions import Fraction

from django.utils.translation import gettext_noop as _

from accounts.quality import CRM_DATES, OWNER, STALE, listed, owned
from contacts import choices
from contacts.models import Contact, ContactRole, Lead
from dataquality.engine.columns import Kind
from dataquality.engine.rules import Rule
from dataquality.subjects import Column, Pointer, Subject, keep_clean

NAMES = {
    "full_name": Column(
        Kind.PERSON, _("Full name"), ("Full Name", "Contact", "Contact Name", "Name", "Lead Name", "姓名"), tell=1
    ),
    "given_name": Column(
        Kind.GIVEN,
        _("First name"),
        ("First Name", "FirstName", "Given name", "Vorname", "Prénom", "Nombre", "名"),
        tell=1,
    ),
    "family_name": Column(
        Kind.FAMILY,
        _("Last name"),
        ("Last Name", "LastName", "Surname", "Family name", "Nachname", "Nom", "Apellidos", "姓"),
        tell=1,
    ),
    "email": Column(
        Kind.EMAIL,
        _("E-mail"),
        ("Email", "Email Address", "E-mail", "Email 1", "Primary Email", "Correo", "邮箱", "电子邮件"),
        tell=1,
        uses=("email",),
    ),
    "phone": Column(
        Kind.PHONE,
        _("Phone"),
        ("Phone", "Phone Number", "Business Phone", "Telephone", "Work Phone", "Telefon", "电话"),
        tell=0.5,
        uses=("telephony",),
    ),
    "mobile": Column(
        Kind.PHONE,
        _("Mobile"),
        ("Mobile", "Mobile Phone", "MobilePhone", "Mobile No.", "Mobile Phone Number", "手机"),
        tell=1,
        uses=("telephony",),
    ),
    "job_title": Column(Kind.TEXT, _("Job title"), ("Title", "Job Title", "Position", "职位"), tell=0.7),
    "street": Column(
        Kind.STREET,
        _("Street"),
        ("Mailing Street", "Street Address", "Address 1: Street 1", "Street", "Address", "地址"),
        tell=0.4,
        uses=("mail",),
    ),
    "city": Column(
        Kind.CITY, _("City"), ("Mailing City", "City", "Address 1: City", "Town", "Stadt", "城市"), tell=0.2
    ),
    "region": Column(
        Kind.REGION,
        _("Region"),
        ("Mailing State/Province", "State/Region", "Mailing State", "State", "Province", "Region"),
        tell=0.2,
    ),
    "postcode": Column(
        Kind.POSTCODE,
        _("Postcode"),
        ("Mailing Zip/Postal Code", "Postal Code", "Mailing Postal Code", "Zip", "Postcode", "PLZ", "邮编"),
        tell=0.2,
        uses=("mail",),
    ),
    "country": Column(
        Kind.COUNTRY, _("Country"), ("Mailing Country", "Country/Region", "Country", "Land", "国家"), tell=0.2
    ),
}

keep_clean(
    Subject(
        model=Contact,
        word=_("Contacts"),
        enter=True,
        weight=3,
        id_headings={
            "dynamics": ("(Do Not Modify) Contact",),
            "salesforce": ("Contact ID", "Id"),
            "hubspot": ("Record ID - Contact", "Record ID", "ID de registro"),
            "odoo": ("External ID", "Database ID", "id", ".id"),
            "generic": ("contact_id", "person_id", "external_id", "id", "uid"),
        },
        file_words=("contact", "people", "person"),
        columns={
            **NAMES,
            "account": Column(
                Kind.POINTER,
                _("Account"),
                (
                    "Account ID",
                    "AccountId",
                    "Associated Company IDs (Primary)",
                    "Account Name",
                    "Company Name",
                    "Account",
                    "Company",
                    "Organization",
                    "客户",
                ),
                tell=0.7,
                pointer=Pointer("accounts.account", required=True),
            ),
            "department": Column(Kind.CHOICE, _("Department"), ("Department", "Abteilung", "部门"), tell=1),
            "consent": Column(
                Kind.CHOICE, _("Consent"), ("Consent Status", "Marketing contact status", "Email Opt Out"), tell=1
            ),
            "birthday": Column(Kind.DATE, _("Birthday"), ("Birthdate", "Birthday", "Date of birth", "生日"), tell=1),
            "owner": OWNER,
            **CRM_DATES,
        },
        key=("email",),
        rules=(
            Rule("contacts.contact.last_touched_at.stale", "lifecycle", "last_touched_at", "warning", params=STALE),
            *owned("contacts.contact"),
        ),
        title="full_name",
        name_columns=("full_name",),
        beside=("contacts.lead",),
    )
)

keep_clean(
    Subject(
        model=Lead,
        word=_("Leads"),
        enter=True,
        limit=Fraction(20, 100),
        strict=False,
        id_headings={
            "dynamics": ("(Do Not Modify) Lead",),
            "salesforce": ("Lead ID", "Id"),
            "hubspot": ("Record ID - Lead", "Record ID"),
            "generic": ("lead_id", "prospect_id", "id"),
        },
        file_words=("lead", "prospect", "suspect"),
        columns={
            **NAMES,
            "company": Column(
                Kind.COMPANY, _("Company"), ("Company", "Company / Account", "Company Name", "Organization", "公司"),
                tell=0.5,
            ),
            "status": Column(
                Kind.CHOICE, _("Status"), ("Lead Status", "Status", "Status Reason", "线索状态"), tell=1.5,
                critical=True,
            ),
            "rating": Column(Kind.CHOICE, _("Rating"), ("Rating", "Lead Rating"), tell=2),
            "origin": Column(Kind.CHOICE, _("Origin"), ("Lead Source", "LeadSource", "Source",
            "Origin", "来源"), tell=1.5),
            "converted_to": Column(
                Kind.POINTER, _("Converted to"), ("Converted Contact ID", "ConvertedContactId"), tell=3,
                pointer=Pointer("contacts.contact"),
            ),
            "owner": OWNER,
            **CRM_DATES,
        },
        key=("email",),
        rules=(
            listed("contacts.lead", "status", choices.STATUSES),
            listed("contacts.lead", "rating", choices.RATINGS),
            Rule(
                "contacts.lead.converted_to.unlinked", "lifecycle", "converted_to", "warning",
                params={"as": "unfilled", "code": "lifecycle_unlinked",
                        "when": {"field": "status", "in": [*choices.CONVERTED]}},
            ),
            Rule("contacts.lead.last_touched_at.stale", "lifecycle", "last_touched_at", "warning", params=STALE),
            *owned("contacts.lead"),
        ),
        title="full_name",
        name_columns=("full_name",),
    )
)  # fmt: skip

keep_clean(
    Subject(
        model=ContactRole,
        word=_("Contact roles"),
        weight=2,
        id_headings={
            "dynamics": ("(Do Not Modify) Connection",),
            "salesforce": ("Contact Role ID", "Opportunity Contact Role ID", "Id"),
            "generic": ("role_id", "contact_role_id", "id"),
        },
        file_words=("contactrole", "contact_role", "contact role", "role"),
        columns={
            "contact": Column(
                Kind.POINTER,
                _("Contact"),
                ("Contact ID", "ContactId", "Contact", "Connected From", "Contact Name"),
                tell=1.5,
                pointer=Pointer("contacts.contact", required=True),
            ),
            "about": Column(
                Kind.POINTER,
                _("About"),
                (
                    "Opportunity ID",
                    "OpportunityId",
                    "Account ID",
                    "AccountId",
                    "Case ID",
                    "CaseId",
                    "Connected To",
                    "Opportunity",
                    "Account",
                    "Case",
                ),
                tell=1.5,
                pointer=Pointer(
                    {"opportunity": "accounts.opportunity", "account": "accounts.account", "case": "accounts.case"},
                    required=True,
                ),
            ),
            "role": Column(Kind.CHOICE, _("Role"), ("Role", "Contact Role", "As this role"), tell=2, critical=True),
            "is_primary": Column(Kind.BOOLEAN, _("Primary"), ("IsPrimary", "Is Primary", "Primary"), tell=2),
            "created_at": CRM_DATES["created_at"],
            "modified_at": CRM_DATES["modified_at"],
        },
        key=("contact", "about"),
        rules=(
            listed("contacts.contactrole", "role", choices.ROLES),
            Rule("contacts.contactrole.role.unique", "unique", "role", params={"with": ["contact", "about"]}),
        ),
        title="role",
        name_columns=(),
    )
)
