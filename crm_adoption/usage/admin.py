"""Use in the admin site: the constants to change, the rest to read; its pages know the rules."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from crm_adoption.usage.models import Capability, EffortRelease, LedgerLine, ShadowSystem, UsageSetting, UseCase


class OnlyRead:
    """Rows that change through their pages, whose rules the admin site does not know."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, row: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, row: Any = None) -> bool:
        return False


@admin.register(UsageSetting)
class UsageSettingAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("__str__", "reference_line", "window_days", "licence_cost", "currency", "updated_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, row: Any = None) -> bool:
        return False


@admin.register(Capability)
class CapabilityAdmin(OnlyRead, ModelAdmin):  # type: ignore[misc]
    list_display = ("name", "code", "kind", "value", "derived", "retired_on")
    list_filter = ("kind",)
    search_fields = ("name", "code")


@admin.register(UseCase)
class UseCaseAdmin(OnlyRead, ModelAdmin):  # type: ignore[misc]
    list_display = ("name", "job_role", "priority", "per_28_days", "ideal_clicks", "actual_clicks")
    list_filter = ("job_role",)
    list_select_related = ("job_role",)
    search_fields = ("name",)


@admin.register(ShadowSystem)
class ShadowSystemAdmin(OnlyRead, ModelAdmin):  # type: ignore[misc]
    list_display = ("name", "team", "state", "found_on", "retired_on")
    list_filter = ("state",)
    list_select_related = ("team",)
    search_fields = ("name",)


@admin.register(EffortRelease)
class EffortReleaseAdmin(OnlyRead, ModelAdmin):  # type: ignore[misc]
    list_display = ("name", "release", "on", "answered_by", "settled_at")
    list_select_related = ("answered_by",)
    search_fields = ("name", "release")


@admin.register(LedgerLine)
class LedgerLineAdmin(OnlyRead, ModelAdmin):  # type: ignore[misc]
    list_display = ("name", "kind", "line", "amount", "check_slug", "baseline_on", "after_on")
    list_filter = ("kind", "line")
    search_fields = ("name",)
