"""The plan in the admin site: what may be re-worded and re-weighed, each with its history."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from crm_adoption.kit import words
from crm_adoption.people.models import Person
from crm_adoption.plan.ingredients import CHECKS
from crm_adoption.plan.models import CheckSetting, Ingredient, Programme, RiskConstant, RoleValue
from crm_adoption.plan.queries.people_side import people_share
from crm_adoption.plan.queries.phases import priors

CHANGES_SHOWN = 20


class FixedRows:
    """Rows that exist once and for all: to be changed, never added or deleted."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, row: Any = None) -> bool:
        return False


@admin.register(Programme)
class ProgrammeAdmin(FixedRows, ModelAdmin):  # type: ignore[misc]
    list_display = ("name", "it_model", "cadence", "updated_at")


class IngredientForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean_weight(self) -> float:
        """The people's readings weigh their part of all, at the least (M1)."""
        weight = float(self.cleaned_data["weight"])
        weights = dict(Ingredient.objects.values_list("slug", "weight")) | {self.instance.slug: weight}
        share, least = people_share(weights), priors().people_weight_least
        if share < least:
            raise forms.ValidationError(
                _("With %(weight)s, the people's ingredients would weigh %(share)s of all ten; %(least)s is the least. "
                  "Lower the weight, or raise one of theirs.")
                % {"weight": words.number(weight), "share": words.percent(share), "least": words.percent(least, 0)}
            )  # fmt: skip
        return weight


@admin.register(Ingredient)
class IngredientAdmin(FixedRows, ModelAdmin):  # type: ignore[misc]
    form = IngredientForm
    list_display = ("order", "name", "weight", "updated_at")
    list_display_links = ("name",)
    readonly_fields = ("order", "slug")


@admin.register(RiskConstant)
class RiskConstantAdmin(FixedRows, ModelAdmin):  # type: ignore[misc]
    list_display = ("slug", "value", "meaning", "updated_at")
    readonly_fields = ("slug", "meaning", "history")

    @admin.display(description="history")
    def history(self, constant: RiskConstant) -> SafeString:
        """Its values, newest first, with who set them."""
        events = constant.events.select_related("pgh_context").order_by("-pgh_id")[:CHANGES_SHOWN]  # type: ignore[attr-defined]
        by = {event.pk: (event.pgh_context.metadata if event.pgh_context else {}).get("user") for event in events}
        people = Person.objects.in_bulk({user for user in by.values() if user})
        rows = [
            (f"{event.value:g}", f"{event.pgh_created_at:%Y-%m-%d %H:%M}", people.get(by[event.pk], "the system"))
            for event in events
        ]
        return format_html_join("", "<p>{} · {} · {}</p>", rows)


class CheckSettingForm(forms.ModelForm):  # type: ignore[type-arg]
    check_slug = forms.ChoiceField(
        label="check", choices=[(check.slug, f"{check.slug} · {check.label}") for check in CHECKS.values()]
    )


@admin.register(CheckSetting)
class CheckSettingAdmin(ModelAdmin):  # type: ignore[misc]
    form = CheckSettingForm
    list_display = ("check_slug", "floor", "target", "weight", "fresh_days", "updated_at")


@admin.register(RoleValue)
class RoleValueAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("job_role", "value", "updated_at")
