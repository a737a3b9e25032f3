from importlib import import_module

from django.apps import AppConfig

from crm_adoption.kit.access import LEAD, STEWARD

MIRRORED = ("contacts.contact", "contacts.contactrole", "contacts.lead")


class ContactsConfig(AppConfig):
    name = "contacts"
    label = "contacts"

    def ready(self) -> None:
        grant = import_module("crm_adoption.people.group_permissions").grant
        for group in (STEWARD, LEAD):
            grant(group, *MIRRORED, may=("view",))
            grant(group, "contacts.lifecyclepolicy", may=("view", "add", "change", "delete"))
