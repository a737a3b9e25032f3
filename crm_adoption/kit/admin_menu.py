"""The admin site's side bar: what it lists, under which heading, and to whom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy

Entry = tuple[str, str, str]  # title, symbol, `app_label.model`


def section(title: str, *entries: Entry) -> dict[str, Any]:
    """A heading with links to tables; each shown to whom may see its rows."""
    return {"title": title, "separator": True, "items": [_item(*entry) for entry in entries]}


def _item(title: str, icon: str, model: str) -> dict[str, Any]:
    app_label, name = model.split(".")
    link = reverse_lazy(f"admin:{app_label}_{name}_changelist")
    return {"title": title, "icon": icon, "link": link, "permission": _may_view(app_label, name)}


def _may_view(app_label: str, name: str) -> Callable[[HttpRequest], bool]:
    return lambda request: request.user.has_perm(f"{app_label}.view_{name}")


def side_bar(*sections: dict[str, Any]) -> dict[str, Any]:
    navigation: Sequence[dict[str, Any]] = sections
    return {"show_search": True, "show_all_applications": False, "navigation": list(navigation)}
