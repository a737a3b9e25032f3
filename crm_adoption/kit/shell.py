"""What the shell around every page needs: the places this person may go."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

from django.conf import settings
from django.core import checks
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from crm_adoption.kit.access import EVERYBODY, belongs


@dataclass(frozen=True)
class Place:
    """One entry of the navigation; apps register theirs in `apps.py: ready()`.

    `order` sorts; neighbours with the same `section` stand under that heading. `count` is shown beside the label.
    """

    label: str | Promise
    url_name: str
    icon: str
    groups: tuple[str, ...]
    order: int
    count: Callable[[HttpRequest], int | None] | None = None
    section: str | Promise = ""


_places: list[Place] = []
_own_pages: list[Place] = []


def register(*places: Place) -> None:
    """Add entries to the navigation; an address already there stays as it is."""
    _add(_places, places)


def register_own(label: str | Promise, url_name: str, icon: str, *, order: int = 50) -> None:
    """Add a page about the signed-in person to the menu at their initials."""
    _add(_own_pages, [Place(label, url_name, icon, EVERYBODY, order)])


def _add(known: list[Place], new: Sequence[Place]) -> None:
    names = {place.url_name for place in known}
    known.extend(place for place in new if place.url_name not in names)


def places_for(request: HttpRequest) -> Sequence[dict[str, Any]]:
    """The navigation of this person, in order, with the current place marked."""
    here = request.path
    found: list[dict[str, Any]] = []
    for place in sorted(_places, key=lambda p: p.order):
        if belongs(request.user, place.groups):
            url = _address(place)
            if url is None:
                continue
            count = place.count(request) if place.count else None
            found.append({"place": place, "url": url, "current": False, "count": count})
    around = [e for e in found if here == e["url"] or (e["url"] != "/" and here.startswith(e["url"]))]
    if around:
        max(around, key=lambda e: len(e["url"]))["current"] = True
    return found


def _address(place: Place) -> str | None:
    """Where a place is; None when no page has that name, which the system check below reports."""
    try:
        return reverse(place.url_name)
    except NoReverseMatch:
        return None


@checks.register(checks.Tags.urls)
def every_place_leads_somewhere(**_: Any) -> list[checks.CheckMessage]:
    """A place without a page is left out of the navigation, and stops `manage.py check`."""
    return [
        checks.Error(f"The navigation's “{place.label}” names the address {place.url_name!r}, which no page has.",
                     id="kit.E001")
        for place in _places + _own_pages
        if _address(place) is None
    ]  # fmt: skip


@cache
def version() -> str:
    """The version pyproject.toml names."""
    return str(tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]["version"])


def shell(request: HttpRequest) -> dict[str, Any]:
    """Template context of every page."""
    context: dict[str, Any] = {"version": version(), "places": [], "place_groups": [], "own_pages": []}
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return context
    places = places_for(request)
    groups = groupby(places, key=lambda entry: str(entry["place"].section))
    own = [{"label": p.label, "icon": p.icon, "url": _address(p)} for p in _own_pages]
    return context | {
        "places": places,
        "place_groups": [{"section": section, "places": list(entries)} for section, entries in groups],
        "own_pages": [page for page in own if page["url"]],
    }
