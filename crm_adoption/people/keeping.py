"""What the kit asks of people: to keep the filters of its lists, and who looked at whom."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.utils import timezone

from crm_adoption.people import queries, services
from crm_adoption.people.models import SavedFilter


class KeptFilters:
    """The kit's keeper of saved filters: one table, one row a question."""

    def of(self, person: Any, page: str) -> Sequence[SavedFilter]:
        return list(queries.filters_of(person, page))

    def save(self, person: Any, page: str, name: str, query: str) -> SavedFilter:
        return services.save_filter(person, page=page, name=name, query=query)

    def rename(self, kept: SavedFilter, name: str) -> SavedFilter:
        return services.rename_filter(kept, name=name)

    def set_default(self, kept: SavedFilter) -> SavedFilter:
        return services.set_default_filter(kept)

    def clear_default(self, kept: SavedFilter) -> SavedFilter:
        return services.clear_default_filter(kept)

    def delete(self, kept: SavedFilter) -> None:
        services.delete_filter(kept)


def keep_looks(viewer: Any, people: Collection[int], *, what: str, role: str, via: str) -> None:
    """Called by the kit when an answer has shown these people; the moment is that of the answer."""
    services.note_looks(viewer, people, what=what, role=role, via=via, now=timezone.now())
