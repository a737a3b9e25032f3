"""Filters of a list: strict about what they know, shown as chips."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.forms import BoundField, NullBooleanField
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django_filters import FilterSet

ALWAYS_KNOWN = {"sort", "cursor", "export", "all"}


@dataclass(frozen=True)
class Chip:
    """An applied filter and the address of the list without it."""

    label: str
    value: str
    url: str


@dataclass
class Asked:
    """What the address asks of the list: the rows it leaves, or why it cannot be answered."""

    queryset: QuerySet[Any]
    filterset: FilterSet | None
    faults: list[str]

    @property
    def applied(self) -> bool:
        return bool(self.filterset and self.filterset.is_valid() and any(
            value not in (None, "", [], False) and not _is_empty(value)
            for value in self.filterset.form.cleaned_data.values()
        ))  # fmt: skip


def ask(request: HttpRequest, queryset: QuerySet[Any], filterset_class: type[FilterSet] | None) -> Asked:
    """Apply the address's filters; an unknown parameter or a value that means nothing leaves no rows, and says so."""
    filterset = filterset_class(request.GET, queryset, request=request) if filterset_class else None
    if filterset is not None:
        say_any(filterset)
    known = ALWAYS_KNOWN | (_parameters(filterset) if filterset is not None else set())
    faults = [
        _("This list has no filter called “%(name)s”; it knows %(known)s.")
        % {"name": name, "known": ", ".join(sorted(known - ALWAYS_KNOWN)) or _("none")}
        for name in request.GET
        if name not in known
    ]
    if filterset is not None and not filterset.is_valid():
        for name, errors in filterset.form.errors.items():
            faults += [f"{filterset.form.fields[name].label or name}: {error}" for error in errors]
    if faults:
        return Asked(queryset.none(), filterset, faults)
    return Asked(filterset.qs if filterset is not None else queryset, filterset, [])


def say_any(filterset: FilterSet) -> None:
    """A yes-or-no filter that is not used says "any", as the other choices do, and not "unknown"."""
    for field in filterset.form.fields.values():
        if isinstance(field, NullBooleanField):
            field.widget.choices = [("", _("any")), ("true", _("yes")), ("false", _("no"))]


def _parameters(filterset: FilterSet) -> set[str]:
    """Names a filter form reads, those of its two-part widgets included."""
    names = set()
    for name, field in filterset.form.fields.items():
        names.add(name)
        for suffix in getattr(field.widget, "suffixes", None) or getattr(field.widget, "widgets_names", None) or ():
            names.add(f"{name}_{suffix.lstrip('_')}" if suffix else name)
    return names


def chips(request: HttpRequest, filterset: FilterSet | None, whole: str) -> list[Chip]:
    """One removable chip per applied filter; without the last one, `whole` is the address of the list."""
    if filterset is None or not filterset.is_valid():
        return []
    found = []
    for name, value in filterset.form.cleaned_data.items():
        if value in (None, "", [], False) or _is_empty(value):
            continue
        query = request.GET.copy()
        for parameter in [p for p in query if p == name or p.startswith(f"{name}_")] + ["cursor"]:
            if parameter == name or parameter == "cursor" or parameter not in filterset.form.fields:
                query.pop(parameter, None)
        found.append(Chip(str(filterset.form.fields[name].label or name), _said(filterset.form[name], value),
                          f"?{query.urlencode()}" if query else whole))  # fmt: skip
    return found


def _is_empty(value: object) -> bool:
    if isinstance(value, slice):
        return value.start is None and value.stop is None
    return isinstance(value, QuerySet) and not value


def _said(field: BoundField, value: Any) -> str:
    choices = {
        str(key): str(label)
        for key, label in getattr(field.field, "choices", ())
        if not isinstance(label, (list, tuple))
    }
    if isinstance(value, slice):
        return " – ".join(str(end) if end is not None else "…" for end in (value.start, value.stop))
    if isinstance(value, (list, tuple, set, QuerySet)):
        return ", ".join(choices.get(str(part), str(part)) for part in value)
    return choices.get(str(value), _("yes") if value is True else str(value))
