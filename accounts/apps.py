from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit import shell
from crm_adoption.kit.access import ANALYST, LEAD, SPONSOR, STEWARD

MIRRORED = (
    "accounts.account",
    "accounts.activity",
    "accounts.case",
    "accounts.crmuser",
    "accounts.opportunity",
    "accounts.product",
)
READERS = (LEAD, SPONSOR, STEWARD, ANALYST)


class AccountsConfig(AppConfig):
    name = "accounts"
    label = "accounts"

    def ready(self) -> None:
        import_module("accounts.after_apply").listen()
        shell.register(
            shell.Place(_("Accounts"), "account-agreement", "building", READERS, 23, section=_("Data")),
        )
        grant = import_module("crm_adoption.people.group_permissions").grant
        for group in (STEWARD, LEAD):
            grant(group, *MIRRORED, may=("view",))
