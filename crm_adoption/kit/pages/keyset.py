"""Paging by key: page 10,000 costs what page 1 costs, and rows that come or go in between shift nothing.

A cursor is the signed key of the row a page starts behind. PostgreSQL's own order of nulls is kept (last when
ascending, first when descending), so that a plain index serves both ways; nulls are read in a second step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core import signing
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from crm_adoption.kit.errors import Refusal
from crm_adoption.kit.pages.columns import follow

SALT = "crm_adoption.kit.cursor"
_READ: dict[str, Callable[[str], Any]] = {"t": datetime.fromisoformat, "d": date.fromisoformat, "n": Decimal, "u": UUID}


@dataclass(frozen=True)
class Page:
    """One page of records and the cursors of its neighbours; empty where there is none."""

    records: list[Any]
    newer: str
    older: str


@dataclass(frozen=True)
class _Field:
    path: str
    down: bool
    nullable: bool

    def turned(self) -> _Field:
        return _Field(self.path, not self.down, self.nullable)


def page_of(queryset: QuerySet[Any], ordering: Sequence[str], size: int, cursor: str = "") -> Page:
    """The page behind a cursor; without one, the first."""
    fields = _fields(queryset.model, ordering)
    back, key = _read(cursor, ordering) if cursor else (False, None)
    way = [field.turned() for field in fields] if back else fields
    found = _fetch(queryset, way, key, size + 1)
    more, found = len(found) > size, found[:size]
    if back:
        found.reverse()
    has_newer = more if back else key is not None
    has_older = (key is not None) if back else more
    ends = [_key(record, fields) for record in (found[:1] + found[-1:])]
    return Page(
        found,
        _write(True, ends[0], ordering) if has_newer and found else "",
        _write(False, ends[-1], ordering) if has_older and found else "",
    )


def _fetch(queryset: QuerySet[Any], fields: list[_Field], key: list[Any] | None, size: int) -> list[Any]:
    ordered = queryset.order_by(*(f"-{field.path}" if field.down else field.path for field in fields))
    if key is None:
        return _read_rows(queryset, ordered[:size])
    found: list[Any] = []
    for behind in _steps(fields, key):
        if len(found) < size:
            found += _read_rows(queryset, ordered.filter(behind)[: size - len(found)])
    return found


def _read_rows(queryset: QuerySet[Any], wanted: QuerySet[Any]) -> list[Any]:
    """The rows of a page; where they join others, the keys are sorted alone first, and only these rows are joined."""
    if not queryset.query.select_related:
        return list(wanted)
    keys = list(wanted.select_related(None).values_list("pk", flat=True))
    rows = {row.pk: row for row in queryset.order_by().filter(pk__in=keys)}
    return [rows[key] for key in keys if key in rows]


def _steps(fields: list[_Field], key: list[Any]) -> list[Q]:
    """Conditions that together mean "behind this key", in order; each leads with a range an index can serve."""
    first, value = fields[0], key[0]
    tie = _equal(first, value) & _behind(fields[1:], key[1:]) if len(fields) > 1 else Q(pk__in=[])
    if value is None:
        return [tie, Q((f"{first.path}__isnull", False))] if first.down else [tie]
    edge, beyond = ("lte", "lt") if first.down else ("gte", "gt")
    near = Q((f"{first.path}__{edge}", value)) & (Q((f"{first.path}__{beyond}", value)) | tie)
    return [near, Q((f"{first.path}__isnull", True))] if first.nullable and not first.down else [near]


def _behind(fields: list[_Field], key: list[Any]) -> Q:
    condition, same = Q(pk__in=[]), Q()
    for field, value in zip(fields, key, strict=True):
        condition |= same & _beyond(field, value)
        same &= _equal(field, value)
    return condition


def _equal(field: _Field, value: Any) -> Q:
    return Q((f"{field.path}__isnull", True)) if value is None else Q((field.path, value))


def _beyond(field: _Field, value: Any) -> Q:
    if value is None:
        return Q((f"{field.path}__isnull", False)) if field.down else Q(pk__in=[])
    if field.down:
        return Q((f"{field.path}__lt", value))
    return Q((f"{field.path}__gt", value)) | (Q((f"{field.path}__isnull", True)) if field.nullable else Q())


def _fields(model: type[Model], ordering: Sequence[str]) -> list[_Field]:
    fields = [_Field(name.lstrip("-"), name.startswith("-"), _nullable(model, name.lstrip("-"))) for name in ordering]
    if not any(field.path == "pk" for field in fields):
        fields.append(_Field("pk", fields[-1].down if fields else True, False))
    return fields


def _nullable(model: type[Model], path: str) -> bool:
    """May this path be null? What is no plain field (an annotation) may."""
    if path == "pk":
        return False
    steps: type[Model] | None = model
    for name in path.split("__"):
        try:
            field = steps._meta.get_field(name) if steps is not None else None
        except FieldDoesNotExist:
            return True
        if field is None or getattr(field, "null", True):
            return True
        steps = field.related_model if isinstance(field.related_model, type) else None
    return False


def _key(record: Any, fields: list[_Field]) -> list[Any]:
    return [follow(record, field.path) for field in fields]


def _write(back: bool, key: list[Any], ordering: Sequence[str]) -> str:
    return signing.dumps([back, list(ordering), [_plain(value) for value in key]], salt=SALT, compress=True)


def _read(cursor: str, ordering: Sequence[str]) -> tuple[bool, list[Any]]:
    try:
        back, sorted_by, key = signing.loads(cursor, salt=SALT)
    except signing.BadSignature:
        raise Refusal(_("This page address is damaged; start again from the first page."), code="bad_cursor") from None
    if sorted_by != list(ordering):
        raise Refusal(
            _("This page address belongs to another sort order; start again from the first page."), code="bad_cursor"
        )
    return bool(back), [_READ[value[0]](value[1]) if isinstance(value, list) else value for value in key]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return ["t", value.isoformat()]
    if isinstance(value, date):
        return ["d", value.isoformat()]
    if isinstance(value, Decimal):
        return ["n", str(value)]
    return ["u", str(value)] if isinstance(value, UUID) else value
