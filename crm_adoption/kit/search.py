"""Ctrl-K: pages this person may open, and records of every app that registered a finder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from crm_adoption.kit.shell import places_for

LEAST_LETTERS, LONGEST = 2, 200
PER_KIND = 6


@dataclass(frozen=True)
class Hit:
    title: str
    subtitle: str
    url: str
    icon: str = "arrow-right"


Finder = Callable[[Any, str, int], Sequence[Hit]]
_finders: dict[str | Promise, Finder] = {}


def register(label: str | Promise, finder: Finder) -> None:
    """Let the search find records: `finder(user, text, limit)` returns what this user may see, best first."""
    _finders[label] = finder


def find(request: HttpRequest, text: str, limit: int = PER_KIND) -> list[tuple[str, list[Hit]]]:
    """Hits by kind; without text, the pages alone."""
    wanted = text.casefold()
    pages = [
        Hit(str(entry["place"].label), str(entry["place"].section), entry["url"], entry["place"].icon)
        for entry in places_for(request)
        if wanted in str(entry["place"].label).casefold()
    ]
    found = [(_("Pages"), pages)]
    if len(text) >= LEAST_LETTERS or (text and not text.isascii()):
        found += [(str(label), list(finder(request.user, text, limit))) for label, finder in _finders.items()]
    return [(label, hits) for label, hits in found if hits]


@login_required
def search(request: HttpRequest) -> HttpResponse:
    """The hits for `?q=`: a partial for the dialog, a page for those who open the address."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    template = "kit/_hits.html" if request.headers.get("HX-Request") else "kit/search.html"
    return render(request, template, {"text": text, "found": find(request, text)})
