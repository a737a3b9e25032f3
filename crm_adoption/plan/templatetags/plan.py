"""`{% load plan %}`: values of checks as people say them."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext_lazy

from crm_adoption.kit import words
from crm_adoption.plan.ingredients import CHECKS, Check
from crm_adoption.plan.queries import CheckState
from crm_adoption.plan.queries.home import blocking, work_to_do
from dataquality.queries import TableScore
from dataquality.services.gates import GateState

register = template.Library()
register.filter("blocking", blocking)
register.filter("work_to_do", work_to_do)
LISTED = {
    "vacant": gettext_lazy("Vacant: %(all)s"),
    "failing": gettext_lazy("Do not pass: %(all)s"),
    "decayed": gettext_lazy("Used no longer: %(all)s"),
    "left_out": gettext_lazy("Not counted, their last export is too old: %(all)s"),
}


@register.filter
def in_unit(value: float, check: Check) -> str:
    """0.6 of a share is "60 %", 14 days are "14 days"."""
    return check.said(value)


@register.filter
def of_check(value: float, slug: str) -> str:
    """The same by the check's slug; one that is no longer declared has no unit."""
    return CHECKS[slug].said(value) if slug in CHECKS else words.number(value, 2)


@register.filter
def check_label(slug: str) -> str:
    """What a check is called; a slug that is no longer declared speaks for itself."""
    return CHECKS[slug].label if slug in CHECKS else slug


@register.filter
def details(state: CheckState) -> list[str]:
    """The lists a reading carries, as sentences: vacant seats, tables that do not pass."""
    if state.reading is None:
        return []
    found = []
    for name, sentence in LISTED.items():
        listed = state.reading.detail.get(name)
        if listed:
            found.append(str(sentence) % {"all": ", ".join(listed)})
    if state.reading.detail.get("committee"):
        found.append(str(state.reading.detail["committee"]))
    return found


@register.filter
def rates(table: TableScore) -> list[float | None]:
    """The error rates of a table, oldest first."""
    return [rate for _, rate in table.trend]


@register.filter
def reasons(gate: GateState) -> list[tuple[str, str]]:
    """What keeps a report locked, each with the page of the rows that are meant."""
    return [(reason.sentence, reason.url) for reason in gate.reasons]


@register.filter
def as_link(url: str, label: str) -> list[tuple[str, str]]:
    return [(label, url)] if url else []
