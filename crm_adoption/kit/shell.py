"""What the shell around every page needs: the places this person may go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from crm_adoption.kit.access import belongs


@dataclass(frozen=True)
class Place:
    """One entry of the navigation; apps register theirs in `apps.py: ready()`."""

    label: str
    url_name: str
    icon: str
    groups: tuple[str, ...]
    order: int
    count: Callable[[HttpRequest], int | None] | None = None


_places: list[Place] = []


def register(*places: Place) -> None:
    for place in places:
        if place.url_name not in {known.url_name for known in _places}:
            _places.append(place)


def places_for(request: HttpRequest) -> Sequence[dict[str, Any]]:
    """The navigation of this person, in order, with the current place marked."""
    here = request.path
    found = []
    for place in sorted(_places, key=lambda p: p.order):
        if belongs(request.user, place.groups):
            url = reverse(place.url_name)
            current = here == url or (url != "/" and here.startswith(url))
            found.append({"place": place, "url": url, "current": current})
    return found


def shell(request: HttpRequest) -> dict[str, Any]:
    """Template context of every page."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {"places": []}
    return {"places": places_for(request)}
