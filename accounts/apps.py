from importlib import import_module

from django.apps import AppConfig

from crm_adoption.kit.access import LEAD, STEWARD

MIRRORED = (
    "accounts.account",
    "accounts.activity",
    "accounts.case",
    "accounts.crmuser",
    "accounts.opportunity",
    "accounts.product",
)


class AccountsConfig(AppConfig):
    name = "accounts"
    label = "accounts"

    def ready(self) -> None:
        grant = import_module("crm_adoption.people.group_permissions").grant
        for group in (STEWARD, LEAD):
            grant(group, *MIRRORED, may=("view",))
