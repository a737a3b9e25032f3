from django.apps import AppConfig
from django.contrib import admin
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from crm_adoption.kit import shell
from crm_adoption.kit.access import EVERYBODY, LEAD, STEWARD
from crm_adoption.kit.looking import keep_looks_with
from crm_adoption.kit.pages import keep_filters_with


class PeopleConfig(AppConfig):
    name = "crm_adoption.people"
    label = "people"

    def ready(self) -> None:
        # These import models, which exist only from here on.
        from crm_adoption.people import tokens  # noqa: F401, PLC0415 - registers how the schema shows tokens
        from crm_adoption.people.admin_site import guard  # noqa: PLC0415
        from crm_adoption.people.group_permissions import give_permissions, grant, make_groups  # noqa: PLC0415
        from crm_adoption.people.idle import begin  # noqa: PLC0415
        from crm_adoption.people.keeping import KeptFilters, keep_looks  # noqa: PLC0415

        guard(admin.site)
        keep_filters_with(KeptFilters())
        keep_looks_with(keep_looks)
        user_logged_in.connect(begin, dispatch_uid="people.session_begins")
        post_migrate.connect(make_groups, sender=self, dispatch_uid="people.groups")
        post_migrate.connect(give_permissions, dispatch_uid="people.permissions")
        grant(LEAD, "people.person", may=("view", "change"))
        grant(LEAD, "people.team", "people.jobrole", "people.seat", may=("view", "add", "change", "delete"))
        grant(LEAD, "people.apitoken", may=("view",))
        grant(STEWARD, "people.person", "people.team", "people.jobrole", "people.seat", may=("view",))
        shell.register(
            shell.Place(_("People"), "people", "users", (LEAD,), order=80),
            shell.Place(_("Seats"), "seats", "users-group", EVERYBODY, order=81),
        )
        shell.register_own(_("Your profile"), "profile", "user-circle", order=10)
        shell.register_own(_("Who looked at me"), "who-looked", "eye", order=20)
        shell.register_own(_("API tokens"), "tokens", "key", order=40)
