"""The ledger of looks is written by the pages and forgotten by the clock; nothing else changes it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import connection
from django.utils import timezone

from crm_adoption.people.models import Look, Person


def note_looks(viewer: Person, people: Collection[int], *, what: str, role: str, via: str, now: datetime) -> int:
    """One line for each person on this day, or one more time on the line that is there; people who are gone have none.

    One statement, in the order of the people's keys, so that two of one viewer's requests never wait for each other.
    """
    others = sorted(set(people) - {viewer.pk})
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO people_look (viewer_id, person_id, what, role, via, "on", first_at, last_at, times)'
            " SELECT %s, p.id, %s, %s, %s, %s, %s, %s, 1 FROM people_person p WHERE p.id = ANY(%s) ORDER BY p.id"
            ' ON CONFLICT (viewer_id, person_id, what, role, via, "on")'
            " DO UPDATE SET times = people_look.times + 1, last_at = greatest(people_look.last_at, excluded.last_at)",
            [viewer.pk, what, role, via, timezone.localdate(now), now, now, others],
        )
        return int(cursor.rowcount)


def forget_looks(now: datetime) -> int:
    """Delete what is older than the ledger is kept; returns how many lines went."""
    return int(Look.objects.past(timezone.localdate(now)).delete()[0])
