"""When activities are clean."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from accounts import choices
from accounts.models import Activity
from accounts.quality.columns import CREATED, MODIFIED, OWNER, listed
from dataquality.engine.columns import Kind
from dataquality.engine.rules import Rule
from dataquality.subjects import Column, Pointer, Subject, keep_clean

keep_clean(
    Subject(
        model=Activity,
        word=_("Activities"),
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
                Kind.CHOICE, _("Kind"), ("Type", "Activity Type", "TaskSubtype", "Task Subtype", "Kind"), tell=0.5
            ),
            "regarding": Column(
                Kind.POINTER,
                _("Regarding"),
                ("Related To ID", "WhatId", "Regarding", "Related To", "Opportunity ID", "Account ID"),
                tell=2,
                pointer=Pointer(
                    {"opportunity": "accounts.opportunity", "account": "accounts.account", "case": "accounts.case"},
                    required=True,
                ),
            ),
            "subject": Column(Kind.TEXT, _("Subject"), ("Subject", "Activity", "Title"), critical=True),
            "happened_at": Column(
                Kind.DATETIME, _("Happened"),
                ("ActivityDate", "Date", "Due Date", "Start", "Activity Date", "Start Time"),
                tell=1.5, critical=True,
            ),
            "minutes": Column(
                Kind.NUMBER, _("Minutes"), ("Duration", "DurationInMinutes", "Minutes"), tell=1.5
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
