"""The list: filters, one-click questions, keyset pages, sorting, files and bulk actions for any table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django_filters import FilterSet

from crm_adoption.kit import exports, words
from crm_adoption.kit.errors import Refusal
from crm_adoption.kit.looking import FILE, looked_at
from crm_adoption.kit.pages import bulk as bulk_actions
from crm_adoption.kit.pages import filtering
from crm_adoption.kit.pages import saved as saved_filters
from crm_adoption.kit.pages.bulk import BulkAction
from crm_adoption.kit.pages.columns import Column
from crm_adoption.kit.pages.keyset import Page, page_of
from crm_adoption.kit.pages.saved import SavedFilter

PAGE_SIZE = 50
CHUNK = 2000
MOST_IN_A_WORKBOOK = 100_000  # a workbook is written before it is sent; a CSV flows while it is read
FRAME = "rows"
Ordering = Mapping[str, str | Sequence[str]]


def listing(
    request: HttpRequest,
    queryset: QuerySet[Any],
    filterset_class: type[FilterSet] | None,
    template: str = "kit/list.html",
    *,
    columns: Sequence[Column],
    ordering: Ordering,
    export_name: str,
    bulk: Sequence[BulkAction] = (),
    saved: Sequence[SavedFilter] = (),
    context: Mapping[str, Any] | None = None,
    default_sort: str = "",
    page_size: int = PAGE_SIZE,
    names: str = "",
) -> HttpResponseBase:
    """Answer a list page, its table alone for htmx, a file for `?export=`, or a bulk action's question.

    `ordering` maps the names `?sort=` may carry to fields; a minus before the name turns all of them. Its first entry
    is the order without `?sort=`, unless `default_sort` names another. No page counts or skips rows. A reader who
    made one of their saved filters the default is sent to it when the address asks nothing; `?all=1` is everything.
    `names` is the field by which a row names the person whose figures it shows; whom the page or the file shows is then
    said for the ledger of looks (`kit.looking`).
    """
    kept = saved_filters.kept_filters(request)
    if opens_with := saved_filters.default_query(request, kept):
        return redirect(f"{request.path}?{opens_with}")
    asked = filtering.ask(request, queryset, filterset_class)
    sort = request.GET.get("sort") or default_sort or next(iter(ordering))
    try:
        fields = _fields(ordering, sort)
        kind = _export_kind(request)
    except Refusal as refusal:
        asked.faults.append(refusal.sentence)
        asked.queryset, fields, sort, kind = queryset.none(), _fields(ordering, next(iter(ordering))), "", ""
    if request.method == "POST" and not asked.faults:
        if names:
            looked_at(request, ())  # the question of a bulk action counts rows and names nobody
        return _post(request, asked.queryset.order_by(*fields), bulk, dict(context or {}))
    if kind and not asked.faults:
        if names:
            shown = asked.queryset.order_by().values_list(f"{names}_id", flat=True).distinct()
            looked_at(request, shown, via=FILE)
        return _file(kind, export_name, asked.queryset.order_by(*fields), columns)
    columns = [column for column in columns if column.on_page]
    page, offered = Page([], "", ""), bulk_actions.allowed(request, bulk)
    if not asked.faults:
        try:
            page = page_of(asked.queryset, fields, page_size, request.GET.get("cursor", ""))
        except Refusal as refusal:
            asked.faults.append(refusal.sentence)
    if names:
        looked_at(request, [getattr(record, f"{names}_id") for record in page.records])
    return _page(request, template, asked, page, {
        "columns": _headings(request, columns, ordering, sort), "sort": sort, "rows": _rows(page, columns, offered),
        "bulk": offered, "row_acts": any(action.on_row for action in offered), "export_kinds": exports.KINDS,
        "saved": saved_filters.chips(request, saved, kept), "kept": kept,
        "whole": saved_filters.WHOLE if any(one.is_default for one in kept) else request.path,
        "about": _about(queryset) if not asked.applied else None, **(context or {}),
    })  # fmt: skip


def _page(
    request: HttpRequest, template: str, asked: filtering.Asked, page: Page, context: dict[str, Any]
) -> HttpResponse:
    context |= {
        "faults": asked.faults,
        "filterset": asked.filterset,
        "applied": asked.applied,
        "chips": filtering.chips(request, asked.filterset, context["whole"]),
        "newer": _with(request, cursor=page.newer) if page.newer else "",
        "older": _with(request, cursor=page.older) if page.older else "",
        "exports": [(_with(request, cursor="", export=kind), label) for kind, label in context["export_kinds"].items()],
        "shown": len(page.records),
    }
    alone = request.headers.get("HX-Request") and request.headers.get("HX-Target") == FRAME
    status = 400 if asked.faults else 200
    response = render(request, "kit/_rows.html" if alone else template, context, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _post(
    request: HttpRequest, queryset: QuerySet[Any], bulk: Sequence[BulkAction], context: dict[str, Any]
) -> HttpResponse:
    if "filter_act" in request.POST:
        saved_filters.act(request)
    elif "action" in request.POST or "row_action" in request.POST:
        return bulk_actions.act(request, queryset, bulk, {"context": context, "back": request.get_full_path()})
    return redirect(request.get_full_path())


def _fields(ordering: Ordering, sort: str) -> list[str]:
    name, down = sort.lstrip("-"), sort.startswith("-")
    if name not in ordering or sort.count("-", 0, 2) > 1:
        known = ", ".join(sorted(ordering))
        raise Refusal(_("This list cannot be sorted by “%(name)s”; it knows %(known)s.")
                      % {"name": sort, "known": known})  # fmt: skip
    fields = ordering[name]
    chosen = [fields] if isinstance(fields, str) else list(fields)
    return [_turned(field) for field in chosen] if down else chosen


def _turned(field: str) -> str:
    return field[1:] if field.startswith("-") else f"-{field}"


def _export_kind(request: HttpRequest) -> str:
    kind = request.GET.get("export", "")
    if kind and kind not in exports.KINDS:
        raise Refusal(_("There is no export called “%(name)s”; choose %(known)s.")
                      % {"name": kind, "known": ", ".join(exports.KINDS)})  # fmt: skip
    return kind


def _file(kind: str, name: str, queryset: QuerySet[Any], columns: Sequence[Column]) -> HttpResponseBase:
    written = [column for column in columns if column.exported]

    def rows() -> Iterator[list[Any]]:
        for place, record in enumerate(queryset.iterator(chunk_size=CHUNK)):
            if kind == "xlsx" and place == MOST_IN_A_WORKBOOK:
                sentence = _(
                    "This list has more than %(most)s rows, too many for a workbook; filter it or take the CSV."
                )
                raise Refusal(sentence % {"most": words.number(MOST_IN_A_WORKBOOK)})
            yield [column.exported_value(record) for column in written]

    return exports.export(kind, name, [str(column.label) for column in written], rows())


def _headings(request: HttpRequest, columns: Sequence[Column], ordering: Ordering, sort: str) -> list[dict[str, Any]]:
    return [
        {"column": column, "sortable": column.name in ordering, "url": _with(request, sort=_next(column.name, sort)),
         "way": {column.name: "ascending", f"-{column.name}": "descending"}.get(sort, "")}
        for column in columns
    ]  # fmt: skip


def _next(name: str, sort: str) -> str:
    return f"-{name}" if sort == name else name


def _rows(page: Page, columns: Sequence[Column], bulk: Sequence[BulkAction]) -> list[dict[str, Any]]:
    return [
        {"record": record, "cells": [(column, column.cell(record)) for column in columns],
         "acts": bulk_actions.on_row(bulk, record)}
        for record in page.records
    ]  # fmt: skip


def _with(request: HttpRequest, **changes: str) -> str:
    """The address of this list with some parameters changed; a new sort or file starts from the first page."""
    query = request.GET.copy()
    query.pop("cursor", None)
    query.pop("export", None)
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return f"?{query.urlencode()}"


def _about(queryset: QuerySet[Any]) -> int | None:
    """PostgreSQL's own estimate of a whole table's rows; None where it has none or the list is only a part."""
    if queryset.query.where or queryset.query.is_sliced or queryset.query.distinct:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass",
                       [connection.ops.quote_name(queryset.model._meta.db_table)])  # fmt: skip
        row = cursor.fetchone()
    return int(row[0]) if row and row[0] > PAGE_SIZE else None
