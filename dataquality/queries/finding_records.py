"""Ctrl-K over the records of every table: by name or id, from their beginning, along an index."""

from __future__ import annotations

from typing import Any

from crm_adoption.kit.access import ANALYST, LEAD, STEWARD, belongs
from crm_adoption.kit.search import Hit
from dataquality import subjects

READERS = (LEAD, STEWARD, ANALYST)


def find_records(user: Any, text: str, limit: int) -> list[Hit]:
    """Records this person may see whose id or name begins with the text; a few of each table, at most `limit`."""
    if not belongs(user, READERS):
        return []
    hits: list[Hit] = []
    for subject in subjects.every():
        live = subject.model._default_manager.live().select_related("source")
        found = {record.pk: record for record in live.filter(external_id__startswith=text)[:2]}
        if subject.title != "role":
            found |= {record.pk: record for record in live.filter(**{f"{subject.title}__istartswith": text})[:3]}
        hits += [
            Hit(str(record), f"{subject.label} · {record.source}", record.get_absolute_url(), "database")
            for record in found.values()
        ]
        if len(hits) >= limit:
            break
    return hits[:limit]
