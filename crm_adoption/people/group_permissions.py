"""The eight groups and what they may in the admin site, kept equal to this code after every migrate."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.models import Group, Permission

from crm_adoption.kit.access import GROUPS, LEAD, STEWARD

_granted: dict[str, set[tuple[str, str]]] = {LEAD: set(), STEWARD: set()}


def grant(group: str, *models: str, may: tuple[str, ...]) -> None:
    """Let a group view, add, change or delete rows of these models (`app_label.model`) in the admin site.

    Call it in `apps.py: ready()`; it takes effect with the next migrate.
    """
    for model in models:
        app_label, name = model.lower().split(".")
        _granted.setdefault(group, set()).update((app_label, f"{act}_{name}") for act in may)


def make_groups(**_signal: Any) -> None:
    for name in GROUPS:
        Group.objects.get_or_create(name=name)


def give_permissions(app_config: AppConfig, **_signal: Any) -> None:
    """Give each group exactly what was granted on this app's models: no more, no less."""
    for group in Group.objects.filter(name__in=_granted):
        wanted = {codename for app_label, codename in _granted[group.name] if app_label == app_config.label}
        of_this_app = Permission.objects.filter(content_type__app_label=app_config.label)
        group.permissions.remove(
            *group.permissions.filter(content_type__app_label=app_config.label).exclude(codename__in=wanted)
        )
        group.permissions.add(*of_this_app.filter(codename__in=wanted))
