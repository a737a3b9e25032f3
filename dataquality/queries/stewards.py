"""Who answers for a table, and where a gate asks for it (P49): without an owner, clean data is only a nice idea."""

from __future__ import annotations

from collections.abc import Iterable

from crm_adoption.people.models import Seat
from dataquality import subjects
from dataquality.models import TableSetting
from dataquality.subjects import Subject


def unanswered(slugs: Iterable[str]) -> list[Subject]:
    """Of these tables those for which no data steward who is still here has the seat, in their order."""
    wanted = [subjects.get(slug) for slug in slugs]
    if not wanted:
        return []
    held = Seat.objects.filter(
        kind=Seat.Kind.STEWARD, scope=Seat.Scope.TABLE, holder__isnull=False, holder__left_on=None
    ).values_list("scope_key", flat=True)
    named = {key.strip().lower() for key in held}
    return [one for one in wanted if not named & {one.slug, one.word.lower(), str(one.label).lower()}]


def asking(slugs: Iterable[str]) -> list[str]:
    """Of these tables those whose data gate asks for a steward, as set by whoever keeps the gates."""
    wanted = list(slugs)
    said = set(TableSetting.objects.filter(table__in=wanted, needs_steward=True).values_list("table", flat=True))
    return [slug for slug in wanted if slug in said]
