"""What a role needs to be ready for a release: a register, so that floors above can add what they know of.

This app knows whether people are trained and told; the plan adds its messages and access paths in `apps.py: ready()`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from crm_adoption.people.models import JobRole


@dataclass(frozen=True)
class Missing:
    """One thing that is missing: a word for programs, a sentence for people, and where to mend it."""

    code: str
    sentence: str
    url: str = ""


Condition = Callable[[JobRole, str, date], Sequence[Missing]]
_conditions: dict[str, Condition] = {}


def register(slug: str, condition: Condition) -> None:
    """Ask this too: `condition(role, release, today)` answers what is missing, nothing where all is well."""
    _conditions[slug] = condition


def forget(slug: str) -> None:
    """Ask it no longer."""
    _conditions.pop(slug, None)


def registered() -> list[Condition]:
    return list(_conditions.values())
