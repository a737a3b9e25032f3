"""The shapes pages come in: a list, a form, one record."""

from crm_adoption.kit.pages.bulk import BulkAction
from crm_adoption.kit.pages.columns import Column
from crm_adoption.kit.pages.detail import Change, Entry, detail
from crm_adoption.kit.pages.editing import editing
from crm_adoption.kit.pages.listing import listing
from crm_adoption.kit.pages.saved import SavedFilter, keep_filters_with

__all__ = [
    "BulkAction",
    "Change",
    "Column",
    "Entry",
    "SavedFilter",
    "detail",
    "editing",
    "keep_filters_with",
    "listing",
]
