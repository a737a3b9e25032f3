"""Columns and rules that most CRM tables have: who owns a record, when it was made, whether anybody touched it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from dataquality.engine.columns import Kind
from dataquality.engine.rules import Rule
from dataquality.subjects import PERSON, Column, Pointer

OWNER = Column(
    Kind.POINTER,
    _("Owner"),
    ("Owner", "Owner ID", "OwnerId", "Account Owner", "Company owner", "Contact owner", "Deal owner", "Lead Owner",
     "Opportunity Owner", "Case Owner", "Assigned to", "Assigned User", "Sales agent", "Salesperson", "Responsible",
     "Inhaber", "Besitzer", "Propietario", "Propriétaire", "负责人", "所有者"),
    tell=0.4,
    pointer=Pointer(PERSON),
)  # fmt: skip
CREATED = Column(
    Kind.DATETIME, _("Created"), ("Created Date", "CreatedDate", "Create Date", "Created On", "Created at"), tell=0.2
)
MODIFIED = Column(
    Kind.DATETIME,
    _("Modified"),
    ("Last Modified Date", "LastModifiedDate", "(Do Not Modify) Modified On", "Modified On", "Updated at"),
    tell=0.2,
)
TOUCHED = Column(
    Kind.DATETIME, _("Last activity"), ("Last Activity Date", "Last Activity", "LastActivityDate"), tell=0.2
)
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
