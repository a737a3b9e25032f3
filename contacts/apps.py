from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit import shell
from crm_adoption.kit.access import CHAMPION, END_USER, LEAD, STEWARD

MIRRORED = ("contacts.contact", "contacts.contactrole", "contacts.lead")


class ContactsConfig(AppConfig):
    name = "contacts"
    label = "contacts"

    def ready(self) -> None:
        shell.register(
            shell.Place(_("Role call"), "role-call", "user-check", (END_USER, CHAMPION, LEAD, STEWARD), 3),
        )
        grant = import_module("crm_adoption.people.group_permissions").grant
        for group in (STEWARD, LEAD):
            grant(group, *MIRRORED, may=("view",))
            grant(group, "contacts.lifecyclepolicy", may=("view", "add", "change", "delete"))
