"""What the admin pages share: rows that are only read, and lists that never count a million rows."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from crm_adoption.people.models import Person
from dataquality.models import Record
from dataquality.queries.audit import Touch, audit_of

MOST_COUNTED = 10_000


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than 10,000 rows: what lies beyond is found by filters and search, not by turning pages."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[:MOST_COUNTED].count())


class Uncounted(ModelAdmin):  # type: ignore[misc]
    """A list of a big table: the newest first, in no other order, never counted to its end."""

    paginator = BoundedPaginator
    show_full_result_count = False
    ordering = ("-pk",)
    sortable_by = ()
    list_per_page = 50


class ReadOnly:
    """Rows that the admin site shows and does not change."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, row: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, row: Any = None) -> bool:
        return False


class MirroredAdmin(ReadOnly, Uncounted):
    """A CRM table: mirrored, never mutated. One record shows its audit: who changed what, and through what."""

    list_filter: tuple[str, ...] = ("state", "source")
    list_select_related: tuple[str, ...] = ("source",)
    search_help_text = _("Id, or how the id or the name begins")
    readonly_fields = ("audit",)

    def get_readonly_fields(self, request: HttpRequest, row: Any = None) -> tuple[str, ...]:
        """Named rather than derived, so that no page loads a table of choices."""
        return (*(field.name for field in self.model._meta.fields if field.name != "id"), "audit")

    def get_fields(self, request: HttpRequest, row: Any = None) -> tuple[str, ...]:
        return self.get_readonly_fields(request, row)

    @admin.display(description=_("audit"))
    def audit(self, record: Record) -> SafeString:
        touches = audit_of(record)
        people = Person.objects.in_bulk([touch.by for touch in touches if touch.by])
        return format_html_join(
            "", "<p>{} · {} · {}</p>",
            (
                (f"{touch.at:%Y-%m-%d %H:%M:%S}", _who(touch, people), _what(touch))
                for touch in touches
            ),
        )  # fmt: skip


def _who(touch: Touch, people: dict[int, Person]) -> str | SafeString:
    who = people.get(touch.by) if touch.by else None
    through = touch.correction or touch.url
    said = " · ".join(str(part) for part in (who or touch.command or _("the system"), through) if part)
    return format_html('{} · <a href="{}">job {}</a>', said, reverse("job", args=[touch.job]), touch.job) \
        if touch.job else said  # fmt: skip


def _what(touch: Touch) -> SafeString:
    return format_html_join("; ", "{}: “{}” → “{}”", touch.changes)
