"""What the kit's lists ask of people: to keep their filters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

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
