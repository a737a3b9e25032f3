"""Sources, imports and remembered headings in the admin site."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.admin import ModelAdmin

from crm_adoption.kit.errors import Refusal
from dataquality.admin.shapes import ReadOnly, Uncounted
from dataquality.models import Batch, HeaderMap, Source
from dataquality.services import intake


@admin.register(Source)
class SourceAdmin(ModelAdmin):  # type: ignore[misc]
    """Sources begin with an import and end never: their records stand on them."""

    list_display = ("name", "kind", "product", "default_country", "owner")
    list_filter = ("kind", "product")
    list_select_related = ("owner",)
    search_fields = ("name",)
    autocomplete_fields = ("owner",)

    def has_delete_permission(self, request: HttpRequest, source: Source | None = None) -> bool:
        return False


@admin.register(Batch)
class BatchAdmin(ReadOnly, Uncounted):
    """Imports as they stand; deciding on one is done on its page, dropping several here."""

    list_display = ("file_name", "source", "table", "state", "taken_at", "applied_at", "applied_by")
    list_filter = ("state", "source", "product")
    list_select_related = ("source", "applied_by")
    search_fields = ("file_name", "sha256__startswith")
    actions = ("discard",)

    def has_discard_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("dataquality.change_batch")

    @admin.action(description=gettext_lazy("Discard"), permissions=["discard"])
    def discard(self, request: HttpRequest, batches: QuerySet[Batch]) -> None:
        """Drop what these imports staged; one that is applied stays, and says so."""
        done = 0
        for batch in batches:
            try:
                intake.discard(batch)
            except Refusal as refusal:
                self.message_user(request, refusal.sentence, messages.ERROR)
            else:
                done += 1
        if done:
            said = ngettext("%(n)s import discarded.", "%(n)s imports discarded.", done) % {"n": done}
            self.message_user(request, said, messages.SUCCESS)


@admin.register(HeaderMap)
class HeaderMapAdmin(ModelAdmin):  # type: ignore[misc]
    """What headings were taken for; deleting one makes the next file of that layout ask again."""

    list_display = ("table", "product", "headings", "updated_at")
    list_filter = ("table", "product")
    readonly_fields = ("fingerprint", "product", "table", "mapping", "key")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, row: Any = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("headings"))
    def headings(self, known: HeaderMap) -> str:
        shown = list(known.mapping)[:6]
        return ", ".join(shown) + (_(" and more") if len(known.mapping) > len(shown) else "")
