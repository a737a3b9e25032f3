"""For how long each way of finding out is believed at first; stewards change the rows in the admin site."""

from __future__ import annotations

from typing import Any

from dataquality.models import Method, VerificationTerm

# Believed for so many days, half-life in days. Business contacts lose about three in ten a year: a half-life of two
# years for what people said themselves, less for what was inferred, a year for what somebody merely remembers.
TERMS = {
    Method.ASKED: (365, 730), Method.SURVEY: (365, 730), Method.SEEN: (180, 540), Method.SERVICE: (180, 540),
    Method.KNOWN: (90, 365),
}  # fmt: skip


def seed_terms(**_signal: Any) -> None:
    """Write the rows that are missing; what somebody changed stays."""
    rows = [
        VerificationTerm(method=method, days=days, half_life_days=half_life)
        for method, (days, half_life) in TERMS.items()
    ]
    VerificationTerm.objects.bulk_create(rows, ignore_conflicts=True)
