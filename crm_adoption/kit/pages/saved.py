"""Saved filters: a question one click away, declared by the page or kept by the reader.

The kit has no tables, so a higher floor keeps what people save: it registers a keeper (`keep_filters_with`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.contrib import messages
from django.http import Http404, HttpRequest, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

PASSING = ("cursor", "export", "all")  # parameters that are no part of a question
WHOLE = "?all=1"


@dataclass(frozen=True)
class SavedFilter:
    """A question one click away: its name and the query string that asks it, such as `stage=won&sort=-amount`."""

    label: str | Promise
    query: str


class Kept(Protocol):
    """A question somebody kept."""

    pk: Any
    name: str
    query: str
    is_default: bool


class Keeper(Protocol):
    """Who keeps the questions of people; wishes that cannot be granted are refused with a sentence."""

    def of(self, person: Any, page: str) -> Sequence[Kept]: ...
    def save(self, person: Any, page: str, name: str, query: str) -> Kept: ...
    def rename(self, kept: Any, name: str) -> Kept: ...
    def set_default(self, kept: Any) -> Kept: ...
    def clear_default(self, kept: Any) -> Kept: ...
    def delete(self, kept: Any) -> None: ...


_keepers: list[Keeper] = []


def keep_filters_with(keeper: Keeper) -> None:
    """Register who keeps saved filters; the last one does."""
    _keepers[:] = [keeper]


def kept_filters(request: HttpRequest) -> list[Kept]:
    """What this person saved for this list."""
    return list(_keepers[0].of(request.user, request.path)) if _keepers and request.user.is_authenticated else []


def default_query(request: HttpRequest, kept: Sequence[Kept]) -> str:
    """The question the list opens with when its address asks none; empty for the whole list."""
    asks_nothing = request.method in ("GET", "HEAD") and not request.META.get("QUERY_STRING")
    if not asks_nothing or request.headers.get("HX-Request"):
        return ""
    return next((one.query for one in kept if one.is_default), "")


def chips(request: HttpRequest, declared: Sequence[SavedFilter], kept: Sequence[Kept]) -> list[dict[str, Any]]:
    """The one-click questions of a list: those of the page, then the reader's own."""
    now = question(request.GET)
    known = [(str(one.label), one.query, None) for one in declared] + [(one.name, one.query, one) for one in kept]
    return [
        {"label": label, "url": f"?{query}", "current": question(QueryDict(query)) == now, "kept": one}
        for label, query, one in known
    ]


def question(query: QueryDict) -> str:
    """What a query string asks, without blank parameters and in one order, so that equal questions are equal."""
    asked = QueryDict(mutable=True)
    for name in sorted(set(query) - set(PASSING)):
        values = [value for value in query.getlist(name) if value]
        if values:
            asked.setlist(name, values)
    return asked.urlencode()


def act(request: HttpRequest) -> None:
    """Do what the dialog of saved filters asks: save, rename, default, no default, delete."""
    if not _keepers:
        raise Http404
    keeper, wish, name = _keepers[0], request.POST["filter_act"], request.POST.get("filter_name", "")
    if wish == "save":
        made = keeper.save(request.user, request.path, name, question(request.GET))
        messages.success(request, _("“%(name)s” is one click away from now on.") % {"name": made.name})
        return
    known = {str(one.pk): one for one in kept_filters(request)}
    if request.POST.get("filter") not in known:
        raise Http404
    kept = known[request.POST["filter"]]
    if wish == "rename":
        renamed = keeper.rename(kept, name)
        messages.success(request, _("It is called “%(name)s” now.") % {"name": renamed.name})
    elif wish == "default":
        keeper.set_default(kept)
        messages.success(request, _("This list opens with “%(name)s” from now on.") % {"name": kept.name})
    elif wish == "no-default":
        keeper.clear_default(kept)
        messages.success(request, _("This list opens whole again."))
    elif wish == "delete":
        keeper.delete(kept)
        messages.success(request, _("“%(name)s” is deleted.") % {"name": kept.name})
