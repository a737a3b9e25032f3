"""People in the admin site."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from crm_adoption.kit.access import LEAD
from crm_adoption.kit.errors import Refusal
from crm_adoption.kit.looking import ShowsPeopleInAdmin
from crm_adoption.people import queries, services
from crm_adoption.people.models import ApiToken, JobRole, Person, Seat, Team


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Person
        fields = (
            "name",
            "email",
            "team",
            "job_role",
            "manager",
            "started_on",
            "language",
            "time_zone",
            "groups",
        )

    def clean_email(self) -> str | None:
        email: str | None = self.cleaned_data["email"]
        return email.lower() if email else None

    def clean_groups(self) -> QuerySet[Group]:
        groups: QuerySet[Group] = self.cleaned_data["groups"]
        kept = {group.name for group in groups}
        if self.instance.is_active and LEAD in self.instance.group_names and LEAD not in kept:
            try:
                with transaction.atomic():
                    services.require_another_lead(self.instance)
            except Refusal as refusal:
                raise ValidationError(refusal.sentence) from refusal
        return groups


@admin.register(Person)
class PersonAdmin(ShowsPeopleInAdmin, ModelAdmin):  # type: ignore[misc]
    """Accounts begin with an invitation and end with deactivation, on the person's page; the rest is here.

    The list is a directory: names, teams and groups, and nobody's figures.
    """

    shows = ("people.person", _("Who you are here: team, role, groups and seats"))
    person_of = "pk"
    list_shows = False

    form = PersonForm
    list_display = ("name", "email", "team", "job_role", "groups_in_words", "is_active")
    list_filter = ("is_active", "groups", "team")
    search_fields = ("name", "email")
    autocomplete_fields = ("team", "job_role", "manager")
    formfield_overrides = {models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Person]:
        return queries.people()

    @admin.display(description="groups")
    def groups_in_words(self, person: Person) -> str:
        return ", ".join(group.name for group in person.groups.all())

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **more: Any) -> Any:
        if db_field.name == "groups":
            more["queryset"] = queries.our_groups()
        return super().formfield_for_manytomany(db_field, request, **more)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, person: Person | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, person: Person | None = None) -> bool:
        """Whoever could change an administrator's address could sign in as one."""
        if person is not None and person.is_superuser and not request.user.is_superuser:
            return False
        return bool(super().has_change_permission(request, person))

    def save_model(self, request: HttpRequest, person: Person, form: Any, change: bool) -> None:
        super().save_model(request, person, form, change)
        if person.email and "email" in form.changed_data:
            assert isinstance(request.user, Person)
            services.change_email(person, email=person.email, by=request.user)


@admin.register(Team)
class TeamAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("name", "parent", "culture")
    search_fields = ("name",)
    autocomplete_fields = ("parent",)


@admin.register(JobRole)
class JobRoleAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("name", "in_the_field", "offline")
    search_fields = ("name",)


@admin.register(Seat)
class SeatAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("kind", "scope", "scope_key", "holder", "deputy", "since")
    list_filter = ("kind", "scope")
    search_fields = ("scope_key", "holder__name")
    autocomplete_fields = ("holder", "deputy")


@admin.register(ApiToken)
class ApiTokenAdmin(ShowsPeopleInAdmin, ModelAdmin):  # type: ignore[misc]
    """To be seen, not touched: owners make and revoke their own; the digest is nobody's business."""

    shows = ("people.tokens", _("Your API tokens and when they were used"))
    person_of = "user_id"

    list_display = ("name", "user", "scopes", "created", "expiry", "last_used_at")
    fields = readonly_fields = list_display
    search_fields = ("name", "user__name")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, token: ApiToken | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, token: ApiToken | None = None) -> bool:
        return False
