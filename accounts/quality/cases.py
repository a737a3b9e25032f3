"""When cases are clean."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from accounts import choices
from accounts.models import Case
from accounts.quality.columns import MODIFIED, OWNER, listed, owned
from dataquality.engine.columns import Kind
from dataquality.engine.rules import Rule
from dataquality.subjects import Column, Pointer, Subject, keep_clean

keep_clean(
    Subject(
        model=Case,
        word=_("Cases"),
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
                _("Account"),
                ("Account ID", "AccountId", "Account Name", "Account", "Customer", "Company"),
                tell=0.4,
                pointer=Pointer("accounts.account", required=True),
            ),
            "subject": Column(
                Kind.TEXT, _("Subject"), ("Subject", "Case Title", "Title", "Ticket name"), critical=True
            ),
            "status": Column(
                Kind.CHOICE, _("Status"), ("Status", "Case Status", "Ticket status", "Status Reason"), critical=True
            ),
            "priority": Column(Kind.CHOICE, _("Priority"), ("Priority", "Case Priority"), tell=2),
            "opened_at": Column(
                Kind.DATETIME, _("Opened"), ("Date/Time Opened", "Opened Date", "Opened", "Created Date", "CreatedDate")
            ),
            "closed_at": Column(
                Kind.DATETIME, _("Closed"), ("Date/Time Closed", "ClosedDate", "Closed Date", "Closed On"), tell=1.5
            ),
            "reopened": Column(Kind.BOOLEAN, _("Reopened"), ("Reopened", "Is Reopened", "IsReopened")),
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
