"""Companies, deals, cases and activities in the admin site: to be read."""

from __future__ import annotations

from django.contrib import admin

from accounts.models import Account, Activity, Case, CrmUser, Opportunity, Product
from dataquality.admin import MirroredAdmin

BY_NAME = ("pk__exact", "external_id__startswith", "name__istartswith")
BY_SUBJECT = ("pk__exact", "external_id__startswith", "subject__istartswith")


@admin.register(Account)
class AccountAdmin(MirroredAdmin):
    list_display = ("name", "external_id", "industry", "city", "country", "source", "state")
    search_fields = BY_NAME


@admin.register(Product)
class ProductAdmin(MirroredAdmin):
    list_display = ("name", "external_id", "family", "price", "source", "state")
    search_fields = BY_NAME


@admin.register(Opportunity)
class OpportunityAdmin(MirroredAdmin):
    list_display = ("name", "external_id", "account", "stage", "amount", "currency", "close_on", "outcome", "state")
    list_filter = (*MirroredAdmin.list_filter, "outcome")
    list_select_related = ("source", "account")
    search_fields = BY_NAME


@admin.register(Case)
class CaseAdmin(MirroredAdmin):
    list_display = ("subject", "external_id", "account", "status", "priority", "opened_at", "closed_at", "state")
    list_select_related = ("source", "account")
    search_fields = BY_SUBJECT


@admin.register(Activity)
class ActivityAdmin(MirroredAdmin):
    list_display = ("subject", "external_id", "kind", "regarding_ref", "happened_at", "minutes", "state")
    search_fields = BY_SUBJECT


@admin.register(CrmUser)
class CrmUserAdmin(MirroredAdmin):
    list_display = ("name", "external_id", "email", "team", "person", "is_enabled", "state")
    list_filter = (*MirroredAdmin.list_filter, "is_enabled")
    list_select_related = ("source", "person")
    search_fields = BY_NAME
