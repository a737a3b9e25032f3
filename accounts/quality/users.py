"""When the people who work in the CRM are known."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from accounts import services
from accounts.models import CrmUser
from accounts.quality.columns import CREATED, MODIFIED
from dataquality.engine.columns import Kind
from dataquality.engine.rules import Rule
from dataquality.subjects import PERSON, Column, Pointer, Subject, keep_clean

keep_clean(
    Subject(
        model=CrmUser,
        word=_("CRM users"),
        id_headings={
            "dynamics": ("(Do Not Modify) User",),
            "salesforce": ("User ID", "Id"),
            "hubspot": ("User ID",),
            "generic": ("user_id", "agent_id", "employee_id", "id"),
        },
        file_words=("user", "team", "agent", "seller", "employee", "staff"),
        columns={
            "name": Column(
                Kind.PERSON, _("Name"), ("Full Name", "Name", "User", "Sales agent", "Agent", "Employee", "姓名"),
                critical=True,
            ),
            "email": Column(Kind.EMAIL, _("E-mail"), ("Email", "Primary Email", "Username", "邮箱"), tell=0.3),
            "job_title": Column(Kind.TEXT, _("Job title"), ("Title", "Job Title", "Profile"), tell=0.3),
            "team": Column(
                Kind.CHOICE, _("Team"), ("Regional office", "Business Unit", "Team", "Department",
                "Role", "团队"), tell=1.5
            ),
            "manager": Column(
                Kind.POINTER, _("Manager"), ("Manager", "Manager ID", "ManagerId", "Reports to", "经理"), tell=2.5,
                pointer=Pointer(PERSON, counts=False),
            ),
            "is_enabled": Column(Kind.BOOLEAN, _("Active"), ("Active", "IsActive", "Is Active", "Status"), tell=0.5),
            "created_at": CREATED,
            "modified_at": MODIFIED,
        },
        key=("name",),
        after_apply=services.settle_people,
        rules=(Rule("accounts.crmuser.email.unique", "unique", "email", "warning"),),
    )
)  # fmt: skip
