"""When accounts and what hangs on them are clean."""

from __future__ import annotations

from accounts.quality import activities, cases, companies, deals, products, users
from accounts.quality.columns import CREATED, CRM_DATES, MODIFIED, OWNER, STALE, TOUCHED, listed, owned

__all__ = [
    "CREATED", "CRM_DATES", "MODIFIED", "OWNER", "STALE", "TOUCHED", "activities", "cases", "companies", "deals",
    "listed", "owned", "products", "users",
]  # fmt: skip
