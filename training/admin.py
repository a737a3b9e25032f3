"""Training in the admin site: constants and expectations to change, the rest to read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from crm_adoption.kit.looking import ShowsPeopleInAdmin
from dataquality import subjects
from training.access import LEARNING
from training.models import Completion, Course, Process, RoleProfile, RoleTarget, TrainingSetting


class OnlyRead:
    """Rows that change through their pages, whose rules the admin site does not know."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, row: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, row: Any = None) -> bool:
        return False


@admin.register(TrainingSetting)
class TrainingSettingAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = (
        "__str__",
        "process_share_above",
        "saturation_cap",
        "reinforce_from",
        "reinforce_until",
        "updated_at",
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, row: Any = None) -> bool:
        return False


class RoleTargetForm(forms.ModelForm):  # type: ignore[type-arg]
    table = forms.ChoiceField(label="table", choices=lambda: [(one.slug, one.label) for one in subjects.every()])


@admin.register(RoleTarget)
class RoleTargetAdmin(ModelAdmin):  # type: ignore[misc]
    form = RoleTargetForm
    list_display = ("job_role", "table", "per_28_days")
    list_filter = ("job_role",)


@admin.register(RoleProfile)
class RoleProfileAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("job_role", "manuals", "saturation_cap", "baseline_days")
    search_fields = ("job_role__name",)


@admin.register(Process)
class ProcessAdmin(OnlyRead, ModelAdmin):  # type: ignore[misc]
    list_display = ("name", "holder", "version", "retired_on")
    search_fields = ("name",)


@admin.register(Course)
class CourseAdmin(OnlyRead, ModelAdmin):  # type: ignore[misc]
    list_display = ("title", "code", "kind", "minutes_process", "minutes_tool", "version", "retired_on")
    list_filter = ("kind",)
    search_fields = ("title", "code")


@admin.register(Completion)
class CompletionAdmin(ShowsPeopleInAdmin, OnlyRead, ModelAdmin):  # type: ignore[misc]
    """Who learned what; the page of the trainer changes it, the audit keeps what was."""

    shows = LEARNING

    list_display = ("person", "course", "course_version", "done_at", "exit_score", "follow_up_score", "via")
    list_filter = ("via", "course")
    list_select_related = ("person", "course")
    search_fields = ("person__name", "course__title")
    show_full_result_count = False
