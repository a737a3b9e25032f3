"""One record: what it says, and what happened to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@dataclass(frozen=True)
class Change:
    """One field's old and new value."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Entry:
    """Something that happened, for a timeline."""

    at: datetime | date
    title: str
    text: str = ""
    who: str = ""
    url: str = ""
    changes: Sequence[Change] = ()


def detail(
    request: HttpRequest,
    record: Any,
    template: str = "kit/detail.html",
    *,
    facts: Sequence[tuple[str, Any]] = (),
    entries: Sequence[Entry] = (),
    context: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Answer one record's page: `facts` are label and value, `entries` its history, newest first."""
    return render(request, template, {"record": record, "facts": facts, "entries": entries, **(context or {})})
