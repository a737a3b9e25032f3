"""People of customers in the admin site, to be read, and their ways out of the data, to be ruled."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from contacts.models import Contact, ContactRole, Lead, LifecyclePolicy
from contacts.queries import due_exits
from dataquality.admin import MirroredAdmin

BY_NAME = (
    "pk__exact", "external_id__startswith", "full_name__istartswith", "family_name__istartswith",
    "email__istartswith",
)  # fmt: skip


@admin.register(Contact)
class ContactAdmin(MirroredAdmin):
    list_display = ("__str__", "external_id", "account", "email", "phone", "job_title", "standing", "state")
    list_filter = (*MirroredAdmin.list_filter, "standing")
    list_select_related = ("source", "account")
    search_fields = BY_NAME


@admin.register(Lead)
class LeadAdmin(MirroredAdmin):
    list_display = ("__str__", "external_id", "company", "email", "status", "rating", "state")
    search_fields = BY_NAME


@admin.register(ContactRole)
class ContactRoleAdmin(MirroredAdmin):
    list_display = ("role", "external_id", "contact_ref", "about_ref", "is_primary", "state")
    search_fields = ("pk__exact", "external_id__startswith", "contact_ref__istartswith", "about_ref__istartswith")


@admin.register(LifecyclePolicy)
class LifecyclePolicyAdmin(ModelAdmin):  # type: ignore[misc]
    """Each of the six ways, with how many live records it waits for today."""

    list_display = ("trigger", "action", "owner", "due")
    list_select_related = ("owner",)

    @admin.display(description=_("due today"))
    def due(self, policy: LifecyclePolicy) -> int:
        return due_exits(LifecyclePolicy.Trigger(policy.trigger))
