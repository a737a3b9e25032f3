"""A table as three pages of one shape: the list, a new row, one row changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_filters import FilterSet

from crm_adoption.kit.access import EVERYBODY, LEAD, belongs, for_groups
from crm_adoption.kit.pages.bulk import BulkAction
from crm_adoption.kit.pages.columns import Column
from crm_adoption.kit.pages.editing import editing
from crm_adoption.kit.pages.listing import listing
from crm_adoption.kit.pages.saved import SavedFilter

Text = str | Promise


@dataclass(frozen=True)
class Register:
    """What the three pages of a table need.

    `slug` names the addresses (`<plural>/`, `<plural>/new/`, `<plural>/<pk>/`) and the url names (`<plural>`,
    `<slug>-new`, `<slug>`); with `has_page` the row's own page is written elsewhere and changing moves to
    `<plural>/<pk>/edit/` (`<slug>-edit`). `save(request, form)` calls one service and returns the row.
    """

    slug: str
    plural: str
    model: type[Model]
    form: type[ModelForm[Any]]
    columns: Sequence[Column]
    ordering: Mapping[str, str | Sequence[str]]
    title: Text
    lead: Text
    new: Text  # what the button says
    save: Callable[[HttpRequest, Any], Any]
    done: Text
    rows: Callable[[HttpRequest], QuerySet[Any]]
    filterset: type[FilterSet] | None = None
    readers: Sequence[str] = EVERYBODY
    writers: Sequence[str] = (LEAD,)
    saved: Sequence[SavedFilter] = ()
    bulk: Sequence[BulkAction] = ()
    empty: Text = ""
    has_page: bool = False
    initial: Sequence[str] = field(default=())  # fields that the address may fill in
    default_sort: str = ""
    template: str = "kit/register.html"
    edit_template: str = "kit/register_edit.html"
    folder: str = ""  # before the addresses, such as "usage/"
    context: Callable[[HttpRequest], Mapping[str, Any]] | None = None

    def listed(self) -> Callable[..., HttpResponseBase]:
        @require_http_methods(["GET", "HEAD", "POST"])
        @for_groups(*self.readers)
        def view(request: HttpRequest) -> HttpResponseBase:
            may_write = belongs(request.user, tuple(self.writers))
            columns = [self._linked(column, may_write) for column in self.columns]
            return listing(
                request, self.rows(request), self.filterset, self.template,
                columns=columns, ordering=self.ordering, export_name=self.plural, saved=self.saved,
                bulk=self.bulk, default_sort=self.default_sort,
                context={
                    "title": self.title,
                    "lead": self.lead,
                    "new_url": reverse(f"{self.slug}-new") if may_write else "",
                    "new_label": self.new,
                    "empty_sentence": self.empty,
                    "empty_url": reverse(f"{self.slug}-new") if may_write else "",
                    "empty_action": self.new,
                    **(self.context(request) if self.context else {}),
                },
            )  # fmt: skip

        return view

    def added(self) -> Callable[..., HttpResponseBase]:
        @require_http_methods(["GET", "HEAD", "POST"])
        @for_groups(*self.writers)
        def view(request: HttpRequest) -> HttpResponse:
            known = {name: request.GET[name] for name in self.initial if name in request.GET}
            form = self.form(request.POST or None, request.FILES or None, initial=known)
            return self._edit(request, form, self.new)

        return view

    def changed(self) -> Callable[..., HttpResponseBase]:
        @require_http_methods(["GET", "HEAD", "POST"])
        @for_groups(*self.writers)
        def view(request: HttpRequest, pk: int) -> HttpResponse:
            row = get_object_or_404(self.rows(request), pk=pk)
            form = self.form(request.POST or None, request.FILES or None, instance=row)
            return self._edit(request, form, str(row))

        return view

    def _linked(self, column: Column, may_write: bool) -> Column:
        """A link to the row's own page; where it has none, to changing it, for those who may."""
        if column.kind != "link" or self.has_page:
            return column
        if not may_write:
            return replace(column, kind="text")
        return replace(column, url=lambda row: reverse(self.slug, args=[row.pk]))

    def _edit(self, request: HttpRequest, form: ModelForm[Any], title: Text) -> HttpResponse:
        return editing(
            request, form, self.edit_template,
            save=lambda sent: self.save(request, sent),
            success_url=lambda row: row.get_absolute_url() if self.has_page else reverse(self.plural),
            done=str(self.done),
            context={"title": title, "back": reverse(self.plural), "back_label": self.title, "verb": _("Save")},
        )  # fmt: skip

    @property
    def urls(self) -> list[URLPattern]:
        whole = f"{self.folder}{self.plural}/"
        place = f"{whole}<int:pk>/"
        change = (f"{place}edit/", f"{self.slug}-edit") if self.has_page else (place, self.slug)
        return [
            path(whole, self.listed(), name=self.plural),
            path(f"{whole}new/", self.added(), name=f"{self.slug}-new"),
            path(change[0], self.changed(), name=change[1]),
        ]
